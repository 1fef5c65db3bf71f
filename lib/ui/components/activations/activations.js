// Activation curves: one number in, one number out.

import { Chart, draggable } from "../base/chart.js";
import { fitChildren, newRow, setAttributes, setData, setText } from "../base/dom.js";
import { NumberField } from "../base/number_field.js";
import { View, keepView, remembered } from "../base/view.js";
import { written } from "../base/words.js";
import { ACTIVATIONS } from "./functions.js";

/** @import { Component, Worded } from "../base/types.js" */
/** @typedef {Worded} ActivationsData */

const SHOWN = [["relu", ""], ["sigmoid", "warm"], ["tanh", "quiet dashed"]];
const REACH = 6;

/** @extends {View<ActivationsData>} */
class Activations extends View {
  /** @type {Chart} */ chart;

  /** @param {HTMLElement} root @param {Component<ActivationsData>} component */
  constructor(root, component) {
    super(root, component);
    this.state = remembered("activations", { z: -0.5 });
    this.field = new NumberField(this.find("input.z"), { say: this.word, label: "", min: -REACH, max: REACH, step: 0.1, digits: 3, changed: (z) => this.move(z) });
  }

  destroy() {
    this.chart?.destroy();
  }

  /** @param {ActivationsData} data */
  update(data) {
    this.speak(data);
    this.field.label = this.word("sum_z");
    this.field.input.setAttribute("aria-label", this.word("sum_z"));
    if (!this.chart) {
      const svg = this.find("svg");
      this.chart = new Chart(svg, () => this.draw());
      draggable(svg, this.chart, (x) => this.move(x), (dx) => this.move(this.state.z + 0.1 * dx));
      svg.onpointermove = (event) => event.pointerType === "mouse" && this.move(this.chart.xAt(event));
    }
    this.show();
  }

  /** @param {number} z */
  move(z) {
    this.state.z = Number(Math.min(REACH, Math.max(-REACH, z)).toFixed(2));
    this.show();
  }

  show() {
    const { z } = this.state;
    this.field.set(z);
    const body = this.find("tbody");
    const rows = fitChildren(body, SHOWN.length, () => newRow(2));
    SHOWN.forEach(([name], i) => {
      const row = rows[i];
      const [value, slope] = [ACTIVATIONS[name].value(z), ACTIVATIONS[name].slope(z)];
      row.className = name;
      [this.word(`name_${name}`), written(value, 3), written(slope, 3)].forEach((text, k) => setText(row.children[k], text));
      setData(row, { testid: `activation-${name}`, value, slope });
    });
    setText(this.find(".said"), this.word(z <= 0 ? "curves_off" : z > 3 ? "curves_flat" : "curves_on"));
    const svg = this.find("svg");
    const facts = { "aria-valuemin": -REACH, "aria-valuemax": REACH, "aria-valuenow": z, "aria-label": this.word("curves_label") };
    setAttributes(svg, facts);
    const said = SHOWN.map(([name]) => `${this.word(`name_${name}`)} ${written(ACTIVATIONS[name].value(z), 3)}`).join(", ");
    svg.setAttribute("aria-valuetext", `${written(z, 2)}: ${said}`);
    this.draw();
  }

  draw() {
    const { z } = this.state;
    if (!this.chart.begin({ from: -REACH, to: REACH, title: this.word("sum_z") }, { from: -1.2, to: 3, title: this.word("value") })) return;
    this.chart.line([[z, -1.2], [z, 3]], "faint");
    for (const [name, look] of SHOWN) this.chart.curve(ACTIVATIONS[name].value, look, 240);
    for (const [name, look] of SHOWN) {
      const value = ACTIVATIONS[name].value(z);
      if (value <= 3) this.chart.dot(z, value, look);
    }
  }
}

export default keepView(".activations", Activations);
