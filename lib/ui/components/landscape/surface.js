// A surface between the points of a grid: its height, its slope, its contour lines.

import { within } from "../base/keys.js";
import { bytesOf } from "../base/palette.js";

/** A place on the surface, or of a pixel. @typedef {[x: number, y: number]} Place */
/**
 * `data` holds 32-bit floats in base 64, the lowest row first; `x` and `y` are the ends of both directions.
 * @typedef {{rows: number, columns: number, x: Place, y: Place, data: string}} Grid
 */

export class Surface {
  /** @param {Grid} grid */
  constructor({ rows, columns, x, y, data }) {
    this.rows = rows;
    this.columns = columns;
    this.xRange = x;
    this.yRange = y;
    this.values = new Float32Array(bytesOf(data).buffer);
    this.lowest = this.values.reduce((a, b) => Math.min(a, b), Infinity);
    this.highest = this.values.reduce((a, b) => Math.max(a, b), 0);
    this.floor = Math.max(this.lowest, 1e-6);
  }

  /** 0..1 on a log scale. @param {number} value */
  share(value) {
    const whole = Math.log(Math.max(this.highest, this.floor * 1.001) / this.floor);
    return within(Math.log(Math.max(value, this.floor) / this.floor) / whole, 0, 1);
  }

  /** @param {number} row @param {number} column */
  at(row, column) {
    return this.values[row * this.columns + column];
  }

  /** Bilinear. @param {number} x @param {number} y */
  height(x, y) {
    const place = (/** @type {number} */ value, /** @type {Place} */ [from, to], /** @type {number} */ count) => within(((value - from) / (to - from)) * (count - 1), 0, count - 1);
    const [column, row] = [place(x, this.xRange, this.columns), place(y, this.yRange, this.rows)];
    const [c, r] = [Math.min(Math.floor(column), this.columns - 2), Math.min(Math.floor(row), this.rows - 2)];
    const [u, v] = [column - c, row - r];
    const mix = (/** @type {number} */ a, /** @type {number} */ b, /** @type {number} */ t) => a + (b - a) * t;
    return mix(mix(this.at(r, c), this.at(r, c + 1), u), mix(this.at(r + 1, c), this.at(r + 1, c + 1), u), v);
  }

  /** In both directions. @param {number} x @param {number} y @returns {Place} */
  slope(x, y) {
    const [dx, dy] = [this.width / this.columns / 2, this.depth / this.rows / 2];
    return [
      (this.height(x + dx, y) - this.height(x - dx, y)) / (2 * dx),
      (this.height(x, y + dy) - this.height(x, y - dy)) / (2 * dy),
    ];
  }

  get width() {
    return this.xRange[1] - this.xRange[0];
  }

  get depth() {
    return this.yRange[1] - this.yRange[0];
  }

  /** @param {number} x @param {number} y */
  contains(x, y) {
    return x >= this.xRange[0] && x <= this.xRange[1] && y >= this.yRange[0] && y <= this.yRange[1];
  }

  /** Pieces [[column, row], [column, row]] of the line at this share of the log scale (marching squares). @param {number} level */
  contour(level) {
    /** @type {[Place, Place][]} */
    const pieces = [];
    const value = (/** @type {number} */ row, /** @type {number} */ column) => this.share(this.at(row, column)) - level;
    for (let row = 0; row < this.rows - 1; row++) {
      for (let column = 0; column < this.columns - 1; column++) {
        /** @type {Place[]} */
        const corners = [[row, column], [row, column + 1], [row + 1, column + 1], [row + 1, column]];
        const crossings = corners.flatMap((corner, i) => {
          const next = corners[(i + 1) % 4];
          const [a, b] = [value(...corner), value(...next)];
          if (a < 0 === b < 0) return [];
          const t = a / (a - b);
          return [/** @type {Place} */ ([corner[1] + (next[1] - corner[1]) * t, corner[0] + (next[0] - corner[0]) * t])];
        });
        for (let i = 0; i + 1 < crossings.length; i += 2) pieces.push([crossings[i], crossings[i + 1]]);
      }
    }
    return pieces;
  }
}
