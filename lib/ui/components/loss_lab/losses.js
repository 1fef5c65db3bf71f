// The losses of a small batch, and how strongly each pulls at the score of the right class.

/** Probabilities of the classes, and which class is right. @typedef {{outputs: number[], label: number}} Picture */
/** @typedef {"sse" | "mse" | "ce"} Loss */
/** @typedef {Record<Loss, number>} Losses */

/** @type {Loss[]} */
export const LOSSES = ["sse", "mse", "ce"];

export const sum = (/** @type {number[]} */ numbers) => numbers.reduce((a, b) => a + b, 0);

/** How far each output is from its label (1 for the right class, 0 for others), squared. @param {Picture} picture */
export const squares = ({ outputs, label }) => outputs.map((p, i) => ((i === label ? 1 : 0) - p) ** 2);

/** The sum of squared errors. @param {Picture} picture */
export const sse = (picture) => sum(squares(picture));

/** The slope of the squared error to the score (logit) of the right class, through softmax. @param {Picture} picture */
function ssePull({ outputs, label }) {
  const isRight = (/** @type {number} */ i) => (i === label ? 1 : 0);
  return sum(outputs.map((p, i) => 2 * (p - isRight(i)) * p * (isRight(i) - outputs[label])));
}

/**
 * The same outputs with one of them set; the others make room in proportion.
 * @param {number[]} outputs
 * @param {number} place
 * @param {number} value
 */
export function withOutput(outputs, place, value) {
  const rest = 1 - outputs[place];
  const others = outputs.length - 1;
  return outputs.map((p, i) => {
    if (i === place) return value;
    return rest > 1e-9 ? (p * (1 - value)) / rest : (1 - value) / others;
  });
}

/** @param {Picture} picture @param {number} right @returns {Picture} */
const withRight = ({ outputs, label }, right) => ({ label, outputs: withOutput(outputs, label, right) });

/**
 * The losses of the picture at `at` among `pictures`, were `right` its probability of the right class.
 * @param {Picture[]} pictures
 * @param {number} at
 * @param {number} right
 * @returns {Losses}
 */
export function lossesAt(pictures, at, right) {
  const picture = withRight(pictures[at], right);
  const others = sum(pictures.filter((_, i) => i !== at).map(sse));
  const one = sse(picture);
  return { sse: one, mse: (one + others) / pictures.length, ce: -Math.log(picture.outputs[picture.label]) };
}

/**
 * How strongly each loss pulls at that score: the size of its slope.
 * @param {Picture[]} pictures
 * @param {number} at
 * @param {number} right
 * @returns {Losses}
 */
export function pullsAt(pictures, at, right) {
  const one = Math.abs(ssePull(withRight(pictures[at], right)));
  return { sse: one, mse: one / pictures.length, ce: 1 - right };
}
