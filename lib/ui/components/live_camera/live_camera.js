// A net in the page that looks through the camera: what it sees, what goes in, and what it says, many times a second.

import { cloned, find, fitChildren, setData, setText } from "../base/dom.js";
import { percent } from "../base/numbers.js";
import { paintPicture } from "../base/palette.js";
import { View, keepView } from "../base/view.js";
import { barsOf } from "../flip_book/bars.js";
import { fetchNet, netAt } from "../page_net/load.js";
import { ask } from "../page_net/net.js";
import { MOST, SIDE, photographed } from "../page_net/photo.js";
import { Eye, askable, whyNot } from "./eye.js";

/** @import { Component } from "../base/types.js" */
/** @import { PageNet } from "../page_net/types.js" */

/** @typedef {{net: {address: string, step: number | null}, classes: string[]}} LiveData */

const STEADY_MS = 1000; // an answer that stays so long is read out
const COUNTED_MS = 2000; // over which pictures a second are counted

/** @extends {View<LiveData>} */
class LiveCamera extends View {
  /** @param {HTMLElement} root @param {Component<LiveData>} component */
  constructor(root, component) {
    super(root, component);
    /** @type {Eye | null} */
    this.eye = null;
    /** @type {number[]} */
    this.looked = [];
    this.frames = 0;
    this.since = { answer: -1, at: 0 };
    this.find(".begin").onclick = () => (this.eye ? this.stop() : this.begin());
  }

  /** @param {LiveData} data */
  update(data) {
    this.data = data;
    this.show();
    fetchNet(data.net.address, data.net.step).catch(() => this.say("no_net"));
  }

  async begin() {
    const why = askable();
    if (why) return this.say(why);
    this.say(null);
    const eye = new Eye(this.find("video"), () => this.look());
    this.eye = eye;
    this.show();
    try {
      await eye.open();
      if (this.eye !== eye) eye.close(); // stopped while the browser asked
    } catch (error) {
      eye.close();
      if (this.eye !== eye) return;
      this.stop();
      this.say(whyNot(error));
    }
  }

  stop() {
    this.eye?.close();
    this.eye = null;
    for (const name of [".said", ".nothing"]) this.find(name).hidden = true;
    setText(this.find(".rate"), "");
    this.show();
  }

  /** Why there is nothing to see, by its word. @param {string | null} why */
  say(why) {
    const place = this.find(".why");
    place.hidden = why === null;
    setText(place, why === null ? "" : this.word(why));
    setData(this.root, { why });
  }

  show() {
    const begin = this.find(".begin");
    begin.dataset.say = this.eye ? "stop" : "begin";
    begin.classList.toggle("open", this.eye !== null);
    setText(begin, this.word(begin.dataset.say));
  }

  look() {
    const net = netAt(this.data.net.address);
    if (!net || !this.eye) return;
    const [, height, width] = net.shape;
    this.root.classList.toggle("oblong", net.conventions.photo && width !== height);
    this.root.style.setProperty("--live-shape", `${width} / ${height}`);
    const large = net.conventions.photo ? MOST / Math.max(width, height) : 0;
    const sides = large ? [width, height].map((side) => Math.round(side * large)) : [SIDE, SIDE];
    const pixels = photographed(this.eye.picture(sides[0], sides[1]), net);
    this.count();
    this.find(".nothing").hidden = pixels !== null;
    const { probabilities } = pixels ? ask(net, pixels) : { probabilities: [] };
    const says = pixels !== null && probabilities.every(Number.isFinite);
    this.find(".said").hidden = !says;
    if (says) this.draw(net, pixels, probabilities);
  }

  /** @param {PageNet} net @param {Uint8Array} pixels @param {number[]} shares */
  draw(net, pixels, shares) {
    const { classes } = this.data;
    const { best, rows } = barsOf(shares, []);
    const answer = this.find(".answer");
    answer.replaceChildren(classes[best], Object.assign(document.createElement("small"), { textContent: percent(shares[best]) }));
    setData(answer, { class: classes[best], share: shares[best] });
    const bars = fitChildren(this.find(".bars"), rows.length, () => cloned(this.parent, "bar"));
    rows.forEach((index, i) => {
      const bar = /** @type {HTMLElement} */ (bars[i]);
      bar.classList.toggle("best", index === best);
      setText(find(bar, "span"), classes[index]);
      setText(find(bar, "em"), percent(shares[index]));
      find(bar, "b").style.width = `${100 * shares[index]}%`;
    });
    paintPicture(this.find("canvas"), net.shape, pixels);
    this.readOut(best);
  }

  /** How many pictures a second there are. */
  count() {
    const now = performance.now();
    this.looked = [...this.looked.filter((at) => now - at < COUNTED_MS), now];
    const seconds = (now - this.looked[0]) / 1000;
    setData(this.root, { frames: ++this.frames, rate: seconds > 1 ? ((this.looked.length - 1) / seconds).toFixed(1) : "" });
    if (seconds > 1 && this.frames % 15 === 0) setText(this.find(".rate"), this.word("rate", { count: Math.round((this.looked.length - 1) / seconds) }));
  }

  /** @param {number} best */
  readOut(best) {
    const now = performance.now();
    if (this.since.answer !== best) this.since = { answer: best, at: now };
    else if (now - this.since.at > STEADY_MS) setText(this.find(".heard"), this.data.classes[best]);
  }

  destroy() {
    this.eye?.close();
    this.eye = null;
  }
}

export default keepView(".live", LiveCamera);
