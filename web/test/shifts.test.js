// Shifts and their places in a map.

import assert from "node:assert/strict";
import test from "node:test";
import { say } from "../../lib/ui/components/base/words.js";
import { Shifts, inWords } from "../../lib/ui/components/shift_pad/shifts.js";

const shifts = new Shifts(2);

test("every place of the map is one shift, row by row", () => {
  const seen = [];
  for (let row = 0; row < 5; row++) {
    for (let column = 0; column < 5; column++) {
      const shift = shifts.at({ x: (column + 0.5) / 5, y: (row + 0.5) / 5 });
      assert.deepEqual(shift, [column - 2, row - 2]);
      seen.push(shifts.index(shift));
    }
  }
  assert.deepEqual(seen, Array.from({ length: 25 }, (_, i) => i));
});

test("beyond the map is its edge, between pixels the nearest", () => {
  assert.deepEqual(shifts.at({ x: -3, y: 1 }), [-2, 2]);
  assert.deepEqual(shifts.nearest(0.6, -9), [1, -2]);
});

test("the mean is of what is framed", () => {
  const map = Array.from({ length: 25 }, () => 0);
  map[shifts.index([0, 0])] = 1;
  map[shifts.index([2, 0])] = 100;
  assert.equal(shifts.mean(map, 0), 1);
  assert.ok(Math.abs(shifts.mean(map, 1) - 1 / 9) < 1e-12);
  assert.ok(Math.abs(shifts.mean(map, 2) - 101 / 25) < 1e-12);
});

test("a shift in words", () => {
  const words = { middle: "the middle", to_right: "{pixels} right", to_left: "{pixels} left", to_up: "{pixels} up", to_down: "{pixels} down" };
  const said = [[0, 0], [3, -1], [-2, 0], [0, 4]].map((shift) => inWords(shift, (name, values) => say({ lang: "en", words }, name, values)));
  assert.deepEqual(said, ["the middle", "3 right, 1 up", "2 left", "4 down"]);
});
