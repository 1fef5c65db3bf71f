// One labelled picture, its outputs and its loss, three ways. The label is no input: it only reaches the loss.

import { Chart, draggable } from "../base/chart.js";
import { cloned, find, fitChildren, setData, setText, svgNode } from "../base/dom.js";
import { NumberField } from "../base/number_field.js";
import { View, keepView, remembered } from "../base/view.js";
import { say, share, speak, written } from "../base/words.js";

/** @import { Component } from "../base/types.js" */

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
const LEAST = 0.001; // of the probability that the chart shows: cross-entropy of 0 is infinite
const LOSSES = ["sse", "mse", "ce"];

const sum = (/** @type {number[]} */ numbers) => numbers.reduce((a, b) => a + b, 0);
const squares = (/** @type {number[]} */ outputs, label) => outputs.map((p, i) => ((i === label ? 1 : 0) - p) ** 2);
const sse = (/** @type {number[]} */ outputs, label) => sum(squares(outputs, label));
const crossEntropy = (/** @type {number[]} */ outputs, label) => -Math.log(outputs[label]);

/**
 * The slope of the squared error to the score (logit) of the right class, through softmax.
 * @param {number[]} outputs
 */
function ssePull(outputs, label) {
  return sum(outputs.map((p, i) => 2 * (p - (i === label)) * p * ((i === label) - outputs[label])));
}

/**
 * The same outputs with one of them set; the others make room in proportion.
 * @param {number[]} outputs
 * @param {number} place
 */
function withOutput(outputs, place, value) {
  const rest = 1 - outputs[place];
  const others = outputs.length - 1;
  return outputs.map((p, i) => {
    if (i === place) return value;
    return rest > 1e-9 ? (p * (1 - value)) / rest : (1 - value) / others;
  });
}

/** @extends {View<LossLabData>} */
class LossLab extends View {
  /** @param {HTMLElement} root @param {Component<LossLabData>} component */
  constructor(root, component) {
    super(root, component);
    this.state = remembered("loss", START);
    this.find(".reset").onclick = () => this.change(structuredClone(START));
    this.find(".less").onclick = () => this.resize(-1);
    this.find(".more").onclick = () => this.resize(1);
    this.drawNet();
  }

  /** @param {LossLabData} data */
  update(data) {
    speak(this.root, data);
    if (!this.rows) this.build();
    for (const [i, { field }] of this.rows.entries()) {
      field.label = say("output_of", { name: say(CLASSES[i]) });
      field.input.setAttribute("aria-label", field.label);
    }
    this.shortcuts.forEach((button, i) => setText(button, say(Object.keys(SHORTCUTS)[i])));
    this.lossChart ??= new Chart(this.find("svg.loss"), () => this.drawLoss());
    this.pushChart ??= new Chart(this.find("svg.push"), () => this.drawPush());
    if (!this.isMovable) {
      draggable(this.find("svg.loss"), this.lossChart, (x) => this.setRight(x), (dx) => this.setRight(this.right + dx * 0.01));
      this.isMovable = true;
    }
    this.show();
  }

  destroy() {
    this.lossChart?.destroy();
    this.pushChart?.destroy();
  }

  // ---- what a person moves ----------------------------------------------------------------------------------

  get picture() {
    return this.state.pictures[this.state.at];
  }

  /** The probability of the right class. */
  get right() {
    return this.picture.outputs[this.picture.label];
  }

  change(change) {
    Object.assign(this.state, change);
    this.show();
  }

  /** @param {number} place */
  setOutput(place, value) {
    this.picture.outputs = withOutput(this.picture.outputs, place, Math.min(1, Math.max(0, value)));
    this.show();
  }

