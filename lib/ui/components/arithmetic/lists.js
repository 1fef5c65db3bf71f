// Rows of a list that stay where they are while their numbers change, and the sum at the end of every panel.

import { childrenOf, find, newButton, setText } from "../base/dom.js";
import { plain, signed } from "../base/numbers.js";

/** @import { Say } from "../base/types.js" */

/** A row: a button with a name, an optional detail, a bar from the middle to the left or right, and a number. */
export function barRow() {
  const item = document.createElement("li");
  const button = item.appendChild(newButton());
  for (const part of ["name", "detail", "bar", "number"]) {
    const span = button.appendChild(document.createElement("span"));
    span.className = part;
    if (part === "bar") span.append(document.createElement("i"));
  }
  return item;
}

/** `most` is the largest bar. @param {HTMLElement} item @param {{name: string, detail?: string, value: number, most: number}} row */
export function fillRow(item, { name, detail = "", value, most }) {
  const [first, second, bar, number] = childrenOf(find(item, "button"));
  setText(first, name);
  setText(second, detail);
  setText(number, signed(value));
  const share = most > 0 ? Math.min(1, Math.abs(value) / most) * 50 : 0;
  const line = find(bar, "i");
  line.className = value < 0 ? "below" : "above";
  line.style.width = `${share}%`;
  line.style.left = value < 0 ? `${50 - share}%` : "50%";
}

/** Sum, bias, activation and value; `says`: what the activation does to a sum {z} above zero, and to any other. */
export class Total {
  /** @param {HTMLTemplateElement} template @param {HTMLElement} holder @param {Say} word */
  constructor(template, holder, word) {
    holder.append(template.content.cloneNode(true));
    this.word = word;
    this.holder = holder;
  }

  /** @template {string} S @param {S} selector */
  find(selector) {
    return find(this.holder, selector);
  }

  /** @param {{products: number, sum: number, bias: number, says: string[], value: number}} numbers */
  show({ products, sum, bias, says, value }) {
    const before = sum + bias;
    setText(this.find(".sum dt"), this.word("sum_of", { count: products }));
    setText(this.find(".sum dd"), signed(sum));
    setText(this.find(".bias dd"), signed(bias));
    setText(this.find(".before dd"), signed(before));
    setText(this.find(".activation"), says[before > 0 ? 0 : 1].replace("{z}", plain(before)));
    setText(this.find(".value"), plain(value));
    return { sum, bias, before, value };
  }

  /** Only a value, with a sentence about it. @param {string} value @param {string} says */
  showValue(value, says) {
    this.find("dl").hidden = true;
    setText(this.find(".activation"), says);
    setText(this.find(".value"), value);
  }
}
