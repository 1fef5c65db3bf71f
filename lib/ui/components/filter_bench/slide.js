// Sliding a kernel over a picture, and pooling: plain arithmetic.

import { localized } from "../base/numbers.js";

/** Numbers row by row. @typedef {{width: number, height: number, values: Float32Array}} Raster */
/** @typedef {"same" | "valid"} Padding */
/** How a kernel of `size`×`size` slides. @typedef {{size: number, stride: number, padding: Padding}} Way */

/**
 * Zeros before the first pixel and the size of the result, as our layers have them; "valid" pads nothing.
 * @param {number} length
 * @param {number} size
 * @param {number} stride
 * @param {Padding} padding
 */
export function slidePlan(length, size, stride, padding) {
  if (padding === "valid") return { before: 0, count: Math.floor((length - size) / stride) + 1 };
  const count = Math.ceil(length / stride);
  return { before: Math.floor(Math.max((count - 1) * stride + size - length, 0) / 2), count };
}

/** The sum of products at every position; outside the picture there are zeros. @param {Raster} picture @param {number[]} kernel @param {Way} way @returns {Raster} */
export function slide({ width, height, values }, kernel, { size, stride, padding }) {
  const down = slidePlan(height, size, stride, padding);
  const across = slidePlan(width, size, stride, padding);
  const result = { width: across.count, height: down.count, values: new Float32Array(across.count * down.count) };
  for (let row = 0; row < down.count; row++) {
    for (let column = 0; column < across.count; column++) {
      let sum = 0;
      for (let i = 0; i < size; i++) {
        const y = row * stride - down.before + i;
        if (y < 0 || y >= height) continue;
        for (let j = 0; j < size; j++) {
          const x = column * stride - across.before + j;
          if (x >= 0 && x < width) sum += values[y * width + x] * kernel[i * size + j];
        }
      }
      result.values[row * across.count + column] = sum;
    }
  }
  return result;
}

/**
 * The largest ("max") or the mean ("average") of every block; an incomplete last row or column is dropped.
 * @param {Raster} map
 * @param {"max" | "average"} kind
 * @param {number} side
 * @returns {Raster}
 */
export function pool({ width, height, values }, kind, side) {
  const [across, down] = [Math.floor(width / side), Math.floor(height / side)];
  const result = { width: across, height: down, values: new Float32Array(across * down) };
  for (let row = 0; row < result.height; row++) {
    for (let column = 0; column < result.width; column++) {
      let [most, sum] = [-Infinity, 0];
      for (let i = 0; i < side * side; i++) {
        const value = values[(row * side + Math.floor(i / side)) * width + column * side + (i % side)];
        most = Math.max(most, value);
        sum += value;
      }
      result.values[row * result.width + column] = kind === "max" ? most : sum / (side * side);
    }
  }
  return result;
}

/** The same kernel with zeros around it, or its middle. @param {number[]} kernel @param {number} from @param {number} to */
export function resized(kernel, from, to) {
  const shift = (to - from) / 2;
  return Array.from({ length: to * to }, (_, place) => {
    const [row, column] = [Math.floor(place / to) - shift, (place % to) - shift];
    return row >= 0 && row < from && column >= 0 && column < from ? kernel[row * from + column] : 0;
  });
}

const across = (/** @type {number[]} */ line) => line.flatMap(() => line); // the same row again and again
const down = (/** @type {number[]} */ line) => line.flatMap((value) => line.map(() => value));
const spread = (/** @type {number} */ size, /** @type {number} */ value, /** @type {number} */ centre) =>
  Array.from({ length: size * size }, (_, i) => (i === (size * size - 1) / 2 ? centre : value));
const LINE = { 3: [-1, 2, -1], 5: [-1, -1, 4, -1, -1] };

// Kernels to begin with, by name and size.
/** @type {Record<string, Record<number, number[]>>} */
export const KERNELS = {
  vertical: { 3: across(LINE[3]), 5: across(LINE[5]) },
  horizontal: { 3: down(LINE[3]), 5: down(LINE[5]) },
  blur: { 3: spread(3, 1 / 9, 1 / 9), 5: spread(5, 1 / 25, 1 / 25) },
  sharpen: { 3: [0, -1, 0, -1, 5, -1, 0, -1, 0], 5: spread(5, -1 / 25, 49 / 25) },
  emboss: {
    3: [-2, -1, 0, -1, 1, 1, 0, 1, 2],
    5: [-2, 0, -1, 0, 0, 0, -2, -1, 0, 0, -1, -1, 1, 1, 1, 0, 0, 1, 2, 0, 0, 0, 1, 0, 2],
  },
  empty: { 3: Array(9).fill(0), 5: Array(25).fill(0) },
};

/** 0.1111 -> "0.11", -1 -> "−1" @param {number} value */
export function signedShort(value, digits = 2) {
  return `${value < 0 ? "−" : ""}${localized(String(+Math.abs(value).toFixed(digits)))}`;
}
