// The reliability diagram: how often answers are right, by how sure the net is of them; dots as large as many they are.

import { find, setData, setText } from "../base/dom.js";
import { pointIn } from "../base/drag.js";
import { arrowWay, within } from "../base/keys.js";
import { NBSP, percent } from "../base/numbers.js";
import { Plot } from "./plot.js";

/** @import { Say } from "../base/types.js" */

/** `confidence` and `accuracy` 0..1. @typedef {{count: number, confidence: number, accuracy: number}} Bin */
/** @typedef {{name: string, ece: number, bins: Bin[]}} Calibration */

export class Reliability {
  /** @type {Calibration[]} */ all = [];
  /** @type {number | null} */ marked = null; // the bin that is pointed at
  /** @type {{i: number, dot: SVGElement}[]} */ dots = [];

  /** @param {HTMLElement} panel @param {Say} word */
  constructor(panel, word) {
    this.panel = panel;
    this.word = word;
    this.place = find(panel, ".plot");
    this.plot = new Plot(this.place, () => [word("axis_sure"), word("axis_right")], () => this.drawBins());
    this.place.onpointermove = (event) => this.point(this.binAt(event));
    this.place.onpointerleave = () => this.point(null);
    this.place.onblur = () => this.point(null);
    this.place.onfocus = () => this.place.matches(":focus-visible") && this.point(this.filled().at(-1) ?? null);
    this.place.onkeydown = (event) => this.walk(event);
  }

  /** @param {{calibrations: Calibration[], calibrationSays: string}} data */
  update({ calibrations, calibrationSays }) {
    this.all = calibrations;
    const legend = find(this.panel, ".legend");
    legend.replaceChildren(
      ...calibrations.map(({ name, ece }, i) => {
        const entry = Object.assign(document.createElement("span"), { className: this.isBefore(i) ? "before" : "" });
        const number = Object.assign(document.createElement("b"), { textContent: percent(ece) });
        entry.append(`${name}: ECE `, number);
        setData(entry, { ece: ece });
        return entry;
      }),
    );
    setText(find(this.panel, ".says"), calibrationSays);
    const said = calibrations.map(({ name, ece }) => this.word("error_is", { name, error: percent(ece) }));
    this.place.setAttribute("aria-label", this.word("diagram_says", { said: said.join(", ") }));
    this.plot.redraw();
    this.point(this.marked);
  }

  /** @param {number} index */
  isBefore(index) {
    return this.all.length > 1 && index === 0;
  }

  /** The bins that have answers in any of the drawings. */
  filled() {
    const bins = this.all[0].bins.map((_, i) => i);
    return bins.filter((i) => this.all.some((each) => each.bins[i].count > 0));
  }

  drawBins() {
    const { plot } = this;
    plot.add("line", { class: "ideal", x1: plot.x(0), y1: plot.y(0), x2: plot.x(1), y2: plot.y(1) });
    if (!this.all.length) return;
    this.dots = this.all.flatMap(({ bins }, which) => {
      const before = this.isBefore(which) ? " before" : "";
      const total = bins.reduce((sum, { count }) => sum + count, 0);
      const there = bins.map((bin, i) => ({ ...bin, i })).filter(({ count }) => count > 0);
      const places = there.map(({ confidence, accuracy }) => [plot.x(confidence), plot.y(accuracy)]);
      if (!before) {
        there.forEach(({ confidence }, k) => {
          const [x, y] = places[k];
          plot.add("line", { class: "gap", x1: x, x2: x, y1: y, y2: plot.y(confidence) });
        });
      }
      plot.add("polyline", { class: `path${before}`, points: places.map((at) => at.join()).join(" ") });
      return there.map(({ count, i }, k) => {
        const [cx, cy] = places[k];
        return { i, dot: plot.add("circle", { class: `bin${before}`, cx, cy, r: 3 + 8 * Math.sqrt(count / total) }) };
      });
    });
  }

  /** @param {PointerEvent} event */
  binAt(event) {
    const share = (pointIn(this.place, event).x - this.plot.x(0)) / (this.plot.x(1) - this.plot.x(0));
    const wanted = share * this.all[0].bins.length - 0.5;
    const near = this.filled().toSorted((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted));
    return near[0] ?? null;
  }

  /** @param {KeyboardEvent} event */
  walk(event) {
    const step = arrowWay(event)?.[1];
    if (!step) return; // up and down scroll the page
    event.preventDefault();
    const bins = this.filled();
    const at = bins.indexOf(this.marked ?? -1);
    this.point(bins[within(at < 0 ? bins.length - 1 : at + step, 0, bins.length - 1)] ?? null);
  }

  /** Mark one bin and say its numbers; null ends it. @param {number | null} index */
  point(index) {
    this.marked = index;
    for (const { i, dot } of this.dots) dot.classList.toggle("marked", i === index);
    const readout = find(this.panel, ".readout");
    if (index === null) return setText(readout, "");
    const width = 100 / this.all[0].bins.length;
    const parts = this.all
      .filter(({ bins }) => bins[index].count > 0)
      .map(({ name, bins }) => this.word("bin_says", { name, count: bins[index].count, share: percent(bins[index].accuracy) }));
    const [low, high] = [Math.round(index * width), `${Math.round((index + 1) * width)}${NBSP}%`];
    return setText(readout, this.word("bin_sure", { low, high, said: parts.join(" · ") }));
  }
}
