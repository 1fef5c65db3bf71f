// What a sheet of paper would look like without its ink, window by window: the light as it falls, with its shadows.

import { BOX, resized } from "./resample.js";

/** @import { Grey } from "./types.js" */

const WINDOWS = [0.06, 0.14, 0.3]; // of the shorter side, in which paper is looked for
const SMALL = 96; // pixels of the side on which it is asked whether ink is dark
const ROOM = 0.55; // of a window, that pens may be wide
const MORE = 2.5; // times as much ink in a wider window: the pen was wider than the window before
const DARKEST = 16; // paper below this level says nothing about the light
const SAMPLED = 6000; // values, of which a quantile is taken
const BRIGHTER = 1.5; // at most so many times is light ink in a shadow made lighter

/** Whether the sheet is smoother without what is dark and narrow than without what is light. @param {Grey} seen */
export function darkIsInk(seen) {
  const { width, height, pixels } = Math.max(seen.width, seen.height) > SMALL ? resized(seen, SMALL, SMALL, BOX) : seen;
  const values = Float32Array.from(pixels);
  const turned = values.map((value) => 255 - value);
  let [dark, light] = [0, 0];
  for (const share of WINDOWS.slice(1)) {
    const window = Math.max(3, Math.round(share * Math.min(width, height)));
    dark += roughness(closed(values, width, height, window), width);
    light += roughness(closed(turned, width, height, window), width);
  }
  return dark <= light;
}

/** How far each pixel is darker than its paper, in levels of well lit paper. @param {Float32Array} values @param {number} width @param {number} height @param {boolean} dark */
export function inkAbovePaper(values, width, height, dark) {
  const windows = WINDOWS.map((share) => Math.max(3, Math.round(share * Math.min(width, height))));
  let ink = above(values, width, height, windows[0], dark);
  for (let i = 1; i < windows.length; i++) {
    const more = above(values, width, height, windows[i], dark);
    const strong = 0.5 * quantile(more, 0.998);
    const area = (/** @type {Float32Array} */ of) => of.reduce((sum, value) => sum + Number(value > strong), 0);
    if (penOf(ink, width, height) <= ROOM * windows[i - 1] && area(more) <= MORE * area(ink)) break;
    ink = more;
  }
  return ink;
}

/** The standard deviation of what is normally distributed, whatever else is among it. @param {Float32Array} values */
export const spread = (values) => 1.4826 * quantile(values.map(Math.abs), 0.5);

/** Of a part of the values, where they are many: a camera does not wait for all of them to be sorted. @param {Float32Array} values @param {number} share */
function quantile(values, share) {
  const step = Math.ceil(values.length / SAMPLED) | 1; // odd: not the same columns in every row
  const sorted = values.filter((_, at) => at % step === 0).sort();
  return sorted[Math.round(share * (sorted.length - 1))];
}

/** @param {Float32Array} values @param {number} width @param {number} height @param {number} window @param {boolean} dark */
function above(values, width, height, window, dark) {
  const paper = closed(values, width, height, window);
  const lit = dark ? paper : paper.map((value) => 255 - value);
  const bright = quantile(lit, 0.95);
  const ink = paper.map((value, at) => {
    const gain = bright / Math.max(lit[at], DARKEST);
    return (value - values[at]) * (dark ? gain : Math.min(gain, BRIGHTER));
  });
  const middle = quantile(ink, 0.5);
  return ink.map((value) => value - middle);
}

/** How thick the thickest lines are, in pixels: how often the ink can be peeled. @param {Float32Array} ink @param {number} width @param {number} height */
function penOf(ink, width, height) {
  const strong = 0.5 * quantile(ink, 0.998);
  const far = Float32Array.from(ink, (value) => (value > strong ? width + height : 0));
  const seen = (/** @type {number} */ x, /** @type {number} */ y) => (x < 0 || y < 0 || x >= width || y >= height ? width + height : far[y * width + x]);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (far[y * width + x]) far[y * width + x] = 1 + Math.min(seen(x - 1, y), seen(x - 1, y - 1), seen(x, y - 1), seen(x + 1, y - 1), far[y * width + x] - 1);
    }
  }
  for (let y = height - 1; y >= 0; y--) {
    for (let x = width - 1; x >= 0; x--) {
      if (far[y * width + x]) far[y * width + x] = 1 + Math.min(seen(x + 1, y), seen(x + 1, y + 1), seen(x, y + 1), seen(x - 1, y + 1), far[y * width + x] - 1);
    }
  }
  const there = far.filter((value) => value > 0);
  return there.length ? 2 * quantile(there, 0.95) : 0;
}

