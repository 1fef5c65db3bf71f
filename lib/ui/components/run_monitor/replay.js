// The controls under the figures of a run that has ended: play it again, at any speed, from any place.

import { find, setData, setText } from "../base/dom.js";
import { clock } from "../base/numbers.js";

/** @import { Say } from "../base/types.js" */
/** @import { Playback } from "./playback.js" */

const FRAME_MS = 60; // between moves while it plays

export class Replay {
  /** @type {Playback | null} */ playback = null;
  playing = 0; // the timer, while it plays
  then = 0; // when it moved last
  speed = 4;

  /** @param {HTMLElement} root @param {Say} word of the monitor */
  constructor(root, word) {
    this.word = word;
    this.root = root;
    this.play = find(root, "button.play");
    this.place = find(root, "input");
    this.clock = find(root, ".clock");
    this.speeds = [...root.querySelectorAll("button")].filter((button) => button.dataset.speed);
    for (const button of this.speeds) button.onclick = () => this.setSpeed(Number(button.dataset.speed));
    find(root, "button.all").onclick = () => this.goTo(Infinity);
    this.play.onclick = () => (this.playing ? this.pause() : this.start());
    this.place.oninput = () => this.goTo((Number(this.place.value) / Number(this.place.max)) * (this.playback?.duration ?? 0));
    this.setSpeed(this.speed);
  }

  /** Belong to this run from now on. @param {Playback | null} playback */
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
    if (!this.playback?.isBack) this.playback?.goTo(0);
    this.then = performance.now();
    this.playing = setInterval(() => this.tick(), FRAME_MS);
    this.draw();
  }

  pause() {
    clearInterval(this.playing);
    this.playing = 0;
    if (this.playback) this.draw();
  }

  /** @param {number} seconds */
  goTo(seconds) {
    this.pause();
    this.playback?.goTo(seconds);
  }

  /** By the clock, so that a slow machine shows fewer pictures and not a slower run. */
  tick() {
    const now = performance.now();
    const passed = (now - this.then) / 1000;
    this.then = now;
    this.playback?.goTo(this.playback.seconds + passed * this.speed);
    if (!this.playback?.isBack) this.pause();
  }

  draw() {
    const { playback } = this;
    const status = playback?.ended && playback.end > 0 ? playback.status : null;
    this.root.hidden = !status;
    setData(this.root, { playing: String(Boolean(this.playing)) });
    if (!status || !playback) return;
    const label = this.word(this.playing ? "pause_replay" : playback.isBack ? "resume_replay" : "replay");
    if (this.play.getAttribute("aria-label") !== label) {
      this.play.setAttribute("aria-label", label);
      this.play.title = label;
    }
    this.play.classList.toggle("pausing", Boolean(this.playing));
    const whole = Number(this.place.max);
    const share = Math.round((playback.seconds / playback.duration) * whole);
    if (Number(this.place.value) !== share) this.place.value = String(share);
    this.place.style.setProperty("--share", `${(100 * share) / whole}%`);
    const { epoch, epochs } = status;
    this.place.setAttribute("aria-valuetext", `${this.word("epoch")} ${this.word("place", { epoch, epochs })}, ${clock(playback.seconds)}`);
    setText(this.clock, this.word("place", { epoch: clock(playback.seconds), epochs: clock(playback.duration) }));
  }
}
