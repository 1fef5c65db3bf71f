// Which classes stand beside a picture, and which of them is the answer.

const MOST = 4;

/**
 * The likeliest class, and those with a bar: the ones in `first` always, in that order, then the likeliest others.
 * @param {number[]} shares
 * @param {(number | null)[]} first
 * @returns {{best: number, rows: number[]}}
 */
export function barsOf(shares, first) {
  const order = shares.map((_, i) => i).sort((one, other) => shares[other] - shares[one]);
  const kept = [...new Set(first)].filter((index) => index !== null && index < shares.length);
  const rows = [.../** @type {number[]} */ (kept), ...order.filter((index) => !kept.includes(index))];
  return { best: order[0], rows: rows.slice(0, Math.max(MOST, kept.length)) };
}
