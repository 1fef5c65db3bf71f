// Plotly is 4.8 MB: once per window, from our own server, and only on pages that draw a chart.
/** @import { Plot, PlotlyLibrary, PlotWay } from "./types.js" */

/**
 * A promise of Plotly, loaded from `url` on the first call; a failed load may be tried again.
 * @param {string} url
 * @returns {Promise<PlotlyLibrary>}
 */
export function loadPlotly(url) {
  window.glasshousePlotly ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    const failed = () => {
      window.glasshousePlotly = undefined;
      script.remove();
      reject(new Error(`cannot load ${url}`));
    };
    script.onload = () => (window.Plotly ? resolve(window.Plotly) : failed());
    script.onerror = failed;
    document.head.append(script);
  });
  return window.glasshousePlotly;
}

/**
 * A name as Plotly has to be told it, so that all of it is text: Plotly makes tags, links and entities of what looks so.
 * @param {string} name
 */
export const asText = (name) => name.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** @type {WeakMap<Plot, Promise<unknown>>} */
const DRAWN = new WeakMap(); // plot -> the promise of what Plotly still does there

/**
 * Let Plotly do something to a plot ("newPlot", "relayout", ...).
 * @param {PlotlyLibrary} Plotly
 * @param {PlotWay} way
 * @param {Plot} element
 * @param {unknown[]} what
 */
export function drawPlot(Plotly, way, element, ...what) {
  const drawn = Promise.resolve(Plotly[way](element, ...what)).catch((error) => console.error(error));
  DRAWN.set(element, Promise.all([DRAWN.get(element), drawn]));
}

/**
 * Take a plot away when Plotly has finished with it: it goes on drawing for a while, and trips over what is gone.
 * @param {PlotlyLibrary} Plotly
 * @param {Plot} element
 */
export function purgePlot(Plotly, element) {
  Promise.resolve(DRAWN.get(element)).then(() => Plotly.purge(element));
}
