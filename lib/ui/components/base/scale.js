// Axes as numbers: where a value lies between two ends, and where the ticks of an axis are.

/**
 * An axis, plain or of powers of ten.
 * @typedef {{from: number, to: number, log?: boolean}} Scale
 */

/** How far along the axis `value` is: 0 at its beginning, 1 at its end. @param {Scale} scale @param {number} value */
export function shareOf({ from, to, log }, value) {
  return log ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
}

/** The value so far along the axis, within it. @param {Scale} scale @param {number} share */
export function valueAt({ from, to, log }, share) {
  const part = Math.min(1, Math.max(0, share));
  return log ? from * (to / from) ** part : from + part * (to - from);
}

/** Ticks of an axis, about `count` of them. @param {Scale} scale @param {number} count */
export const ticksOf = ({ from, to, log }, count) => (log ? powerTicks : roundTicks)(from, to, count);

/** The smallest of 1, 2, 5 times a power of ten that is at least `value`. @param {number} value */
export function roundStep(value) {
  const power = 10 ** Math.floor(Math.log10(value) + 1e-9);
  return power * ([1, 2, 5].find((digit) => digit * power >= value * 0.999) ?? 10);
}

/** Multiples of `step` within from..to. @param {number} from @param {number} to @param {number} step */
export function multiples(from, to, step) {
  const ticks = [];
  for (let i = Math.ceil(from / step - 1e-9); i * step <= to + step * 1e-9; i++) ticks.push(Number((i * step).toPrecision(12)));
  return ticks;
}

/** Round numbers within from..to, not more than about `count`. @param {number} from @param {number} to @param {number} count */
export const roundTicks = (from, to, count) => multiples(from, to, roundStep((to - from) / count));

/** Powers of ten within from..to, not more than `count`. @param {number} from @param {number} to @param {number} count */
export function powerTicks(from, to, count) {
  const [first, last] = [Math.ceil(Math.log10(from) - 1e-9), Math.floor(Math.log10(to) + 1e-9)];
  const step = Math.max(1, Math.ceil((last - first + 1) / count));
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, i) => 10 ** (first + i * step));
}

/** The ends of an axis around shares (accuracies): some room, in whole points, within 0..1. @param {number[]} shares @param {number} least @param {number} part */
export function around(shares, least, part) {
  const [low, high] = [Math.min(...shares), Math.max(...shares)];
  const room = Math.max(least, part * (high - low));
  return [Math.max(0, Math.floor((low - room) * 100) / 100), Math.min(1, Math.ceil((high + room) * 100) / 100)];
}

/** "M1.0 2.0L3.0 4.0": a line through places in pixels. @param {number[][]} places */
export const pathThrough = (places) => places.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
