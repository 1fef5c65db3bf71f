// Axes, against formulas of their own.

import assert from "node:assert/strict";
import test from "node:test";
import { around, multiples, pathThrough, powerTicks, roundStep, roundTicks, shareOf, ticksOf, valueAt } from "../../lib/ui/components/base/scale.js";

/** The same numbers every time: a linear congruential generator. */
function* numbers(seed) {
  for (let state = seed; ; ) {
    state = (1103515245 * state + 12345) % 2147483648;
    yield state / 2147483648;
  }
}

test("a value and its share of an axis belong together, plain and in powers of ten", () => {
  const chance = numbers(1);
  for (let i = 0; i < 200; i++) {
    const log = i % 2 === 1;
    const from = log ? 10 ** (6 * chance.next().value - 3) : 200 * chance.next().value - 100;
    const to = log ? from * 10 ** (0.1 + 4 * chance.next().value) : from + 0.1 + 50 * chance.next().value;
    const share = chance.next().value;
    const expected = log ? Math.exp(Math.log(from) + share * (Math.log(to) - Math.log(from))) : from * (1 - share) + to * share;
    const value = valueAt({ from, to, log }, share);
    assert.ok(Math.abs(value - expected) <= 1e-9 * Math.abs(expected) + 1e-9);
    assert.ok(Math.abs(shareOf({ from, to, log }, value) - share) < 1e-9);
  }
  assert.equal(valueAt({ from: 2, to: 6 }, -1), 2);
  assert.equal(valueAt({ from: 2, to: 6 }, 9), 6);
});

test("round ticks are multiples of 1, 2 or 5 of a power of ten, within the axis and not too many", () => {
  const chance = numbers(7);
  for (let i = 0; i < 300; i++) {
    const from = 2000 * chance.next().value - 1000;
    const to = from + 10 ** (5 * chance.next().value - 3);
    const count = 2 + Math.floor(6 * chance.next().value);
    const ticks = roundTicks(from, to, count);
    const step = roundStep((to - from) / count);
    const digit = Number(step.toExponential().split("e")[0]);
    assert.ok([1, 2, 5].some((each) => Math.abs(digit - each) < 1e-6), `a step of ${step}`);
    assert.ok(ticks.length <= count + 1);
    for (const tick of ticks) {
      assert.ok(tick >= from - 1e-9 * step && tick <= to + 1e-6 * step);
      assert.ok(Math.abs(tick / step - Math.round(tick / step)) < 1e-5);
    }
    const inside = Math.floor(to / step + 1e-9) - Math.ceil(from / step - 1e-9) + 1;
    assert.equal(ticks.length, Math.max(0, inside));
  }
});

test("ticks of powers of ten", () => {
  assert.deepEqual(powerTicks(0.001, 100, 10), [0.001, 0.01, 0.1, 1, 10, 100]);
  assert.deepEqual(powerTicks(0.02, 5000, 10), [0.1, 1, 10, 100, 1000]);
  assert.deepEqual(powerTicks(1, 1e6, 3), [1, 1000, 1e6]);
  assert.deepEqual(ticksOf({ from: 1, to: 1000, log: true }, 6), [1, 10, 100, 1000]);
  assert.deepEqual(ticksOf({ from: 0, to: 1 }, 5), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(multiples(0.93, 1, 0.02), [0.94, 0.96, 0.98, 1]);
});

test("the ends around accuracies are whole points with room, within 0 and 1", () => {
  const chance = numbers(3);
  for (let i = 0; i < 200; i++) {
    const shares = Array.from({ length: 1 + (i % 5) }, () => chance.next().value);
    const [low, high] = around(shares, 0.01, 0.15);
    assert.ok(low >= 0 && high <= 1 && low < high);
    assert.ok(low <= Math.min(...shares) && high >= Math.max(...shares));
    for (const end of [low, high]) assert.ok(Math.abs(100 * end - Math.round(100 * end)) < 1e-9);
  }
});

test("a line through places", () => {
  assert.equal(pathThrough([[0, 1], [2.25, 3.04]]), "M0.0 1.0L2.3 3.0");
  assert.equal(pathThrough([]), "");
});
