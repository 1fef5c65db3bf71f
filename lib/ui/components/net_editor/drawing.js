// The net to scale, input to output: stacked squares for feature maps (side: their height, sheets: log of the channels),
// bars for rows of numbers (height: log of their count).

import { svgNode } from "../base/dom.js";
import { context2d } from "../base/palette.js";

/** @import { Shape } from "./shapes.js" */
/** A block of the drawing. @typedef {{shape: Shape | null, label: string, title: string, kind: string, broken?: boolean}} Entry */
/** @typedef {[x: number, y: number, width: number, height: number]} Sheet */
/** @typedef {{width: number, height: number, sheets: Sheet[]}} Block */
/** What is the same for all blocks. @typedef {{largest: number, longest: number, scale: number, tallest: number, offset: number}} Measure */

const LABEL_HEIGHT = 11;
const BAR_WIDTH = 6;
const SMALLEST_SIDE = 4;

/** Crisp one-pixel lines lie between pixels. @param {number} value */
const snap = (value) => Math.round(value) + 0.5;

const sheetsOf = (/** @type {number} */ channels) => 1 + Math.round(Math.log2(Math.max(1, channels)) * 0.7);

/** The size of one block when the largest map has side `largest` and is drawn `scale` pixels high. @param {Shape | null} shape @param {Measure} measure @returns {Block} */
function measureBlock(shape, { largest, longest, scale, tallest, offset }) {
  if (!shape) return { width: 12, height: 16, sheets: [] };
  if (shape.length === 1) {
    const height = Math.max(6, tallest * (Math.log2(shape[0] + 1) / Math.log2(longest + 1)));
    return { width: BAR_WIDTH, height, sheets: [[0, 0, BAR_WIDTH, height]] };
  }
  const [h, w] = shape.slice(1).map((side) => Math.max(SMALLEST_SIDE, (side / largest) * scale));
  const count = sheetsOf(shape[0]);
  const spread = (count - 1) * offset;
  const sheets = Array.from({ length: count }, (_, i) => /** @type {Sheet} */ ([i * offset, spread - i * offset, w, h]));
  return { width: w + spread, height: h + spread, sheets };
}

/**
 * Sizes that fit `width`: full labels side by side if there is room, otherwise smaller blocks and two label lines.
 * @param {(Shape | null)[]} shapes
 * @param {number[]} labelWidths
 * @param {number} width
 * @param {number} height
 */
function fitBlocks(shapes, labelWidths, width, height) {
  const known = shapes.filter((shape) => shape !== null);
  const maps = known.filter((shape) => shape.length === 3);
  const largest = Math.max(1, ...maps.flatMap((shape) => shape.slice(1)));
  const longest = Math.max(2, ...known.filter((shape) => shape.length === 1).map(([n]) => n));
  const sum = (/** @type {number[]} */ numbers) => numbers.reduce((a, b) => a + b, 0);
  const attempt = (/** @type {number} */ levels, /** @type {number} */ scale, /** @type {number} */ offset) => {
    const tallest = height - levels * LABEL_HEIGHT - 8;
    const blocks = shapes.map((shape) => measureBlock(shape, { largest, longest, scale, tallest, offset }));
    const slots = blocks.map((block, i) => (levels === 1 ? Math.max(block.width, labelWidths[i] + 7) : block.width));
    const tooTall = blocks.some((block) => block.height > tallest);
    return { blocks, slots, levels, tallest, room: width - sum(slots), tooTall };
  };
  for (let scale = 52; scale >= 34; scale -= 2) {
    const fit = attempt(1, scale, 3);
    if (!fit.tooTall && fit.room >= 4 * (shapes.length - 1)) return fit;
  }
  for (let scale = 46; scale >= 8; scale -= 2) {
    const fit = attempt(2, scale, 2);
    if (!fit.tooTall && fit.room >= 7 * (shapes.length - 1)) return fit;
  }
  return attempt(2, 8, 1);
}

/**
 * Which of `levels` lines each label goes on, so that none overlap; -1: no room. `first` are placed before the rest.
 * @param {number[]} centres
 * @param {number[]} widths
 * @param {number} levels
 * @param {number[]} first
 * @param {number} width
 */
