// Numbers with names as bars. What is there stays and moves, so that a list that follows a live net does not flicker.

import { isNumber, setText } from "../base/numbers.js";
import { keepView } from "../base/view.js";

const SMALL = 0.0005; // a difference that no rounded number shows

export default (component) => keepView(component, ".bar-list", BarList);

class BarList {
  constructor(root, parent) {
    Object.assign(this, { root, template: parent.querySelector("template.row") });
  }

  update({ title, note, rows, names, limit, step }) {
    const values = rows.flatMap((row) => row.values).filter(isNumber);
    this.high = limit ?? values.reduce((a, b) => Math.max(a, b), 0);
    this.low = values.reduce((a, b) => Math.min(a, b), 0);
    this.names = names;
    setText(this.root.querySelector("h3"), title);
    setText(this.root.querySelector(".note"), note);
    this.root.setAttribute("aria-label", title);
    this.root.dataset.step = step ?? "";
    fit(this.root.querySelector(".names"), names.length, () => document.createElement("span"));
    names.forEach((name, i) => setText(this.root.querySelector(".names").children[i], name));
    const longest = rows.reduce((most, { label }) => Math.max(most, label.length), 0);
    this.root.style.setProperty("--label", `${Math.min(170, longest * 7 + 6)}px`);
    const widest = rows.reduce((most, { texts }) => Math.max(most, texts.join(" → ").length), 0);
    this.root.style.setProperty("--texts", `${widest}ch`); // one width for all, so that all bars are alike
    const list = this.root.querySelector("ol");
    fit(list, rows.length, () => this.template.content.firstElementChild.cloneNode(true));
    rows.forEach((row, i) => this.draw(list.children[i], row));
    const falls = rows.length > 0 && [...list.children].every((item) => item.classList.contains("less"));
    this.root.classList.toggle("falls", falls); // then the names wear the colour that all bars have
  }

  draw(item, { label, values, texts, group, best }) {
    setText(item.querySelector(".group"), group ?? "");
    setText(item.querySelector(".label"), label);
    item.querySelector(".label").title = label;
    const [first, last] = [values[0], values.at(-1)];
    item.className = [values.length > 1 && "two", best && "best", values.length > 1 && last < first - SMALL && "less"]
      .filter(Boolean)
      .join(" ");
    fit(item.querySelector(".tracks"), values.length, () => {
      const track = Object.assign(document.createElement("span"), { className: "track" });
      track.append(document.createElement("i"));
      return track;
    });
    values.forEach((value, i) => this.drawBar(item.querySelector(".tracks").children[i].firstChild, value));
    this.write(item.querySelector(".texts"), texts);
    Object.assign(item.dataset, { label, values: JSON.stringify(values) });
    const said = texts.map((text, i) => (this.names[i] ? `${this.names[i]} ${text}` : text)).join(", ");
    item.setAttribute("aria-label", `${label}: ${said}`);
  }

  drawBar(bar, value) {
    const whole = this.high - this.low;
    bar.hidden = !isNumber(value) || whole <= 0;
    if (bar.hidden) return;
    bar.style.left = `${(100 * (Math.min(value, 0) - this.low)) / whole}%`;
    bar.style.width = `${(100 * Math.abs(value)) / whole}%`;
  }

  /** "91.2 % → 84.0 %", the first part quietly. */
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

/** As many children as needed; those that are there stay. */
function fit(parent, length, make) {
  while (parent.children.length > length) parent.lastElementChild.remove();
  while (parent.children.length < length) parent.append(make());
}
