// The lines of the list as data: a layer each, with an id that keeps its line.

/** @import { Layer } from "./kinds.js" */
/** @typedef {{id: string, layer: Layer}} Item */

export const CLASS_LINE = "class"; // the id of the last line, which is no item

let lastId = 0;

/** @param {Layer} layer @returns {Item} */
export const newItem = (layer) => ({ id: `line-${++lastId}`, layer });

const sameLayer = (/** @type {Layer} */ a, /** @type {Layer} */ b) => JSON.stringify(a, Object.keys(a).sort()) === JSON.stringify(b, Object.keys(b).sort());

/**
 * Give `layers` the ids of the lines they are now: equal ones from both ends, then those of one kind in between.
 * @param {Item[]} items
 * @param {Layer[]} layers
 */
export function matchItems(items, layers) {
  let head = 0;
  while (head < Math.min(items.length, layers.length) && sameLayer(items[head].layer, layers[head])) head += 1;
  let tail = 0;
  const free = () => Math.min(items.length, layers.length) - head - tail;
  const fromEnd = (/** @type {number} */ length) => length - 1 - tail;
  while (free() > 0 && sameLayer(items[fromEnd(items.length)].layer, layers[fromEnd(layers.length)])) tail += 1;
  return layers.map((layer, i) => {
    const isTail = i >= layers.length - tail;
    const old = isTail ? items[items.length - layers.length + i] : i < items.length - tail ? items[i] : undefined;
    return old?.layer.kind === layer.kind ? { id: old.id, layer: { ...layer } } : newItem({ ...layer });
  });
}