function placeLabels(centres, widths, levels, first, width) {
  const order = [...first, ...centres.keys()];
  const taken = Array.from({ length: levels }, () => /** @type {[number, number][]} */ ([]));
  /** @type {{x: number, level: number}[]} */
  const placed = [];
  for (const i of order) {
    if (placed[i]) continue;
    const half = widths[i] / 2;
    const x = Math.min(Math.max(centres[i], half), width - half);
    const level = taken.findIndex((spans) => spans.every(([from, to]) => x + half + 5 < from || x - half - 5 > to));
    if (level >= 0) taken[level].push([x - half, x + half]);
    placed[i] = { x, level };
  }
  return placed;
}

/** @param {string[]} texts @param {Element} element */
function measureText(texts, element) {
  const context = context2d(document.createElement("canvas"));
  context.font = `10px ${getComputedStyle(element).fontFamily}`;
  return texts.map((text) => context.measureText(text).width);
}

/** @param {Block} block @param {Entry} entry @param {number} index @param {number} x @param {number} middle */
function drawBlock(block, entry, index, x, middle) {
  const top = middle - block.height / 2;
  const box = (/** @type {string} */ name, /** @type {number} */ dx, /** @type {number} */ dy, /** @type {number} */ w, /** @type {number} */ h) =>
    svgNode("rect", { class: name, x: snap(x + dx), y: snap(top + dy), width: Math.round(w), height: Math.round(h) });
  const front = block.sheets.length - 1;
  const shapes = block.sheets.map((sheet, i) => box(i === front ? "sheet front" : "sheet", ...sheet));
  if (!shapes.length) shapes.push(box("sheet missing", 0, 0, block.width, block.height));
  const group = svgNode("g", { class: `block ${entry.kind}`, "data-testid": "net-block", "data-index": index }, ...shapes);
  group.prepend(svgNode("title", {}, entry.title));
  return group;
}

/**
 * Draw `entries`, the input first. `marked` is the index of the block in the
 * accent, or -1. Sizes are real pixels: call again when the width changes.
 * @param {SVGSVGElement} svg
 * @param {Entry[]} entries
 * @param {number} marked
 */
export function drawNet(svg, entries, marked) {
  const width = svg.clientWidth;
  const height = svg.clientHeight;
  if (!width) return;
  // A layer that leaves the shape as it is needs no second label.
  const labels = entries.map((entry, i) => (i && entry.label === entries[i - 1].label && i !== marked ? "" : entry.label));
  const widths = measureText(labels, svg);
  const { blocks, slots, levels, tallest, room } = fitBlocks(entries.map((entry) => entry.shape), widths, width, height);
  const gap = Math.max(1, Math.min(30, room / Math.max(1, blocks.length - 1)));
  const middle = 4 + tallest / 2;
  /** @type {number[]} */
  const centres = [];
  /** @type {SVGElement[]} */
  const nodes = [];
  let left = 0;
  let previousEdge = 0;
  blocks.forEach((block, i) => {
    const x = left + (slots[i] - block.width) / 2;
    if (i && x - previousEdge > 6) {
      const y = snap(middle);
      nodes.push(svgNode("line", { class: "link", x1: previousEdge + 3, x2: x - 2, y1: y, y2: y }));
    }
    const group = drawBlock(block, entries[i], i, x, middle);
    group.classList.toggle("marked", i === marked);
    group.classList.toggle("broken", Boolean(entries[i].broken));
    // The whole height is the target: a bar 6 px wide is hard to hit.
    group.append(svgNode("rect", { class: "target", x: x - gap / 2, y: 0, width: block.width + gap, height }));
    nodes.push(group);
    centres.push(x + block.width / 2);
    previousEdge = x + block.width;
    left += slots[i] + gap;
  });
  const first = [marked, 0, entries.length - 1].filter((i) => i >= 0);
  placeLabels(centres, widths, levels, first, width).forEach(({ x, level }, i) => {
    if (level < 0 || !labels[i]) return;
    const y = height - (levels - 1 - level) * LABEL_HEIGHT - 2;
    const text = svgNode("text", { x, y, class: "label", "text-anchor": "middle" }, labels[i]);
    nodes.find((node) => node.dataset.index === String(i))?.append(text);
  });
  svg.replaceChildren(...nodes);
}
