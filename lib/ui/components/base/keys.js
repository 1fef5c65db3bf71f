// Where the arrow keys lead.

/** @type {Record<string, [number, number]>} */
const WAYS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** Rows down and columns to the right that an arrow key asks for, or undefined. @param {KeyboardEvent} event */
export const arrowWay = (event) => WAYS[event.key];

/** One on (right, down) or one back (left, up) as an arrow key asks, or 0. @param {KeyboardEvent} event */
export const arrowStep = (event) => (WAYS[event.key] ?? [0, 0]).reduce((a, b) => a + b);

/** `value`, or the nearest end of least..most. @param {number} value @param {number} least @param {number} most */
export const within = (value, least, most) => Math.min(most, Math.max(least, value));
