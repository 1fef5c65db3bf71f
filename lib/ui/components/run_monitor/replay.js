// The controls under the figures of a run that has ended: play it again, at any speed, from any place.

import { find, setData, setText } from "../base/dom.js";
import { clock } from "../base/numbers.js";

const FRAME_MS = 60; // between moves while it plays

export class Replay {
  /** @param {HTMLElement} root @param {import("../base/types.js").Say} word of the monitor */
  constructor(root, word) {
    this.word = word;
    const part = (/** @type {string} */ selector) => find(root, selector);
    this.root = root;
    this.play = part(".play");
    this.place = part("input");
    this.clock = part(".clock");
    this.speed = 4;
    this.speeds = [...root.querySelectorAll("[data-speed]")];
    for (const button of this.speeds) button.onclick = () => this.setSpeed(Number(button.dataset.speed));
    part(".all").onclick = () => this.goTo(Infinity);
    this.play.onclick = () => (this.playing ? this.pause() : this.start());
    this.place.oninput = () => this.goTo((this.place.value / this.place.max) * this.playback.duration);
    this.setSpeed(this.speed);
  }

  /** Belong to this run from now on; `playback` may be null. */
  follow(playback) {
    this.pause();
    this.playback = playback;
  }

  /** @param {number} speed */
  setSpeed(speed) {
    this.speed = speed;
    for (const button of this.speeds) button.setAttribute("aria-pressed", String(Number(button.dataset.speed) === speed));
  }

  start() {
    if (!this.playback.isBack) this.playback.goTo(0);
    this.then = performance.now();
    this.playing = setInterval(() => this.tick(), FRAME_MS);
    this.draw();
  }

  pause() {
    clearInterval(this.playing);
    this.playing = null;
    if (this.playback) this.draw();
  }

  /** @param {number} seconds */
  goTo(seconds) {
    this.pause();
    this.playback.goTo(seconds);
  }

  /** By the clock, so that a slow machine shows fewer pictures and not a slower run. */
  tick() {
    const now = performance.now();
    const passed = (now - this.then) / 1000;
    this.then = now;
    this.playback.goTo(this.playback.seconds + passed * this.speed);
    if (!this.playback.isBack) this.pause();
  }

  draw() {
    const { playback } = this;
    const ready = Boolean(playback?.ended && playback.end > 0);
    this.root.hidden = !ready;
    setData(this.root, { playing: String(Boolean(this.playing)) });
    if (!ready) return;
    const label = this.word(this.playing ? "pause_replay" : playback.isBack ? "resume_replay" : "replay");
    if (this.play.getAttribute("aria-label") !== label) {
      this.play.setAttribute("aria-label", label);
      this.play.title = label;
    }
    this.play.classList.toggle("pausing", Boolean(this.playing));
    const share = Math.round((playback.seconds / playback.duration) * this.place.max);
    if (Number(this.place.value) !== share) this.place.value = share;
    this.place.style.setProperty("--share", `${(100 * share) / this.place.max}%`);
    const { epoch, epochs } = playback.status;
    this.place.setAttribute("aria-valuetext", `${this.word("epoch")} ${this.word("place", { epoch, epochs })}, ${clock(playback.seconds)}`);
    setText(this.clock, this.word("place", { epoch: clock(playback.seconds), epochs: clock(playback.duration) }));
  }
}
