// What a run's page says of it, from its description and its stream: words and numbers, nothing drawn.

import { clock, count, localized, percent, threeFigures } from "../base/numbers.js";
import { ENDED } from "../base/stream.js";
import { written } from "../base/words.js";
import { turnWords, waitWords } from "./line.js";

/** @import { TestPicture } from "../base/strip.js" */
/** @import { Epoch, RunStatus, Say } from "../base/types.js" */
/** @import { Playback } from "./playback.js" */
/** @typedef {"accuracy" | "loss"} Quantity */
/** @typedef {{name: string, value: string}} Tile */
/**
 * A run as the page describes it, see `run_monitor`; one without an id is none.
 * @typedef {{id: string | null, state: string, epochs: number, classes: string[], guess_accuracy: number,
 *   guess_loss: number, name?: string, pictures?: TestPicture[], schedule?: string, reads?: number | null,
 *   leads?: string[], loss_name?: string, valid_name?: string, before?: Tile[]}} Run
 */

const STEADY = 10; // points averaged for the current training value, so that it can be read

/** @type {Record<Quantity, (value: unknown) => string>} */
export const SHOWN = { accuracy: percent, loss: threeFigures };

export class Reading {
  /** @param {Run} run @param {Playback | null} stream @param {Say} word of the monitor */
  constructor(run, stream, word) {
    this.run = run;
    this.stream = stream;
    this.word = word;
  }

  get status() {
    return this.stream?.status ?? null;
  }

  get state() {
    return this.status?.state ?? this.run.state;
  }

  get ended() {
    return ENDED.includes(this.state);
  }

  /** True while the page shows a moment of the run's past. */
  get isBack() {
    return Boolean(this.stream?.isBack);
  }

  /** "validation" or "test". */
  get valid() {
    return this.run.valid_name ?? "validation";
  }

  /** "3 of 5", or where the clock ended it in mid-epoch; empty before anything is known. */
  get place() {
    const cut = this.ended && !this.isBack ? (this.stream?.epochs.at(-1)?.epoch ?? 0) : 0;
    return cut % 1 ? localized(cut.toFixed(2)) : this.status ? placeOf(this.word, this.status) : "";
  }

  /** Seconds that it has taken; null before it began. */
  get took() {
    if (this.status) return this.status.seconds;
    const seconds = (this.stream?.epochs ?? []).map((epoch) => epoch.seconds ?? 0);
    return seconds.reduce((sum, value) => sum + value, 0) || null;
  }

  /** The mean of the last points while it runs; of the whole last epoch afterwards. @param {Quantity} name */
  training(name) {
    const last = this.stream?.epochs.at(-1)?.[`train_${name}`];
    if (this.ended && last != null && !this.isBack) return last;
    const recent = (this.stream?.[name] ?? []).slice(-STEADY).filter((value) => value != null);
    return recent.length ? recent.reduce((sum, value) => sum + value, 0) / recent.length : null;
  }

  /** The newest of the validation pictures. @param {Quantity} name */
  validation(name) {
    return validOf(this.stream?.lastEpoch, name);
  }

  /** The five tiles: what each is called, and what stands in it. Before a run: what it would set out from. @returns {Tile[]} */
  get tiles() {
    const { word, valid, run } = this;
    if (run.id === null && run.before) return run.before;
    const spent = word(this.isBack ? "so_far" : "took");
    return [
      { name: word(`${valid}_accuracy`), value: percent(this.validation("accuracy")) },
      { name: word(`${valid}_loss`), value: threeFigures(this.validation("loss")) },
      { name: word("epoch"), value: this.place || "–" },
      { name: word("pictures_per_second"), value: count(steady(this.status?.samples_per_second)) },
      { name: this.ended ? spent : word("time_left"), value: clock(this.ended ? this.took : this.status?.seconds_left) },
    ];
  }

  /** What stands under the curves: the server's message, or where the run is; and whether it is bad news, news or neither. */
  get note() {
    const { status, word } = this;
    const gone = this.stream?.link === "gone";
    const message = gone ? word("gone") : status?.message;
    const bad = gone || status?.state === "failed";
    return { text: message || this.progress, kind: message ? (bad ? "warn" : "told") : "" };
  }

  /** How far it is, in what precision, and whose turn it is. */
  get progress() {
    const { status, word } = this;
    if (!status) return "";
    if (status.state === "pending") return waitWords(status, word);
    if (status.state === "finished") return word("finished_after", { steps: count(status.step) });
    const faster = status.speedup ? "in_bfloat16_faster" : "in_bfloat16";
    const times = written(status.speedup, 1);
    const parts = [iterationOf(word, status), word(status.precision === "bf16" ? faster : "in_float32", { times })];
    if (this.run.schedule !== "constant") parts.push(word("rate", { rate: Number(status.learning_rate.toPrecision(3)) }));
    const place = parts.join(" · ");
    if (status.state !== "running") return word("at", { state: word(status.state), place });
    const turns = turnWords(status, word);
    return turns ? `${place} · ${turns}` : place;
  }

  /** One sentence for who does not see the curves. */
  get sentence() {
    const { status, run, word } = this;
    if (!status) return word("no_run");
    const start = word("summary", { name: run.name, state: word(status.state), place: placeOf(word, status) });
    if (!this.stream?.lastEpoch) return `${start}.`;
    return word("summary_result", {
      start,
      what: word(`${this.valid}_accuracy`),
      accuracy: percent(this.validation("accuracy")),
      loss: threeFigures(this.validation("loss")),
      guess: percent(run.guess_accuracy),
    });
  }
}

/** @param {Say} word @param {RunStatus} status */
const placeOf = (word, { epoch, epochs }) => word("place", { epoch, epochs });

/** @param {Say} word @param {RunStatus} status */
function iterationOf(word, { step, steps_per_epoch: perEpoch, epochs }) {
  if (!perEpoch) return word("iteration", { step: count(step) });
  return word("iteration_of", { step: count(step), all: count(perEpoch * epochs) });
}

/** Three figures are known of a speed; the rest would only flicker. @param {number | null | undefined} speed */
function steady(speed) {
  return speed == null ? null : Number(speed.toPrecision(3));
}

/** @param {Partial<Epoch> | null | undefined} epoch @param {Quantity} name */
export function validOf(epoch, name) {
  return epoch?.[`valid_${name}`] ?? null;
}
