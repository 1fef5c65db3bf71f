import assert from "node:assert/strict";
import { test } from "node:test";
import { closed, darkIsInk, inkAbovePaper, spread } from "../../lib/ui/components/page_net/light.js";
import { inkSeen } from "../../lib/ui/components/page_net/paper.js";

const SIDE = 60;

/** @param {(x: number, y: number) => number} level */
function sheet(level) {
  const pixels = Uint8Array.from({ length: SIDE * SIDE }, (_, at) => Math.round(level(at % SIDE, Math.floor(at / SIDE))));
  return { width: SIDE, height: SIDE, pixels };
}

const onStroke = (/** @type {number} */ x, /** @type {number} */ y) => x > 20 && x < 40 && y > 28 && y < 32;

test("a closing is what comparing all pixels of all windows gives", () => {
  const [width, height, window] = [7, 5, 4];
  const values = Float32Array.from({ length: width * height }, (_, at) => (at * 37) % 23);
  const plain = (/** @type {number[][]} */ rows, /** @type {(...all: number[]) => number} */ choose, /** @type {number} */ before) =>
    rows.map((row, y) => row.map((_, x) => {
      const seen = [];
      for (let j = -before; j < window - before; j++) for (let i = -before; i < window - before; i++) if (rows[y + j]?.[x + i] !== undefined) seen.push(rows[y + j][x + i]);
      return choose(...seen);
    }));
  const at = (/** @type {number} */ place, /** @type {number} */ sides) => (place < 0 ? -place : place >= sides ? 2 * sides - 2 - place : place);
  const beyond = (/** @type {(i: number) => number} */ of, /** @type {number} */ place, /** @type {number} */ sides) =>
    place < 0 ? 2 * of(0) - of(at(place, sides)) : place >= sides ? 2 * of(sides - 1) - of(at(place, sides)) : of(place);
  const rim = 4;
  const wide = Array.from({ length: height }, (_, y) => Array.from({ length: width + 2 * rim }, (_, x) => beyond((i) => values[y * width + i], x - rim, width)));
  const padded = Array.from({ length: height + 2 * rim }, (_, y) => wide[0].map((_, x) => beyond((i) => wide[i][x], y - rim, height)));
  const paper = plain(plain(padded, Math.max, 2), Math.min, 1);
  const expected = Float32Array.from(paper.slice(rim, rim + height).flatMap((row) => row.slice(rim, rim + width)));
  assert.deepEqual(closed(values, width, height, window), expected);
});

test("which of two is ink does not depend on the light", () => {
  const light = (/** @type {number} */ x) => 120 + 1.5 * x;
  assert.equal(darkIsInk(sheet((x, y) => (onStroke(x, y) ? 40 : light(x)))), true);
  assert.equal(darkIsInk(sheet((x, y) => (onStroke(x, y) ? 250 : light(x) / 2))), false);
});

test("a lamp's light is no ink, a stroke in it is", () => {
  const lit = Float32Array.from(sheet((x) => 100 + 2 * x).pixels);
  assert.ok(spread(inkAbovePaper(lit, SIDE, SIDE, true)) < 3);
  const found = inkSeen(sheet((x, y) => (onStroke(x, y) ? 0.4 : 1) * (100 + 2 * x)));
  assert.equal(found.pixels[30 * SIDE + 30], 255);
  assert.equal(found.pixels[10 * SIDE + 50], 0);
  assert.equal(found.pixels[50 * SIDE + 5], 0);
});
