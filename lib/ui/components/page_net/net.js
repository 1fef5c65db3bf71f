// A net that runs in the page: read from what the server publishes of it, and asked about one picture at a time.

import { softmax } from "./activations.js";
import { LAYERS } from "./layers.js";

/** @import { PageNet, NetLayer, Said } from "./types.js" */

/**
 * Read what `lib.ui.serve.nets` packs: the length of a head, the head in JSON, then all weights as 32-bit numbers.
 * @param {ArrayBuffer} buffer
 * @returns {PageNet}
 */
export function readNet(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  let at = 4 + length;
  const layers = head.layers.map((/** @type {NetLayer & {sizes: number[]}} */ layer) => {
    if (!(layer.kind in LAYERS)) throw new Error(`this page knows no layer ${layer.kind}`);
    const weights = layer.sizes.map((size) => {
      const part = new Float32Array(buffer, at, size);
      at += 4 * size;
      return part;
    });
    return { ...layer, weights };
  });
  return { ...head, layers };
}

/**
 * What every layer answers to a picture, by name, and what the net says: a share for each class.
 * @param {PageNet} net
 * @param {Uint8Array} pixels of the prepared picture, 0 to 255, channel by channel
 * @returns {Said}
 */
export function ask(net, pixels) {
  /** @type {Float32Array} */
  let values = new Float32Array(pixels.length);
  for (let at = 0; at < pixels.length; at++) values[at] = pixels[at] * net.scale;
  /** @type {Said["answers"]} */
  const answers = {};
  for (const layer of net.layers) {
    values = LAYERS[layer.kind](layer, values);
    answers[layer.name] = { shape: layer.comesOut, values };
  }
  return { answers, probabilities: softmax(values) };
}
