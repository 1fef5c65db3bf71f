// Activations and their slopes.
const sigmoid = (/** @type {number} */ z) => 1 / (1 + Math.exp(-z));

/** @typedef {{value: (z: number) => number, slope: (z: number) => number}} Activation */

/** @type {Record<string, Activation>} */
export const ACTIVATIONS = {
  relu: { value: (z) => Math.max(0, z), slope: (z) => (z > 0 ? 1 : 0) },
  sigmoid: { value: sigmoid, slope: (z) => sigmoid(z) * (1 - sigmoid(z)) },
  tanh: { value: Math.tanh, slope: (z) => 1 - Math.tanh(z) ** 2 },
  linear: { value: (z) => z, slope: () => 1 },
};
