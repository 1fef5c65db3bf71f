// How sure and how right: coverage against accuracy with a threshold that follows the slider at once, and reliability.

import { find, setAttributes, setData, setText } from "../base/dom.js";
import { percent } from "../base/numbers.js";
import { View, keepView } from "../base/view.js";
import { Plot, short } from "./plot.js";
import { Reliability } from "./reliability.js";

/** @import { Component } from "../base/types.js" */
/** @import { Calibration } from "./reliability.js" */
/** Where the slider can stand; no accuracy where nothing is left. @typedef {{threshold: number, coverage: number, accuracy: number | null}} Stop */
/**
 * `curve` goes by coverage; `chosen` is the index of a stop.
 * @typedef {{pictures: number, curve: [coverage: number, accuracy: number][], stops: Stop[], chosen: number, calibrations: Calibration[], calibrationSays: string}} SurenessData
 */

const LOWS = [0.99, 0.98, 0.96, 0.9, 0.8, 0.6]; // where the axis of accuracies may begin
const QUIET_MS = 120; // a slider that moves is followed here at once; the rest of the page hears of it so often

/** @extends {View<SurenessData>} */
class Sureness extends View {
  /** @type {number | undefined} */ stop; // where the slider stands
  /** @type {number | null | undefined} */ told = null; // the stop that the server was told and has not drawn yet
  timer = 0;
  /** @type {SVGElement | undefined} */ point;
  /** @type {SVGElement[]} */ guides = [];

  /** @param {HTMLElement} root @param {Component<SurenessData>} component */
  constructor(root, component) {
    super(root, component);
    this.reliability = new Reliability(find(root, ".reliability"), this.word);
    this.panel = find(root, ".coverage");
    this.slider = find(this.panel, "input");
    this.plot = new Plot(find(this.panel, ".plot"), () => [this.word("axis_answered"), this.word("axis_right_of")], () => this.drawCurve());
    this.slider.oninput = () => {
      this.stop = Number(this.slider.value);
      this.drawPoint();
      this.timer ||= setTimeout(() => this.tell(), QUIET_MS);
    };
    this.slider.onblur = () => this.timer && this.tell(); // before whatever is done next
  }

  destroy() {
    clearTimeout(this.timer);
    this.plot.destroy();
    this.reliability.plot.destroy();
  }

  tell() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.told = this.stop;
    this.component.setStateValue("stop", this.stop);
  }

  /** @param {SurenessData} data */
  update(data) {
    this.data = data;
    if (data.chosen === this.told) this.told = null;
    // While the slider moves, answers to where it was before come back; they do not move it.
    if (this.stop === undefined || (!this.timer && this.told === null)) this.stop = data.chosen;
    setText(find(this.panel, ".pictures"), this.word("on_pictures", { count: data.pictures }));
    this.slider.max = String(data.stops.length - 1);
    const least = Math.min(...data.curve.map(([, accuracy]) => accuracy));
    this.plot.low = LOWS.find((low) => low <= least - 0.1 * (1 - least)) ?? 0;
    this.plot.redraw();
    this.drawPoint();
    this.reliability.update(data);
  }

  drawCurve() {
    const { plot, data } = this;
    const points = data.curve.map(([coverage, accuracy]) => `${plot.x(coverage)},${plot.y(accuracy)}`);
    plot.add("polyline", { class: "curve", points: points.join(" ") });
    this.guides = [plot.add("line", { class: "guide" }), plot.add("line", { class: "guide" })];
    this.point = plot.add("circle", { class: "point", r: 6.5 });
    this.drawPoint();
  }

  drawPoint() {
    const stop = this.stop ?? this.data.chosen;
    const { threshold, coverage, accuracy } = this.data.stops[stop];
    this.slider.value = String(stop);
    const said = this.say(this.data.stops[stop]);
    setText(find(this.panel, ".value"), short(threshold));
    setText(find(this.panel, ".says"), said);
    this.slider.setAttribute("aria-valuetext", `${short(threshold)}: ${said}`);
    find(this.panel, ".plot").setAttribute("aria-label", this.word("plot_says", { said }));
    setData(this.root, { threshold, coverage, accuracy: accuracy ?? "" });
    if (!this.point) return;
    const { plot } = this;
    const place = { cx: plot.x(coverage), cy: plot.y(accuracy ?? 1) };
    setAttributes(this.point, place);
    const ends = [
      { x1: place.cx, x2: place.cx, y1: place.cy, y2: plot.y(plot.low) },
      { x1: plot.x(0), x2: place.cx, y1: place.cy, y2: place.cy },
    ];
    ends.forEach((end, i) => setAttributes(this.guides[i], end));
  }

  /** @param {Stop} stop */
  say({ threshold, coverage, accuracy }) {
    const all = this.data.stops[0];
    if (threshold === 0) return this.word("no_threshold", { all: percent(all.accuracy) });
    if (accuracy === null) return this.word("nothing_left");
    return this.word("keeps", { coverage: percent(coverage), accuracy: percent(accuracy), all: percent(all.accuracy) });
  }
}

export default keepView(".sureness", Sureness);
