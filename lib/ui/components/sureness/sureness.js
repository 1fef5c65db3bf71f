// How sure and how right: coverage against accuracy with a threshold that follows the slider at once, and reliability.

import { find, setData, setText } from "../base/dom.js";
import { count, percent } from "../base/numbers.js";
import { View, keepView } from "../base/view.js";
import { Plot, short } from "./plot.js";
import { Reliability } from "./reliability.js";

/** @import { Component } from "../base/types.js" */

const LOWS = [0.99, 0.98, 0.96, 0.9, 0.8, 0.6]; // where the axis of accuracies may begin
const QUIET_MS = 120; // a slider that moves is followed here at once; the rest of the page hears of it so often

/** @extends {View<SurenessData>} */
class Sureness extends View {
  /** @param {HTMLElement} root @param {Component<SurenessData>} component */
  constructor(root, component) {
    super(root, component);
    this.reliability = new Reliability(find(root, ".reliability"));
    this.panel = find(root, ".coverage");
    this.slider = find(this.panel, "input");
    this.plot = new Plot(find(this.panel, ".plot"), () => this.drawCurve());
    this.plot.names = ["pictures that get an answer", "right among those"];
    this.told = null; // the stop that the server was told and has not drawn yet
    this.slider.oninput = () => {
      this.stop = Number(this.slider.value);
      this.drawPoint();
      this.timer ??= setTimeout(() => this.tell(), QUIET_MS);
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
    this.timer = null;
    this.told = this.stop;
    this.component.setStateValue("stop", this.stop);
  }

  /** @param {SurenessData} data */
  update(data) {
    this.data = data;
    if (data.chosen === this.told) this.told = null;
    // While the slider moves, answers to where it was before come back; they do not move it.
    if (this.stop === undefined || (!this.timer && this.told === null)) this.stop = data.chosen;
    setText(find(this.panel, ".pictures"), `on ${count(data.pictures)} test pictures`);
    this.slider.max = data.stops.length - 1;
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
    const { threshold, coverage, accuracy } = this.data.stops[this.stop];
    this.slider.value = this.stop;
    const said = this.say(this.data.stops[this.stop]);
    setText(find(this.panel, ".value"), short(threshold));
    setText(find(this.panel, ".says"), said);
    this.slider.setAttribute("aria-valuetext", `${short(threshold)}: ${said}`);
    find(this.panel, ".plot").setAttribute("aria-label", `Accuracy against coverage. ${said}`);
    setData(this.root, { threshold, coverage, accuracy: accuracy ?? "" });
    if (!this.point) return;
    const { plot } = this;
    const place = { cx: plot.x(coverage), cy: plot.y(accuracy ?? 1) };
    for (const [name, value] of Object.entries(place)) this.point.setAttribute(name, value);
    const ends = [
      { x1: place.cx, x2: place.cx, y1: place.cy, y2: plot.y(plot.low) },
      { x1: plot.x(0), x2: place.cx, y1: place.cy, y2: place.cy },
    ];
    ends.forEach((end, i) => Object.entries(end).forEach(([name, value]) => this.guides[i].setAttribute(name, value)));
  }

  say({ threshold, coverage, accuracy }) {
    const all = this.data.stops[0];
    if (threshold === 0) return `Without a threshold every picture gets an answer, and ${percent(all.accuracy)} of them are right.`;
    if (accuracy === null) return "Nothing is left: the net is never so sure.";
    return `Keeps ${percent(coverage)} of the pictures and is right on ${percent(accuracy)} of those, instead of ${percent(all.accuracy)}.`;
  }
}

export default keepView(".sureness", Sureness);
