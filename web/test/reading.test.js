// What Train says of a run, from its stream and its description.

import assert from "node:assert/strict";
import { test } from "node:test";
import { sayingOf } from "../catalogue.js";
import { RunStream } from "../../lib/ui/components/base/stream.js";
import { Playback } from "../../lib/ui/components/run_monitor/playback.js";
import { Reading } from "../../lib/ui/components/run_monitor/reading.js";

const word = sayingOf("run_monitor");
const RUN = { id: "r", name: "moss-2", state: "pending", epochs: 3, classes: ["a", "b"], guess_accuracy: 0.5, guess_loss: 0.7, schedule: "constant" };
const STATUS = { state: "running", epoch: 2, epochs: 3, step: 15, steps_per_epoch: 10, seconds: 6, progress: 0.5, learning_rate: 0.01, samples_per_second: 12345, seconds_left: 61, precision: "fp32" };

/** A run of three epochs of ten steps and a second each, read to its end in 1.5 epochs. */
function played(status = {}) {
  const stream = new RunStream("r");
  stream.addPoints({ from: 0, points: Array.from({ length: 15 }, (_, i) => [(i + 1) / 10, 2 - i / 10, i / 20]) });
  stream.epochs = [
    { epoch: 0, valid_loss: 0.7, valid_accuracy: 0.5 },
    { epoch: 1, seconds: 4, train_loss: 1.5, train_accuracy: 0.25, valid_loss: 1.2, valid_accuracy: 0.6 },
  ];
  stream.checks = [[1.4, 1.1, 0.75]];
  stream.status = { ...STATUS, ...status };
  return new Playback(stream);
}

/** @param {Reading} reading */
const values = (reading) => reading.tiles.map(({ value }) => value);

test("before a run the tiles say what one would set out from", () => {
  const before = Array.from({ length: 5 }, (_, i) => ({ name: `tile ${i}`, value: String(i) }));
  assert.deepEqual(new Reading({ ...RUN, id: null, state: "none", before }, null, word).tiles, before);
  assert.notDeepEqual(new Reading({ ...RUN, before }, played(), word).tiles, before);
});

test("before anything has come, there are dashes and no sentence that claims something", () => {
  const nothing = new Reading({ ...RUN, id: null, state: "none" }, null, word);
  assert.deepEqual(values(nothing), ["–", "–", "–", "–", "–"]);
  assert.deepEqual([nothing.state, nothing.ended, nothing.took, nothing.progress, nothing.place], ["none", false, null, "", ""]);
  assert.equal(nothing.training("loss"), null);
});

test("while it runs, the newest validation and the mean of the last ten points count", () => {
  const now = new Reading(RUN, played(), word);
  const [accuracy, , epoch, speed, time] = values(now);
  assert.deepEqual([accuracy, epoch, speed, time], ["75.0\u00a0%", "2 of 3", "12,300", "1:01"]);
  assert.ok(Math.abs(Number(now.training("loss")) - (2 - 9.5 / 10)) < 1e-9);
  assert.match(now.progress, /^iteration 15 of 30 · /);
  assert.doesNotMatch(now.progress, /0\.01/, "a rate that never changes is not said");
  assert.match(new Reading({ ...RUN, schedule: "cosine" }, played(), word).progress, /0\.01/);
});

test("at its end, the whole last epoch counts; where the clock cut it, how much of it there was", () => {
  const stopped = new Reading(RUN, played({ state: "stopped" }), word);
  assert.deepEqual([stopped.ended, stopped.training("loss"), stopped.place], [true, 1.5, "2 of 3"]);
  const cut = played({ state: "finished" });
  cut.source.epochs.push({ epoch: 1.5, seconds: 2, train_loss: 1.4, train_accuracy: 0.3, valid_loss: 1, valid_accuracy: 0.8 });
  assert.equal(new Reading(RUN, cut, word).place, "1.50");
});

test("a replay shows what the page would have shown then, and never the end", () => {
  const replayed = played({ state: "finished" });
  replayed.fetchMoments = async () => {}; // no server here
  assert.deepEqual([replayed.duration, replayed.length], [6, 15]);
  replayed.goTo(2); // half of the first epoch, which took four seconds
  const then = new Reading(RUN, replayed, word);
  assert.deepEqual([replayed.length, then.isBack, values(then)[0], then.place], [5, true, "50.0\u00a0%", "1 of 3"]);
  assert.equal(then.took, 2);
  replayed.goTo(99);
  assert.deepEqual([replayed.isBack, replayed.length], [false, 15]);
});

test("bad news, news and progress are told apart", () => {
  const kinds = (status, link = "open") => {
    const stream = played(status);
    stream.source.link = link;
    return new Reading(RUN, stream, word).note.kind;
  };
  assert.deepEqual([kinds({}), kinds({ message: "so it is" }), kinds({ state: "failed", message: "NaN" }), kinds({}, "gone")], ["", "told", "warn", "warn"]);
});

test("one sentence says all that the curves say", () => {
  const { sentence } = new Reading(RUN, played(), word);
  for (const part of ["moss-2", "2 of 3", "75.0\u00a0%", "50.0\u00a0%"]) assert.ok(sentence.includes(part), sentence);
});
