// What a run's curves are for who does not see them: a sentence now and then, keys that walk along, and a sound.

import { Tones, SECONDS, canSound, notesOf, pitchOf, rangeOf } from "../base/hearing.js";
import { find } from "../base/dom.js";
import { percent } from "../base/numbers.js";
import { reply, tell } from "../base/voice.js";
import { written } from "../base/words.js";
import { QUANTITIES } from "./charts.js";
import { SHOWN, validOf } from "./reading.js";

/** @import { Say } from "../base/types.js" */
/** @import { Charts } from "./charts.js" */
/** @import { Quantity, Reading } from "./reading.js" */

const LEVEL = 0.005; // a change of accuracy that counts as none
const STEPS = 50; // presses of an arrow key from end to end, PageUp and PageDown are ten of them

/** How an accuracy has moved over the last two epochs, in the words of the monitor. @param {(number | null | undefined)[]} accuracies */
export function trendOf(accuracies) {
  const [before, now] = accuracies.filter((value) => value != null).slice(-2);
  if (before == null || now == null || Math.abs(now - before) < LEVEL) return "level";
  return now > before ? "rising" : "falling";
}

/**
 * What is told while a curve runs.
 * @param {Say} word
 * @param {{epoch: number, epochs: number, what: string, accuracies: (number | null | undefined)[]}} run
 */
export function toldOf(word, { epoch, epochs, what, accuracies }) {
  const accuracy = accuracies.at(-1);
  if (accuracy == null) return word("told_epoch", { epoch, epochs });
  return word("told", { epoch, epochs, what, accuracy: percent(accuracy), trend: word(trendOf(accuracies)) });
}

/** Where a key leads on a curve of `length` points, or null for other keys. @param {string} key @param {number} at @param {number} length */
export function walked(key, at, length) {
  const stride = Math.max(1, Math.round(length / STEPS));
  /** @type {Record<string, number>} */
  const places = { ArrowLeft: at - stride, ArrowRight: at + stride, PageUp: at - 10 * stride, PageDown: at + 10 * stride, Home: 0, End: length - 1 };
  return key in places && length ? Math.min(length - 1, Math.max(0, places[key])) : null;
}

export class Ears {
  at = 0; // where the keys have led, a place among the points
  /** @type {Tones | null} */ tones = null;
  /** @type {string | null} */ followed = null; // the run that was told of while it went on
  timer = 0;

  /** @param {HTMLElement} root of the monitor @param {Charts} charts @param {() => Reading} read */
  constructor(root, charts, read) {
    this.read = read;
    this.button = find(root, "button.listen");
    this.button.hidden = !canSound();
    this.button.onclick = () => (this.tones ? this.hush() : this.listen());
    for (const name of QUANTITIES) charts.box(name).addEventListener("keydown", (event) => this.key(event, name));
  }

  /** News have come. */
  hear() {
    const { stream, status, run, word, state, isBack, ended, valid, sentence } = this.read();
    if (stream && status && !isBack && state === "running") {
      const accuracies = stream.epochs.map((epoch) => epoch.valid_accuracy);
      tell("curve", toldOf(word, { epoch: status.epoch, epochs: status.epochs, what: word(valid), accuracies }));
    } else if (status && ended && this.followed === run.id) {
      tell("curve", sentence);
    }
    if (state === "running") this.followed = run.id;
    if (this.tones && state === "running") this.sound();
  }

  /** @param {KeyboardEvent} event @param {Quantity} name of the chart */
  key(event, name) {
    const { stream, sentence, word } = this.read();
    const { x = [], [name]: y = [], lastEpoch, validation = [] } = stream ?? {};
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.toLowerCase() === "s") return reply(sentence);
    const place = walked(event.key, Math.min(this.at, x.length - 1), x.length);
    if (place === null) return;
    event.preventDefault();
    this.at = place;
    const show = SHOWN[name];
    const before = validation.filter((entry) => entry.epoch <= x[place]).at(-1) ?? lastEpoch;
    reply(word("point", { epoch: written(x[place], 2, 0), training: show(y[place]), validation: show(validOf(before, name)) }));
  }

  listen() {
    const { stream, run, state } = this.read();
    const { x = [], loss = [], validation = [] } = stream ?? {};
    const valid = { x: validation.map((entry) => entry.epoch), y: validation.map((entry) => entry.valid_loss ?? null) };
    const range = rangeOf([...loss, ...valid.y, run.guess_loss]);
    /** @type {[number, number]} */
    const span = [0, Math.max(x.at(-1) ?? 0, valid.x.at(-1) ?? 0)];
    this.tones = new Tones();
    this.button.setAttribute("aria-pressed", "true");
    this.tones.play("training", notesOf({ x, y: loss }, range, span));
    this.tones.play("validation", notesOf(valid, range, span));
    this.tones.play("guessing", [{ at: 0, pitch: pitchOf(run.guess_loss, range) / 2 }]);
    if (state === "running") return;
    this.tones.rest(SECONDS);
    this.timer = setTimeout(() => this.hush(), 1000 * SECONDS + 500);
  }

  /** The newest point, while the run goes on. */
  sound() {
    const { stream, run } = this.read();
    const { loss = [], validation = [] } = stream ?? {};
    const losses = validation.map((entry) => entry.valid_loss);
    const range = rangeOf([...loss, ...losses, run.guess_loss]);
    for (const [line, value] of /** @type {const} */ ([["training", loss.at(-1)], ["validation", losses.at(-1)]])) {
      if (value != null) this.tones?.play(line, [{ at: 0, pitch: pitchOf(value, range) }]);
    }
  }

  hush() {
    clearTimeout(this.timer);
    this.tones?.end();
    this.tones = null;
    this.button.setAttribute("aria-pressed", "false");
  }
}
