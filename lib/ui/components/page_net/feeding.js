// Which maps and units feed which, and how strongly, as `lib.ui.net.layer_inputs` says it.

/** @import { Answers, NetLayer, PageNet } from "./types.js" */

const MOST_INPUTS = 8;

/** @typedef {{kind: "kernels", strengths: Uint8Array} | {kind: "all"} | {kind: "same"} | {kind: "flatten", area: number} | {kind: "inputs", each: number, positions: Uint16Array | Uint32Array, strengths: Uint8Array}} Links */

/**
 * How the layer called `name` hangs on `shown`, the layer that is shown before it; null where what arrives is not that
 * layer's.
 * @param {PageNet} net
 * @param {Answers} answers
 * @param {string} name
 * @param {string | null} shown
 * @returns {Links | null}
 */
export function feeding(net, answers, name, shown) {
  const place = net.layers.findIndex((layer) => layer.name === name);
  const layer = net.layers[place];
  const before = place > 0 ? answers[net.layers[place - 1].name] : null;
  if (shown && before && !isLike(answers[shown].shape, before.shape)) return null;
  if (layer.kind === "conv2d") return { kind: "kernels", strengths: kernelStrengths(layer) };
  if (layer.kind === "dense" && before) return strongestInputs(layer, before.values);
  if (layer.kind === "flatten" && before) return { kind: "flatten", area: layer.arrives[1] * layer.arrives[2] };
  return { kind: "same" };
}

/** As many maps, or as long a row. @param {number[]} a @param {number[]} b */
const isLike = (a, b) => a.length === b.length && a[0] === b[0];

/** The size of each kernel, the root of the sum of its squares, 255 for the largest. @param {NetLayer} layer */
function kernelStrengths({ weights: [weights], arrives, comesOut }) {
  const pairs = arrives[0] * comesOut[0];
  const area = weights.length / pairs;
  const sizes = Array.from({ length: pairs }, (_, pair) => {
    const kernel = weights.subarray(pair * area, (pair + 1) * area);
    return Math.sqrt(kernel.reduce((sum, weight) => sum + weight * weight, 0));
  });
  const most = Math.max(...sizes);
  return Uint8Array.from(sizes, (size) => Math.round((255 * size) / (most || 1)));
}

/** The inputs that move each unit most. @param {NetLayer} layer @param {Float32Array} arriving @returns {Links} */
function strongestInputs({ weights: [weights], comesOut }, arriving) {
  const { length } = arriving;
  const [units, each] = [comesOut[0], Math.min(MOST_INPUTS, length)];
  const [positions, strengths] = [new Uint32Array(units * each), new Uint8Array(units * each)];
  for (let unit = 0; unit < units; unit++) {
    const sizes = arriving.map((value, i) => Math.abs(value * weights[unit * length + i]));
    const order = Array.from(sizes.keys()).sort((a, b) => sizes[b] - sizes[a]);
    const most = sizes[order[0]] || 1;
    positions.set(order.slice(0, each), unit * each);
    strengths.set(order.slice(0, each).map((position) => Math.round((255 * sizes[position]) / most)), unit * each);
  }
  return { kind: "inputs", each, positions, strengths };
}
