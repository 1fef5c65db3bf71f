// Every kind of layer, forward, for one picture: (channels, height, width) or a row of numbers in, the same out.

import { ACTIVATIONS } from "./activations.js";

/** @import { NetLayer } from "./types.js" */

const EPSILON = 1e-5; // of batch norm, as torch has it

/** @typedef {(layer: NetLayer, values: Float32Array) => Float32Array} Forward */

/** @type {Record<string, Forward>} */
export const LAYERS = {
  conv2d: (layer, values) => convolve(layer, values, layer.arrives[0]),
  depthwise_conv2d: (layer, values) => convolve(layer, values, 1),
  max_pool2d: (layer, values) => pool(layer, values, -Infinity, Math.max, 1),
  avg_pool2d: (layer, values) => pool(layer, values, 0, (sum, value) => sum + value, sizeOf(layer) ** 2),
  global_avg_pool2d: (layer, values) => {
    const area = layer.arrives[1] * layer.arrives[2];
    return Float32Array.from({ length: layer.arrives[0] }, (_, map) => sumOf(values, map * area, area) / area);
  },
  flatten: (_, values) => values,
  dense,
  dropout: (_, values) => values, // it switches nothing off when a net is asked
  batch_norm: (layer, values) => {
    const [scale, shift, mean, variance] = layer.weights;
    const area = values.length / scale.length;
    return values.map((value, i) => {
      const map = Math.floor(i / area);
      return ((value - mean[map]) / Math.sqrt(variance[map] + EPSILON)) * scale[map] + shift[map];
    });
  },
};

/**
 * Slide windows: each map of what comes out takes `depth` maps of what arrives, all of them or its own.
 * @param {NetLayer} layer
 * @param {Float32Array} values
 * @param {number} depth
 */
function convolve(layer, values, depth) {
  const [channels, height, width] = layer.arrives;
  const [filters, rows, columns] = layer.comesOut;
  const [weights, bias] = layer.weights;
  const { kernel_size: size = 1, stride = 1 } = layer;
  const top = layer.padding === "same" ? before(height, size, stride) : 0;
  const left = layer.padding === "same" ? before(width, size, stride) : 0;
  const out = new Float32Array(filters * rows * columns);
  for (let filter = 0; filter < filters; filter++) {
    const plane = out.subarray(filter * rows * columns, (filter + 1) * rows * columns).fill(bias[filter]);
    for (let map = 0; map < depth; map++) {
      const source = (depth === channels ? map : filter) * height * width;
      for (let place = 0; place < size * size; place++) {
        const weight = weights[(filter * depth + map) * size * size + place];
        const [down, across] = [Math.floor(place / size) - top, (place % size) - left];
        // The windows that have this place on the picture: what lies beside it is 0.
        const first = Math.max(0, Math.ceil(-across / stride));
        const end = Math.min(columns, Math.floor((width - 1 - across) / stride) + 1);
        for (let row = Math.max(0, Math.ceil(-down / stride)); row < rows; row++) {
          const y = row * stride + down;
          if (y >= height) break;
          const line = source + y * width + across;
          for (let column = first, at = row * columns + first; column < end; column++, at++) {
            plane[at] += weight * values[line + column * stride];
          }
        }
      }
    }
  }
  ACTIVATIONS[layer.activation ?? "linear"](out);
  return out;
}

/** Zeros before an axis so that ceil(length / stride) values come out; what is odd goes after. @param {number} length @param {number} size @param {number} stride */
function before(length, size, stride) {
  return Math.floor(Math.max(0, (Math.ceil(length / stride) - 1) * stride + size - length) / 2);
}

/** @param {NetLayer} layer */
const sizeOf = (layer) => layer.size ?? 1;

/**
 * One number of every whole block: `join` takes its values one by one, beginning with `start`.
 * @param {NetLayer} layer
 * @param {Float32Array} values
 * @param {number} start
 * @param {(soFar: number, value: number) => number} join
 * @param {number} share that the result is divided by
 */
function pool(layer, values, start, join, share) {
  const [, height, width] = layer.arrives;
  const [channels, rows, columns] = layer.comesOut;
  const size = sizeOf(layer);
  const out = new Float32Array(channels * rows * columns);
  for (let at = 0; at < out.length; at++) {
    const column = at % columns;
    const row = Math.floor(at / columns) % rows;
    const corner = Math.floor(at / (rows * columns)) * height * width + row * size * width + column * size;
    let found = start;
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) found = join(found, values[corner + y * width + x]);
    }
    out[at] = found / share;
  }
  return out;
}

/** @param {NetLayer} layer @param {Float32Array} values */
function dense(layer, values) {
  const [weights, bias] = layer.weights;
  const { length } = values;
  const out = bias.map((start, unit) => {
    let sum = start;
    for (let i = 0, at = unit * length; i < length; i++, at++) sum += weights[at] * values[i];
    return sum;
  });
  ACTIVATIONS[layer.activation ?? "linear"](out);
  return out;
}

/** @param {Float32Array} values @param {number} from @param {number} length */
function sumOf(values, from, length) {
  let sum = 0;
  for (let i = from; i < from + length; i++) sum += values[i];
  return sum;
}
