// Curves to go down: two of textbooks, and one through the points of a real loss.

import { FLAT } from "./walk.js";

/** Loss and slope over one weight. @typedef {{loss: (w: number) => number, slope: (w: number) => number}} Shape */
/**
 * A curve as the page names it: `rates` each with the name of its word; `axis` its title; `top` of the picture where it
 * is not the curve's own; one with `positions` and `losses` is drawn through these points; `here` is where the net stands.
 * @typedef {{name: string, label?: string, rates: [number, string][], start: number, from: number, to: number, axis?: string, top?: number, positions?: number[], losses?: number[], here?: number}} Curve
 */
/** What is in view, and which slope counts as flat. @typedef {{lowest: number, bottom: number, top: number, flat: number}} Frame */

const BOWL_MIDDLE = 0.655; // so that the slope at 0.38 is -0.55
const hill = (/** @type {number} */ w) => 2.6 * (w - 1.6);

/** @type {Record<string, Shape>} */
export const OWN_CURVES = {
  bowl: { loss: (w) => (w - BOWL_MIDDLE) ** 2, slope: (w) => 2 * (w - BOWL_MIDDLE) },
  hills: {
    loss: (w) => 0.5 + 0.16 * (w - 1.3) ** 2 - 0.4 * Math.cos(hill(w)),
    slope: (w) => 0.32 * (w - 1.3) + 0.4 * 2.6 * Math.sin(hill(w)),
  },
};

/**
 * A smooth curve through points: cubic Hermite pieces (Catmull-Rom); beyond the ends it goes on straight.
 * @param {number[]} x
 * @param {number[]} y
 * @returns {Shape}
 */
export function throughPoints(x, y) {
  const tangent = (/** @type {number} */ i) => {
    const [a, b] = [Math.max(0, i - 1), Math.min(x.length - 1, i + 1)];
    return (y[b] - y[a]) / (x[b] - x[a]);
  };
  const piece = (/** @type {number} */ w) => {
    let i = x.findIndex((each) => each > w) - 1;
    if (i === -2) i = x.length - 2;
    const h = x[i + 1] - x[i];
    return { i, h, t: (w - x[i]) / h, m0: tangent(i) * h, m1: tangent(i + 1) * h };
  };
  const [last, ends] = [x.length - 1, [tangent(0), tangent(x.length - 1)]];
  return {
    loss: (w) => {
      if (w <= x[0]) return y[0] + (w - x[0]) * ends[0];
      if (w >= x[last]) return y[last] + (w - x[last]) * ends[1];
      const { i, t, m0, m1 } = piece(w);
      return (2 * t ** 3 - 3 * t ** 2 + 1) * y[i] + (t ** 3 - 2 * t ** 2 + t) * m0 + (3 * t ** 2 - 2 * t ** 3) * y[i + 1] + (t ** 3 - t ** 2) * m1;
    },
    slope: (w) => {
      if (w <= x[0]) return ends[0];
      if (w >= x[last]) return ends[1];
      const { i, h, t, m0, m1 } = piece(w);
      return ((6 * t ** 2 - 6 * t) * y[i] + (3 * t ** 2 - 4 * t + 1) * m0 + (6 * t - 6 * t ** 2) * y[i + 1] + (3 * t ** 2 - 2 * t) * m1) / h;
    },
  };
}

/** The shape of a curve of our own, or of one through points. @param {Curve} curve */
export function shapeOf({ name, positions, losses }) {
  const own = OWN_CURVES[name];
  if (own) return own;
  if (!positions || !losses) throw new Error(`there is no curve ${name}`);
  return throughPoints(positions, losses);
}

/** @param {Curve} curve @param {Shape} shape @returns {Frame} */
export function frameOf({ from, to, top: wanted }, { loss }) {
  const losses = Array.from({ length: 241 }, (_, i) => loss(from + ((to - from) * i) / 240));
  const lowest = Math.min(...losses);
  const range = Math.max(...losses) - lowest;
  const [top, bottom] = [wanted ?? lowest + 1.12 * range, wanted ? 0 : lowest - 0.12 * range];
  return { lowest, bottom, top, flat: (FLAT * (top - bottom)) / (to - from) };
}
