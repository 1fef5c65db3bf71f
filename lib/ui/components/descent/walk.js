// Gradient descent itself, and what there is to say about how it went.
/** @import { Frame, Shape } from "./curves.js" */
/** @typedef {{w: number, velocity: number}} Walker */

export const FLAT = 0.0015; // a slope that counts as 0, as a share of the curve's height over its width
export const FAR = 1e6; // a loss that counts as exploded

/**
 * One step, as torch.optim.SGD does it.
 * @param {Walker} walker
 * @param {number} slope
 * @param {number} rate
 * @param {number} momentum
 * @returns {Walker}
 */
export function stepDown({ w, velocity }, slope, rate, momentum) {
  const pace = momentum * velocity + slope;
  return { w: w - rate * pace, velocity: pace };
}

/**
 * The name of the sentence that fits: "left", "right", "flat", "local", "far", "grows", "bounces", "crawls".
 * @param {Walker[]} walk at least where it begins
 * @param {Shape} shape
 * @param {{from: number, to: number}} ends of the axis
 * @param {Pick<Frame, "lowest" | "flat">} frame
 */
export function howItGoes(walk, { loss, slope }, { from, to }, { lowest, flat }) {
  const { w, velocity } = walk[walk.length - 1];
  const here = loss(w);
  if (!Number.isFinite(here) || here > FAR) return "far";
  if (w < from - (to - from) || w > to + (to - from)) return "far";
  const resting = Math.abs(slope(w)) < flat && Math.abs(velocity) < 5 * flat;
  if (resting) return here > lowest + 20 * flat ? "local" : "flat";
  const moves = walk.slice(1).map((each, i) => each.w - walk[i].w);
  const last = moves.slice(-4);
  const heights = walk.slice(-4).map((each) => loss(each.w));
  if (heights.length === 4 && heights.every((height, i) => i === 0 || height > heights[i - 1])) return "grows";
  if (last.length === 4 && last.every((move, i) => i === 0 || move * last[i - 1] < 0)) return "bounces";
  const gained = loss(walk[0].w) - here;
  if (moves.length >= 12 && gained < 0.5 * (loss(walk[0].w) - lowest) && last.every((move) => move * last[0] > 0)) return "crawls";
  return slope(w) < 0 ? "left" : "right";
}
