// Every activation that layers may have, in place, over the numbers of a whole layer.

const LEAK = 0.01; // of leaky ReLU: its slope below zero

/** @type {Record<string, (values: Float32Array) => void>} */
export const ACTIVATIONS = {
  relu: over((z) => Math.max(z, 0)),
  sigmoid: over((z) => 1 / (1 + Math.exp(-z))),
  tanh: over(Math.tanh),
  leaky_relu: over((z) => (z < 0 ? LEAK * z : z)),
  gelu: over((z) => z * normalShare(z)),
  linear: () => {},
};

/** @param {(z: number) => number} bend */
function over(bend) {
  return (/** @type {Float32Array} */ values) => {
    for (let i = 0; i < values.length; i++) values[i] = bend(values[i]);
  };
}

/** How much of a standard normal curve lies below `z`, to 1e-7 (Abramowitz & Stegun 7.1.26). @param {number} z */
function normalShare(z) {
  const t = 1 / (1 + (0.3275911 * Math.abs(z)) / Math.SQRT2);
  const sum = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const above = (sum * Math.exp((-z * z) / 2)) / 2;
  return z < 0 ? above : 1 - above;
}

/** Exponentials that add up to 1. @param {ArrayLike<number>} scores */
export function softmax(scores) {
  const list = Array.from(scores);
  const most = Math.max(...list);
  const powers = list.map((score) => Math.exp(score - most));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
