// A ball goes down a curve: W_new = W - rate * slope. Everything is the browser's own.

import { Chart, draggable } from "../base/chart.js";
import { fitChildren, setData, setText } from "../base/dom.js";
import { NumberField } from "../base/number_field.js";
import { View, keepView, remembered } from "../base/view.js";
import { bracketed, counted, say, speak, written } from "../base/words.js";
import { OWN_CURVES, throughPoints } from "./curves.js";
import { FAR, FLAT, howItGoes, stepDown } from "./walk.js";

/** @import { Component } from "../base/types.js" */

const FRAME_MS = 220; // between two steps while it plays
const MOST_STEPS = 80; // of one play
const FIRST_RUN = 0.4; // of the slope triangle

/** @extends {View<DescentData>} */
class Descent extends View {
  /** @param {HTMLElement} root @param {Component<DescentData>} component */
  constructor(root, component) {
    super(root, component);
    const field = (/** @type {string} */ name, options, changed) => new NumberField(this.find(`input.${name}`), { label: "", ...options, changed });
    this.fields = {
      rate: field("rate", { min: 0.000001, max: 1000000, step: 0.01, digits: 6 }, (rate) => this.set({ rate })),
      momentum: field("momentum", { min: 0, max: 0.99, step: 0.05, digits: 3 }, (momentum) => this.set({ momentum })),
      weight: field("weight", { min: -1000, max: 1000, step: 0.01, digits: 6 }, (w) => this.place(w)),
      run: field("run", { min: 0.05, max: 2, step: 0.05, digits: 2 }, (run) => this.set({ run })),
    };
    this.find(".step").onclick = () => this.step();
    this.find(".play").onclick = () => (this.timer ? this.stop() : this.play());
    this.find(".back").onclick = () => this.place(this.state.walk[0].w);
    this.find(".reset").onclick = () => this.choose(this.curve.name);
    this.whenResized(root, () => {
      root.classList.toggle("narrow", root.clientWidth < 1060);
      root.classList.toggle("slim", root.clientWidth < 600);
    });
  }

  destroy() {
    this.stop();
    this.chart?.destroy();
    this.history?.destroy();
  }

  /** @param {DescentData} data */
  update(data) {
    speak(this.root, data);
    const known = JSON.stringify(data.curves);
    this.data = data;
    this.state = remembered(`descent-${data.key}`, { name: data.curves[0].name });
    this.isNew = known !== this.state.known;
    this.state.known = known;
    for (const [name, field] of Object.entries(this.fields)) {
      field.label = say(name);
      field.input.setAttribute("aria-label", field.label);
    }
    setText(this.find("h3"), data.title);
    setText(this.find(".hint"), data.hint);
    setText(this.find(".slope span"), say("slope_is"));
    this.listCurves();
    if (!this.chart) {
      this.chart = new Chart(this.find(".curve svg"), () => this.draw());
      this.history = new Chart(this.find(".history svg"), () => this.drawHistory());
      draggable(this.find(".curve svg"), this.chart, (x) => this.place(x), (dx) => this.place(this.walker.w + (dx * this.width) / 300));
    }
    const curve = data.curves.find((each) => each.name === this.state.name) ?? data.curves[0];
    if (!this.state.walk || this.isNew) this.choose(curve.name);
    else this.take(curve);
  }

  listCurves() {
    const { curves } = this.data;
    const place = this.find(".curves");
    const names = curves.length > 1 ? curves : [];
    fitChildren(place, names.length, () => Object.assign(document.createElement("button"), { type: "button" }));
    names.forEach(({ name, label }, i) => {
      setText(place.children[i], label ?? say(name));
      place.children[i].onclick = () => this.choose(name);
    });
  }

  // ---- what a person does -----------------------------------------------------------------------------------

  /** Begin anew on a curve, with its own first numbers. @param {string} name */
  choose(name) {
    const curve = this.data.curves.find((each) => each.name === name);
    const rate = curve.rates[0][0];
    Object.assign(this.state, { name, rate, momentum: 0, run: FIRST_RUN, walk: [{ w: curve.start, velocity: 0 }] });
    this.stop();
    this.take(curve);
  }

