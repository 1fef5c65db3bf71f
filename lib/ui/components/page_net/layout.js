// How ink, light on black, is laid on a small picture: the steps of `lib.pictures.layout`, number by number.

import { LANCZOS, resized } from "./resample.js";

/** @import { Grey } from "./types.js" */

const INK = 32; // anything fainter is paper
const MOST_GAIN = 6;

/** The nearest whole number; halves go to the even one, as in Python. @param {number} value */
export function rounded(value) {
  const low = Math.floor(value);
  if (value - low !== 0.5) return Math.round(value);
  return low % 2 === 0 ? low : low + 1;
}

/** @param {number} width @param {number} height @returns {Grey} */
export const blank = (width, height) => ({ width, height, pixels: new Uint8Array(width * height) });

/** What is not paper; null where there is nothing. @param {Grey} ink */
export function inkBox({ width, height, pixels }) {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (pixels[y * width + x] <= INK) continue;
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = y + 1;
    }
  }
  return right ? { left, top, right, bottom } : null;
}

/** Without its empty rim; a blank picture stays as it is. @param {Grey} ink */
export function croppedToInk(ink) {
  const box = inkBox(ink);
  if (!box) return ink;
  const cut = blank(box.right - box.left, box.bottom - box.top);
  for (let y = 0; y < cut.height; y++) {
    const start = (y + box.top) * ink.width + box.left;
    cut.pixels.set(ink.pixels.subarray(start, start + cut.width), y * cut.width);
  }
  return cut;
}

/** The longer side `box` pixels, the shape kept; lines that got faint shine again. @param {Grey} ink @param {number} box */
export function fittedInto(ink, box) {
  const scale = box / Math.max(ink.width, ink.height);
  const [width, height] = [ink.width, ink.height].map((side) => Math.max(1, rounded(side * scale)));
  const small = resized(ink, width, height, LANCZOS);
  const gain = Math.min(Math.max(1, strength(ink) / Math.max(1, strength(small))), MOST_GAIN);
  return { width, height, pixels: small.pixels.map((value) => Math.min(255, rounded(value * gain))) };
}

/** How light the ink is: four fifths of its pixels are no lighter. @param {Grey} ink */
function strength({ pixels }) {
  const counts = new Uint32Array(256);
  let total = 0;
  for (const value of pixels) {
    if (value <= INK) continue;
    counts[value]++;
    total++;
  }
  let [level, sum] = [INK + 1, counts[INK + 1]];
  while (sum < 0.8 * total) sum += counts[++level];
  return level;
}

/** @param {Grey} ink @param {"mass" | "box"} by */
function centreOf({ width, height, pixels }, by) {
  let [total, across, down] = [0, 0, 0];
  pixels.forEach((value, at) => {
    total += value;
    across += value * ((at % width) + 0.5);
    down += value * (Math.floor(at / width) + 0.5);
  });
  return by === "box" || total === 0 ? [width / 2, height / 2] : [across / total, down / total];
}

/** Ink on black of another size, its centre in the middle, but never over the edge. @param {Grey} ink @param {number} width @param {number} height @param {"mass" | "box"} by */
export function laidOn(ink, width, height, by) {
  const [x, y] = centreOf(ink, by);
  const left = Math.min(Math.max(0, rounded(width * 0.5 - x)), width - ink.width);
  const top = Math.min(Math.max(0, rounded(height * 0.5 - y)), height - ink.height);
  return pasted(ink, width, height, left, top);
}

/** @param {Grey} ink @param {number} width @param {number} height @param {number} left @param {number} top */
export function pasted(ink, width, height, left, top) {
  const sheet = blank(width, height);
  for (let y = 0; y < ink.height; y++) {
    sheet.pixels.set(ink.pixels.subarray(y * ink.width, (y + 1) * ink.width), (y + top) * width + left);
  }
  return sheet;
}
