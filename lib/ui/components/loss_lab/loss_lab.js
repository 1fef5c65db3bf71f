// One labelled picture, its outputs and its loss, three ways. The label is no input: it only reaches the loss.

import { Chart, draggable } from "../base/chart.js";
import { cloned, find, fitChildren, newButton, newRow, setAttributes, setData, setText } from "../base/dom.js";
import { placeIn, whenDragged } from "../base/drag.js";
import { within } from "../base/keys.js";
import { NumberField } from "../base/number_field.js";
import { View, keepView, remembered } from "../base/view.js";
import { share, written } from "../base/words.js";
import { LEAST, drawLosses, drawNet } from "./drawing.js";
import { LOSSES, lossesAt, pullsAt, squares, sse, sum, withOutput } from "./losses.js";

/** @import { Component, Worded } from "../base/types.js" */
/** @import { Loss } from "./losses.js" */
/** @typedef {Worded} LossLabData */
/** A class: its field, and the button that makes it the right one. @typedef {{row: HTMLElement, field: NumberField, label: HTMLInputElement}} Row */

const CLASSES = ["cat", "dog", "other"];
// S19's numbers first; then two pictures of our own, so that a batch has a mean.
const START = {
  at: 0,
  pictures: [
    { outputs: [0.37, 0.5, 0.13], label: 0 },
    { outputs: [0.12, 0.8, 0.08], label: 1 },
    { outputs: [0.3, 0.25, 0.45], label: 2 },
  ],
};
const MORE = { outputs: [0.6, 0.3, 0.1], label: 0 };
const MOST_PICTURES = 6;
const SHORTCUTS = { sure_wrong: 0.01, unsure: 1 / 3, sure_right: 0.98 };

/** @extends {View<LossLabData>} */
class LossLab extends View {
  /** @type {Row[]} */ rows = [];
  /** @type {HTMLButtonElement[]} */ shortcuts = [];
  /** @type {Chart} */ lossChart;
  /** @type {Chart} */ pullChart;

  /** @param {HTMLElement} root @param {Component<LossLabData>} component */
  constructor(root, component) {
    super(root, component);
    this.state = remembered("loss", START);
    this.find(".reset").onclick = () => this.change(structuredClone(START));
    this.find(".less").onclick = () => this.resize(-1);
    this.find(".more").onclick = () => this.resize(1);
    drawNet(this.find(".net svg"));
  }

  /** @param {LossLabData} data */
  update(data) {
    this.speak(data);
    if (!this.rows.length) this.build();
    for (const [i, { field }] of this.rows.entries()) {
      field.label = this.word("output_of", { name: this.word(CLASSES[i]) });
      field.input.setAttribute("aria-label", field.label);
    }
    this.shortcuts.forEach((button, i) => setText(button, this.word(Object.keys(SHORTCUTS)[i])));
    if (!this.lossChart) {
      this.lossChart = new Chart(this.find("svg.loss"), () => this.drawLoss());
      this.pullChart = new Chart(this.find("svg.push"), () => this.drawPull());
      draggable(this.find("svg.loss"), this.lossChart, (x) => this.setRight(x), (dx) => this.setRight(this.right + dx * 0.01));
    }
    this.show();
  }

  destroy() {
    this.lossChart?.destroy();
    this.pullChart?.destroy();
  }

  // ---- what a person moves ----------------------------------------------------------------------------------

  get picture() {
    return this.state.pictures[this.state.at];
  }

  /** The probability of the right class. */
  get right() {
    return this.picture.outputs[this.picture.label];
  }

  /** @param {Partial<typeof START>} change */
  change(change) {
    Object.assign(this.state, change);
    this.show();
  }

  /** @param {number} place @param {number} value */
  setOutput(place, value) {
    this.picture.outputs = withOutput(this.picture.outputs, place, within(value, 0, 1));
    this.show();
  }

  /** @param {number} value */
  setRight(value) {
    this.setOutput(this.picture.label, within(value, LEAST, 1));
  }

  /** @param {1 | -1} by */
  resize(by) {
    const { pictures, at } = this.state;
    if (by < 0) pictures.pop();
    else pictures.push(structuredClone(START.pictures[pictures.length] ?? MORE));
    this.change({ at: Math.min(at, pictures.length - 1) });
  }

  // ---- building ---------------------------------------------------------------------------------------------

  build() {
    this.rows = CLASSES.map((_name, place) => {
      const row = cloned(this.parent, "output");
      const [number, label] = row.querySelectorAll("input");
      const track = find(row, ".track");
      this.find(".outputs").append(row);
      const changed = (/** @type {number} */ value) => this.setOutput(place, value);
      const field = new NumberField(number, { say: this.word, label: "", min: 0, max: 1, step: 0.01, digits: 4, changed });
      label.onchange = () => this.setLabel(place);
      whenDragged(track, (event) => this.setOutput(place, Math.round(100 * placeIn(track, event).x) / 100));
      return { row, field, label };
    });
    this.shortcuts = Object.values(SHORTCUTS).map((value) => {
      const button = Object.assign(newButton(), { onclick: () => this.setRight(value) });
      this.find(".shortcuts").append(button);
      return button;
    });
  }

  /** @param {number} place */
  setLabel(place) {
    this.picture.label = place;
    this.show();
  }

