// A ball goes down a curve: W_new = W - rate * slope. Everything is the browser's own.

import { Chart, draggable } from "../base/chart.js";
import { childrenOf, fitChildren, newButton, setAttributes, setData, setText } from "../base/dom.js";
import { within } from "../base/keys.js";
import { NumberField } from "../base/number_field.js";
import { View, keepView, remembered } from "../base/view.js";
import { bracketed, counted, written } from "../base/words.js";
import { frameOf, shapeOf } from "./curves.js";
import { drawHistory, drawWalk } from "./drawing.js";
import { howItGoes, stepDown } from "./walk.js";

/** @import { NumberOptions } from "../base/number_field.js" */
/** @import { Component, Worded } from "../base/types.js" */
/** @import { Curve, Frame, Shape } from "./curves.js" */
/** @import { Walker } from "./walk.js" */
/** @typedef {Worded & {key: string, curves: Curve[], title: string, hint: string}} DescentData */
/**
 * What a person has set: `name` of the curve; `known` are the curves that it was set for.
 * @typedef {{name: string, known: string, rate: number, momentum: number, run: number, walk: Walker[]}} State
 */

const FRAME_MS = 220; // between two steps while it plays
const MOST_STEPS = 80; // of one play
const FIRST_RUN = 0.4; // of the slope triangle

/** @extends {View<DescentData>} */
class Descent extends View {
  /** @type {State} */ state;
  /** @type {Curve} */ curve;
  /** @type {Shape} */ shape;
  /** @type {Frame} */ frame;
  /** @type {Chart} */ chart;
  /** @type {Chart} */ history;
  timer = 0;

  /** @param {HTMLElement} root @param {Component<DescentData>} component */
  constructor(root, component) {
    super(root, component);
    const field = (/** @type {string} */ name, /** @type {Omit<NumberOptions, "say" | "label" | "changed">} */ options, /** @type {(value: number) => unknown} */ changed) => new NumberField(this.find(`input.${name}`), { say: this.word, label: "", ...options, changed });
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
    this.speak(data);
    const known = JSON.stringify(data.curves);
    this.data = data;
    this.state = remembered(`descent-${data.key}`, { name: data.curves[0].name, known: "", rate: 0, momentum: 0, run: FIRST_RUN, walk: [] });
    const isNew = known !== this.state.known;
    this.state.known = known;
    for (const [name, field] of Object.entries(this.fields)) {
      field.label = this.word(name);
      field.input.setAttribute("aria-label", field.label);
    }
    setText(this.find("h2"), data.title);
    setText(this.find(".hint"), data.hint);
    setText(this.find(".slope span"), this.word("slope_is"));
    this.listCurves();
    if (!this.chart) {
      this.chart = new Chart(this.find(".curve svg"), () => this.draw());
      this.history = new Chart(this.find(".history svg"), () => this.drawHistory());
      draggable(this.find(".curve svg"), this.chart, (x) => this.place(x), (dx) => this.place(this.walker.w + (dx * this.width) / 300));
    }
    const curve = data.curves.find((each) => each.name === this.state.name) ?? data.curves[0];
    if (isNew) this.choose(curve.name);
    else this.take(curve);
  }

  listCurves() {
    const { curves } = this.data;
    const place = this.find(".curves");
    const names = curves.length > 1 ? curves : [];
    const buttons = fitChildren(place, names.length, newButton);
    names.forEach(({ name, label }, i) => {
      setText(buttons[i], label ?? this.word(name));
      buttons[i].onclick = () => this.choose(name);
    });
  }

  // ---- what a person does -----------------------------------------------------------------------------------

  /** Begin anew on a curve, with its own first numbers. @param {string} name */
  choose(name) {
    const curve = this.data.curves.find((each) => each.name === name) ?? this.data.curves[0];
    const rate = curve.rates[0][0];
    Object.assign(this.state, { name, rate, momentum: 0, run: FIRST_RUN, walk: [{ w: curve.start, velocity: 0 }] });
    this.stop();
    this.take(curve);
  }

