// The range test as a picture: rates on a log scale, the loss after a step with each, and where a rate was read off.

import { find, setData, svgNode } from "../base/dom.js";
import { pathThrough } from "../base/scale.js";
import { View, keepView } from "../base/view.js";
import { localized } from "../base/numbers.js";

/** @import { Component, Say } from "../base/types.js" */
/** @typedef {{suggested: number, steepest: number, lowest: number}} Marks */
/** @typedef {{tried: [number, number | null][], smoothed: number[], guess: number, ends: [number, number], marks: Marks | null}} RateFinderData */

const [HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [380, 40, 14, 30, 40];
const ROOM = 1.35; // times the loss of guessing: what is worse lies on the upper edge

/** @extends {View<RateFinderData>} */
class RateFinder extends View {
  /** @param {HTMLElement} root @param {Component<RateFinderData>} component */
  constructor(root, component) {
    super(root, component);
    this.whenResized(root, () => this.data && draw(root, this.data, this.word));
  }

  /** @param {RateFinderData} data */
  update(data) {
    this.data = data;
    draw(this.root, data, this.word);
  }
}

/** 0.00001 as it is said. @param {number} rate */
function plain(rate) {
  return localized(rate >= 0.001 ? String(Number(rate.toPrecision(2))) : rate.toFixed(10).replace(/0+$/, ""));
}

/** @param {HTMLElement} root @param {RateFinderData} data @param {Say} word */
function draw(root, { tried, smoothed, guess, ends, marks }, word) {
  const svg = find(root, "svg");
  const width = Math.max(svg.clientWidth, 280);
  const [from, to] = ends.map(Math.log10);
  const top = ROOM * guess;
  const x = (/** @type {number} */ rate) => LEFT + ((width - LEFT - RIGHT) * (Math.log10(rate) - from)) / (to - from);
  const y = (/** @type {number | null} */ loss) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - Math.min(loss ?? top, top) / top);
  const parts = [];
  for (let power = Math.ceil(from); power <= to; power++) {
    const at = x(10 ** power);
    parts.push(svgNode("line", { class: "grid", x1: at, x2: at, y1: TOP, y2: HEIGHT - BOTTOM }));
    parts.push(svgNode("text", { x: at, y: HEIGHT - BOTTOM + 16, "text-anchor": "middle" }, plain(10 ** power)));
  }
  parts.push(svgNode("text", { x: (LEFT + width - RIGHT) / 2, y: HEIGHT - 4, "text-anchor": "middle" }, word("learning_rate")));
  for (let loss = 0; loss <= top; loss += 0.5) {
    parts.push(svgNode("line", { class: "grid", x1: LEFT, x2: width - RIGHT, y1: y(loss), y2: y(loss) }));
    parts.push(svgNode("text", { x: LEFT - 6, y: y(loss) + 4, "text-anchor": "end" }, localized(loss.toFixed(1))));
  }
  parts.push(svgNode("line", { class: "guess", x1: LEFT, x2: width - RIGHT, y1: y(guess), y2: y(guess) }));
  for (const [rate, loss] of tried) parts.push(svgNode("circle", { class: "dot", cx: x(rate), cy: y(loss), r: 2.4 }));
  const path = pathThrough(tried.map(([rate], i) => [x(rate), y(smoothed[i])]));
  if (path) parts.push(svgNode("path", { class: "mean", d: path }));
  if (marks) parts.push(...marked(marks, x, word));
  svg.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
  svg.replaceChildren(...parts);
  setData(root, { n: tried.length, suggested: marks?.suggested ?? "" });
  const said = marks
    ? word("found", { steepest: plain(marks.steepest), lowest: plain(marks.lowest), suggested: plain(marks.suggested) })
    : word("tried", { count: tried.length });
  svg.setAttribute("aria-label", said);
}

/** @param {Marks} marks @param {(rate: number) => number} x @param {Say} word */
function marked({ suggested, steepest, lowest }, x, word) {
  const line = (/** @type {number} */ rate, /** @type {string} */ name) => svgNode("line", { class: name, x1: x(rate), x2: x(rate), y1: TOP, y2: HEIGHT - BOTTOM });
  return [
    line(lowest, "mark"),
    line(steepest, "mark"),
    line(suggested, "pick"),
    svgNode("text", { class: "marked", x: x(lowest) + 5, y: HEIGHT - BOTTOM - 8 }, word("lowest")),
    svgNode("text", { class: "marked", x: x(steepest) - 5, y: HEIGHT - BOTTOM - 8, "text-anchor": "end" }, word("falls_fastest")),
    svgNode("text", { class: "picked", x: x(suggested), y: TOP - 10, "text-anchor": "middle" }, plain(suggested)),
  ];
}

export default keepView(".finder", RateFinder);
