// A picture of numbers that a mouse, a finger or the arrow keys move over, with a frame around where they are.

import { fillSlot, find, fitChildren, setText } from "../base/dom.js";
import { placeIn } from "../base/drag.js";
import { arrowWay, within } from "../base/keys.js";
import { VIRIDIS, colourTable, paint } from "../base/palette.js";

/** @import { Say } from "../base/types.js" */
/** @typedef {[row: number, column: number]} Cell */
/** @typedef {[row: number, column: number, height: number, width: number]} Area */
/** Hears of a cell; `arrow`: rows and columns that a key asked for. @typedef {(row: number, column: number, arrow?: Cell) => unknown} Move */
/** Numbers on their way. @typedef {{data: Float32Array<ArrayBuffer>, shape: number[]}} Sent */
/** @typedef {[values: Float32Array<ArrayBuffer>, ...shape: number[]]} Shaped */
/** @typedef {{low: number, high: number}} Ends */
/** Where numbers come from: a layer, or the picture, whose white is `highest`. @typedef {{sourceLayer: string | null, highest: number}} Source */
/** One map of a stack, with its colours and its name. @typedef {ReturnType<typeof mapOf>} Shown */

const FAR = 4; // cells, one arrow with Shift
export const COLOURS = ["red", "green", "blue"]; // of a picture with three channels, as they are called in the catalogues
export const NOTHING = 256; // in no colour table: the pixel stays clear

export const GREY = colourTable([[0, 0, 0], [255, 255, 255]]);
const INKS = [GREY, ...[[255, 70, 60], [70, 220, 90], [80, 140, 255]].map((ink) => colourTable([[0, 0, 0], ink]))];

export class Field {
  /**
   * `move` is called with whole cells inside the field; `keys` also gives it the keyboard.
   * @param {HTMLElement} template
   * @param {HTMLElement} slot
   * @param {{move: Move, keys?: boolean}} options
   */
  constructor(template, slot, { move, keys = false }) {
    const figure = fillSlot(template, slot);
    this.figure = figure;
    this.move = move;
    this.rows = 1;
    this.columns = 1;
    /** @type {Cell} */
    this.at = [0, 0];
    this.sheet = find(figure, ".sheet");
    this.canvas = find(figure, "canvas");
    this.frame = find(figure, ".mark");
    this.sheet.onpointermove = (event) => this.point(event);
    this.sheet.onpointerdown = (event) => {
      if (event.pointerType !== "mouse") this.sheet.setPointerCapture(event.pointerId);
      this.point(event);
    };
    if (!keys) return;
    this.sheet.tabIndex = 0;
    this.sheet.setAttribute("role", "application");
    this.sheet.onkeydown = (event) => this.press(event);
  }

  /**
   * Paint cells; `indices` are places in the colour `table`, `NOTHING` leaves one clear.
   * @param {number} rows
   * @param {number} columns
   * @param {ArrayLike<number>} indices
   * @param {Uint32Array} table
   */
  paint(rows, columns, indices, table) {
    this.rows = rows;
    this.columns = columns;
    this.sheet.style.aspectRatio = `${columns} / ${rows}`;
    this.figure.classList.toggle("upright", rows > columns);
    paint(this.canvas, columns, rows, indices, table);
  }

  /** @param {string} caption @param {string} [label] */
  say(caption, label) {
    setText(find(this.figure, "figcaption"), caption);
    if (!this.sheet.hasAttribute("role")) this.sheet.setAttribute("role", "img");
    this.sheet.setAttribute("aria-label", label ?? caption);
  }

  /** Frame `height` × `width` cells from (row, column) on. @param {number} row @param {number} column */
  mark(row, column, height = 1, width = 1) {
    place(this.frame, this, [row, column, height, width]);
  }

  /** Strike out areas [row, column, height, width]: zeros of the padding, rows that are dropped. @param {Area[]} areas */
  hatch(areas) {
    const holder = find(this.figure, ".hatches");
    const seen = areas.filter(([, , height, width]) => height > 0 && width > 0);
    const hatches = fitChildren(holder, seen.length, () => document.createElement("i"));
    seen.forEach((area, i) => place(hatches[i], this, area));
  }

  /** @param {PointerEvent} event */
  point(event) {
    const { x, y } = placeIn(this.sheet, event);
    this.goTo(Math.floor(y * this.rows), Math.floor(x * this.columns));
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const arrow = arrowWay(event);
    if (!arrow || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const far = event.shiftKey ? FAR : 1;
    const [row, column] = this.at.map((where, axis) => where + arrow[axis] * far);
    this.goTo(row, column, arrow);
  }

  /** The nearest cell of the field. @param {number} row @param {number} column @param {Cell} [arrow] */
  goTo(row, column, arrow) {
    this.move(within(row, 0, this.rows - 1), within(column, 0, this.columns - 1), arrow);
  }
}

/** @param {HTMLElement} element @param {{rows: number, columns: number}} field @param {Area} area */
function place(element, { rows, columns }, [row, column, height, width]) {
  const share = (/** @type {number} */ part, /** @type {number} */ whole) => `${(part / whole) * 100}%`;
  Object.assign(element.style, {
    top: share(row, rows), left: share(column, columns), height: share(height, rows), width: share(width, columns),
  });
}

/** Numbers with their shape, as [numbers, ...shape]. @param {Sent} sent @returns {Shaped} */
export function numbersOf({ data, shape }) {
  return [data, ...shape];
}

/** The lowest and the highest of some numbers. @param {Iterable<number>} values @returns {Ends} */
export function ends(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}

/** Which of 256 colours stands for `value` between `low` and `high`. @param {number} value @param {Ends} ends */
export function between(value, { low, high }) {
  return high > low ? Math.round(255 * within((value - low) / (high - low), 0, 1)) : 0;
}

/**
 * The numbers of map `channel` in a stack, its colours, and what it is called; `index`: its place in its layer.
 * @param {Shaped} stack
 * @param {number} channel
 * @param {Source} source
 * @param {Say} word
 */
export function mapOf(stack, channel, { sourceLayer, highest }, word, index = channel) {
  const [values, channels, height, width] = stack;
  const map = values.subarray(channel * height * width, (channel + 1) * height * width);
  if (sourceLayer) return { map, table: VIRIDIS, scale: ends(map), name: word("map_of", { map: index + 1, layer: sourceLayer }) };
  const colour = channels === 3 ? channel + 1 : 0;
  const name = word(colour ? `picture_${COLOURS[channel]}` : "the_picture");
  return { map, table: INKS[colour], scale: { low: 0, high: highest }, name };
}
