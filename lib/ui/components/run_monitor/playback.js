// A run's stream up to a moment of its past: what the page would have shown then. At the end it is the stream itself.

import { indexOf } from "../base/points.js";

/** @import { RunStream } from "../base/stream.js" */
/** @typedef {[epochs: number, answers: [number, number][]]} Moment what the net said of its pictures then */

export class Playback {
  at = Infinity; // epochs since the start
  /** @type {Moment[] | null} */ moments = null; // once somebody wants to go back
  unkept = false; // true once it is known that there are none: an old recording, or a net too large for it
  /** @type {((kind: string) => unknown) | undefined} */ listener;

  /** @param {RunStream} source */
  constructor(source) {
    this.source = source;
  }

  // ---- read like a stream, cut at the moment ------------------------------------------------------------------

  get isBack() {
    return this.at !== Infinity;
  }

  get length() {
    return this.isBack ? indexOf(this.source.x, this.at + 1e-9) : this.source.length;
  }

  get x() {
    return this.cut(this.source.x);
  }

  get loss() {
    return this.cut(this.source.loss);
  }

  get accuracy() {
    return this.cut(this.source.accuracy);
  }

  /** @template T @param {T[]} values */
  cut(values) {
    return this.isBack ? values.slice(0, this.length) : values;
  }

  get epochs() {
    return this.source.epochs.filter(({ epoch }) => epoch <= this.at + 1e-9);
  }

  get marks() {
    return this.source.marks.filter(({ at }) => at <= this.at);
  }

  get validation() {
    return this.source.validation.filter(({ epoch }) => epoch <= this.at + 1e-9);
  }

  get lastEpoch() {
    return this.validation.findLast((epoch) => epoch.valid_accuracy != null || epoch.valid_loss != null) ?? null;
  }

  get status() {
    const { status } = this.source;
    if (!this.isBack || !status) return status;
    const step = Math.round(this.at * (status.steps_per_epoch ?? 0));
    const epoch = Math.min(Math.floor(this.at) + 1, Math.ceil(this.end));
    return { ...status, step, epoch, progress: this.seconds / this.duration, seconds: this.seconds };
  }

  get glimpse() {
    if (!this.isBack) return this.source.glimpse;
    const last = this.moments?.findLast(([at]) => at <= this.at + 1e-9);
    return last ? { answers: last[1] } : null;
  }

  get ended() {
    return this.source.ended;
  }

  get link() {
    return this.source.link;
  }

  open() {
    this.source.open();
  }

  /** @param {(kind: string) => unknown} listener */
  listen(listener) {
    this.listener = listener;
    return this.source.listen(listener);
  }

  // ---- moving about -------------------------------------------------------------------------------------------

  /** How many epochs there are to see. */
  get end() {
    return Math.max(this.source.x.at(-1) ?? 0, this.source.epochs.at(-1)?.epoch ?? 0);
  }

  /** [epochs, seconds] of the run's course: of every epoch's end, and straight lines between them. */
  get course() {
    let [at, spent] = [0, 0];
    const knots = [[at, spent]];
    for (const { epoch, seconds } of this.source.epochs.filter(({ epoch }) => epoch > 0)) {
      [at, spent] = [epoch, spent + (seconds ?? 0)];
      knots.push([at, spent]);
    }
    if (this.end > at) knots.push([this.end, Math.max(this.source.status?.seconds ?? 0, spent)]);
    return knots;
  }

  /** How long the run took. */
  get duration() {
    return this.course.at(-1)?.[1] || 1;
  }

  /** Where we are, in seconds since its start. */
  get seconds() {
    return this.isBack ? between(this.course, 0, 1, this.at) : this.duration;
  }

  /** Go to that second; from the end on everything is shown, as it is without a replay. @param {number} seconds */
  goTo(seconds) {
    this.fetchMoments();
    this.at = seconds >= this.duration ? Infinity : between(this.course, 1, 0, Math.max(0, seconds));
    for (const kind of ["points", "epochs", "marks", "glimpse", "status"]) this.listener?.(kind);
  }

  async fetchMoments() {
    if (this.moments) return;
    /** @type {Moment[]} */
    let kept = (this.moments = []);
    try {
      const answer = await fetch(`/api/runs/${encodeURIComponent(this.source.id)}/moments`);
      if (answer.ok) this.moments = kept = await answer.json();
      this.unkept = kept.length === 0;
      this.listener?.("glimpse");
    } catch {
      this.moments = null; // asked for again at the next move
    }
  }
}

/**
 * The value in column `to` where column `from` (ascending) has `value`; beyond the knots that of the nearest.
 * @param {number[][]} knots
 * @param {number} from
 * @param {number} to
 * @param {number} value
 */
function between(knots, from, to, value) {
  const after = knots.findIndex((knot) => knot[from] >= value);
  if (after <= 0) return knots[after < 0 ? knots.length - 1 : 0][to];
  const [a, b] = [knots[after - 1], knots[after]];
  const share = b[from] > a[from] ? (value - a[from]) / (b[from] - a[from]) : 1;
  return a[to] + share * (b[to] - a[to]);
}
