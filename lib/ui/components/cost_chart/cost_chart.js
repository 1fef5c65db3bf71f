// Parameters and multiply-adds of one dense and one convolutional layer on square pictures.

import { Chart, draggable } from "../base/chart.js";
import { setAttributes, setData, setText } from "../base/dom.js";
import { NumberField } from "../base/number_field.js";
import { View, keepView, remembered } from "../base/view.js";
import { counted, written } from "../base/words.js";

/** @import { Component, Worded } from "../base/types.js" */
/** @typedef {Worded} CostChartData */

const SIDES = [8, 16, 28, 32, 48, 64, 96, 128, 224, 256, 384, 512, 768, 1000];
const LARGEST = SIDES[SIDES.length - 1];
const START = { side: 28, channels: 1, units: 128, filters: 64, kernel: 3 };
const BYTES = 4; // of one parameter, float32

/** @typedef {typeof START} Layer */

const denseParameters = (/** @type {Layer} */ { side, channels, units }) => side * side * channels * units + units;
const convParameters = (/** @type {Layer} */ { channels, filters, kernel }) => kernel * kernel * channels * filters + filters;
const convAdds = (/** @type {Layer} */ { side, channels, filters, kernel }) => side * side * kernel * kernel * channels * filters;

/** @type {[of: (layer: Layer) => number, look: string, dot: string][]} */
const LINES = [[denseParameters, "", ""], [convParameters, "warm", "warm"], [convAdds, "warm dashed", "warm"]];

/** @extends {View<CostChartData>} */
class CostChart extends View {
  /** @type {Chart} */ chart;

  /** @param {HTMLElement} root @param {Component<CostChartData>} component */
  constructor(root, component) {
    super(root, component);
    this.state = remembered("cost", START);
    this.slider = this.find(".slide input");
    this.slider.max = String(SIDES.length - 1);
    this.slider.oninput = () => this.set({ side: SIDES[Number(this.slider.value)] });
    const field = (/** @type {"units" | "filters" | "kernel"} */ name, /** @type {number} */ max) => new NumberField(this.find(`input.${name}`), { say: this.word, label: "", min: 1, max, step: 1, digits: 0, changed: (value) => this.set({ [name]: Math.round(value) }) });
    this.fields = { units: field("units", 4096), filters: field("filters", 512), kernel: field("kernel", 15) };
    this.buttons = [1, 3].map((channels) => {
      const button = Object.assign(document.createElement("button"), { type: "button", onclick: () => this.set({ channels }) });
      this.find(".channels").append(button);
      return { button, channels };
    });
    this.find(".reset").onclick = () => this.set(structuredClone(START));
  }

  destroy() {
    this.chart?.destroy();
  }

  /** @param {CostChartData} data */
  update(data) {
    this.speak(data);
    for (const [name, field] of Object.entries(this.fields)) {
      field.label = this.word(name);
      field.input.setAttribute("aria-label", field.label);
    }
    for (const { button, channels } of this.buttons) setText(button, this.word(channels === 1 ? "grey" : "colour"));
    this.slider.setAttribute("aria-label", this.word("side"));
    if (!this.chart) {
      const svg = this.find("svg");
      this.chart = new Chart(svg, () => this.draw());
      const nearest = (/** @type {number} */ x) => SIDES.reduce((best, side) => (Math.abs(Math.log(side / x)) < Math.abs(Math.log(best / x)) ? side : best));
      const next = (/** @type {number} */ by) => SIDES[Math.min(SIDES.length - 1, Math.max(0, SIDES.indexOf(this.state.side) + by))];
      draggable(svg, this.chart, (x) => this.set({ side: nearest(x) }), (dx, dy) => this.set({ side: next(Math.sign(dx + dy)) }));
    }
    this.show();
  }

  /** @param {Partial<Layer>} change */
  set(change) {
    Object.assign(this.state, change);
    this.show();
  }

  show() {
    const { state } = this;
    const { side, channels, units, filters, kernel } = state;
    this.slider.value = String(SIDES.indexOf(side));
    const size = `${side}×${side}×${channels}`;
    setText(this.find("output"), size);
    this.slider.setAttribute("aria-valuetext", size);
    for (const name of /** @type {const} */ (["units", "filters", "kernel"])) this.fields[name].set(state[name]);
    for (const { button, channels: each } of this.buttons) button.setAttribute("aria-pressed", each === channels);
    const [dense, conv, adds] = [denseParameters(state), convParameters(state), convAdds(state)];
    const bold = (/** @type {string} */ place, /** @type {string} */ start, /** @type {number} */ value) => {
      const strong = Object.assign(document.createElement("strong"), { textContent: counted(value) });
      this.find(place).replaceChildren(start, strong);
      setData(this.find(place), { value });
    };
    bold(".formula.dense", `${this.word("dense_line")}: ${side} × ${side} × ${channels} × ${units} + ${units} = `, dense);
    bold(".formula.conv", `${this.word("conv_line")}: ${kernel} × ${kernel} × ${channels} × ${filters} + ${filters} = `, conv);
    bold(".formula.adds", `${this.word("adds_line")}: ${side} × ${side} × ${kernel} × ${kernel} × ${channels} × ${filters} = `, adds);
    const memory = dense * BYTES;
    const written_ = memory >= 1e9 ? `${written(memory / 1e9, 1)} GB` : memory >= 1e6 ? `${written(memory / 1e6, 1)} MB` : `${written(memory / 1e3, 0)} kB`;
    const values = { size, memory: written_, times: counted(Math.round(dense / conv)), conv: counted(conv), shares: counted(Math.round(adds / conv)) };
    setText(this.find(".said"), this.word("cost_said", values));
    const svg = this.find("svg");
    const facts = { "aria-label": this.word("side"), "aria-valuemin": SIDES[0], "aria-valuemax": LARGEST, "aria-valuenow": side };
    setAttributes(svg, facts);
    svg.setAttribute("aria-valuetext", `${size}: ${this.word("dense_line")} ${counted(dense)}, ${this.word("conv_line")} ${counted(conv)}, ${this.word("adds_line")} ${counted(adds)}`);
    this.draw();
  }

  draw() {
    const { side } = this.state;
    const power = (/** @type {number} */ value) => (value >= 1e5 ? `10${[...String(Math.round(Math.log10(value)))].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]).join("")}` : counted(value));
    const x = { from: SIDES[0], to: LARGEST, log: true, title: this.word("side_axis"), write: counted };
    if (!this.chart.begin(x, { from: 10, to: 1e11, log: true, ticks: 6, title: this.word("count_axis"), write: power })) return;
    const at = (/** @type {(layer: Layer) => number} */ f) => (/** @type {number} */ each) => f({ ...this.state, side: each });
    this.chart.line([[side, 10], [side, 1e11]], "faint");
    for (const [f, look, dot] of LINES) {
      this.chart.line(SIDES.map((each) => [each, at(f)(each)]), look);
      this.chart.dot(side, at(f)(side), dot);
    }
  }
}

export default keepView(".costs-of", CostChart);
