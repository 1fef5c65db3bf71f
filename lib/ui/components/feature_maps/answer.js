// The answer beside the maps of `feature_maps`: a bar for each class, and a sentence. `owner` is the card they stand in.

import { copyOf, find, fitChildren, setData, setText } from "../base/dom.js";
import { percent } from "../base/numbers.js";

/** @import { FeatureMaps } from "./feature_maps.js" */
/** @import { AnswerData } from "./types.js" */

const MOST_BARS = 10;

export class Answer {
  /** @param {FeatureMaps} owner */
  constructor(owner) {
    this.owner = owner;
    this.list = owner.find(".bars");
  }

  /** @param {AnswerData} answer @param {boolean} opens whether an answer can be chosen */
  draw({ classes, probabilities, truth = null, strange = false }, opens) {
    const winner = probabilities.indexOf(Math.max(...probabilities));
    let shown = classes.map((_, i) => i);
    if (shown.length > MOST_BARS) {
      shown = shown.sort((a, b) => probabilities[b] - probabilities[a]).slice(0, MOST_BARS);
    }
    const { list } = this;
    fitChildren(list, shown.length, () => this.addBar());
    shown.forEach((index, place) => {
      const row = list.children[place];
      setText(find(row, ".name"), classes[index]);
      setText(find(row, ".share"), percent(probabilities[index]));
      find(row, "i").style.transform = `scaleX(${probabilities[index]})`;
      row.classList.toggle("first", index === winner);
      row.classList.toggle("truth", index === truth);
      const title = index === truth ? this.owner.word("true_class", { name: classes[index] }) : classes[index];
      if (row.title !== title) row.title = title;
      find(row, "button").disabled = !opens;
      setData(row, { class: classes[index], probability: probabilities[index], index });
    });
    this.drawVerdict(classes, winner, truth, strange);
  }

  addBar() {
    const { owner } = this;
    const row = copyOf(owner.templates.bar);
    const index = () => Number(row.dataset.index);
    const place = () => owner.layers.length;
    row.onpointerenter = () => owner.links.show(place(), index());
    row.onpointerleave = () => owner.links.hide();
    row.addEventListener("focusout", () => owner.links.hide());
    row.addEventListener("focusin", () => row.matches(":has(:focus-visible)") && owner.links.show(place(), index()));
    find(row, "button").onclick = () => owner.select({ layer: "answer", index: index() });
    return row;
  }

  /** Where a class is on the screen. @param {number} index */
  boxOf(index) {
    const row = [...this.list.children].find((bar) => Number(bar.dataset.index) === index);
    return row?.getBoundingClientRect() ?? null;
  }

  /** @param {number | null} chosen the index of a class */
  mark(chosen) {
    for (const row of this.list.children) {
      find(row, "button").setAttribute("aria-pressed", String(Number(row.dataset.index) === chosen));
    }
  }

  /** @param {string[]} classes @param {number} winner @param {number | null} truth @param {boolean} strange */
  drawVerdict(classes, winner, truth, strange) {
    const verdict = this.owner.find(".verdict");
    const known = truth != null;
    verdict.className = `verdict ${known ? (winner === truth ? "right" : "wrong") : ""}`;
    const { word } = this.owner;
    const says = strange ? word("none_of_these") : "";
    setText(verdict, known ? word(winner === truth ? "right" : "wrong", { name: classes[truth] }) : says);
  }
}
