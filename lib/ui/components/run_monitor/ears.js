// What a run's curves are for who does not see them: a sentence now and then, keys that walk along, and a sound.

import { Tones, SECONDS, canSound, notesOf, pitchOf, rangeOf } from "../base/hearing.js";
import { percent, threeFigures } from "../base/numbers.js";
import { reply, tell } from "../base/voice.js";
import { written } from "../base/words.js";

/** @import { Say } from "../base/types.js" */

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
  /** @param {any} monitor */
  constructor(monitor) {
    this.monitor = monitor;
    this.at = 0;
    /** @type {Tones | null} */
    this.tones = null;
    this.button = monitor.find("button.listen");
    this.button.hidden = !canSound();
    this.button.onclick = () => (this.tones ? this.hush() : this.listen());
    for (const name of ["accuracy", "loss"]) {
      monitor.find(`[data-chart="${name}"] .plot`).addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.key(event, name));
    }
  }

  /** News have come. */
  hear() {
    const { stream, run, word, state } = this.monitor;
    const status = stream?.status;
    if (status && !stream.isBack && state === "running") {
      const accuracies = stream.epochs.map((/** @type {any} */ epoch) => epoch.valid_accuracy);
      tell("curve", toldOf(word, { epoch: status.epoch, epochs: status.epochs, what: word(run.valid_name ?? "validation"), accuracies }));
    } else if (status && this.monitor.ended && this.followed === run.id) {
      tell("curve", this.monitor.sentence());
    }
    if (state === "running") this.followed = run.id;
    if (this.tones && this.isLive) this.sound();
  }

  /** @param {KeyboardEvent} event @param {string} name of the chart */
  key(event, name) {
    const { monitor } = this;
    const { x = [], [name]: y = [], lastEpoch, validation = [] } = monitor.stream ?? {};
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.toLowerCase() === "s") return reply(monitor.sentence());
    const place = walked(event.key, Math.min(this.at, x.length - 1), x.length);
    if (place === null) return undefined;
    event.preventDefault();
    this.at = place;
    const show = name === "accuracy" ? percent : threeFigures;
    const before = validation.filter((/** @type {any} */ entry) => entry.epoch <= x[place]).at(-1) ?? lastEpoch;
    return reply(monitor.word("point", { epoch: written(x[place], 2, 0), training: show(y[place]), validation: show(before?.[`valid_${name}`]) }));
  }

  get isLive() {
    return this.monitor.state === "running";
  }

  listen() {
    this.tones = new Tones();
    this.button.setAttribute("aria-pressed", "true");
    const { stream, run } = this.monitor;
    const { x = [], loss = [], validation = [] } = stream ?? {};
    const valid = { x: validation.map((/** @type {any} */ entry) => entry.epoch), y: validation.map((/** @type {any} */ entry) => entry.valid_loss) };
    const range = rangeOf([...loss, ...valid.y, run.guess_loss]);
    /** @type {[number, number]} */
    const span = [0, Math.max(x.at(-1) ?? 0, valid.x.at(-1) ?? 0)];
    this.tones.play("training", notesOf({ x, y: loss }, range, span));
    this.tones.play("validation", notesOf(valid, range, span));
    this.tones.play("guessing", [{ at: 0, pitch: pitchOf(run.guess_loss, range) / 2 }]);
    if (this.isLive) return;
    this.tones.rest(SECONDS);
    this.timer = setTimeout(() => this.hush(), 1000 * SECONDS + 500);
  }

  /** The newest point, while the run goes on. */
  sound() {
    const { stream, run } = this.monitor;
    const { loss = [], validation = [] } = stream ?? {};
    const losses = validation.map((/** @type {any} */ entry) => entry.valid_loss);
    const range = rangeOf([...loss, ...losses, run.guess_loss]);
    for (const [line, value] of /** @type {["training" | "validation", number | null | undefined][]} */ ([["training", loss.at(-1)], ["validation", losses.at(-1)]])) {
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
