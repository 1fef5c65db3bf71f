// What each layer makes of its input, guessed in the browser so that typing and dragging never wait. The truth is
// lib/models/shapes.py: the rows the server sends a moment later replace this guess.

import { counted, written } from "../base/words.js";

/** @import { Layer } from "./kinds.js" */
/** @typedef {number[]} Shape maps (channels, height, width), or so many numbers in a row */
/** @typedef {{shape: Shape, parameters: number, multiplyAdds: number}} Outcome */
/** A line's row of the table; no shape where an error keeps it from being known. @typedef {{name: string, shape: Shape | null, parameters: number}} Entry */
/** @typedef {{parameters: number, multiply_adds: number}} Totals */

const product = (/** @type {number[]} */ numbers) => numbers.reduce((a, b) => a * b, 1);

/** @param {Layer} layer @param {Shape} shape */
function convolve(layer, [channels, height, width]) {
  const [filters, size, stride] = [layer.filters, layer.kernel_size, layer.stride].map(Number);
  const slide = (/** @type {number} */ length) =>
    layer.padding === "same" ? Math.ceil(length / stride) : Math.floor((length - size) / stride) + 1;
  const [h, w] = [slide(height), slide(width)];
  if (h < 1 || w < 1) return null;
  const weights = filters * channels * size ** 2;
  return { shape: [filters, h, w], parameters: weights + filters, multiplyAdds: weights * h * w };
}

/** @param {Layer} layer @param {Shape} shape */
function pool(layer, [channels, height, width]) {
  const [h, w] = [height, width].map((length) => Math.floor(length / Number(layer.size)));
  return h < 1 || w < 1 ? null : { shape: [channels, h, w], parameters: 0, multiplyAdds: 0 };
}

/** @param {number} units @param {number} inputs */
function connect(units, inputs) {
  return { shape: [units], parameters: inputs * units + units, multiplyAdds: inputs * units };
}

/** What comes out of `layer` when `shape` goes in; null: it cannot work on it; undefined: the server knows. @param {Layer} layer @param {Shape} shape @returns {Outcome | null | undefined} */
function follow(layer, shape) {
  const isMaps = shape.length === 3;
  switch (layer.kind) {
    case "conv2d": return isMaps ? convolve(layer, shape) : null;
    case "max_pool2d":
    case "avg_pool2d": return isMaps ? pool(layer, shape) : null;
    case "global_avg_pool2d": return isMaps ? { shape: [shape[0]], parameters: 0, multiplyAdds: 0 } : null;
    case "flatten": return { shape: [product(shape)], parameters: 0, multiplyAdds: 0 };
    case "dropout": return { shape, parameters: 0, multiplyAdds: 0 };
    case "batch_norm": return { shape, parameters: 2 * shape[0], multiplyAdds: product(shape) };
    case "dense": return isMaps ? null : connect(Number(layer.units), shape[0]);
    default: return undefined;
  }
}

/**
 * Rows and totals in the server's form; `brokenAt` is the index of the first layer that cannot work, or -1.
 * @param {Layer[]} layers
 * @param {Shape} inputShape
 * @param {number} classes
 */
export function estimate(layers, inputShape, classes) {
  /** @type {Entry[]} */
  const rows = [];
  const totals = { parameters: 0, multiply_adds: 0 };
  /** @type {Shape | null} */
  let shape = inputShape;
  let brokenAt = -1;
  [...layers, { kind: "dense", units: classes }].forEach((layer, index) => {
    const out = shape && follow(layer, shape);
    if (shape && out === null) brokenAt = index;
    shape = out?.shape ?? null;
    rows.push({ name: "", shape, parameters: out?.parameters ?? 0 });
    totals.parameters += out?.parameters ?? 0;
    totals.multiply_adds += out?.multiplyAdds ?? 0;
  });
  return { rows, totals, brokenAt };
}

/** [8, 28, 28] -> "28×28×8", as articles write it. @param {Shape | null | undefined} shape */
export const describe = (shape) => (shape ? [...shape.slice(1), shape[0]].join("×") : "–");

/** 211876 -> "0.21 M"; small counts stay exact. @param {number} number */
export function inMillions(number) {
  if (number < 10_000) return counted(number);
  const millions = number / 1e6;
  return `${written(millions, millions < 1 ? 2 : millions < 100 ? 1 : 0)} M`;
}