/** @param {Float32Array} values @param {number} width */
function roughness(values, width) {
  let sum = 0;
  for (let at = 0; at < values.length; at++) {
    if (at % width) sum += Math.abs(values[at] - values[at - 1]);
    if (at >= width) sum += Math.abs(values[at] - values[at - width]);
  }
  return sum;
}

/**
 * Without what is dark and narrower than the window: the largest of each window, then the smallest of those. Beyond the
 * rim the light goes on as it came, so that a dark corner of the lens is no ink.
 * @param {Float32Array} values @param {number} width @param {number} height @param {number} window
 */
export function closed(values, width, height, window) {
  const rim = Math.min(window, Math.min(width, height) - 1);
  const [wide, high] = [width + 2 * rim, height + 2 * rim];
  const across = widened(values, width, rim);
  const sheet = turned(widened(turned(across, wide), height, rim), high);
  const [before, after] = [Math.floor(window / 2), window - 1 - Math.floor(window / 2)];
  const largest = ranked(sheet, wide, high, before, after, 1);
  const paper = ranked(largest, wide, high, after, before, -1);
  const found = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const start = (y + rim) * wide + rim;
    found.set(paper.subarray(start, start + width), y * width);
  }
  return found;
}

/** Every row longer by `rim` at both ends: what lies behind an edge mirrors what lies before it, around the edge's level. @param {Float32Array} values @param {number} width @param {number} rim */
function widened(values, width, rim) {
  const [wide, rows] = [width + 2 * rim, values.length / width];
  const out = new Float32Array(wide * rows);
  for (let y = 0; y < rows; y++) {
    const row = values.subarray(y * width, (y + 1) * width);
    out.set(row, y * wide + rim);
    for (let i = 1; i <= rim; i++) {
      out[y * wide + rim - i] = 2 * row[0] - row[i];
      out[y * wide + rim + width - 1 + i] = 2 * row[width - 1] - row[width - 1 - i];
    }
  }
  return out;
}

/** Rows as columns. @param {Float32Array} values @param {number} width */
function turned(values, width) {
  const height = values.length / width;
  const out = new Float32Array(values.length);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) out[x * height + y] = values[y * width + x];
  return out;
}

/** The largest (sign 1) or smallest (-1) from `before` to `after` around each pixel, along both ways. @param {Float32Array} values @param {number} width @param {number} height @param {number} before @param {number} after @param {1 | -1} sign */
function ranked(values, width, height, before, after, sign) {
  const rows = rowsRanked(values, width, before, after, sign);
  return turned(rowsRanked(turned(rows, width), height, before, after, sign), height);
}

/** A queue of those that may still be the largest: each pixel comes and goes once, however wide the window is. @param {Float32Array} values @param {number} width @param {number} before @param {number} after @param {1 | -1} sign */
function rowsRanked(values, width, before, after, sign) {
  const out = new Float32Array(values.length);
  const queue = new Int32Array(width);
  for (let start = 0; start < values.length; start += width) {
    let [head, tail] = [0, 0];
    for (let x = 0; x < width + after; x++) {
      if (x < width) {
        const value = sign * values[start + x];
        while (tail > head && sign * values[start + queue[tail - 1]] <= value) tail--;
        queue[tail++] = x;
      }
      const middle = x - after;
      if (middle < 0) continue;
      while (queue[head] < middle - before) head++;
      out[start + middle] = values[start + queue[head]];
    }
  }
  return out;
}
