// Points of curves as numbers: found, thinned, scaled, and the ticks and ends of their axes.

/** @import { Points } from "./live_chart.js" */

// 1, 2 and 5 of every power of ten: Plotly's own labels between the powers are bare digits.
export const LOG_TICKS = Array.from({ length: 14 }, (_, i) => [1, 2, 5].map((digit) => Number(`${digit}e${i - 6}`))).flat();

/** The first index whose x is at least `value` (x ascends). @param {number[]} x @param {number} value */
export function indexOf(x, value) {
  let [low, high] = [0, x.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Points `from`..`to`: all of them if few, else the lowest, the highest and a gap of each of `room / 2` stretches.
 * @param {number[]} x
 * @param {(number | null)[]} y
 * @param {number} from
 * @param {number} to
 * @param {number} room
 * @param {Points} out
 */
export function thin(x, y, from, to, room, out) {
  const step = to - from <= room ? 1 : (2 * (to - from)) / room;
  for (let start = from; start < to; start += step) {
    const last = Math.min(to, Math.floor(start + step));
    let [low, high, gap] = [-1, -1, -1];
    for (let i = Math.floor(start); i < last; i++) {
      const value = y[i];
      if (value === null) gap = i;
      else {
        if (low < 0 || value < (y[low] ?? 0)) low = i;
        if (high < 0 || value > (y[high] ?? 0)) high = i;
      }
    }
    for (const i of new Set([low, high, gap].filter((each) => each >= 0).sort((a, b) => a - b))) {
      out.x.push(x[i]);
      out.y.push(y[i]);
    }
  }
}

/** Nulls (a loss that is no number any more) stay gaps. @param {number} scale @param {(number | null)[]} values */
export function times(scale, values) {
  return scale === 1 ? values : values.map((value) => (value == null ? null : scale * value));
}

/** Whole epochs as ticks while several are in view, finer ones when zoomed in. @param {[number, number]} range */
export function epochTicks([from, to]) {
  const span = to - from;
  if (span < 2) return null;
  return [1, 2, 5, 10, 20, 50, 100, 200, 500].find((step) => span / step <= 10.5) ?? null;
}

/** The next round number above `value`, so that the axis rarely moves. @param {number} value */
export function roundUp(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([1, 1.5, 2, 2.5, 3, 4, 5, 6, 8].find((step) => value <= power * step * 1.0001) ?? 10);
}

const EARLY = 0.02; // of a run: until then an axis ends where the curve does, so that something is to be seen

/** Where an axis of epochs ends: with the run, and at its very beginning soon after the last point. @param {number} last @param {number} epochs */
export function reachOf(last, epochs) {
  const early = EARLY * epochs;
  return last > 0 && last < early ? Math.min(roundUp(last), early) : epochs;
}
