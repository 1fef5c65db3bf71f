// Plotly is 4.8 MB: once per window, from our own server, and only on pages that draw a chart.
const PLOTLY = "glasshousePlotly";

/** A promise of Plotly, loaded from `url` on the first call; a failed load may be tried again. */
export function loadPlotly(url) {
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

const DRAWN = new WeakMap(); // plot -> the promise of what Plotly still does there

/** Let Plotly do something to a plot ("newPlot", "relayout", ...). */
export function drawPlot(Plotly, way, element, ...what) {
  const drawn = Promise.resolve(Plotly[way](element, ...what)).catch((error) => console.error(error));
  DRAWN.set(element, Promise.all([DRAWN.get(element), drawn]));
}

/** Take a plot away when Plotly has finished with it: it goes on drawing for a while, and trips over what is gone. */
export function purgePlot(Plotly, element) {
  Promise.resolve(DRAWN.get(element)).then(() => Plotly.purge(element));
}
