// What the scanner of the digits would have made of a drawing: the steps of `lib.datasets.digits`.

import { fittedInto, pasted, rounded } from "./layout.js";
import { BICUBIC, BOX, resized } from "./resample.js";

/** @import { Grey } from "./types.js" */

const CELLS = 8;
const PEN = 1 / 8; // of a digit's longer side
const FINE = 128;
const ENLARGED = 80;
const CONTRAST = 2;

/** Ink, light on black, with lines as thick as those pens' and read off in 8 x 8 cells. @param {Grey} ink */
export function scanned(ink) {
  const fine = fittedInto(ink, FINE);
  const grow = Math.max(0, rounded((PEN * FINE - thickness(fine)) / 2));
  const side = FINE + 2 * grow;
  let sheet = pasted(fine, side, side, Math.floor((side - fine.width) / 2), Math.floor((side - fine.height) / 2));
  for (let i = 0; i < grow; i++) sheet = ranked(sheet, Math.max);
  const cells = resized(sheet, CELLS, CELLS, BOX);
  const gain = 255 / Math.max(...cells.pixels, 1);
  const full = { ...cells, pixels: cells.pixels.map((value) => rounded(value * gain)) };
  const smooth = resized(full, ENLARGED, ENLARGED, BICUBIC);
  const sharp = (/** @type {number} */ value) => Math.min(255, Math.max(0, (value - 128) * CONTRAST + 128));
  return { ...smooth, pixels: smooth.pixels.map(sharp) };
}

/** The area of lines over half of their rim. @param {Grey} ink */
function thickness(ink) {
  const area = sumOf(ink);
  const core = sumOf(ranked(pasted(ink, ink.width + 2, ink.height + 2, 1, 1), Math.min));
  return (2 * area) / Math.max(area - core, 1);
}

/** @param {Grey} ink */
const sumOf = ({ pixels }) => pixels.reduce((sum, value) => sum + value, 0);

/** The largest or smallest of each pixel and its neighbours: first along rows, then along columns. @param {Grey} picture @param {(a: number, b: number) => number} choose @returns {Grey} */
function ranked({ width, height, pixels }, choose) {
  const rows = new Uint8Array(pixels.length);
  pixels.forEach((value, at) => {
    const x = at % width;
    const before = x > 0 ? choose(value, pixels[at - 1]) : value;
    rows[at] = x < width - 1 ? choose(before, pixels[at + 1]) : before;
  });
  const out = rows.map((value, at) => {
    const above = at >= width ? choose(value, rows[at - width]) : value;
    return at < rows.length - width ? choose(above, rows[at + width]) : above;
  });
  return { width, height, pixels: out };
}
