// A picture of numbers that a mouse, a finger or the arrow keys move over, with a frame around where they are.

import { arrowWay } from "../base/keys.js";
import { copyOf, find, setText } from "../base/dom.js";
import { VIRIDIS, bytesOf, colourTable, paint } from "../base/palette.js";

const FAR = 4; // cells, one arrow with Shift
export const COLOURS = ["red", "green", "blue"]; // of a picture with three channels
export const NOTHING = 256; // in no colour table: the pixel stays clear

export const GREY = colourTable([[0, 0, 0], [255, 255, 255]]);
const INKS = [GREY, ...[[255, 70, 60], [70, 220, 90], [80, 140, 255]].map((ink) => colourTable([[0, 0, 0], ink]))];

export class Field {
  /**
   * `move(row, column)` is called with whole cells inside the field; `keys` also gives it the keyboard.
   * @param {HTMLElement} template
   * @param {HTMLElement} slot
   */
  constructor(template, slot, { move, keys = false }) {
    const figure = copyOf(template);
    slot.replaceWith(figure);
    figure.classList.add(...[...slot.classList].filter((name) => name !== "slot"));
    this.figure = figure;
    this.move = move;
    this.rows = 1;
    this.columns = 1;
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

  /** Paint `rows` × `columns` cells; `indices` are places in the colour `table`, `NOTHING` leaves one clear. */
  paint(rows, columns, indices, table) {
    this.rows = rows;
    this.columns = columns;
    this.sheet.style.aspectRatio = `${columns} / ${rows}`;
    this.figure.classList.toggle("upright", rows > columns);
    paint(this.canvas, columns, rows, indices, table);
  }

  /** @param {string} caption */
  say(caption, label) {
    setText(find(this.figure, "figcaption"), caption);
    this.sheet.setAttribute("aria-label", label ?? caption);
  }

  /** Frame `height` × `width` cells from (row, column) on. @param {number} row @param {number} column */
  mark(row, column, height = 1, width = 1) {
    place(this.frame, this, [row, column, height, width]);
  }

  /** Strike out areas [row, column, height, width]: zeros of the padding, rows that are dropped. @param {number} areas */
  hatch(areas) {
    const holder = find(this.figure, ".hatches");
    const seen = areas.filter(([, , height, width]) => height > 0 && width > 0);
    while (holder.children.length > seen.length) holder.lastChild.remove();
    while (holder.children.length < seen.length) holder.append(document.createElement("i"));
    seen.forEach((area, i) => place(holder.children[i], this, area));
  }

  /** @param {PointerEvent} event */
  point(event) {
    const box = this.sheet.getBoundingClientRect();
    const cell = (/** @type {number} */ offset, /** @type {number} */ length, /** @type {number} */ count) => Math.max(0, Math.min(count - 1, Math.floor((offset / length) * count)));
    const row = cell(event.clientY - box.top, box.height, this.rows);
    this.move(row, cell(event.clientX - box.left, box.width, this.columns));
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const arrow = arrowWay(event);
    if (!arrow || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const far = event.shiftKey ? FAR : 1;
    const [row, column] = this.at.map((where, axis) => where + arrow[axis] * far);
    this.move(Math.max(0, Math.min(this.rows - 1, row)), Math.max(0, Math.min(this.columns - 1, column)), arrow);
  }
}

/** @param {HTMLElement} element */
function place(element, { rows, columns }, [row, column, height, width]) {
  const share = (part, whole) => `${(part / whole) * 100}%`;
  Object.assign(element.style, {
    top: share(row, rows), left: share(column, columns), height: share(height, rows), width: share(width, columns),
  });
}

/** Base64 of float32 with its shape, as [numbers, ...shape]. */
export function numbersOf({ data, shape }) {
  return [new Float32Array(bytesOf(data).buffer), ...shape];
}

/** The lowest and the highest of some numbers. @param {number[]} values */
export function ends(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}

/** Which of 256 colours stands for `value` between `low` and `high`. */
export function between(value, { low, high }) {
  return high > low ? Math.round(255 * Math.max(0, Math.min(1, (value - low) / (high - low)))) : 0;
}

/**
 * The numbers of map `channel` in a stack, its colours, and what it is called; `index`: its place in its layer.
 * @param {number} channel
 */
export function mapOf(stack, channel, { sourceLayer, highest }, index = channel) {
  const [values, channels, height, width] = stack;
  const map = values.subarray(channel * height * width, (channel + 1) * height * width);
  if (sourceLayer) return { map, table: VIRIDIS, scale: ends(map), name: `map ${index + 1} of ${sourceLayer}` };
  const colour = channels === 3 ? channel + 1 : 0;
  const name = colour ? `the picture’s ${COLOURS[channel]}` : "the picture";
  return { map, table: INKS[colour], scale: { low: 0, high: highest }, name };
}