  take(curve) {
    this.curve = curve;
    this.shape = OWN_CURVES[curve.name] ?? throughPoints(curve.positions, curve.losses);
    const losses = Array.from({ length: 241 }, (_, i) => this.shape.loss(curve.from + ((curve.to - curve.from) * i) / 240));
    this.lowest = Math.min(...losses);
    this.top = curve.top ?? this.lowest + 1.12 * (Math.max(...losses) - this.lowest);
    this.bottom = curve.top ? 0 : this.lowest - 0.12 * (Math.max(...losses) - this.lowest);
    this.flat = (FLAT * (this.top - this.bottom)) / this.width;
    const rates = this.find(".rates");
    fitChildren(rates, curve.rates.length, () => Object.assign(document.createElement("button"), { type: "button" }));
    curve.rates.forEach(([rate, word], i) => {
      setText(rates.children[i], `${written(rate, 6, 0)} ${say(word)}`);
      rates.children[i].onclick = () => this.set({ rate });
    });
    [...this.find(".curves").children].forEach((button, i) => button.setAttribute("aria-pressed", this.data.curves[i].name === curve.name));
    this.fields.rate.step = curve.rates[0][0];
    this.show();
  }

  get width() {
    return this.curve.to - this.curve.from;
  }

  get walker() {
    return this.state.walk.at(-1);
  }

  set(change) {
    Object.assign(this.state, change);
    this.show();
  }

  /** Put the ball somewhere: a new walk begins there. @param {number} w */
  place(w) {
    this.stop();
    const rounded = Number(w.toFixed(4));
    this.set({ walk: [{ w: Math.min(1000, Math.max(-1000, rounded)), velocity: 0 }] });
  }

  step() {
    const { rate, momentum, walk } = this.state;
    if (this.how() === "far") return this.stop();
    walk.push(stepDown(this.walker, this.shape.slope(this.walker.w), rate, momentum));
    return this.show();
  }

  play() {
    const until = this.state.walk.length + MOST_STEPS;
    const next = () => {
      this.step();
      const ended = ["far", "flat", "local"].includes(this.how()) || this.state.walk.length >= until;
      this.timer = ended ? null : setTimeout(next, FRAME_MS);
      this.showPlay();
    };
    next();
  }

  stop() {
    clearTimeout(this.timer);
    this.timer = null;
    this.showPlay();
  }

  // ---- showing ----------------------------------------------------------------------------------------------

  how() {
    const { from, to } = this.curve;
    return howItGoes(this.state.walk, this.shape, { from, to, lowest: this.lowest, flat: this.flat });
  }

  showPlay() {
    setText(this.find(".play"), say(this.timer ? "pause" : "play"));
  }

  show() {
    const { rate, momentum, run, walk } = this.state;
    const { w, velocity } = this.walker;
    const slope = this.shape.slope(w);
    this.fields.rate.set(rate);
    this.fields.momentum.set(momentum);
    this.fields.weight.set(Number(w.toPrecision(8)));
    this.fields.run.set(run);
    setText(this.find(".rise"), written(slope * run, 3));
    setText(this.find('[data-testid="slope"]'), written(slope, 4, 2));
    const next = stepDown(this.walker, slope, rate, momentum);
    this.showUpdate(w, slope, next, { rate, momentum, velocity });
    const how = this.how();
    setText(this.find(".said"), say(how, { steps: counted(walk.length - 1), loss: written(this.shape.loss(w), 3) }));
    [...this.find(".rates").children].forEach((button, i) => button.setAttribute("aria-pressed", this.curve.rates[i][0] === rate));
    this.find(".step").disabled = how === "far";
    this.showPlay();
    const facts = { curve: this.curve.name, w, slope, next: next.w, steps: walk.length - 1, how, loss: this.shape.loss(w), rate };
    setData(this.root, facts);
    const svg = this.find(".curve svg");
    const range = { "aria-valuemin": this.curve.from, "aria-valuemax": this.curve.to, "aria-valuenow": w };
    for (const [name, value] of Object.entries(range)) svg.setAttribute(name, value);
    svg.setAttribute("aria-label", say("curve_label"));
    svg.setAttribute("aria-valuetext", say("curve_value", { w: written(w, 3), loss: written(this.shape.loss(w), 3), slope: written(slope, 3) }));
    this.draw();
    this.drawHistory();
  }

