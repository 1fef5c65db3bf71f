// Plotly is 4.8 MB: once per window, from our own server, and only on pages that draw a chart.
const PLOTLY = "glasshousePlotly";

/** A promise of Plotly, loaded from `url` on the first call; a failed load may be tried again. */
function loadPlotly(url) {
  window[PLOTLY] ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => {
      window[PLOTLY] = undefined;
      script.remove();
      reject(new Error(`cannot load ${url}`));
    };
    document.head.append(script);
  });
  return window[PLOTLY];
}
