// x -> h1..h3 -> g1, g2 -> y: weighted sums, biases, activations, all of them to be moved.

import { ACTIVATIONS } from "../activations/functions.js";
import { newButton, setData, setText, svgNode } from "../base/dom.js";
import { sizeOf } from "../base/drag.js";
import { NumberField } from "../base/number_field.js";
import { View, keepView, remembered } from "../base/view.js";
import { bracketed, written } from "../base/words.js";

/** @import { Component, Worded } from "../base/types.js" */
/** @typedef {Worded} TinyNetData */
/** @typedef {"h" | "g" | "y"} Layer a layer with weights */
/** @typedef {"x" | Layer} Place a layer, or the input before them */
/** @typedef {typeof START} Net */
/** @typedef {Record<Place, number[]>} Values of every neuron */
/** @typedef {{field: NumberField, input: HTMLInputElement, layer: Place, i: number, k: number | null, read: () => number}} Field a weight (`k`: from which neuron), a bias or the input */

const START = {
  x: 0.8,
  hidden: "relu",
  output: "linear",
  weights: { h: [[1.2], [-0.7], [0.5]], g: [[0.9, -0.4, 1.1], [-0.6, 1.3, 0.3]], y: [[1, -0.8]] },
  biases: { h: [0, 0.6, -0.2], g: [0.1, -0.2], y: [0.05] },
};
/** @type {Layer[]} */
const LAYERS = ["h", "g", "y"];
/** @type {Record<Layer, Place>} */
const BEFORE = { h: "x", g: "h", y: "g" };
const SIZES = { x: 1, h: 3, g: 2, y: 1 };
const COLUMNS = { x: 0.06, h: 0.36, g: 0.68, y: 0.94 };
const RADIUS = 25;
const LABELS_AT = { h: [0.55], g: [0.34, 0.66], y: [0.5] }; // where along a line its weight is written, by target
/** @type {["hidden" | "output", string[]][]} */
const CHOICES = [["hidden", ["relu", "sigmoid", "tanh", "linear"]], ["output", ["linear", "sigmoid"]]];
const [NEGATIVE, POSITIVE] = ["rgb(66 125 186)", "rgb(212 121 67)"];

/** Every neuron's inputs, sum and value, layer by layer. @param {Net} net */
function forward({ x, hidden, output, weights, biases }) {
  /** @type {Values} */
  const values = { x: [x], h: [], g: [], y: [] };
  /** @type {Record<Layer, number[]>} */
  const sums = { h: [], g: [], y: [] };
  for (const layer of LAYERS) {
    const f = ACTIVATIONS[layer === "y" ? output : hidden].value;
    sums[layer] = weights[layer].map((row, i) => row.reduce((sum, w, k) => sum + w * values[BEFORE[layer]][k], biases[layer][i]));
    values[layer] = sums[layer].map(f);
  }
  return { values, sums };
}

/** @extends {View<TinyNetData>} */
class TinyNet extends View {
  /** @type {Field[]} */ fields = [];
  /** @type {[Place, number]} */ chosen = ["y", 0];
  box = { width: 0, height: 0 }; // of the drawing

  /** @param {HTMLElement} root @param {Component<TinyNetData>} component */
  constructor(root, component) {
    super(root, component);
    this.state = remembered("tiny-net", START);
    this.svg = this.find("svg");
    this.find(".reset").onclick = () => {
      Object.assign(this.state, structuredClone(START));
      this.show();
    };
    this.whenResized(this.find(".stage"), () => this.show());
  }

  /** @param {TinyNetData} data */
  update(data) {
    this.speak(data);
    if (!this.fields.length) this.build();
    for (const { field, layer, i, k } of this.fields) {
      field.label = layer === "x" ? this.word("input_x") : k === null ? this.word("bias_of", { name: this.name(layer, i) }) : this.word("weight_from", { from: this.name(BEFORE[layer], k), to: this.name(layer, i) });
      field.input.setAttribute("aria-label", field.label);
    }
    this.show();
  }

  /** @param {Place} layer @param {number} i */
  name(layer, i) {
    return SIZES[layer] === 1 ? layer : `${layer}${"₁₂₃"[i]}`;
  }

  // ---- building ---------------------------------------------------------------------------------------------

  build() {
    this.field("x", 0, null, (value) => (this.state.x = value), () => this.state.x);
    for (const layer of LAYERS) {
      this.state.weights[layer].forEach((row, i) => {
        row.forEach((_, k) => this.field(layer, i, k, (value) => (this.state.weights[layer][i][k] = value), () => this.state.weights[layer][i][k]));
        this.field(layer, i, null, (value) => (this.state.biases[layer][i] = value), () => this.state.biases[layer][i]);
      });
    }
    for (const [key, names] of CHOICES) {
      for (const name of names) {
        const button = newButton();
        setData(button, { say: `name_${name}` });
        setText(button, this.word(`name_${name}`));
        setData(button, { name: name });
        button.onclick = () => {
          this.state[key] = name;
          this.show();
        };
        this.find(`.${key}-choice`).append(button);
      }
    }
    const lines = LAYERS.flatMap((layer) => this.state.biases[layer].map((_, i) => ({ layer, i })));
    for (const { layer, i } of lines) {
      const line = document.createElement("li");
      line.onpointerenter = () => this.choose(layer, i);
      setData(line, { testid: "neuron", layer, index: i });
      this.find("ol").append(line);
    }
  }