  /** @param {number} w @param {number} slope @param {number} next */
  showUpdate(w, slope, next, { rate, momentum, velocity }) {
    const four = (value) => written(value, 4, 2);
    const pace = this.find(".pace");
    const hasMomentum = momentum > 0;
    setText(pace, hasMomentum ? `${say("velocity")} = ${four(momentum)} × ${bracketed(velocity, 4, 2)} + ${bracketed(slope, 4, 2)} = ${four(next.velocity)}` : "");
    const update = this.find(".update");
    const factor = say(hasMomentum ? "velocity" : "slope_is");
    const name = Object.assign(document.createElement("sub"), { textContent: say("new") });
    const numbers = `${four(w)} − ${written(rate, 6, 0)} × ${bracketed(next.velocity, 4, 2)} = `;
    const result = Object.assign(document.createElement("strong"), { textContent: four(next.w) });
    update.replaceChildren("W", name, ` = W − ${say("rate")} × ${factor}`, document.createElement("br"), `= ${numbers}`, result);
    setData(update, { value: next.w });
  }

  draw() {
    if (!this.curve) return;
    const { from, to } = this.curve;
    const axis = this.curve.axis ?? say("weight_axis");
    if (!this.chart.begin({ from, to, title: axis }, { from: this.bottom, to: this.top, title: say("loss") })) return;
    const { loss, slope } = this.shape;
    const { walk, run } = this.state;
    const { here } = this.curve;
    if (here !== undefined) {
      this.chart.line([[here, this.bottom], [here, this.top]], "faint dashed");
      this.chart.text(here, this.top, say("now"), "", "middle");
    }
    this.chart.curve(loss, "");
    const steps = walk.slice(-60).map(({ w }) => [w, loss(w)]);
    this.chart.line(steps, "warm");
    for (const [x, y] of steps.slice(0, -1)) this.chart.dot(x, y, "warm", 3);
    const { w } = this.walker;
    if (w < from || w > to || !Number.isFinite(loss(w))) return;
    this.drawTriangle(w, loss(w), slope(w), run * Math.min(1, this.width / 3));
    this.chart.dot(w, loss(w), "warm", 8);
  }

  /**
   * The tangent, and below it rise over run; and which way the next step goes.
   * @param {number} w
   * @param {number} height
   * @param {number} slope
   */
  drawTriangle(w, height, slope, run) {
    const { chart } = this;
    const reach = run * 1.25;
    chart.line([[w - reach, height - slope * reach], [w + reach, height + slope * reach]], "quiet");
    const corners = [[w, height], [w + run, height], [w + run, height + slope * run]];
    chart.add("polygon", { class: "triangle", points: corners.map(([x, y]) => `${chart.x(x)},${chart.y(y)}`).join(" ") });
    const below = slope > 0 ? 22 : -12; // clear of the ball
    const text = (/** @type {number} */ x, /** @type {number} */ y, content, /** @type {HTMLElement} */ anchor) => chart.add("text", { x, y, class: "warm", "text-anchor": anchor }, content);
    text(chart.x(w + run / 2), chart.y(height) + below, say("run"), "middle");
    text(chart.x(w + run) + 5, chart.y(height + (slope * run) / 2) + 4, say("rise"), "start");
    if (Math.abs(slope) < this.flat) return;
    const [x, y, way] = [chart.x(w), chart.height - chart.margin.bottom - 8, slope < 0 ? 1 : -1];
    chart.add("path", { class: "arrow", d: `M${x} ${y}h${34 * way}m${-7 * way} -5l${7 * way} 5l${-7 * way} 5` });
  }

  drawHistory() {
    if (!this.curve) return;
    const losses = this.state.walk.map(({ w }) => this.shape.loss(w)).map((loss) => (Number.isFinite(loss) ? loss : FAR));
    const steps = losses.length - 1;
    const most = Math.min(Math.max(...losses), 12 * Math.max(losses[0], 0.1));
    const range = most - Math.min(0, this.bottom);
    const y = { from: Math.min(0, this.bottom), to: Math.max(most, this.bottom + 0.2 * range) * 1.1, title: say("loss") };
    const x = { from: 0, to: Math.max(20, Math.ceil(steps / 20) * 20), title: say("steps"), ticks: 4 };
    if (!this.history.begin(x, y)) return;
    this.history.line(losses.map((loss, i) => [i, loss]), "warm");
    losses.slice(-1).forEach((loss) => this.history.dot(steps, Math.min(loss, y.to), "warm", 4));
    this.find(".history svg").setAttribute("aria-label", say("history_label", { steps: counted(steps), first: written(losses[0], 3), last: written(losses.at(-1), 3) }));
  }
}

export default keepView(".descent", Descent);
