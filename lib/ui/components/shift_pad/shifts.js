// Shifts of a picture as places of a square map: from -reach to reach, right and down.

import { within } from "../base/keys.js";

/** @import { Say } from "../base/types.js" */

/** Pixels to the right and down. @typedef {[dx: number, dy: number]} Shift */

export class Shifts {
  /** @param {number} reach */
  constructor(reach) {
    this.reach = reach;
    this.side = 2 * reach + 1;
  }

  /** The nearest shift that there is. @param {number} dx @param {number} dy @returns {Shift} */
  nearest(dx, dy) {
    const whole = (/** @type {number} */ pixels) => within(Math.round(pixels), -this.reach, this.reach);
    return [whole(dx), whole(dy)];
  }

  /** Where its number is in a map that goes row by row. @param {Shift} shift */
  index([dx, dy]) {
    return (dy + this.reach) * this.side + dx + this.reach;
  }

  /** The shift at a place of the map, 0..1 each way. @param {{x: number, y: number}} place @returns {Shift} */
  at({ x, y }) {
    const cell = (/** @type {number} */ share) => within(Math.floor(share * this.side), 0, this.side - 1) - this.reach;
    return [cell(x), cell(y)];
  }

  /** The mean of a map over all shifts up to `frame`. @param {ArrayLike<number>} map @param {number} frame */
  mean(map, frame) {
    const near = Array.from({ length: 2 * frame + 1 }, (_, i) => i - frame);
    const cells = near.flatMap((dy) => near.map((dx) => map[this.index([dx, dy])]));
    return cells.reduce((a, b) => a + b, 0) / cells.length;
  }
}

/** "3 right, 1 up", or "the middle". @param {Shift} shift @param {Say} word */
export function inWords([dx, dy], word) {
  const across = dx && word(dx > 0 ? "to_right" : "to_left", { pixels: Math.abs(dx) });
  const along = dy && word(dy > 0 ? "to_down" : "to_up", { pixels: Math.abs(dy) });
  return [across, along].filter(Boolean).join(", ") || word("middle");
}
