// A class as a name, an integer, a one-hot vector: three ways to write the same, each leading to the others.

import { arrowStep } from "../base/keys.js";
import { cloned, find, fitChildren, setText } from "../base/dom.js";
import { View, keepView } from "../base/view.js";
import { counted, written } from "../base/words.js";

/** @import { Component, Worded } from "../base/types.js" */
/** @typedef {Worded & {classes: string[]}} LabelCodesData */

/** @extends {View<LabelCodesData>} */
class LabelCodes extends View {
  /** @type {string[]} */ first;
  /** @type {string[]} */ classes;
  /** @type {number} */ at;

  /** @param {HTMLElement} root @param {Component<LabelCodesData>} component */
  constructor(root, component) {
    super(root, component);
    this.name = find(root, "select");
    this.integer = find(root, "input");
    this.name.onchange = () => this.choose(this.name.selectedIndex);
    this.integer.oninput = () => this.type();
    this.integer.onblur = () => this.draw();
    find(root, ".shuffle").onclick = () => this.shuffle();
    find(root, ".reset").onclick = () => this.order(this.first);
    find(root, ".bits").onkeydown = (event) => this.walk(event);
  }

  /** @param {LabelCodesData} data */
  update(data) {
    this.speak(data);
    if (data.classes.join("\n") !== this.first?.join("\n")) {
      this.first = data.classes;
      this.classes = [...data.classes];
      this.at = 0;
    }
    this.draw();
  }

  /** Choose the class with this integer. @param {number} integer */
  choose(integer) {
    this.at = integer;
    this.draw();
  }

  type() {
    const text = this.integer.value.trim();
    const value = Number(text);
    const works = text !== "" && Number.isInteger(value) && value >= 0 && value < this.classes.length;
    this.refuse(works ? "" : this.word("no_such_integer", { most: this.classes.length - 1 }));
    if (works) this.choose(value);
  }

  /** @param {string} reason */
  refuse(reason) {
    setText(this.find(".refusal"), reason);
    this.integer.setAttribute("aria-invalid", reason !== "");
  }

  /** Another order of the classes; what is chosen stays the same class, with another number. @param {string[]} classes */
  order(classes) {
    const chosen = this.classes[this.at];
    this.classes = [...classes];
    this.at = this.classes.indexOf(chosen);
    this.draw();
  }

  /** @param {number} from @param {number} by */
  move(from, by) {
    const classes = [...this.classes];
    const to = from + by;
    [classes[from], classes[to]] = [classes[to], classes[from]];
    this.order(classes);
    this.find("tbody").rows[to].querySelector(by < 0 ? "button.up:enabled" : "button.down:enabled")?.focus();
  }

  /** Never the order that is there: it would look as if nothing had happened. */
  shuffle() {
    const classes = [...this.classes];
    while (classes.join("\n") === this.classes.join("\n")) {
      for (let i = classes.length - 1; i > 0; i--) {
        const j = Math.floor(Math.random() * (i + 1));
        [classes[i], classes[j]] = [classes[j], classes[i]];
      }
    }
    this.order(classes);
  }

  draw() {
    const { classes, at } = this;
    fitChildren(this.name, classes.length, () => document.createElement("option"));
    classes.forEach((name, i) => setText(this.name.children[i], name));
    this.name.selectedIndex = at;
    this.integer.max = String(classes.length - 1);
    if (this.integer.value !== String(at)) this.integer.value = String(at);
    this.refuse("");
    this.drawBits();
    const body = this.find("tbody");
    fitChildren(body, classes.length, () => this.newLine());
    classes.forEach((name, i) => this.drawLine(body.rows[i], name, i));
    const heads = this.root.querySelectorAll("th.far");
    setText(heads[0], this.word("far_integer", { name: classes[at] }));
    setText(heads[1], this.word("far_one_hot"));
    const said = this.find(".said");
    const moved = this.first.findIndex((name, i) => classes[i] !== name);
    said.classList.toggle("changed", moved >= 0);
    const wrong = { integer: moved, before: this.first[moved], now: classes[moved] };
    setText(said, moved < 0 ? this.word("order_kept") : this.word("order_changed", wrong));
    this.find("button.reset").disabled = moved < 0;
    this.find("button.shuffle").disabled = classes.length < 2;
  }

  drawBits() {
    const bits = this.find(".bits");
    fitChildren(bits, this.classes.length, (i) => {
      const bit = Object.assign(document.createElement("button"), { type: "button", onclick: () => this.choose(i) });
      bit.setAttribute("role", "radio");
      return bit;
    });
    this.classes.forEach((name, i) => {
      const bit = bits.children[i];
      setText(bit, i === this.at ? "1" : "0");
      bit.tabIndex = i === this.at ? 0 : -1;
      bit.setAttribute("aria-checked", String(i === this.at));
      bit.setAttribute("aria-label", this.word("bit_for", { integer: i, name }));
    });
  }

  newLine() {
    const line = /** @type {HTMLTableRowElement} */ (cloned(this.parent, "line"));
    const place = () => line.sectionRowIndex;
    line.onclick = () => this.choose(place());
    const buttons = /** @type {const} */ ([[".up", -1], [".down", 1]]);
    for (const [name, by] of buttons) {
      find(line, name).onclick = (event) => {
        event.stopPropagation();
        this.move(place(), by);
      };
    }
    return line;
  }

  /** @param {HTMLElement} line @param {string} name @param {number} i */
  drawLine(line, name, i) {
    setText(find(line, ".name"), name);
    setText(find(line, ".integer"), String(i));
    const code = this.classes.map((_, j) => {
      const bit = document.createElement(i === j ? "b" : "span");
      bit.textContent = i === j ? "1" : "0";
      return bit;
    });
    find(line, ".code").replaceChildren(...code);
    // Between two one-hot vectors: the root of 1² + 1², whichever they are.
    setText(find(line, ".as-integer"), counted(Math.abs(i - this.at)));
    setText(find(line, ".as-one-hot"), i === this.at ? "0" : written(Math.SQRT2, 2));
    line.setAttribute("aria-selected", String(i === this.at));
    const up = find(line, "button.up");
    const down = find(line, "button.down");
    up.disabled = i === 0;
    down.disabled = i === this.classes.length - 1;
    up.setAttribute("aria-label", this.word("move_up", { name }));
    down.setAttribute("aria-label", this.word("move_down", { name }));
  }

  /** @param {KeyboardEvent} event */
  walk(event) {
    const by = arrowStep(event);
    if (!by) return;
    event.preventDefault();
    this.choose((this.at + by + this.classes.length) % this.classes.length);
    this.find(".bits").children[this.at].focus();
  }
}

export default keepView(".label-codes", LabelCodes);
