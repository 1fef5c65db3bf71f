// Training pictures of each class: the bar is what there is, the slider on it what stays.

import { cloned, find, fitChildren, setData, setText } from "../base/dom.js";
import { View, keepView } from "../base/view.js";
import { counted } from "../base/words.js";

/** @import { Component, Worded } from "../base/types.js" */
/** @typedef {Worded & {classes: string[], counts: number[], keep: [label: number, share: number][], locked: boolean}} ClassBalanceData */

/** @extends {View<ClassBalanceData>} */
class ClassBalance extends View {
  /** @type {string[]} */ classes;
  /** @type {number[]} */ counts;
  /** @type {boolean} */ locked;
  /** @type {number[]} */ shares;
  /** @type {number} */ most;

  /** @param {HTMLElement} root @param {Component<ClassBalanceData>} component */
  constructor(root, component) {
    super(root, component);
    this.list = find(root, "ol");
    find(root, ".even").onclick = () => this.send(this.counts.map(() => 100));
  }

  /** @param {ClassBalanceData} data */
  update(data) {
    this.speak(data);
    const { classes, counts, keep, locked } = data;
    this.classes = classes;
    this.counts = counts;
    this.locked = locked;
    this.shares = counts.map((_, label) => keep.find(([each]) => each === label)?.[1] ?? 100);
    this.most = Math.max(1, ...counts);
    fitChildren(this.list, classes.length, (label) => this.newLine(label));
    classes.forEach((name, label) => this.drawLine(label, name));
    this.drawTotal();
  }

  /** @param {number} label */
  newLine(label) {
    const line = cloned(this.parent, "line");
    const slider = find(line, "input");
    slider.oninput = () => this.slide(label, Number(slider.value));
    slider.onchange = () => this.send(this.shares);
    return line;
  }

  /** As `lib.datasets.balance.thinned` counts: at least one of what is kept at all; halves go to the even number. @param {number} label */
  kept(label) {
    const share = this.shares[label];
    const exact = (this.counts[label] * share) / 100;
    const down = Math.floor(exact);
    const half = exact - down === 0.5;
    const rounded = half ? down + (down % 2) : Math.round(exact);
    return Math.min(this.counts[label], Math.max(rounded, share > 0 ? 1 : 0));
  }

  /** @param {number} label @param {string} name */
  drawLine(label, name) {
    const line = this.list.children[label];
    const [count, share] = [this.counts[label], this.shares[label]];
    setText(find(line, "b"), String(label));
    setText(find(line, ".name"), name);
    find(line, ".name").title = name;
    line.classList.toggle("starved", share < 100);
    const length = (100 * count) / this.most;
    find(line, ".all").style.width = `${length}%`;
    find(line, ".kept").style.width = `${(length * share) / 100}%`;
    const slider = find(line, "input");
    slider.style.width = `calc(${length}% + 16px)`;
    slider.hidden = this.locked;
    slider.value = String(share);
    const kept = this.kept(label);
    slider.setAttribute("aria-label", this.word("keep_of", { name }));
    slider.setAttribute("aria-valuetext", this.word("kept_text", { share, kept: counted(kept), count: counted(count) }));
    const before = Object.assign(document.createElement("i"), { textContent: share < 100 ? `${counted(count)} → ` : "" });
    find(line, ".count").replaceChildren(before, counted(kept));
    setData(line, { label, count, kept });
  }

  drawTotal() {
    const all = this.counts.reduce((a, b) => a + b, 0);
    const kept = this.counts.reduce((sum, _, label) => sum + this.kept(label), 0);
    const name = kept === all ? "total_all" : "total_kept";
    setText(this.find(".total"), this.word(name, { kept: counted(kept), count: counted(all) }));
    this.find(".even").hidden = this.locked || kept === all;
  }

  /** @param {number} label @param {number} share */
  slide(label, share) {
    const others = this.shares.some((each, i) => i !== label && each > 0 && this.counts[i] > 0);
    this.shares[label] = others ? share : Math.max(share, 1);
    this.drawLine(label, this.classes[label]);
    this.drawTotal();
  }

  /** @param {number[]} shares */
  send(shares) {
    const keep = shares.map((share, label) => [label, share]).filter(([, share]) => share < 100);
    this.component.setTriggerValue("keep", keep);
  }
}

export default keepView(".class-balance", ClassBalance);