  setRight(value) {
    this.setOutput(this.picture.label, Math.min(1, Math.max(LEAST, value)));
  }

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
      const changed = (value) => this.setOutput(place, value);
      const field = new NumberField(number, { label: "", min: 0, max: 1, step: 0.01, digits: 4, changed });
      label.onchange = () => this.setLabel(place);
      const at = (/** @type {PointerEvent} */ event) => {
        const box = track.getBoundingClientRect();
        this.setOutput(place, Math.round((100 * (event.clientX - box.left)) / box.width) / 100);
      };
      track.onpointerdown = (event) => {
        track.setPointerCapture(event.pointerId);
        at(event);
      };
      track.onpointermove = (event) => track.hasPointerCapture(event.pointerId) && at(event);
      return { row, field, label };
    });
    this.shortcuts = Object.values(SHORTCUTS).map((value) => {
      const button = Object.assign(document.createElement("button"), { type: "button", onclick: () => this.setRight(value) });
      this.find(".shortcuts").append(button);
      return button;
    });
  }

  /** @param {number} place */
  setLabel(place) {
    this.picture.label = place;
    this.show();
  }

  drawNet() {
    const layers = [[12], [9, 4], [48, 3]].map(([_x, n], i) => {
      const nodes = i ? n : 5;
      return Array.from({ length: nodes }, (_, k) => [10 + i * 20, 37 + (k - (nodes - 1) / 2) * 14]);
    });
    const svg = this.find(".net svg");
    layers.slice(1).forEach((layer, i) => {
      for (const [x2, y2] of layer) for (const [x1, y1] of layers[i]) svg.append(svgNode("line", { x1, y1, x2, y2 }));
    });
    for (const [cx, cy] of layers.flat()) svg.append(svgNode("circle", { cx, cy, r: 4 }));
  }

  // ---- showing ----------------------------------------------------------------------------------------------

  show() {
    const { outputs, label } = this.picture;
    const best = outputs.indexOf(Math.max(...outputs));
    this.rows.forEach(({ row, field, label: radio }, i) => {
      setText(find(row, ".name"), say(CLASSES[i]));
      field.set(Number(outputs[i].toFixed(6)));
      find(row, ".track i").style.width = `${100 * outputs[i]}%`;
      row.classList.toggle("best", i === best);
      radio.checked = i === label;
      radio.setAttribute("aria-label", say("label_is", { name: say(CLASSES[i]) }));
      setText(find(row, "b"), i === label ? "1" : "0");
      setData(row, { output: outputs[i], label: i === label ? 1 : 0 });
    });
    const names = { said: say(CLASSES[best]), truth: say(CLASSES[label]) };
    setText(this.find(".verdict"), say(best === label ? "right" : "wrong", names));
    this.showSse(outputs, label);
    this.showBatch();
    this.showLosses();
    this.drawLoss();
    this.drawPush();
  }

  /** @param {number[]} outputs */
  showSse(outputs, label) {
    const terms = outputs.map((p, i) => `(${i === label ? 1 : 0} − ${written(p, 4, 2)})²`).join(" + ");
    const parts = squares(outputs, label).map((each) => written(each, 4)).join(" + ");
    this.writeFormula("sse", `SSE = ${terms} = ${parts} = `, sse(outputs, label));
  }

  showBatch() {
    const { pictures, at } = this.state;
    const each = pictures.map(({ outputs, label }) => sse(outputs, label));
    const tabs = this.find(".tabs");
    fitChildren(tabs, pictures.length, (i) => {
      const tab = Object.assign(document.createElement("button"), { type: "button", onclick: () => this.change({ at: i }) });
      tab.append(document.createElement("span"), " ", document.createElement("small"));
      return tab;
    });
    [...tabs.children].forEach((tab, i) => {
      tab.setAttribute("aria-pressed", i === at);
      setText(tab.children[0], say("picture_n", { number: i + 1 }));
      setText(tab.children[1], written(each[i], 4));
    });
    this.find(".less").disabled = pictures.length === 1;
    this.find(".more").disabled = pictures.length === MOST_PICTURES;
    const terms = each.map((value) => written(value, 4)).join(" + ");
    this.writeFormula("mse", `MSE = (${terms}) / ${each.length} = `, sum(each) / each.length);
  }

  /** @param {string} name */
  writeFormula(name, start, value) {
    const place = this.find(`[data-testid="${name}"]`);
    const result = Object.assign(document.createElement("strong"), { textContent: written(value, 4) });
    place.replaceChildren(start, result);
    setData(place, { value: value });
  }

  /** Loss and push of the picture in view, were `right` its probability of the right class. @param {number} right */
  lossesAt(right) {
    const { pictures, at } = this.state;
    const { label } = this.picture;
    const outputs = withOutput(this.picture.outputs, label, right);
    const others = sum(pictures.filter((_, i) => i !== at).map((each) => sse(each.outputs, each.label)));
    const one = sse(outputs, label);
    return { sse: one, mse: (one + others) / pictures.length, ce: crossEntropy(outputs, label) };
  }

  /** @param {number} right */
  pushesAt(right) {
    const { label } = this.picture;
    const outputs = withOutput(this.picture.outputs, label, right);
    const one = Math.abs(ssePull(outputs, label));
    return { sse: one, mse: one / this.state.pictures.length, ce: 1 - right };
  }

  showLosses() {
    const [losses, pushes] = [this.lossesAt(this.right), this.pushesAt(this.right)];
    const body = this.find("tbody");
    fitChildren(body, LOSSES.length, () => {
      const row = document.createElement("tr");
      row.append(Object.assign(document.createElement("th"), { scope: "row" }), document.createElement("td"), document.createElement("td"));
      return row;
    });
    LOSSES.forEach((name, i) => {
      const row = body.children[i];
      row.className = name;
      const infinite = losses[name] === Infinity;
      [say(`${name}_name`), infinite ? "∞" : written(losses[name], 4), written(pushes[name], 4)].forEach((text, k) => setText(row.children[k], text));
      setData(row, { testid: `row-${name}`, loss: losses[name], push: pushes[name] });
    });
    const values = { p: share(this.right), ce: written(pushes.ce, 3), sse: written(pushes.sse, 3) };
    const best = this.picture.outputs.indexOf(Math.max(...this.picture.outputs)) === this.picture.label;
    setText(this.find(".why"), say(best ? "why_right" : this.right < 0.1 ? "why_sure" : "why_wrong", values));
    const svg = this.find("svg.loss");
    const range = { "aria-valuemin": 0, "aria-valuemax": 1, "aria-valuenow": this.right.toFixed(3) };
    for (const [name, value] of Object.entries(range)) svg.setAttribute(name, value);
    svg.setAttribute("aria-label", say("loss_chart"));
    svg.setAttribute("aria-valuetext", say("loss_chart_value", { p: share(this.right), sse: written(losses.sse, 3), ce: written(losses.ce, 3) }));
    this.find("svg.push").setAttribute("aria-label", say("push_chart", values));
  }

  drawLoss() {
    const write = (value) => written(value, 1, 0);
    const axes = [{ from: 0, to: 1, title: say("probability"), write }, { from: 0, to: 5, title: say("loss"), write }];
    this.drawChart(this.lossChart, axes, (p) => this.lossesAt(p));
  }

  drawPush() {
    const write = (value) => written(value, 1, 0);
    const axes = [{ from: 0, to: 1, title: say("probability"), write }, { from: 0, to: 1, title: say("push_axis"), write, ticks: 2 }];
    this.drawChart(this.pushChart, axes, (p) => this.pushesAt(p));
  }

  /** @param {number} at */
  drawChart(chart, [x, y], at) {
    if (!chart?.begin(x, y)) return;
    chart.line([[this.right, y.from], [this.right, y.to]], "faint");
    chart.curve((p) => at(Math.max(p, LEAST)).mse, "quiet dashed");
    chart.curve((p) => at(Math.max(p, LEAST)).sse, "");
    chart.curve((p) => at(Math.max(p, LEAST)).ce, "warm");
    const here = at(Math.max(this.right, LEAST));
    for (const [name, look] of [["mse", "quiet"], ["sse", ""], ["ce", "warm"]]) {
      if (here[name] <= y.to) chart.dot(this.right, here[name], look);
    }
  }
}

export default keepView(".loss-lab", LossLab);
