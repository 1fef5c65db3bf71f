// What is drawn of a walk: the ball on its curve, the triangle under it, and the loss step by step.

import { FAR } from "./walk.js";

/** @import { Say } from "../base/types.js" */
/** @import { Chart } from "../base/chart.js" */
/** @import { Curve, Frame, Shape } from "./curves.js" */
/** @import { Walker } from "./walk.js" */

const STEPS_SHOWN = 60;

/**
 * The curve, the newest steps, and the slope under the ball as rise over `run`.
 * @param {Chart} chart
 * @param {Curve} curve
 * @param {Shape} shape
 * @param {Frame} frame
 * @param {Walker[]} walk
 * @param {number} run
 * @param {Say} say
 */
export function drawWalk(chart, curve, { loss, slope }, { bottom, top, flat }, walk, run, say) {
  const { from, to, here } = curve;
  if (!chart.begin({ from, to, title: curve.axis ?? say("weight_axis") }, { from: bottom, to: top, title: say("loss") })) return;
  if (here !== undefined) {
    chart.line([[here, bottom], [here, top]], "faint dashed");
    chart.text(here, top, say("now"), "", "middle");
  }
  chart.curve(loss, "");
  const steps = walk.slice(-STEPS_SHOWN).map(({ w }) => [w, loss(w)]);
  chart.line(steps, "warm");
  for (const [x, y] of steps.slice(0, -1)) chart.dot(x, y, "warm", 3);
  const { w } = walk[walk.length - 1];
  if (w < from || w > to || !Number.isFinite(loss(w))) return;
  drawTriangle(chart, { x: w, y: loss(w) }, slope(w), run * Math.min(1, (to - from) / 3), say);
  if (Math.abs(slope(w)) >= flat) drawArrow(chart, w, slope(w) < 0 ? 1 : -1);
  chart.dot(w, loss(w), "warm", 8);
}

/** The tangent at a place, and below it rise over run. @param {Chart} chart @param {{x: number, y: number}} at @param {number} slope @param {number} run @param {Say} say */
function drawTriangle(chart, { x: w, y: height }, slope, run, say) {
  const reach = run * 1.25;
  chart.line([[w - reach, height - slope * reach], [w + reach, height + slope * reach]], "quiet");
  const corners = [[w, height], [w + run, height], [w + run, height + slope * run]];
  chart.add("polygon", { class: "triangle", points: corners.map(([x, y]) => `${chart.x(x)},${chart.y(y)}`).join(" ") });
  const below = slope > 0 ? 22 : -12; // clear of the ball
  const text = { class: "warm", "text-anchor": "middle", x: chart.x(w + run / 2), y: chart.y(height) + below };
  chart.add("text", text, say("run"));
  const beside = { x: chart.x(w + run) + 5, y: chart.y(height + (slope * run) / 2) + 4 };
  chart.add("text", { class: "warm", "text-anchor": "start", ...beside }, say("rise"));
}

/** Which way the next step goes: 1 right, -1 left. @param {Chart} chart @param {number} w @param {1 | -1} way */
function drawArrow(chart, w, way) {
  const [x, y] = [chart.x(w), chart.height - chart.margin.bottom - 8];
  chart.add("path", { class: "arrow", d: `M${x} ${y}h${34 * way}m${-7 * way} -5l${7 * way} 5l${-7 * way} 5` });
}

/** The loss after every step; returned as numbers. @param {Chart} chart @param {Shape} shape @param {Frame} frame @param {Walker[]} walk @param {Say} say */
export function drawHistory(chart, shape, { bottom }, walk, say) {
  const losses = walk.map(({ w }) => shape.loss(w)).map((loss) => (Number.isFinite(loss) ? loss : FAR));
  const steps = losses.length - 1;
  const most = Math.min(Math.max(...losses), 12 * Math.max(losses[0], 0.1));
  const range = most - Math.min(0, bottom);
  const y = { from: Math.min(0, bottom), to: Math.max(most, bottom + 0.2 * range) * 1.1, title: say("loss") };
  const x = { from: 0, to: Math.max(20, Math.ceil(steps / 20) * 20), title: say("steps"), ticks: 4 };
  if (!chart.begin(x, y)) return losses;
  chart.line(losses.map((loss, i) => [i, loss]), "warm");
  chart.dot(steps, Math.min(losses[steps], y.to), "warm", 4);
  return losses;
}
