// The same row of numbers into four kinds of layer; one output at a time shows what it sees.

import { setAttributes, setData, setText, svgNode } from "../base/dom.js";
import { sizeOf } from "../base/drag.js";
import { NumberField } from "../base/number_field.js";
import { View, keepView, remembered } from "../base/view.js";
import { bracketed, counted, written } from "../base/words.js";
import { KINDS, LENGTH, outputsOf, range } from "./kinds.js";

/** @import { Component, Worded } from "../base/types.js" */
/** @import { Seen } from "./kinds.js" */
/** @typedef {Worded} LayerKindsData */

/** @type {Record<string, number>} */
const WAYS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 };
const START = { kind: "dense", output: 2, inputs: [0, 0.2, 1, 1, 0.3, 0, 0.6, 0] };

/** @extends {View<LayerKindsData>} */
class LayerKinds extends View {
  /** @type {NumberField[]} */ fields;

  /** @param {HTMLElement} root @param {Component<LayerKindsData>} component */
  constructor(root, component) {
    super(root, component);
    this.state = remembered("layer-kinds", START);
    this.svg = this.find("svg");
    this.find(".reset").onclick = () => this.set(structuredClone(START));
    this.svg.onpointermove = this.svg.onpointerdown = (event) => this.point(event);
    this.svg.onkeydown = (event) => {
      const way = WAYS[event.key];
      if (!way) return;
      event.preventDefault();
      this.set({ output: this.output + way });
    };
    this.whenResized(this.svg, () => this.show());
  }

  /** @param {LayerKindsData} data */
  update(data) {
    this.speak(data);
    if (!this.fields) this.build();
    for (const [i, field] of this.fields.entries()) {
      field.label = this.word("kinds_input", { number: i + 1 });
      field.input.setAttribute("aria-label", field.label);
    }
    Object.keys(KINDS).forEach((kind, i) => setText(this.find(".which").children[i], this.word(kind)));
    this.show();
  }

  build() {
    this.fields = range(LENGTH).map((i) => {
      const input = this.find(".fields").appendChild(document.createElement("input"));
      const changed = (/** @type {number} */ value) => {
        this.state.inputs[i] = value;
        this.show();
      };
      return new NumberField(input, { say: this.word, label: "", min: -10, max: 10, step: 0.1, digits: 2, changed });
    });
    for (const kind of Object.keys(KINDS)) {
      this.find(".which").append(Object.assign(document.createElement("button"), { type: "button", onclick: () => this.set({ kind }) }));
    }
  }

  get output() {
    return Math.min(this.state.output, KINDS[this.state.kind].outputs - 1);
  }

  /** @param {Partial<typeof START>} change */
  set(change) {
    Object.assign(this.state, change);
    this.state.output = Math.min(KINDS[this.state.kind].outputs - 1, Math.max(0, this.state.output));
    this.show();
  }

  /** @param {PointerEvent} event */
  point(event) {
    const box = this.svg.getBoundingClientRect();
    const count = KINDS[this.state.kind].outputs;
    if (event.clientY - box.top > box.height * 0.72) return; // among the inputs
    this.set({ output: Math.floor(((event.clientX - box.left) / box.width) * count) });
  }

  show() {
    if (!this.fields) return;
    const { kind, inputs } = this.state;
    const { output } = this;
    const values = outputsOf(kind, inputs);
    const seen = KINDS[kind].sees(output);
    this.fields.forEach((field, i) => field.set(inputs[i]));
    Object.keys(KINDS).forEach((name, i) => this.find(".which").children[i].setAttribute("aria-pressed", name === kind));
    setText(this.find(".about"), this.word(`about_${kind}`));
    const parameters = KINDS[kind].parameters;
    setText(this.find(".count"), this.word(parameters ? "kinds_count" : "kinds_none", { parameters: counted(parameters), outputs: values.length }));
    setText(this.find(".formula"), this.formula(kind, output, seen, values));
    const facts = { "aria-label": this.word("kinds_output"), "aria-valuemin": 1, "aria-valuemax": values.length, "aria-valuenow": output + 1, "aria-valuetext": this.find(".formula").textContent };
    setAttributes(this.svg, facts);
    setData(this.root, { kind, output, value: values[output], parameters, sees: seen.length });
    this.draw(kind, output, seen, values);
  }

  /** @param {string} kind @param {number} output @param {Seen[]} seen @param {number[]} values */
  formula(kind, output, seen, values) {
    const { inputs } = this.state;
    const name = `${this.word("output")} ${output + 1}`;
    const result = written(values[output], 3, 1);
    if (kind === "pooling") return `${name} = max(${seen.map(({ from }) => written(inputs[from], 2, 0)).join("; ")}) = ${result}`;
    const products = seen.map(({ from, weight, back }) => `${bracketed(weight, 2, 0)} × ${bracketed(back ? values[from] : inputs[from], 2, 0)}`).join(" + ");
    return kind === "recurrent" ? `${name} = tanh(${products}) = ${result}` : `${name} = ${products} = ${result}`;
  }

  /** @param {string} kind @param {number} output @param {Seen[]} seen @param {number[]} values */
  draw(kind, output, seen, values) {
    const { width, height } = sizeOf(this.svg);
    if (!width) return;
    const across = (/** @type {number} */ i, /** @type {number} */ count) => (width * (i + 0.5)) / count;
    const [top, bottom] = [34, height - 22];
    const box = Math.min(64, width / LENGTH - 8);
    /** @type {SVGElement[]} */
    const nodes = [];
    const line = (/** @type {number} */ from, /** @type {number} */ to, /** @type {boolean | undefined} */ back, /** @type {boolean} */ isSeen) => {
      const [x1, y1] = back ? [across(from, values.length) + box / 2, top] : [across(from, LENGTH), bottom - 15];
      const [x2, y2] = back ? [across(to, values.length) - box / 2, top] : [across(to, values.length), top + 14];
      nodes.push(svgNode("line", { class: isSeen ? "seen" : "", x1, y1, x2, y2 }));
    };
    for (const to of range(values.length)) for (const { from, back } of KINDS[kind].sees(to)) if (to !== output) line(from, to, back, false);
    for (const { from, back } of seen) line(from, output, back, true);
    const cell = (/** @type {number} */ x, /** @type {number} */ y, /** @type {string} */ look, /** @type {string} */ text) => nodes.push(svgNode("g", { class: look }, svgNode("rect", { x: x - box / 2, y: y - 14, width: box, height: 28, rx: 5 }), svgNode("text", { x, y: y + 4.5 }, text)));
    const isSeen = (/** @type {number} */ i) => seen.some(({ from, back }) => !back && from === i);
    range(LENGTH).forEach((i) => cell(across(i, LENGTH), bottom, isSeen(i) ? "seen" : "", ""));
    values.forEach((value, i) => cell(across(i, values.length), top, i === output ? "chosen" : "", written(value, 2)));
    nodes.push(svgNode("text", { class: "name", x: 2, y: 12 }, this.word("kinds_outputs")));
    this.svg.replaceChildren(...nodes);
    this.fields.forEach(({ input }, i) => Object.assign(input.style, { left: `${across(i, LENGTH)}px`, top: `${bottom}px` }));
  }
}

export default keepView(".kinds", LayerKinds);
