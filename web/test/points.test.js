// Points of curves: thinned without losing what can be seen, kept without gaps or doubles.

import assert from "node:assert/strict";
import test from "node:test";
import { axisOf } from "../../lib/ui/components/base/axis.js";
import { indexOf, roundUp, thin, times } from "../../lib/ui/components/base/points.js";
import { RunStream, parseEvent } from "../../lib/ui/components/base/stream.js";
import { ends } from "../../lib/ui/components/score_chart/score_chart.js";

/** A curve with spikes: [x, y]. */
function curve(length) {
  const x = Array.from({ length }, (_, i) => i / 10);
  return [x, x.map((at, i) => Math.sin(at) + (i % 97 === 13 ? 5 : 0) - (i % 89 === 7 ? 4 : 0))];
}

test("a thinned curve has the highest and the lowest point of every stretch, in order", () => {
  const [x, y] = curve(5000);
  const out = { x: [], y: [] };
  thin(x, y, 0, 5000, 400, out);
  assert.ok(out.x.length <= 400);
  assert.deepEqual(out.x, out.x.toSorted((a, b) => a - b));
  for (let start = 0; start < 5000; start += 25) {
    const part = y.slice(start, start + 25);
    const shown = out.y.filter((_, i) => out.x[i] >= x[start] - 1e-9 && out.x[i] <= x[start + 24] + 1e-9);
    assert.equal(Math.max(...shown), Math.max(...part));
    assert.equal(Math.min(...shown), Math.min(...part));
  }
});

test("a gap in a thinned curve stays a gap and hides no point", () => {
  const [x, y] = curve(2000);
  y[500] = null; // a loss that was no number
  const out = { x: [], y: [] };
  thin(x, y, 0, 2000, 100, out);
  assert.ok(out.y.includes(null));
  const known = y.slice(480, 520).filter((value) => value !== null);
  const shown = out.y.filter((value, i) => value !== null && out.x[i] >= 48 && out.x[i] < 52);
  assert.equal(Math.min(...shown), Math.min(...known));
  assert.equal(Math.max(...shown), Math.max(...known));
});

test("few points stay as they are", () => {
  const out = { x: [], y: [] };
  thin([1, 2, 3], [3, null, 1], 0, 3, 100, out);
  assert.deepEqual(out, { x: [1, 2, 3], y: [3, null, 1] });
  assert.deepEqual(times(100, [0.5, null]), [50, null]);
});

test("the first place at or after a value", () => {
  const x = Array.from({ length: 200 }, (_, i) => Math.floor(i / 3));
  for (let value = -1; value < 70; value++) {
    const expected = x.findIndex((each) => each >= value);
    assert.equal(indexOf(x, value), expected < 0 ? x.length : expected);
  }
});

test("the next round number above a value is near and not below", () => {
  for (let power = -3; power < 5; power += 0.01) {
    const value = 10 ** power;
    const up = roundUp(value);
    assert.ok(up >= value * 0.9999 && up <= value * 1.51, `${value} -> ${up}`);
  }
});

test("a stream keeps each point once, whatever comes again, and starts over when a run does", () => {
  const stream = new RunStream("one");
  const heard = [];
  stream.listeners.add((kind) => heard.push(kind));
  const point = (i) => [i / 10, 1 / (i + 1), i / 100];
  const points = (from, to) => ({ from, points: Array.from({ length: to - from }, (_, i) => point(from + i)) });
  stream.addPoints(points(0, 5));
  stream.addPoints(points(3, 9));
  stream.addPoints(points(2, 4));
  assert.deepEqual(stream.x, Array.from({ length: 9 }, (_, i) => i / 10));
  assert.deepEqual(stream.accuracy, Array.from({ length: 9 }, (_, i) => i / 100));
  assert.deepEqual(heard, ["points", "points"]);
  stream.addPoints(points(0, 2));
  assert.deepEqual(stream.x, [0, 0.1]);
  assert.ok(heard.includes("reset"));
  stream.keepList("epochs", { from: 0, epochs: [{ epoch: 0 }, { epoch: 1 }] });
  stream.keepList("epochs", { from: 1, epochs: [{ epoch: 1, valid_loss: 2 }, { epoch: 2 }] });
  assert.deepEqual(stream.epochs.map(({ epoch }) => epoch), [0, 1, 2]);
  assert.deepEqual(stream.lastEpoch.valid_loss, 2);
});

test("NaN from a server is a gap", () => {
  assert.deepEqual(parseEvent('{"points": [[1, NaN, -Infinity]]}'), { points: [[1, null, null]] });
});

test("where a run's points lie on an axis of iterations and of seconds", () => {
  const stream = new RunStream("one");
  stream.x.push(2.5);
  stream.epochs = [{ epoch: 0 }, { epoch: 1, seconds: 4 }, { epoch: 2, seconds: 6 }];
  stream.status = { steps_per_epoch: 30, seconds: 14 };
  assert.equal(axisOf(stream, "epochs")(1.5), 1.5);
  assert.equal(axisOf(stream, "iterations")(1.5), 45);
  assert.deepEqual([0, 0.5, 1, 1.5, 2, 2.25, 2.5].map(axisOf(stream, "seconds")), [0, 2, 4, 7, 10, 12, 14]);
});

test("a run without a score does not stretch the axis of scores down to nothing", () => {
  const scored = { label: "a", scores: [0.91, 0.93], centre: 0.92, spread: 0.01, best: true };
  const none = { label: "b", scores: [], centre: null, spread: null, best: false };
  assert.deepEqual(ends([scored, none]), ends([scored]));
  assert.ok(ends([scored, none])[0] > 0.85);
  assert.deepEqual(ends([none]), [0, 1]);
});
