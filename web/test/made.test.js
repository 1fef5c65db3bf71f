// How one number is made: sums under a window, and a row of numbers back in its places.

import assert from "node:assert/strict";
import test from "node:test";
import { between, ends } from "../../lib/ui/components/arithmetic/field.js";
import { say } from "../../lib/ui/components/base/words.js";
import { Mosaic } from "../../lib/ui/components/arithmetic/mosaic.js";
import { windowSums } from "../../lib/ui/components/arithmetic/window.js";

test("a window's sum is that of the pixels under it, map by map; beside the maps there are zeros", () => {
  const [channels, height, width, size] = [2, 4, 5, 3];
  const values = Float32Array.from({ length: channels * height * width }, (_, i) => ((3 * i) % 7) - 2);
  const weights = Float32Array.from({ length: channels * size * size }, (_, i) => ((5 * i) % 11) - 4);
  const pixel = (channel, y, x) => (y < 0 || x < 0 || y >= height || x >= width ? 0 : values[(channel * height + y) * width + x]);
  for (let top = -2; top < height; top++) {
    for (let left = -2; left < width; left++) {
      const expected = Array.from({ length: channels }, (_, channel) =>
        Array.from({ length: size * size }, (_, i) => i).reduce((sum, i) =>
          sum + pixel(channel, top + Math.floor(i / size), left + (i % size)) * weights[channel * size * size + i], 0));
      assert.deepEqual([...windowSums([values, channels, height, width], weights, size, [top, left])], expected);
    }
  }
});

test("every number has a cell of the mosaic, and that cell leads back to it", () => {
  for (const [length, shape] of [[5 * 3 * 2, [5, 3, 2]], [48, [3, 4, 4]], [10, null], [1, [1, 1, 1]]]) {
    const mosaic = new Mosaic(length, shape);
    const cells = new Set();
    for (let position = 0; position < length; position++) {
      const [row, column] = mosaic.cellOf(position);
      assert.ok(row < mosaic.rows && column < mosaic.columns);
      assert.equal(mosaic.positionAt(row, column), position);
      cells.add(`${row} ${column}`);
    }
    assert.equal(cells.size, length);
  }
  const mosaic = new Mosaic(18, [2, 3, 3]);
  assert.equal(mosaic.positionAt(0, 3), -1, "the gap between two maps is nobody's");
  const words = { row_column: "row {row}, column {column}", place_in_map: "map {map}, row {row}, column {column}", unit_of: "unit {unit} of {layer}" };
  const word = (name, values) => say({ lang: "en", words }, name, values);
  assert.equal(mosaic.say(10, "conv1", null, word), "row 1, column 2");
  assert.equal(mosaic.say(10, "conv1", "pool1", word), "map 2, row 1, column 2");
  assert.equal(new Mosaic(4, null).say(2, "dense1", null, word), "unit 3 of dense1");
});

test("colours lie between the lowest and the highest number", () => {
  const found = ends(Float32Array.of(2, -1, 4));
  assert.deepEqual(found, { low: -1, high: 4 });
  assert.deepEqual([-1, 4, 1.5, -9, 9].map((value) => between(value, found)), [0, 255, 128, 0, 255]);
  assert.equal(between(3, { low: 3, high: 3 }), 0);
});
