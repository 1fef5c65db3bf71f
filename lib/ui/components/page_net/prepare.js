// From a drawing on the page's own canvas to what a net expects: the steps of `lib.datasets.preparation`, byte by byte.
// Photos and uploads need more (uneven light, lines on paper): those stay with the server, a live camera with `photo.js`.

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
  const ink = inkOf(drawing);
  return ink && laidAsTrained(ink, { shape: [channels, height, width], conventions: rules });
}

/**
 * Ink, light on black, laid out as the training pictures have theirs; channel by channel.
 * @param {Grey} found
 * @param {Pick<PageNet, "shape" | "conventions">} net
 */
export function laidAsTrained(found, { shape: [channels, height, width], conventions: rules }) {
  let ink = found;
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
  countsOf(small.pixels).forEach((count, value) => {
    if (value < paper) darker += count * (value - paper) ** 2;
    else lighter += count * (value - paper) ** 2;
  });
  const isDark = darker !== lighter ? darker > lighter : median(small.pixels) >= 128;
  const counts = countsOf(grey.pixels);
  const end = isDark ? counts.findIndex(Boolean) : counts.findLastIndex(Boolean);
  const strongest = Math.abs(end - paper);
  if (strongest < FAINT || end > paper === isDark) return blank(grey.width, grey.height);
  const ink = (/** @type {number} */ value) => Math.max(0, isDark ? paper - value : value - paper);
  const table = Array.from({ length: 256 }, (_, value) => rounded(ink(value) * (255 / strongest)));
  const pixels = new Uint8Array(grey.pixels.length);
  for (let at = 0; at < pixels.length; at++) pixels[at] = table[grey.pixels[at]];
  return { ...grey, pixels };
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
  const share = (countsOf(values)[level] ?? 0) / values.length;
  return Math.min(width, height) < 8 || share > 0.5 ? level : null;
}

/** How often each level from 0 to 255 comes. @param {ArrayLike<number>} values */
function countsOf(values) {
  const counts = new Uint32Array(256);
  for (let at = 0; at < values.length; at++) counts[values[at]]++;
  return counts;
}

/** @param {ArrayLike<number>} values */
function median(values) {
  const counts = countsOf(values);
  const levelAt = (/** @type {number} */ place) => {
    let [level, seen] = [0, counts[0]];
    while (seen <= place) seen += counts[++level];
    return level;
  };
  const last = values.length - 1;
  return (levelAt(Math.floor(last / 2)) + levelAt(Math.ceil(last / 2))) / 2;
}
