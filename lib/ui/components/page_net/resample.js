// Grey pictures made smaller or larger exactly as Pillow does it: the training pictures went through its filters.

/** @import { Grey } from "./types.js" */

/** @typedef {{reach: number, weight: (x: number) => number}} Filter */

const BITS = 22; // of the fraction: weights are whole numbers, as Pillow has them for bytes

/** @param {number} x */
const sinc = (x) => (x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI));

/** @type {Filter} */
export const BOX = { reach: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) };

/** @type {Filter} */
export const LANCZOS = { reach: 3, weight: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) };

/** @type {Filter} */
export const BICUBIC = {
  reach: 2,
  weight: (x) => {
    const at = Math.abs(x);
    if (at < 1) return (1.5 * at - 2.5) * at * at + 1;
    return at < 2 ? ((at - 5) * at + 8) * at * -0.5 + 2 : 0;
  },
};

/** @param {Grey} picture @param {number} width @param {number} height @param {Filter} filter @returns {Grey} */
export function resized(picture, width, height, filter) {
  const [fewerColumns, fewerRows] = [picture.width - width, picture.height - height];
  // Pillow rounds after each of the two ways, and goes first along the one that leaves it less to do.
  const isDownFirst = fewerRows > 0 && fewerRows > 2 * fewerColumns;
  return isDownFirst ? across(down(picture, height, filter), width, filter) : down(across(picture, width, filter), height, filter);
}

/** @param {Grey} picture @param {number} width @param {Filter} filter */
const across = (picture, width, filter) => (width === picture.width ? picture : along(picture, width, filter));

/** @param {Grey} picture @param {number} height @param {Filter} filter */
const down = (picture, height, filter) => (height === picture.height ? picture : turned(along(turned(picture), height, filter)));

/** Every row with `width` pixels. @param {Grey} picture @param {number} width @param {Filter} filter @returns {Grey} */
function along(picture, width, filter) {
  const { height, pixels } = picture;
  const shares = sharesOf(picture.width, width, filter);
  const out = new Uint8ClampedArray(width * height);
  for (let x = 0; x < width; x++) {
    const { first, weights } = shares[x];
    for (let y = 0; y < height; y++) {
      let sum = 1 << (BITS - 1);
      for (let i = 0, at = y * picture.width + first; i < weights.length; i++, at++) sum = (sum + pixels[at] * weights[i]) | 0;
      out[y * width + x] = sum >> BITS;
    }
  }
  return { width, height, pixels: new Uint8Array(out.buffer) };
}

/** @typedef {{first: number, weights: Int32Array}} Share */

const MOST_KEPT = 200;
/** @type {Map<Filter, Map<string, Share[]>>} */
const KEPT = new Map();

/** From which pixels each new one comes, and how much from each; a pen asks for the same again and again. @param {number} from @param {number} to @param {Filter} filter */
function sharesOf(from, to, filter) {
  const kept = KEPT.get(filter) ?? new Map();
  const key = `${from} ${to}`;
  const found = kept.get(key) ?? newShares(from, to, filter);
  if (kept.size > MOST_KEPT) kept.clear();
  KEPT.set(filter, kept.set(key, found));
  return found;
}

/** @param {number} from @param {number} to @param {Filter} filter @returns {Share[]} */
function newShares(from, to, filter) {
  const scale = from / to;
  const wide = Math.max(scale, 1);
  const support = filter.reach * wide;
  return Array.from({ length: to }, (_, at) => {
    const centre = (at + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(from, Math.trunc(centre + support + 0.5));
    const weights = Array.from({ length: end - first }, (_, i) => filter.weight((i + first - centre + 0.5) * (1 / wide)));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return { first, weights: Int32Array.from(weights, (weight) => whole(sum === 0 ? weight : weight / sum)) };
  });
}

/** @param {number} weight */
const whole = (weight) => Math.trunc((weight < 0 ? -0.5 : 0.5) + weight * 2 ** BITS);

/** Rows as columns. @param {Grey} picture @returns {Grey} */
function turned({ width, height, pixels }) {
  const out = new Uint8Array(pixels.length);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) out[x * height + y] = pixels[y * width + x];
  return { width: height, height: width, pixels: out };
}
