// From a camera's picture to what a net expects, in the page: the steps of `lib.datasets.preparation` for photos.

import { laidAsTrained } from "./prepare.js";
import { inkSeen } from "./paper.js";
import { LANCZOS, resized } from "./resample.js";

/** @import { Grey, PageNet } from "./types.js" */

/** @typedef {{width: number, height: number, data: Uint8ClampedArray}} Coloured four bytes a pixel, as a canvas has them */

export const SIDE = 160; // pixels of a sheet of paper on which ink is looked for
export const MOST = 320; // pixels of the longer side of a thing in colour: it becomes a few dozen

/**
 * What the net gets, channel by channel, from 0 to 255, of the middle of a camera's picture in the net's own shape.
 * Null where it knows ink and there is none.
 * @param {Coloured} seen
 * @param {Pick<PageNet, "shape" | "conventions">} net
 * @returns {Uint8Array | null}
 */
export function photographed(seen, { shape, conventions }) {
  const [channels, height, width] = shape;
  if (!conventions.photo) {
    const ink = inkSeen(greyOf(seen));
    return ink.pixels.some(Boolean) ? laidAsTrained(ink, { shape, conventions }) : null;
  }
  const planes = channels === 1 ? [greyOf(seen)] : [0, 1, 2].map((colour) => planeOf(seen, colour));
  const all = new Uint8Array(channels * height * width);
  planes.forEach((plane, number) => all.set(resized(plane, width, height, LANCZOS).pixels, number * height * width));
  return all;
}

/** How light each pixel is, as Pillow reckons it. @param {Coloured} seen @returns {Grey} */
function greyOf({ width, height, data }) {
  const pixels = new Uint8Array(width * height);
  for (let at = 0; at < pixels.length; at++) {
    pixels[at] = (data[4 * at] * 19595 + data[4 * at + 1] * 38470 + data[4 * at + 2] * 7471 + 0x8000) >> 16;
  }
  return { width, height, pixels };
}

/** @param {Coloured} seen @param {number} colour @returns {Grey} */
function planeOf({ width, height, data }, colour) {
  const pixels = new Uint8Array(width * height);
  for (let at = 0; at < pixels.length; at++) pixels[at] = data[4 * at + colour];
  return { width, height, pixels };
}