  /**
   * Put a field in that is read and written as told.
   * @param {Place} layer
   * @param {number} i
   * @param {number | null} k
   * @param {(value: number) => unknown} write
   * @param {() => number} read
   */
  field(layer, i, k, write, read) {
    const input = this.find(".fields").appendChild(document.createElement("input"));
    if (k === null && layer !== "x") input.className = "bias";
    setData(input, { layer, index: i, from: k ?? "", kind: layer === "x" ? "input" : k === null ? "bias" : "weight" });
    const changed = (/** @type {number} */ value) => {
      write(value);
      this.show();
    };
    const field = new NumberField(input, { say: this.word, label: "", min: -10, max: 10, step: 0.05, digits: 3, changed });
    input.addEventListener("focus", () => layer !== "x" && this.choose(layer, i));
    input.addEventListener("pointerenter", () => layer !== "x" && this.choose(layer, i));
    this.fields.push({ field, input, layer, i, k, read });
  }

  /** @param {Place} layer @param {number} i */
  choose(layer, i) {
    this.chosen = [layer, i];
    this.show();
  }

  // ---- showing ----------------------------------------------------------------------------------------------

  /** @param {Place} layer @param {number} i */
  place(layer, i) {
    const { width, height } = this.box;
    const gap = height / Math.max(SIZES[layer], 1.0001);
    return [Math.min(width - RADIUS - 4, Math.max(RADIUS + 4, COLUMNS[layer] * width)), gap * (i + 0.5) - 4];
  }

  show() {
    if (!this.fields.length) return;
    const { values, sums } = forward(this.state);
    this.box = sizeOf(this.find(".stage"));
    for (const { field, read } of this.fields) field.set(read());
    for (const [key] of CHOICES) {
      for (const button of this.find(`.${key}-choice`).children) button.setAttribute("aria-pressed", button.dataset.name === this.state[key]);
    }
    this.draw(values);
    this.placeFields();
    this.write(values, sums);
    setData(this.root, { y: values.y[0] });
  }

  /** @param {Values} values */
  draw(values) {
    /** @type {SVGElement[]} */
    const nodes = [];
    const [chosenLayer, chosenIndex] = this.chosen;
    for (const layer of LAYERS) {
      this.state.weights[layer].forEach((row, i) => row.forEach((weight, k) => {
        const [[x1, y1], [x2, y2]] = [this.place(BEFORE[layer], k), this.place(layer, i)];
        const into = layer === chosenLayer && i === chosenIndex;
        const line = { x1, y1, x2, y2, stroke: weight < 0 ? NEGATIVE : POSITIVE, "stroke-width": Math.min(9, 0.8 + 3 * Math.abs(weight)), opacity: into ? 1 : 0.5 };
        nodes.push(svgNode("line", line));
      }));
    }
    for (const layer of /** @type {Place[]} */ (["x", ...LAYERS])) {
      values[layer].forEach((value, i) => {
        const [x, y] = this.place(layer, i);
        const look = layer === chosenLayer && i === chosenIndex ? "chosen" : value === 0 && layer !== "x" ? "off" : "";
        nodes.push(svgNode("g", { class: look }, svgNode("circle", { cx: x, cy: y, r: RADIUS }), svgNode("text", { x, y: y + 4.5 }, written(value, 2)), svgNode("text", { x, y: y - RADIUS - 5, class: "name" }, this.name(layer, i))));
      });
    }
    this.svg.replaceChildren(...nodes);
  }

  placeFields() {
    for (const { input, layer, i, k } of this.fields) {
      const [x2, y2] = this.place(layer, i);
      let at = [x2, y2 + RADIUS + 12];
      if (k !== null && layer !== "x") {
        const [x1, y1] = this.place(BEFORE[layer], k);
        const t = LABELS_AT[layer][i % LABELS_AT[layer].length];
        at = [x1 + (x2 - x1) * t, y1 + (y2 - y1) * t];
      }
      Object.assign(input.style, { left: `${at[0]}px`, top: `${at[1]}px` });
    }
  }

  /** @param {Values} values @param {Record<Layer, number[]>} sums */
  write(values, sums) {
    const { weights, biases, hidden, output } = this.state;
    for (const line of this.find("ol").children) {
      const layer = /** @type {Layer} */ (line.dataset.layer);
      const i = Number(line.dataset.index);
      const products = weights[layer][i].map((w, k) => `${bracketed(w, 3, 1)} × ${bracketed(values[BEFORE[layer]][k], 3, 1)}`);
      const [sum, value] = [sums[layer][i], values[layer][i]];
      const kind = layer === "y" ? output : hidden;
      const name = Object.assign(document.createElement("b"), { textContent: this.name(layer, i) });
      const result = Object.assign(document.createElement("strong"), { textContent: written(value, 4, 2) });
      const inner = `${products.join(" + ")} + ${bracketed(biases[layer][i], 3, 1)}`;
      const parts = kind === "linear" ? [` = ${inner} = `] : [` = ${this.word(`name_${kind}`)}(${inner}) = ${this.word(`name_${kind}`)}(${written(sum, 4, 2)}) = `];
      line.replaceChildren(name, ...parts, result);
      line.classList.toggle("chosen", layer === this.chosen[0] && i === this.chosen[1]);
      setData(line, { sum, value });
    }
    setText(this.find(".count"), this.word("tiny_count"));
  }
}

export default keepView(".tiny", TinyNet);