  /** @param {Curve} curve */
  take(curve) {
    this.curve = curve;
    this.shape = shapeOf(curve);
    this.frame = frameOf(curve, this.shape);
    const rates = this.find(".rates");
    const buttons = fitChildren(rates, curve.rates.length, newButton);
    curve.rates.forEach(([rate, word], i) => {
      setText(buttons[i], `${written(rate, 6, 0)} ${this.word(word)}`);
      buttons[i].onclick = () => this.set({ rate });
    });
    childrenOf(this.find(".curves")).forEach((button, i) => button.setAttribute("aria-pressed", this.data.curves[i].name === curve.name));
    this.fields.rate.step = curve.rates[0][0];
    this.show();
  }

  get width() {
    return this.curve.to - this.curve.from;
  }

  get walker() {
    return this.state.walk[this.state.walk.length - 1];
  }

  /** @param {Partial<State>} change */
  set(change) {
    Object.assign(this.state, change);
    this.show();
  }

  /** Put the ball somewhere: a new walk begins there. @param {number} w */
  place(w) {
    this.stop();
    const rounded = Number(w.toFixed(4));
    this.set({ walk: [{ w: within(rounded, -1000, 1000), velocity: 0 }] });
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
      this.timer = ended ? 0 : setTimeout(next, FRAME_MS);
      this.showPlay();
    };
    next();
  }

  stop() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.showPlay();
  }

  // ---- showing ----------------------------------------------------------------------------------------------

  how() {
    return howItGoes(this.state.walk, this.shape, this.curve, this.frame);
  }

  showPlay() {
    setText(this.find(".play"), this.word(this.timer ? "pause" : "play"));
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
    setText(this.find(".said"), this.word(how, { steps: counted(walk.length - 1), loss: written(this.shape.loss(w), 3) }));
    childrenOf(this.find(".rates")).forEach((button, i) => button.setAttribute("aria-pressed", this.curve.rates[i][0] === rate));
    this.find("button.step").disabled = how === "far";
    this.showPlay();
    const facts = { curve: this.curve.name, w, slope, next: next.w, steps: walk.length - 1, how, loss: this.shape.loss(w), rate };
    setData(this.root, facts);
    const svg = this.find(".curve svg");
    const range = { "aria-valuemin": this.curve.from, "aria-valuemax": this.curve.to, "aria-valuenow": w };
    setAttributes(svg, range);
    svg.setAttribute("aria-label", this.word("curve_label"));
    svg.setAttribute("aria-valuetext", this.word("curve_value", { w: written(w, 3), loss: written(this.shape.loss(w), 3), slope: written(slope, 3) }));
    this.draw();
    this.drawHistory();
  }

  /** @param {number} w @param {number} slope @param {Walker} next @param {{rate: number, momentum: number, velocity: number}} pace */
  showUpdate(w, slope, next, { rate, momentum, velocity }) {
    const four = (/** @type {number} */ value) => written(value, 4, 2);
    const pace = this.find(".pace");
    const hasMomentum = momentum > 0;
    setText(pace, hasMomentum ? `${this.word("velocity")} = ${four(momentum)} × ${bracketed(velocity, 4, 2)} + ${bracketed(slope, 4, 2)} = ${four(next.velocity)}` : "");
    const update = this.find(".update");
    const factor = this.word(hasMomentum ? "velocity" : "slope_is");
    const name = Object.assign(document.createElement("sub"), { textContent: this.word("new") });
    const numbers = `${four(w)} − ${written(rate, 6, 0)} × ${bracketed(next.velocity, 4, 2)} = `;
    const result = Object.assign(document.createElement("strong"), { textContent: four(next.w) });
    update.replaceChildren("W", name, ` = W − ${this.word("rate")} × ${factor}`, document.createElement("br"), `= ${numbers}`, result);
    setData(update, { value: next.w });
  }

  draw() {
    if (this.curve) drawWalk(this.chart, this.curve, this.shape, this.frame, this.state.walk, this.state.run, this.word);
  }

  drawHistory() {
    if (!this.curve) return;
    const losses = drawHistory(this.history, this.shape, this.frame, this.state.walk, this.word);
    const label = { steps: counted(losses.length - 1), first: written(losses[0], 3), last: written(losses.at(-1), 3) };
    this.find(".history svg").setAttribute("aria-label", this.word("history_label", label));
  }
}

export default keepView(".descent", Descent);
