// Four kinds of layer on a row of numbers: for each output what it sees, with which weights, and its value.
export const LENGTH = 8;
const KERNEL = [-1, 0, 1];
const RECURRENT = { own: 1, back: 0.8 };
const denseWeight = (/** @type {number} */ output, /** @type {number} */ input) => Math.round(10 * Math.sin(1.7 * output + 2.3 * input + 1)) / 10;
export const range = (/** @type {number} */ count) => Array.from({ length: count }, (_, i) => i);

/** @typedef {{from: number, weight: number, back?: boolean}} Seen */

/** @type {Record<string, {outputs: number, parameters: number, sees: (output: number) => Seen[]}>} */
export const KINDS = {
  dense: {
    outputs: LENGTH,
    parameters: LENGTH * LENGTH + LENGTH,
    sees: (output) => range(LENGTH).map((from) => ({ from, weight: denseWeight(output, from) })),
  },
  convolution: {
    outputs: LENGTH,
    parameters: KERNEL.length + 1,
    sees: (output) => KERNEL.map((weight, i) => ({ from: output + i - 1, weight })).filter(({ from }) => from >= 0 && from < LENGTH),
  },
  pooling: {
    outputs: LENGTH / 2,
    parameters: 0,
    sees: (output) => [0, 1].map((i) => ({ from: 2 * output + i, weight: 1 })),
  },
  recurrent: {
    outputs: LENGTH,
    parameters: 3,
    sees: (output) => [
      { from: output, weight: RECURRENT.own },
      ...(output ? [{ from: output - 1, weight: RECURRENT.back, back: true }] : []),
    ],
  },
};

/** All outputs of a kind of layer; a recurrent one needs those before. @param {string} kind @param {number[]} inputs */
export function outputsOf(kind, inputs) {
  /** @type {number[]} */
  const values = [];
  for (const output of range(KINDS[kind].outputs)) {
    const seen = KINDS[kind].sees(output);
    if (kind === "pooling") values.push(Math.max(...seen.map(({ from }) => inputs[from])));
    else {
      const sum = seen.reduce((total, { from, weight, back }) => total + weight * (back ? values[from] : inputs[from]), 0);
      values.push(kind === "recurrent" ? Math.tanh(sum) : sum);
    }
  }
  return values;
}
