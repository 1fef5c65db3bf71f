// A picture as one row of numbers: where a pixel stands in it, and what colour its number has.

import assert from "node:assert/strict";
import test from "node:test";
import { Pixels } from "../../lib/ui/components/picture_numbers/pixels.js";

const grey = new Pixels(Uint8Array.of(3, 9, 9, 0, 1, 2), [1, 2, 3]);
const colours = new Pixels(Uint8Array.from({ length: 12 }, (_, i) => 10 * i), [3, 2, 2]);

test("a pixel and its place in the row lead to each other", () => {
  for (const pixels of [grey, colours]) {
    for (const place of pixels.values.keys()) {
      const pixel = pixels.at(place);
      assert.ok(pixels.has(pixel));
      assert.equal(pixels.placeOf(pixel), place);
      assert.equal(pixels.valueAt(pixel), pixels.values[place]);
    }
  }
  assert.deepEqual(colours.at(7), { plane: 1, row: 1, column: 1 }, "plane by plane, row by row");
});

test("beside the picture there is no number", () => {
  const outside = [{ row: -1, column: 0 }, { row: 0, column: -1 }, { row: 2, column: 0 }, { row: 0, column: 3 }];
  for (const place of outside) assert.equal(grey.valueAt({ plane: 0, ...place }), null);
  assert.ok(!grey.has({ plane: 1, row: 0, column: 0 }), "a grey picture has one plane");
});

test("the lightest pixel is the first of several", () => {
  assert.deepEqual(grey.brightest, { plane: 0, row: 0, column: 1 });
});

test("a plane has its own colour, all of them the picture's", () => {
  assert.deepEqual(grey.colourOf(1, 9), [9, 9, 9]);
  assert.deepEqual(grey.dotOf(1, null), [9, 9, 9]);
  assert.deepEqual(colours.colourOf(5, 50), [0, 50, 0]);
  assert.deepEqual(colours.dotOf(1, 2), [0, 0, 90]);
  assert.deepEqual(colours.dotOf(1, null), [10, 50, 90]);
});
