// What every live chart by Plotly has: it lives in a box, follows its width, and tells what a person zooms.

import { manners } from "./numbers.js";
import { drawPlot, purgePlot } from "./plotly.js";

/** @import { Plot, PlotlyLibrary, PlotWay } from "./types.js" */

/**
 * Points of a curve; null is a gap.
 * @typedef {{x: number[], y: (number | null)[]}} Points
 */
/**
 * Hears the ends that a person zoomed to in x; null: back to all.
 * @typedef {(range: [number, number] | null) => void} OnZoom
 */

const CONFIG = { displayModeBar: false, responsive: false, doubleClick: false, showTips: false };

export class LiveChart {
  /** @param {PlotlyLibrary} Plotly @param {Plot} element @param {OnZoom} onZoom */
  constructor(Plotly, element, onZoom) {
    this.Plotly = Plotly;
    this.element = element;
    this.onZoom = onZoom;
    this.zoomed = { x: false, y: false };
    /** @type {ResizeObserver | undefined} */
    this.observer = undefined;
  }

  /** Draw from nothing. @param {object[]} traces @param {object} layout */
  begin(traces, layout) {
    this.zoomed = { x: false, y: false };
    const { point, group } = manners();
    this.plot("newPlot", traces, { separators: point + group, ...layout }, CONFIG);
    this.element.on("plotly_doubleclick", () => this.onZoom(null));
    this.element.on("plotly_relayout", (change) => {
      // The user's zoom names the ends ("xaxis.range[0]"), our own calls name the whole range.
      const [left, right] = [change["xaxis.range[0]"], change["xaxis.range[1]"]];
      if (change["yaxis.range[0]"] !== undefined) this.zoomed.y = true;
      if (left !== undefined) this.onZoom([left, right]);
    });
    if (this.observer) return; // what follows belongs to the box, and newPlot leaves it alone
    // Plotly repeats the last hover after every update from the event it kept; in a shadow root a finished event has
    // lost its target and the hover would vanish, so the target is kept with the event.
    const keepTarget = (/** @type {Event} */ event) => Object.defineProperty(event, "target", { value: event.target });
    this.element.addEventListener("mousemove", keepTarget, { capture: true });
    // Autosizing is ours, because Plotly listens to the window only.
    this.observer = new ResizeObserver(() => this.element.clientWidth && this.Plotly.Plots.resize(this.element));
    this.observer.observe(this.element);
  }

  /** Let Plotly do something to this chart. @param {PlotWay} way @param {unknown[]} what */
  plot(way, ...what) {
    drawPlot(this.Plotly, way, this.element, ...what);
  }

  destroy() {
    this.observer?.disconnect();
    purgePlot(this.Plotly, this.element);
  }
}
