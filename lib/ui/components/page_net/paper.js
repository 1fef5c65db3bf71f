// Ink on paper before a camera: the light, its shadows and the grain are taken off, as `lib.pictures.paper` does it.
// Lines that are printed on the paper stay: to find them takes longer than a camera waits. Photos go to the server.

import { darkIsInk, inkAbovePaper, spread } from "./light.js";

/** @import { Grey } from "./types.js" */

const FAINT = 24; // with less contrast than this, the sheet is empty
const SURE = 3; // spreads from the paper within which a pixel belongs to it
const FAINTEST = 0.3; // of the usual ink; what is fainter is paper
const SPECK = 10 / 512 ** 2; // of the area; what is smaller is dust

/** @typedef {{pixels: number[], peak: number, isOnRim: boolean}} Part */

/** The ink of a sheet that a camera sees, light on black; all black where there is none. @param {Grey} seen @returns {Grey} */
export function inkSeen(seen) {
  const { width, height } = seen;
  const dark = darkIsInk(seen);
  const values = blurred(Float32Array.from(seen.pixels, (value) => (dark ? value : 255 - value)), width, height);
  const ink = inkAbovePaper(values, width, height, dark);
  const floor = Math.max(SURE * spread(ink), FAINT / 3);
  const strong = ink.filter((value) => value > 2 * floor).sort();
  const pixels = new Uint8Array(ink.length);
  if (!strong.length || strong[strong.length - 1] < FAINT) return { width, height, pixels };
  const usual = strong[Math.floor(0.7 * (strong.length - 1))];
  const low = Math.max(floor, 0.5 * FAINTEST * usual);
  const clear = (/** @type {number} */ value) => Math.min(1, Math.max(0, (value - low) / Math.max(0.85 * usual - low, 1)));
  for (const part of drawing(partsOf(ink, width, height, Math.max(floor, FAINTEST * usual)), usual, ink.length)) {
    for (const at of part.pixels) {
      for (const beside of [at, ...neighbours(at, width, height, false)]) pixels[beside] = Math.round(255 * clear(ink[beside]));
    }
  }
  return { width, height, pixels };
}

/** The parts that are drawn: neither faint nor dust, and not what only reaches in from the rim. @param {Part[]} parts @param {number} usual @param {number} area */
function drawing(parts, usual, area) {
  const sizeOf = (/** @type {boolean} */ onRim) => parts.reduce((sum, { pixels, isOnRim }) => sum + (isOnRim === onRim ? pixels.length : 0), 0);
  const isFree = sizeOf(false) > sizeOf(true); // most of it lies free on the sheet: the rest is no drawing
  return parts.filter(({ pixels, peak, isOnRim }) => peak > 0.45 * usual && pixels.length >= SPECK * area && !(isFree && isOnRim));
}

/** What hangs together, corners too, of all that is more than `least`. @param {Float32Array} ink @param {number} width @param {number} height @param {number} least */
function partsOf(ink, width, height, least) {
  const seen = new Uint8Array(ink.length);
  /** @type {Part[]} */
  const parts = [];
  for (let start = 0; start < ink.length; start++) {
    if (seen[start] || ink[start] <= least) continue;
    seen[start] = 1;
    const part = { pixels: [start], peak: 0, isOnRim: false };
    for (let next = 0; next < part.pixels.length; next++) {
      const at = part.pixels[next];
      const [x, y] = [at % width, Math.floor(at / width)];
      part.peak = Math.max(part.peak, ink[at]);
      part.isOnRim ||= x === 0 || y === 0 || x === width - 1 || y === height - 1;
      for (const beside of neighbours(at, width, height, true)) {
        if (seen[beside] || ink[beside] <= least) continue;
        seen[beside] = 1;
        part.pixels.push(beside);
      }
    }
    parts.push(part);
  }
  return parts;
}

/** @param {number} at @param {number} width @param {number} height @param {boolean} corners */
function neighbours(at, width, height, corners) {
  const [x, y] = [at % width, Math.floor(at / width)];
  const found = [];
  for (let down = -1; down <= 1; down++) {
    for (let across = -1; across <= 1; across++) {
      const steps = Math.abs(down) + Math.abs(across);
      if (!steps || (steps > 1 && !corners)) continue;
      if (x + across >= 0 && x + across < width && y + down >= 0 && y + down < height) found.push(at + down * width + across);
    }
  }
  return found;
}

const TAPS = [0.2, 0.6, 0.2]; // a camera's grain, and no line

/** @param {Float32Array} values @param {number} width @param {number} height */
function blurred(values, width, height) {
  const across = values.map((value, at) => {
    const x = at % width;
    return TAPS[0] * values[x > 0 ? at - 1 : at] + TAPS[1] * value + TAPS[2] * values[x < width - 1 ? at + 1 : at];
  });
  return across.map((value, at) => {
    const [above, below] = [at >= width ? at - width : at, at < width * (height - 1) ? at + width : at];
    return TAPS[0] * across[above] + TAPS[1] * value + TAPS[2] * across[below];
  });
}
