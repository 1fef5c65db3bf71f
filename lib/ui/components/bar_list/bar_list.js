// Numbers with names as bars. What is there stays and moves, so that a list that follows a live net does not flicker.

import { copyOf, find, fitChildren, setData, setText } from "../base/dom.js";
import { isNumber } from "../base/numbers.js";
import { View, keepView } from "../base/view.js";

/** @import { Component } from "../base/types.js" */
/** @typedef {{label: string, values: (number | null)[], texts: string[], group?: string, best?: boolean}} Row */
/** @typedef {{title: string, note: string, rows: Row[], names: string[], limit?: number, step?: number}} BarListData */

const SMALL = 0.0005; // a difference that no rounded number shows

/** @extends {View<BarListData>} */
class BarList extends View {
  /** @type {number} */ high;
  /** @type {number} */ low;
  /** @type {string[]} */ names;

  /** @param {HTMLElement} root @param {Component<BarListData>} component */
  constructor(root, component) {
    super(root, component);
    const { parent } = this;
    this.template = find(parent, "template.row");
  }

  /** @param {BarListData} data */
  update({ title, note, rows, names, limit, step }) {
    const values = rows.flatMap((row) => row.values).filter(isNumber);
    this.high = limit ?? values.reduce((a, b) => Math.max(a, b), 0);
    this.low = values.reduce((a, b) => Math.min(a, b), 0);
    this.names = names;
    setText(this.find("h2"), title);
    setText(this.find(".note"), note);
    this.root.setAttribute("aria-label", title);
    setData(this.root, { step: step ?? "" });
    fitChildren(this.find(".names"), names.length, () => document.createElement("span"));
    names.forEach((name, i) => setText(this.find(".names").children[i], name));
    const longest = rows.reduce((most, { label }) => Math.max(most, label.length), 0);
    this.root.style.setProperty("--label", `${Math.min(170, longest * 7 + 6)}px`);
    const widest = rows.reduce((most, { texts }) => Math.max(most, texts.join(" → ").length), 0);
    this.root.style.setProperty("--texts", `${widest}ch`); // one width for all, so that all bars are alike
    const list = this.find("ol");
    fitChildren(list, rows.length, () => copyOf(this.template));
    rows.forEach((row, i) => this.draw(list.children[i], row));
    const falls = rows.length > 0 && [...list.children].every((item) => item.classList.contains("less"));
    this.root.classList.toggle("falls", falls); // then the names wear the colour that all bars have
  }

  /** @param {HTMLElement} item @param {Row} row */
  draw(item, { label, values, texts, group, best }) {
    setText(find(item, ".group"), group ?? "");
    setText(find(item, ".label"), label);
    find(item, ".label").title = label;
    const [first, last] = [values[0], values.at(-1)];
    item.className = [values.length > 1 && "two", best && "best", values.length > 1 && isNumber(first) && isNumber(last) && last < first - SMALL && "less"]
      .filter(Boolean)
      .join(" ");
    const tracks = fitChildren(find(item, ".tracks"), values.length, () => {
      const track = Object.assign(document.createElement("span"), { className: "track" });
      track.append(document.createElement("i"));
      return track;
    });
    values.forEach((value, i) => this.drawBar(find(tracks[i], "i"), value));
    this.write(find(item, ".texts"), texts);
    setData(item, { label, values: JSON.stringify(values) });
    const said = texts.map((text, i) => (this.names[i] ? `${this.names[i]} ${text}` : text)).join(", ");
    item.setAttribute("aria-label", `${label}: ${said}`);
  }

  /** @param {HTMLElement} bar @param {number | null} value */
  drawBar(bar, value) {
    const whole = this.high - this.low;
    const isShown = isNumber(value) && whole > 0;
    bar.hidden = !isShown;
    if (!isShown) return;
    bar.style.left = `${(100 * (Math.min(value, 0) - this.low)) / whole}%`;
    bar.style.width = `${(100 * Math.abs(value)) / whole}%`;
  }

  /** "91.2 % → 84.0 %", the first part quietly. @param {HTMLElement} place @param {string[]} texts */
  write(place, texts) {
    const shown = texts.join(" → ");
    if (place.textContent === shown) return;
    const parts = texts.map((text, i) => {
      const part = document.createElement(i < texts.length - 1 ? "i" : "span");
      part.textContent = i < texts.length - 1 ? `${text} → ` : text;
      return part;
    });
    place.replaceChildren(...parts);
  }
}

export default keepView(".bar-list", BarList);
