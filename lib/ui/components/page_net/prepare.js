// From a drawing on the page's own canvas to what a net expects: the steps of `lib.datasets.prepare`, byte by byte.
// Photos and uploads need more (uneven light, lines on paper): those stay with the server.

import { blank, croppedToInk, fittedInto, inkBox, laidOn, rounded } from "./layout.js";
import { BOX, LANCZOS, resized } from "./resample.js";
import { scanned } from "./scan.js";

/** @import { Grey, PageNet } from "./types.js" */

const FAINT = 24; // with less contrast than this, the sheet is empty
const SMALL = 128; // pixels of the side on which the paper is measured
const RIM = 0.02; // of the side, that is taken for paper
const LEAST_PHOTO = 200; // a canvas sends less

/**
 * What the net gets of a square drawing, channel by channel, from 0 to 255; null where only the server can say.
 * @param {Grey} drawing
 * @param {Pick<PageNet, "shape" | "conventions">} net
 * @returns {Uint8Array | null}
 */
export function prepared(drawing, { shape: [channels, height, width], conventions: rules }) {
  if (drawing.width !== drawing.height || drawing.width >= LEAST_PHOTO) return null;
  if (rules.photo) {
    if (width !== height) return null;
    return repeated(resized(drawing, width, height, LANCZOS).pixels, channels);
  }
  let ink = inkOf(drawing);
  if (!ink) return null;
  if (inkBox(ink)) {
    ink = croppedToInk(ink);
    if (rules.scanned) ink = croppedToInk(scanned(ink));
    ink = laidOn(fittedInto(ink, Math.min(rules.box, width, height)), width, height, rules.centring);
  } else ink = blank(width, height);
  return repeated(rules.light_ink ? ink.pixels : ink.pixels.map((value) => 255 - value), channels);
}

/** @param {Uint8Array} pixels @param {number} times */
function repeated(pixels, times) {
  if (times === 1) return pixels;
  const all = new Uint8Array(times * pixels.length);
  for (let i = 0; i < times; i++) all.set(pixels, i * pixels.length);
  return all;
}

/** The ink of an even sheet, light on black, the strongest 255; null for a sheet whose paper has to be looked for. @param {Grey} grey @returns {Grey | null} */
function inkOf(grey) {
  const small = Math.max(grey.width, grey.height) > SMALL ? resized(grey, SMALL, SMALL, BOX) : grey;
  const paper = paperOf(small);
  if (paper === null) return null;
  let [darker, lighter] = [0, 0];
  for (const value of small.pixels) {
    if (value < paper) darker += (value - paper) ** 2;
    else lighter += (value - paper) ** 2;
  }
  const isDark = darker !== lighter ? darker > lighter : median(small.pixels) >= 128;
  const offPaper = (/** @type {number} */ value) => (isDark ? paper - value : value - paper);
  const end = grey.pixels.reduce((most, value) => (offPaper(value) > offPaper(most) ? value : most), grey.pixels[0]);
  if (offPaper(end) < FAINT) return blank(grey.width, grey.height);
  const gain = 255 / offPaper(end);
  const table = Uint8Array.from({ length: 256 }, (_, value) => rounded(Math.max(0, offPaper(value)) * gain));
  return { ...grey, pixels: grey.pixels.map((value) => table[value]) };
}

/** The level of most of the rim; null where it has no such level. @param {Grey} picture */
function paperOf({ width, height, pixels }) {
  const rim = Math.max(1, rounded(RIM * Math.min(width, height)));
  const values = [];
  for (let y = 0; y < height; y++) {
    const isWhole = y < rim || y >= height - rim;
    for (let x = 0; x < width; x++) {
      if (!isWhole && x === rim) x = Math.max(rim, width - rim); // only both ends of a row in between
      values.push(pixels[y * width + x]);
    }
  }
  const level = median(values);
  const share = values.filter((value) => value === level).length / values.length;
  return Math.min(width, height) < 8 || share > 0.5 ? level : null;
}

/** @param {ArrayLike<number>} values */
function median(values) {
  const sorted = Uint8Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
