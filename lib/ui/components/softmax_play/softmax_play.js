// Softmax: e to the power of each score, divided by the sum of all.

import { cloned, find, setData, setText } from "../base/dom.js";
import { NumberField } from "../base/number_field.js";
import { View, keepView, remembered } from "../base/view.js";
import { share, written } from "../base/words.js";

/** @import { Component, Worded } from "../base/types.js" */
/** @typedef {Worded} SoftmaxData */

const CLASSES = ["cat", "dog", "other"];
const START = { scores: [1.01, 1.31, -0.04] }; // they give 0.37, 0.50 and 0.13

/** @extends {View<SoftmaxData>} */
class Softmax extends View {
  /** @param {HTMLElement} root @param {Component<SoftmaxData>} component */
  constructor(root, component) {
    super(root, component);
    this.state = remembered("softmax", START);
    this.find(".reset").onclick = () => {
      Object.assign(this.state, structuredClone(START));
      this.show();
    };
  }

  /** @type {{row: HTMLElement, field: NumberField}[]} */
  rows;

  /** @param {SoftmaxData} data */
  update(data) {
    this.speak(data);
    this.rows ??= CLASSES.map((_, i) => {
      const row = cloned(this.parent, "line");
      this.find("tbody").append(row);
      const changed = (/** @type {number} */ value) => {
        this.state.scores[i] = value;
        this.show();
      };
      return { row, field: new NumberField(find(row, "input"), { say: this.word, label: "", min: -10, max: 10, step: 0.1, digits: 3, changed }) };
    });
    this.rows.forEach(({ field }, i) => {
      field.label = this.word("score_of", { name: this.word(CLASSES[i]) });
      field.input.setAttribute("aria-label", field.label);
    });
    this.show();
  }

  show() {
    const { scores } = this.state;
    const powers = scores.map(Math.exp);
    const sum = powers.reduce((a, b) => a + b, 0);
    const shares = powers.map((power) => power / sum);
    const best = shares.indexOf(Math.max(...shares));
    this.rows.forEach(({ row, field }, i) => {
      field.set(scores[i]);
      setText(find(row, "th"), this.word(CLASSES[i]));
      setText(find(row, ".power"), written(powers[i], 2));
      setText(find(row, ".share"), written(shares[i], 3));
      find(row, "i").style.width = `${100 * shares[i]}%`;
      row.classList.toggle("best", i === best);
      setData(row, { testid: "softmax-row", share: shares[i] });
    });
    const terms = powers.map((power) => written(power, 2)).join(" + ");
    setText(this.find(".formula"), `${this.word(CLASSES[best])}: ${written(powers[best], 2)} / (${terms}) = ${written(shares[best], 3)}`);
    setText(this.find(".said"), this.word("softmax_said", { name: this.word(CLASSES[best]), p: share(shares[best]) }));
  }
}

export default keepView(".softmax", Softmax);
