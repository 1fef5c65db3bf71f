// What a filter sees of a stack of maps at one place, and what comes to one number.

/** @import { Cell, Shaped } from "./field.js" */

/**
 * Each source map's own sum of products under a window of `size`×`size` that begins at (top, left), beside the maps too.
 * @param {Shaped} stack
 * @param {Float32Array} weights
 * @param {number} size
 * @param {Cell} corner
 */
export function windowSums([values, channels, height, width], weights, size, [top, left]) {
  return Float64Array.from({ length: channels }, (_, channel) => {
    let sum = 0;
    for (let i = 0; i < size; i++) {
      const y = top + i;
      if (y < 0 || y >= height) continue;
      for (let j = 0; j < size; j++) {
        const x = left + j;
        if (x < 0 || x >= width) continue; // zeros add nothing
        sum += values[(channel * height + y) * width + x] * weights[(channel * size + i) * size + j];
      }
    }
    return sum;
  });
}
