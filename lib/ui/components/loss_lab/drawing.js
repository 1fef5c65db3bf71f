// What is drawn beside the numbers of a loss: a little net, and the losses over the probability of the right class.

import { svgNode } from "../base/dom.js";

/** @import { Axis, Chart } from "../base/chart.js" */
/** @import { Loss, Losses } from "./losses.js" */

export const LEAST = 0.001; // of the probability that a chart shows: cross-entropy of 0 is infinite
/** @type {[Loss, string, string][]} */
const LOOKS = [["mse", "quiet", " dashed"], ["sse", "", ""], ["ce", "warm", ""]]; // of dots, and of lines too

/** Three layers, joined by lines: a picture of a net, nobody's weights. @param {SVGSVGElement} svg */
export function drawNet(svg) {
  const layers = [5, 4, 3].map((nodes, i) => Array.from({ length: nodes }, (_, k) => [10 + i * 20, 37 + (k - (nodes - 1) / 2) * 14]));
  layers.slice(1).forEach((layer, i) => {
    for (const [x2, y2] of layer) for (const [x1, y1] of layers[i]) svg.append(svgNode("line", { x1, y1, x2, y2 }));
  });
  for (const [cx, cy] of layers.flat()) svg.append(svgNode("circle", { cx, cy, r: 4 }));
}

/**
 * The three losses over the probability, and where the picture is.
 * @param {Chart} chart
 * @param {Axis} x
 * @param {Axis} y
 * @param {number} right
 * @param {(right: number) => Losses} at
 */
export function drawLosses(chart, x, y, right, at) {
  if (!chart.begin(x, y)) return;
  chart.line([[right, y.from], [right, y.to]], "faint");
  for (const [name, look, line] of LOOKS) chart.curve((p) => at(Math.max(p, LEAST))[name], look + line);
  const here = at(Math.max(right, LEAST));
  for (const [name, look] of LOOKS) {
    if (here[name] <= y.to) chart.dot(right, here[name], look);
  }
}
