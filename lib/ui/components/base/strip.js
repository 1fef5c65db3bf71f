// "What it thinks right now": pictures the net was never trained on, with what it makes of them at this moment.

import { copyOf, find, setText } from "./dom.js";
import { percent } from "./numbers.js";
import { say } from "./words.js";

/** @import { Worded } from "./types.js" */
/** @typedef {{png: string, label: number}} TestPicture */
/** @typedef {{id: string | null, classes: string[], pictures?: TestPicture[]}} Shown */

const STRIP = 8;
const NOTHING = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"; // one clear pixel

export class Strip {
  /** @param {HTMLElement} root @param {HTMLTemplateElement} template */
  constructor(root, template) {
    this.root = root;
    /** @type {string[]} */
    this.classes = [];
    /** @type {TestPicture[]} */
    this.pictures = [];
    this.nothing = "–";
    /** @type {Worded} */
    this.worded = { lang: "en", words: {} };
    this.items = Array.from({ length: STRIP }, () => {
      const item = copyOf(template);
      find(root, ".glimpses").append(item);
      const part = (/** @type {string} */ selector) => find(item, selector);
      return { item, image: find(item, "img"), name: part(".name"), glyph: part(".glyph"), share: part(".share") };
    });
  }

  /** The pictures of `run`; without a run the empty places of them. @param {Shown} run @param {Worded} worded what is said of them */
  show(run, worded) {
    this.worded = worded;
    this.classes = run.classes;
    this.pictures = run.pictures ?? [];
    this.nothing = run.id === null && this.pictures.length ? "?" : "–"; // nobody has asked a net yet
    this.items.forEach(({ item, image }, i) => {
      const picture = this.pictures[i];
      item.hidden = run.id !== null && !picture;
      const source = picture ? `data:image/png;base64,${picture.png}` : NOTHING;
      if (image.getAttribute("src") !== source) image.src = source;
      image.alt = picture ? say(worded, "picture_of", { name: this.classes[picture.label] }) : "";
    });
  }

  /**
   * `answers`: [class index, probability] of each picture; right and wrong differ by glyph too, not only colour.
   * `unkept`: there are none for this moment of a replay, and it is said why.
   * @param {number[][]} answers
   * @param {boolean} unkept
   */
  draw(answers, unkept = false) {
    let right = 0;
    this.items.forEach(({ item, name, glyph, share }, i) => {
      const [picture, answer] = [this.pictures[i], answers[i]];
      const correct = Boolean(answer && picture && answer[0] === picture.label);
      right += Number(correct);
      item.className = answer ? (correct ? "right" : "wrong") : "";
      setText(name, answer ? this.classes[answer[0]] : this.nothing);
      setText(glyph, answer ? (correct ? "✓" : "✕") : "");
      setText(share, answer ? percent(answer[1]) : "");
      item.title = answer && picture && !correct ? say(this.worded, "it_is", { name: this.classes[picture.label] }) : "";
    });
    const kind = unkept ? say(this.worded, "unkept") : say(this.worded, "pictures", { count: this.pictures.length || STRIP });
    const score = answers.length ? `${say(this.worded, "right", { right, all: this.pictures.length })} · ` : "";
    setText(find(this.root, ".strip-note"), score + kind);
  }
}
