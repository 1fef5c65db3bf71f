// Numbers as people read them, and colours.

import assert from "node:assert/strict";
import test from "node:test";
import { arrowStep, arrowWay, within } from "../../lib/ui/components/base/keys.js";
import { clock, count, isNumber, NBSP, manners, percent, plain, signed, spoken, threeFigures } from "../../lib/ui/components/base/numbers.js";
import { DIVERGING, DIVERGING_ANCHORS, VIRIDIS, VIRIDIS_ANCHORS, divergingIndex } from "../../lib/ui/components/base/palette.js";

test("a length of time reads as a clock does", () => {
  for (let seconds = 0; seconds < 40000; seconds += 37) {
    const parts = clock(seconds).split(":").map(Number);
    assert.equal(parts.reduce((sum, part) => 60 * sum + part, 0), seconds);
    assert.equal(parts.length, seconds < 3600 ? 2 : 3);
  }
  assert.equal(clock(null), "–");
  assert.equal(clock(-3), "0:00");
});

test("a loss is said within half a unit of its last figure", () => {
  for (let power = -4; power < 3; power += 0.013) {
    const value = 10 ** power;
    const read = Number(threeFigures(value));
    assert.ok(Math.abs(read - value) <= Math.max(0.005 * value, value < 0.01 ? 0.00005 : 0.0005), `${value} -> ${read}`);
  }
  assert.equal(threeFigures(1986), "1,986");
  assert.equal(threeFigures(8.2e6), "8.2e6");
  assert.equal(threeFigures(0), "0.000");
  assert.equal(threeFigures(NaN), "–");
});

test("what is no number is a dash", () => {
  for (const value of [null, undefined, NaN, Infinity, "3"]) {
    assert.equal(isNumber(value), false);
    assert.equal(percent(value), "–");
    assert.equal(count(value), "–");
  }
  assert.equal(percent(0.5), `50.0${NBSP}%`);
  const nearly = [0.9949, 0.995, 0.99996, 59_999 / 60_000, 1].map(percent);
  assert.deepEqual(nearly, ["99.5", "99.50", "99.99", "99.99", "100.0"].map((each) => `${each}${NBSP}%`));
  assert.equal(count(34100), "34,100");
});

test("a colour of the scales lies on the straight line between its two published neighbours", () => {
  for (const [table, anchors] of [[VIRIDIS, VIRIDIS_ANCHORS], [DIVERGING, DIVERGING_ANCHORS]]) {
    for (let i = 0; i < 256; i++) {
      const place = (i * (anchors.length - 1)) / 255;
      const [low, high] = [anchors[Math.floor(place)], anchors[Math.ceil(place)]];
      const part = place - Math.floor(place);
      const found = [table[i] & 255, (table[i] >> 8) & 255, (table[i] >> 16) & 255];
      found.forEach((tone, k) => assert.ok(Math.abs(tone - (low[k] * (1 - part) + high[k] * part)) <= 0.5 + 1e-9));
      assert.equal(table[i] >>> 24, 255);
    }
  }
  assert.deepEqual([-2, -1, 0, 1, 2].map((value) => divergingIndex(value, 1)), [0, 0, 128, 255, 255]);
});

test("arrow keys", () => {
  const keys = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "a", "Enter"];
  assert.deepEqual(keys.map((key) => arrowWay({ key })), [[-1, 0], [1, 0], [0, -1], [0, 1], undefined, undefined]);
  assert.deepEqual(keys.map((key) => arrowStep({ key })), [-1, 1, -1, 1, 0, 0]);
  assert.deepEqual([-5, 3, 99].map((value) => within(value, 0, 10)), [0, 3, 10]);
});

test("a sign stands in front where it is asked for, and minus is a minus", () => {
  assert.deepEqual([0.4921, -12.34, 0, NaN].map(signed), ["+0.492", "−12.3", "+0.000", "–"]);
  assert.deepEqual([0.4921, -12.34].map(plain), ["0.492", "−12.3"]);
});

test("numbers are written as the page's language writes them", () => {
  for (const [lang, loss, share, large] of [["de", "0,371", "86,9", "34.100"], ["fr", "0,371", "86,9", "34\u202f100"], ["es", "0,371", "86,9", "34.100"], ["en", "0.371", "86.9", "34,100"]]) {
    spoken.lang = lang;
    assert.deepEqual([threeFigures(0.371), percent(0.869), count(34100)], [loss, `${share}${NBSP}%`, large]);
    const { point, group } = manners();
    assert.equal(large.replace(group, ""), "34100");
    assert.equal(loss, `0${point}371`);
  }
});
