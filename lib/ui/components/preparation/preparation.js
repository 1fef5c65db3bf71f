// The steps from a picture to the numbers that a net gets. Each has a switch; new pictures change in place.

import { copyOf, fitChildren, find, setData, setSource, setText } from "../base/dom.js";
import { View, keepView } from "../base/view.js";

/** @import { Component } from "../base/types.js" */
/** @typedef {{name: string, title: string, picture: string | null, turned: boolean, sentence: string, idle?: boolean, fixed?: boolean, on: boolean}} Step */
/** @typedef {{steps: Step[]}} PreparationData */

/** @extends {View<PreparationData>} */
class Preparation extends View {
  /** @type {string[]} */ off;

  /** @param {HTMLElement} root @param {Component<PreparationData>} component */
  constructor(root, component) {
    super(root, component);
    const { parent } = this;
    this.template = find(parent, "template.step");
    this.list = find(root, "ol");
    this.back = find(root, "button.back");
    this.back.onclick = () => {
      this.choose([], this.word("all_back"));
      this.list.querySelector("button:not(:disabled)")?.focus(); // this button disappears
    };
  }

  /** @param {PreparationData} data */
  update({ steps }) {
    // Later the person's own choice counts: an echo of an earlier one must not undo it.
    this.off ??= steps.filter(({ on, fixed }) => !on && !fixed).map(({ name }) => name);
    const items = fitChildren(this.list, steps.length, () => this.make());
    let [picture, turned] = ["", false];
    steps.forEach((step, i) => {
      // Most steps of a drawing change nothing, one only turns light and dark: its picture travels once.
      turned = step.picture ? false : turned !== step.turned;
      picture = step.picture ?? picture;
      this.draw(items[i], { ...step, picture, turned }, i);
    });
    this.mark();
  }

  make() {
    const item = copyOf(this.template);
    find(item, "button").onclick = () => {
      const { step = "", title } = item.dataset;
      const isOff = this.off.includes(step);
      const off = isOff ? this.off.filter((name) => name !== step) : [...this.off, step];
      this.choose(off, this.word(isOff ? "step_back" : "step_out", { title }));
    };
    return item;
  }

  /** @param {HTMLElement} item @param {Step & {picture: string}} step @param {number} place */
  draw(item, { name, title, picture, turned, sentence, idle, fixed }, place) {
    setData(item, { step: name, title });
    item.classList.toggle("fixed", Boolean(fixed));
    item.classList.toggle("idle", Boolean(idle));
    const image = find(item, "img");
    setSource(image, picture);
    image.classList.toggle("turned", turned);
    image.alt = this.word("after_step", { step: place + 1, title });
    setText(find(item, "b"), `${place + 1} ${title}`);
    setText(find(item, "p"), sentence);
    find(item, "button").disabled = Boolean(fixed);
  }

  /** Show at once what was chosen; the pictures follow when the server has made them. @param {string[]} off @param {string} said */
  choose(off, said) {
    this.off = off;
    this.mark();
    setText(this.find(".live"), said);
    this.component.setStateValue("off", off);
  }

  mark() {
    for (const item of this.list.children) {
      const isOff = this.off.includes(item.dataset.step ?? "");
      item.classList.toggle("off", isOff);
      const button = find(item, "button");
      button.setAttribute("aria-checked", !isOff);
      if (!button.disabled) button.title = this.word(isOff ? "press_back" : "press_out");
    }
    this.back.disabled = !this.off.length;
    setData(this.root, { off: this.off.join(" ") });
  }
}

export default keepView(".preparation", Preparation);
