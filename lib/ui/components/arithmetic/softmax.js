// Softmax with its real numbers: e to each logit, divided by their sum.

import { find, fitChildren, newRow, setData, setText } from "../base/dom.js";
import { localized, percent, plain, signed, threeFigures } from "../base/numbers.js";

/** @import { Say } from "../base/types.js" */

/** `shift` is what was taken off every logit. @typedef {{classes: string[], logits: number[], exponentials: number[], probabilities: number[], shift: number}} Softmax */

const MOST_CLASSES = 10;

export class SoftmaxTable {
  /** @param {HTMLElement} element @param {Say} word */
  constructor(element, word) {
    this.element = element;
    this.word = word;
    this.body = find(element, "tbody");
  }

  /** @param {Softmax | null} softmax @param {number} chosen */
  update(softmax, chosen) {
    this.element.hidden = !softmax;
    if (!softmax) return;
    const { classes, logits, exponentials, probabilities } = softmax;
    let shown = classes.map((_, i) => i);
    if (shown.length > MOST_CLASSES) {
      const likeliest = shown.sort((a, b) => probabilities[b] - probabilities[a]).slice(0, MOST_CLASSES);
      shown = likeliest.includes(chosen) ? likeliest : [...likeliest.slice(0, -1), chosen];
    }
    const rows = fitChildren(this.body, shown.length, () => newRow(3));
    shown.forEach((index, i) => {
      const row = rows[i];
      const [name, logit, power, share] = row.children;
      setText(name, classes[index]);
      setText(logit, signed(logits[index]));
      setText(power, exponential(exponentials[index]));
      setText(share, percent(probabilities[index]));
      row.className = index === chosen ? "chosen" : "";
      setData(row, {
        class: classes[index], logit: logits[index], exponential: exponentials[index], probability: probabilities[index],
      });
    });
    const sum = exponentials.reduce((total, value) => total + value, 0);
    const [, , total, whole] = find(this.element, "tfoot tr").children;
    setText(total, exponential(sum));
    setText(whole, percent(1));
    this.sayFormula(softmax, chosen, sum);
  }

  /** @param {Softmax} softmax @param {number} chosen @param {number} sum */
  sayFormula({ classes, logits, exponentials, probabilities, shift }, chosen, sum) {
    const formula = find(this.element, ".formula");
    const [says, result, note] = fitChildren(formula, 3, (i) => document.createElement(["span", "b", "small"][i]));
    const shares = `${exponential(exponentials[chosen])} ÷ ${exponential(sum)}`;
    setText(says, `${this.word("softmax_of", { name: classes[chosen], shares })} `);
    setText(result, percent(probabilities[chosen]));
    // Larger powers of e than a number can hold; the shares stay the same.
    setText(note, shift ? ` ${this.word("largest_off", { z: plain(Math.max(...logits)) })}` : "");
  }
}

/** e^z runs over many powers of ten: 0.0021, 18.2, 3.1e7. @param {number} value */
function exponential(value) {
  return value >= 1e5 ? localized(value.toExponential(2).replace("e+", "e")) : threeFigures(value);
}
