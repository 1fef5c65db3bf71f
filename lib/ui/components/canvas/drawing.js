// A drawing: strokes that grow, are taken back one by one, or cleared all at once and brought back.

import { distance } from "./strokes.js";

/** @import { Point, Stroke } from "./strokes.js" */

const CLOSEST = 0.004; // of the side; nearer points add nothing but work

export class Drawing {
  constructor() {
    /** @type {Stroke[]} */
    this.strokes = [];
    /** @type {Stroke[] | null} */
    this.cleared = null; // what Clear took away, until something is drawn
    this.turn = 0; // how often it has changed
  }

  get isEmpty() {
    return !this.strokes.length;
  }

  /** True if there is something to take back. */
  get canUndo() {
    return Boolean(this.strokes.length || this.cleared);
  }

  /** A new stroke. @param {number} width in shares of the side @param {Point} point */
  begin(width, point) {
    const stroke = { width, points: [point] };
    this.strokes.push(stroke);
    this.cleared = null;
    this.turn += 1;
    return stroke;
  }

  /** Lead a stroke on; gives whether that is seen. @param {Stroke} stroke @param {Point} point */
  extend(stroke, point) {
    const last = stroke.points.at(-1);
    if (last && distance(last, point) < CLOSEST) return false;
    stroke.points.push(point);
    this.turn += 1;
    return true;
  }

  /** Take the last stroke back; right after `clear`, bring everything back. Gives what was done. */
  undo() {
    if (!this.canUndo) return null;
    this.turn += 1;
    if (this.strokes.length) {
      this.strokes.pop();
      return "removed";
    }
    this.strokes = this.cleared ?? [];
    this.cleared = null;
    return "restored";
  }

  /** Take everything away; gives whether there was something. */
  clear() {
    if (!this.strokes.length) return false;
    this.cleared = this.strokes;
    this.strokes = [];
    this.turn += 1;
    return true;
  }
}
