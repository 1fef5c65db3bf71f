// A loss as a pitch.

import assert from "node:assert/strict";
import test from "node:test";
import { SECONDS, canSound, notesOf, pitchOf, rangeOf } from "../../lib/ui/components/base/hearing.js";

test("a smaller loss is a lower tone, equal ratios are equal intervals", () => {
  const range = rangeOf([2.3, 0.23, null, NaN, 0]);
  assert.deepEqual(range, [0.23, 2.3]);
  assert.equal(pitchOf(0.23, range), 220);
  assert.ok(Math.abs(pitchOf(2.3, range) / 220 - 2 ** 2.5) < 1e-9);
  const [a, b, c] = [0.4, 0.8, 1.6].map((loss) => pitchOf(loss, range));
  assert.ok(a < b && b < c);
  assert.ok(Math.abs(b / a - c / b) < 1e-9);
  assert.equal(pitchOf(1e9, range), pitchOf(2.3, range)); // what explodes stays to be heard
  assert.equal(pitchOf(0, range), 220);
});

test("a curve takes two seconds, however long it is", () => {
  for (const length of [2, 81, 5000]) {
    const x = Array.from({ length }, (_, i) => (5 * i) / (length - 1));
    const notes = notesOf({ x, y: x.map((at) => 2 - at / 5) }, [1, 2], [0, 5]);
    assert.ok(notes.length <= 80 && notes.length >= 2);
    assert.equal(notes[0].at, 0);
    assert.ok(notes.at(-1).at <= SECONDS && notes.at(-1).at > SECONDS * 0.95);
    assert.ok(notes.every(({ pitch }, i) => i === 0 || pitch < notes[i - 1].pitch));
  }
});

test("what is no number is silent", () => {
  assert.deepEqual(notesOf({ x: [0, 1], y: [null, 1] }, [1, 2], [0, 1]).map(({ pitch }) => pitch), [null, 220]);
  assert.deepEqual(notesOf({ x: [], y: [] }, [1, 2], [0, 0]), []);
  assert.deepEqual(rangeOf([]), [0.1, 1]);
  assert.deepEqual(rangeOf([0.5]), [0.25, 1]);
});

test("without an audio context there is nothing to hear, and nothing fails", () => {
  assert.equal(canSound(), false);
});
