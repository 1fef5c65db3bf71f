// Rows of a list that stay where they are while their numbers change, and the sum at the end of every panel.

import { find, setText } from "../base/dom.js";
import { count, isNumber, threeFigures } from "../base/numbers.js";

/** +0.492, −12.3, 0.000: three figures with the sign in front. */
export function signed(value) {
  if (!isNumber(value)) return "–";
  return `${value < 0 ? "−" : "+"}${threeFigures(Math.abs(value))}`;
}

/** Three figures with a real minus. */
export function plain(value) {
  return value < 0 ? signed(value) : threeFigures(value);
}

/**
 * As many children as asked for, each made by `make`; those that are there stay.
 * @param {number} length
 */
export function fit(list, length, make) {
  while (list.children.length > length) list.lastChild.remove();
  while (list.children.length < length) list.append(make(list.children.length));
}

/** A row: a button with a name, an optional detail, a bar from the middle to the left or right, and a number. */
export function barRow() {
  const item = document.createElement("li");
  const button = item.appendChild(document.createElement("button"));
  button.type = "button";
  for (const part of ["name", "detail", "bar", "number"]) {
    const span = button.appendChild(document.createElement("span"));
    span.className = part;
    if (part === "bar") span.append(document.createElement("i"));
  }
  return item;
}

/** @param {HTMLElement} item */
export function fillRow(item, { name, detail = "", value, most }) {
  const button = item.firstElementChild;
  const [first, second, bar, number] = button.children;
  setText(first, name);
  setText(second, detail);
  setText(number, signed(value));
  const share = most > 0 ? Math.min(1, Math.abs(value) / most) * 50 : 0;
  const line = bar.firstElementChild;
  line.className = value < 0 ? "below" : "above";
  line.style.width = `${share}%`;
  line.style.left = value < 0 ? `${50 - share}%` : "50%";
}

/** Sum, bias, activation and value; `says`: what the activation does to a sum {z} above zero, and to any other. */
export class Total {
  /** @param {HTMLElement} template @param {HTMLElement} holder */
  constructor(template, holder) {
    holder.append(template.content.cloneNode(true));
    this.find = (selector) => find(holder, selector);
  }

  show({ products, sum, bias, says, value }) {
    const before = sum + bias;
    setText(this.find(".sum dt"), `sum of ${count(products)} ${products === 1 ? "product" : "products"}`);
    setText(this.find(".sum dd"), signed(sum));
    setText(this.find(".bias dd"), signed(bias));
    setText(this.find(".before dd"), signed(before));
    setText(this.find(".activation"), says[before > 0 ? 0 : 1].replace("{z}", plain(before)));
    setText(this.find(".value"), plain(value));
    return { sum, bias, before, value };
  }

  /** Only a value, with a sentence about it. @param {string} says */
  showValue(value, says) {
    this.find("dl").hidden = true;
    setText(this.find(".activation"), says);
    setText(this.find(".value"), value);
  }
}
