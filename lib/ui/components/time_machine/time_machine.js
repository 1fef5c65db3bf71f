// A slider through the moments of a training. The server draws each moment; the next is asked for when it has.

import { find, setData, setText } from "../base/dom.js";
import { count } from "../base/numbers.js";
import { View, keepView } from "../base/view.js";
import { tell } from "../base/voice.js";

/** @import { Component, Worded } from "../base/types.js" */
/** @typedef {{worded: Worded, steps: number[], now: number, epochSteps: number, at: number | null, shown: number | null}} TimeMachineData */

const FRAME_MS = 350; // between two moments while it plays: time to see what changed
const PATIENCE_MS = 3000; // an answer that takes longer is not waited for
const NARROW = 640;

/** @extends {View<TimeMachineData>} */
class TimeMachine extends View {
  /** @type {number | null | undefined} */ asked;
  /** @type {boolean} */ waits;
  /** @type {number} */ since;
  /** @type {number} */ patience;
  /** @type {number} */ timer;
  /** @type {boolean} */ playing;
  /** @type {string} */ marks;

  /** @param {HTMLElement} root @param {Component<TimeMachineData>} component */
  constructor(root, component) {
    super(root, component);
    this.slider = find(root, "input");
    this.button = find(root, "button.play");
    this.slider.oninput = () => {
      const place = Number(this.slider.value); // before anything is drawn, which sets it
      this.stop();
      this.want(place);
    };
    this.button.onclick = () => (this.playing ? this.stop() : this.play());
    this.whenResized(root, () => root.classList.toggle("narrow", root.clientWidth < NARROW));
    /** @type {number | null | undefined} */
    this.wanted = undefined; // the moment the person wants to see: a step, null for now, undefined before the first wish
  }

  destroy() {
    clearTimeout(this.timer);
    clearTimeout(this.patience);
  }

  /** @param {TimeMachineData} data */
  update(data) {
    this.data = data;
    this.speak(data.worded);
    if (this.wanted === undefined) this.wanted = this.asked = data.shown;
    if (data.at === this.asked) this.arrive();
    if (!this.waits && data.at === this.wanted) this.wanted = this.asked = data.shown; // one that is gone: the nearest
    this.draw();
  }

  /** All moments as the slider counts them; the last one is now, whatever its step is. */
  get last() {
    return this.data.steps.length;
  }

  get place() {
    return this.wanted === null ? this.last : this.data.steps.indexOf(this.wanted ?? -1);
  }

  /** @param {number} place */
  want(place) {
    this.wanted = place >= this.last ? null : this.data.steps[place];
    this.draw();
    if (!this.waits) this.ask();
  }

  ask() {
    this.waits = true;
    this.since = performance.now();
    this.asked = this.wanted;
    this.component.setStateValue("at", this.asked);
    clearTimeout(this.patience);
    this.patience = setTimeout(() => this.arrive(), PATIENCE_MS);
  }

  /** What was asked for is on screen. */
  arrive() {
    if (!this.waits) return;
    this.waits = false;
    clearTimeout(this.patience);
    if (this.wanted !== this.asked) this.ask();
    else if (this.playing) this.timer = setTimeout(() => this.next(), FRAME_MS - (performance.now() - this.since));
  }

  play() {
    this.playing = true;
    if (this.place === this.last) this.want(0);
    else this.next();
  }

  next() {
    this.want(this.place + 1);
    if (this.place === this.last) this.stop();
  }

  stop() {
    this.playing = false;
    clearTimeout(this.timer);
    this.draw();
  }

  draw() {
    const { slider, button, root, data } = this;
    slider.max = String(this.last);
    slider.value = String(this.place);
    slider.disabled = button.disabled = this.last === 0;
    slider.setAttribute("aria-valuetext", this.say());
    setText(find(root, ".moment"), this.say());
    if (this.playing) tell("moment", this.say()); // a slider that is moved says where it is by itself
    setText(find(root, ".start"), data.steps[0] ? this.word("at", { step: count(data.steps[0]) }) : this.word("random_start"));
    button.classList.toggle("playing", this.playing ?? false);
    setText(find(button, "span"), this.word(this.playing ? "pause" : "play"));
    button.title = this.playing ? "" : this.word("play_title");
    root.classList.toggle("past", this.wanted !== null);
    setData(root, { shown: data.shown ?? "now", moments: this.last + 1, playing: this.playing ?? false });
    this.drawMarks();
  }

  drawMarks() {
    const { steps, now, epochSteps } = this.data;
    const marks = JSON.stringify([steps, epochSteps]);
    if (marks === this.marks) return;
    this.marks = marks;
    const all = [...steps, now].map((step, place) => {
      const mark = document.createElement("i");
      mark.className = place < steps.length && step && step % epochSteps === 0 ? "epoch" : "";
      mark.style.left = `${(100 * place) / Math.max(1, this.last)}%`;
      return mark;
    });
    this.find(".marks").replaceChildren(...all);
  }

  /** The moment in words: "iteration 938, end of epoch 2". */
  say() {
    const { now, epochSteps } = this.data;
    if (this.wanted == null) return this.word("at_now", { step: count(now) });
    if (this.wanted === 0) return this.word("at_random");
    const step = count(this.wanted);
    if (!epochSteps) return this.word("at", { step });
    return this.word(this.wanted % epochSteps === 0 ? "at_the_end" : "in_epoch", { step, epoch: Math.ceil(this.wanted / epochSteps) });
  }
}

export default keepView(".time", TimeMachine);
