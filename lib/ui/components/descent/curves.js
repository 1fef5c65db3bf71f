// Curves to go down: two of textbooks, and one through the points of a real loss.
const BOWL_MIDDLE = 0.655; // so that the slope at 0.38 is -0.55
const hill = (/** @type {number} */ w) => 2.6 * (w - 1.6);

export const OWN_CURVES = {
  bowl: { loss: (w) => (w - BOWL_MIDDLE) ** 2, slope: (w) => 2 * (w - BOWL_MIDDLE) },
  hills: {
    loss: (w) => 0.5 + 0.16 * (w - 1.3) ** 2 - 0.4 * Math.cos(hill(w)),
    slope: (w) => 0.32 * (w - 1.3) + 0.4 * 2.6 * Math.sin(hill(w)),
  },
};

/**
 * A smooth curve through points: cubic Hermite pieces (Catmull-Rom); beyond the ends it goes on straight.
 * @param {number} x
 * @param {number} y
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