  // ---- showing ----------------------------------------------------------------------------------------------

  show() {
    const { outputs, label } = this.picture;
    const best = outputs.indexOf(Math.max(...outputs));
    this.rows.forEach(({ row, field, label: radio }, i) => {
      setText(find(row, ".name"), this.word(CLASSES[i]));
      field.set(Number(outputs[i].toFixed(6)));
      find(row, ".track i").style.width = `${100 * outputs[i]}%`;
      row.classList.toggle("best", i === best);
      radio.checked = i === label;
      radio.setAttribute("aria-label", this.word("label_is", { name: this.word(CLASSES[i]) }));
      setText(find(row, "b"), i === label ? "1" : "0");
      setData(row, { output: outputs[i], label: i === label ? 1 : 0 });
    });
    const names = { said: this.word(CLASSES[best]), truth: this.word(CLASSES[label]) };
    setText(this.find(".verdict"), this.word(best === label ? "right" : "wrong", names));
    this.showSse();
    this.showBatch();
    this.showLosses();
    this.drawLoss();
    this.drawPull();
  }

  showSse() {
    const { outputs, label } = this.picture;
    const terms = outputs.map((p, i) => `(${i === label ? 1 : 0} − ${written(p, 4, 2)})²`).join(" + ");
    const parts = squares(this.picture).map((each) => written(each, 4)).join(" + ");
    this.writeFormula("sse", `SSE = ${terms} = ${parts} = `, sse(this.picture));
  }

  showBatch() {
    const { pictures, at } = this.state;
    const each = pictures.map(sse);
    const tabs = this.find(".tabs");
    const buttons = fitChildren(tabs, pictures.length, (i) => {
      const tab = Object.assign(newButton(), { onclick: () => this.change({ at: i }) });
      tab.append(document.createElement("span"), " ", document.createElement("small"));
      return tab;
    });
    buttons.forEach((tab, i) => {
      tab.setAttribute("aria-pressed", i === at);
      setText(tab.children[0], this.word("picture_n", { number: i + 1 }));
      setText(tab.children[1], written(each[i], 4));
    });
    this.find("button.less").disabled = pictures.length === 1;
    this.find("button.more").disabled = pictures.length === MOST_PICTURES;
    const terms = each.map((value) => written(value, 4)).join(" + ");
    this.writeFormula("mse", `MSE = (${terms}) / ${each.length} = `, sum(each) / each.length);
  }

  /** @param {Loss} name @param {string} start @param {number} value */
  writeFormula(name, start, value) {
    const place = this.find(`p[data-testid="${name}"]`);
    const result = Object.assign(document.createElement("strong"), { textContent: written(value, 4) });
    place.replaceChildren(start, result);
    setData(place, { value: value });
  }

  /** The losses of the picture in view, were `right` its probability of the right class. @param {number} right */
  lossesAt(right) {
    return lossesAt(this.state.pictures, this.state.at, right);
  }

  /** @param {number} right */
  pullsAt(right) {
    return pullsAt(this.state.pictures, this.state.at, right);
  }

  showLosses() {
    const [losses, pulls] = [this.lossesAt(this.right), this.pullsAt(this.right)];
    const body = this.find("tbody");
    const rows = fitChildren(body, LOSSES.length, () => newRow(2));
    LOSSES.forEach((name, i) => {
      const row = rows[i];
      row.className = name;
      const infinite = losses[name] === Infinity;
      [this.word(`${name}_name`), infinite ? "∞" : written(losses[name], 4), written(pulls[name], 4)].forEach((text, k) => setText(row.children[k], text));
      setData(row, { testid: `row-${name}`, loss: losses[name], push: pulls[name] });
    });
    const values = { p: share(this.right), ce: written(pulls.ce, 3), sse: written(pulls.sse, 3) };
    const best = this.picture.outputs.indexOf(Math.max(...this.picture.outputs)) === this.picture.label;
    setText(this.find(".why"), this.word(best ? "why_right" : this.right < 0.1 ? "why_sure" : "why_wrong", values));
    const svg = this.find("svg.loss");
    const range = { "aria-valuemin": 0, "aria-valuemax": 1, "aria-valuenow": this.right.toFixed(3) };
    setAttributes(svg, range);
    svg.setAttribute("aria-label", this.word("loss_chart"));
    svg.setAttribute("aria-valuetext", this.word("loss_chart_value", { p: share(this.right), sse: written(losses.sse, 3), ce: written(losses.ce, 3) }));
    this.find("svg.push").setAttribute("aria-label", this.word("push_chart", values));
  }

  drawLoss() {
    const write = (/** @type {number} */ value) => written(value, 1, 0);
    const probability = { from: 0, to: 1, title: this.word("probability"), write };
    drawLosses(this.lossChart, probability, { from: 0, to: 5, title: this.word("loss"), write }, this.right, (p) => this.lossesAt(p));
  }

  drawPull() {
    const write = (/** @type {number} */ value) => written(value, 1, 0);
    const probability = { from: 0, to: 1, title: this.word("probability"), write };
    drawLosses(this.pullChart, probability, { from: 0, to: 1, title: this.word("push_axis"), write, ticks: 2 }, this.right, (p) => this.pullsAt(p));
  }
}

export default keepView(".loss-lab", LossLab);
