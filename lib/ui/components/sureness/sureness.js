// How sure and how right: coverage against accuracy with a threshold that follows the slider at once, and reliability.

import { count, percent, setText } from "../base/numbers.js";
import { keepView } from "../base/view.js";
import { Plot, short } from "./plot.js";
import { Reliability } from "./reliability.js";

const LOWS = [0.99, 0.98, 0.96, 0.9, 0.8, 0.6]; // where the axis of accuracies may begin
const QUIET_MS = 120; // a slider that moves is followed here at once; the rest of the page hears of it so often

export default (component) => keepView(component, ".sureness", Sureness);

class Sureness {
  constructor(root) {
    this.root = root;
    this.reliability = new Reliability(root.querySelector(".reliability"));
    this.panel = root.querySelector(".coverage");
    this.slider = this.panel.querySelector("input");
    this.plot = new Plot(this.panel.querySelector(".plot"), () => this.drawCurve());
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

  update(data) {
    this.data = data;
    if (data.chosen === this.told) this.told = null;
    // While the slider moves, answers to where it was before come back; they do not move it.
    if (this.stop === undefined || (!this.timer && this.told === null)) this.stop = data.chosen;
    setText(this.panel.querySelector(".pictures"), `on ${count(data.pictures)} test pictures`);
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
    setText(this.panel.querySelector(".value"), short(threshold));
    setText(this.panel.querySelector(".says"), said);
    this.slider.setAttribute("aria-valuetext", `${short(threshold)}: ${said}`);
    this.panel.querySelector(".plot").setAttribute("aria-label", `Accuracy against coverage. ${said}`);
    Object.assign(this.root.dataset, { threshold, coverage, accuracy: accuracy ?? "" });
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
