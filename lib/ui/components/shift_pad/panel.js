// One net under a picture that slides: its answer, all probabilities, and the map of its accuracy.

import { childrenOf, cloned, find, fitChildren, setData, setText } from "../base/dom.js";
import { placeIn } from "../base/drag.js";
import { percent } from "../base/numbers.js";
import { VIRIDIS, bytesOf, paint } from "../base/palette.js";
import { Shifts, inWords } from "./shifts.js";

/** @import { Say } from "../base/types.js" */
/** @import { Shift } from "./shifts.js" */
/**
 * A net as the page names it: `line` is its colour 0..2; `answers` and `map` in base 64, as far as there are; `missing`
 * stands where there is no map yet.
 * @typedef {{name: string, title: string, note: string, layers: string, line: number, missing: string, answers?: string, map?: string}} Net
 */
/** What moves the picture. @typedef {{at: Shift, moveTo(dx: number, dy: number): void, parent: ShadowRoot, word: Say}} Pad */

const WHOLE = 65535; // what a probability of 1 is sent as

export class Panel {
  /** @type {Net} */ net;
  /** @type {string[]} */ classes = [];
  /** @type {number | null} */ truth = null;
  /** @type {Uint16Array | null} */ shares = null; // of every class at every shift
  /** @type {Float32Array | null} */ accuracies = null; // at every shift
  shifts = new Shifts(0);
  frame = 0; // shifts up to so many pixels are framed
  said = "";

  /** @param {HTMLElement} element @param {Pad} pad */
  constructor(element, pad) {
    this.element = element;
    this.pad = pad;
    this.map = find(element, ".map");
    this.map.onpointerdown = (event) => {
      if (event.button || !this.accuracies) return;
      event.preventDefault();
      this.map.setPointerCapture(event.pointerId);
      pad.moveTo(...this.placeOf(event));
    };
    this.map.onpointermove = (event) => {
      if (!this.accuracies) return;
      if (event.buttons & 1) pad.moveTo(...this.placeOf(event));
      else this.read(this.placeOf(event));
    };
    this.map.onpointerleave = () => this.read(pad.at);
  }

  /** @param {Net} net @param {{classes: string[], truth: number | null, frame: number}} data @param {Shifts} shifts */
  update(net, { classes, truth, frame }, shifts) {
    Object.assign(this, { net, classes, truth, frame, shifts });
    setData(this.element, { name: net.name });
    setText(this.find(".name"), net.title);
    setText(this.find(".note"), net.note);
    setText(this.find(".layers"), net.layers);
    setText(this.find(".missing"), net.map ? "" : net.missing);
    this.shares = net.answers ? new Uint16Array(bytesOf(net.answers).buffer) : null;
    this.accuracies = net.map ? new Float32Array(bytesOf(net.map).buffer) : null;
    fitChildren(this.find(".bars"), classes.length, () => cloned(this.pad.parent, "bar"));
    this.find(".bars").classList.toggle("waiting", !this.shares);
    this.map.classList.toggle("empty", !this.accuracies);
    for (const part of childrenOf(this.map)) if (part.matches("canvas, i")) part.hidden = !this.accuracies;
    this.find(".axis").style.visibility = this.accuracies ? "" : "hidden";
    if (this.accuracies) this.drawMap(this.accuracies);
    else this.map.setAttribute("aria-label", `${net.title}: ${net.missing}`);
  }

  /** @template {string} S @param {S} selector */
  find(selector) {
    return find(this.element, selector);
  }

  /** @param {Float32Array} accuracies */
  drawMap(accuracies) {
    const { frame } = this;
    const { side, reach } = this.shifts;
    const colours = Array.from(accuracies, (share) => Math.round(255 * Math.max(0, Math.min(1, share))));
    paint(find(this.map, "canvas"), side, side, colours, VIRIDIS);
    const share = (/** @type {number} */ cells) => `${(100 * cells) / side}%`;
    Object.assign(find(this.map, ".frame").style, {
      left: share(reach - frame), top: share(reach - frame), width: share(2 * frame + 1), height: share(2 * frame + 1),
    });
    const [low, , high] = this.find(".axis").children;
    setText(low, `−${reach}`);
    setText(high, `+${reach} px`);
    const least = percent(accuracies.reduce((a, b) => Math.min(a, b), 1));
    const [centred, mean] = [accuracies[this.shifts.index([0, 0])], this.shifts.mean(accuracies, frame)];
    const numbers = { net: this.net.title, centred: percent(centred), mean: percent(mean), frame, least };
    this.map.setAttribute("aria-label", this.pad.word("map_says", numbers));
  }

  /** @param {PointerEvent} event */
  placeOf(event) {
    return this.shifts.at(placeIn(this.map, event));
  }

  /** @param {Shift} at */
  show(at) {
    const { shifts, classes } = this;
    this.showAnswer(this.shares?.subarray(shifts.index(at) * classes.length).subarray(0, classes.length));
    const share = (/** @type {number} */ place) => `${(100 * (place + shifts.reach + 0.5)) / shifts.side}%`;
    Object.assign(find(this.map, ".ring").style, { left: share(at[0]), top: share(at[1]) });
    this.read(at);
  }

  /** @param {Uint16Array | undefined} shares */
  showAnswer(shares) {
    const best = shares ? shares.indexOf(shares.reduce((a, b) => Math.max(a, b), 0)) : -1;
    const [name, share, judged] = this.find(".answer").children;
    setText(name, shares ? this.classes[best] : "–");
    setText(share, shares ? percent(shares[best] / WHOLE) : "");
    const known = shares && this.truth !== null;
    setText(judged, known ? (best === this.truth ? `✓ ${this.pad.word("right")}` : `✗ ${this.pad.word("wrong")}`) : "");
    judged.className = best === this.truth ? "right" : "wrong";
    this.said = shares ? `${this.classes[best]}, ${percent(shares[best] / WHOLE)}${known ? `, ${judged.textContent?.slice(2)}` : ""}` : "";
    setData(this.element, { answer: shares ? this.classes[best] : "" });
    childrenOf(this.find(".bars")).forEach((bar, i) => {
      const value = shares ? shares[i] / WHOLE : null;
      const label = find(bar, ".label");
      setText(label, this.classes[i]);
      label.classList.toggle("truth", i === this.truth);
      find(bar, ".track b").style.width = `${100 * (value ?? 0)}%`;
      setText(find(bar, "em"), percent(value));
      bar.className = i === best ? "best" : "";
      setData(bar, { class: this.classes[i], share: value ?? "" });
    });
  }

  /** The accuracy of one cell, and what the frame holds. @param {Shift} shift */
  read(shift) {
    const readout = this.find(".readout");
    if (!this.accuracies) return setText(readout, "");
    const [value, mean] = [this.accuracies[this.shifts.index(shift)], this.shifts.mean(this.accuracies, this.frame)];
    setData(readout, { value, mean });
    return setText(readout, this.pad.word("accuracy_at", { share: percent(value), where: inWords(shift, this.pad.word), mean: percent(mean) }));
  }
}
