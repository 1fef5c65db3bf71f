// Small squares of numbers: a window, a kernel, their products. Drawn, not built: all of them change with every move.

import { fillSlot, find, setText } from "../base/dom.js";
import { context2d, inkOn, rgbOf } from "../base/palette.js";
import { localized } from "../base/numbers.js";

/** How a cell looks: `struck` and `framed` are colours, where it is. @typedef {{fill: string, ink: string, struck?: string, framed?: string | false}} Look */

const LEAST_WITH_NUMBERS = 21; // pixels of a cell below which only its colour is shown

/** A colour of a packed table, and black or white, whichever can be read on it. @param {Uint32Array} table @param {number} index @returns {Look} */
export function coloured(table, index) {
  const [red, green, blue] = rgbOf(table[index]);
  return { fill: `rgb(${red} ${green} ${blue})`, ink: inkOn(red, green, blue) };
}

/** As many figures as fit a cell: 0.47, with less room .47. @param {number} value @param {number} room @param {boolean} isSigned */
function inCell(value, room, isSigned) {
  const size = Math.abs(value);
  const digits = size >= 99.5 || (size >= 9.95 && room < 34) ? 0 : size >= 9.95 || room < 22 ? 1 : 2;
  const figures = size >= 1e5 ? size.toExponential(0).replace("e+", "e") : size.toFixed(digits);
  if (room < 34 && !Number(figures)) return "0";
  const sign = !Number(figures) ? "" : value < 0 ? "−" : isSigned && room >= 40 ? "+" : "";
  return sign + localized(room < 34 && size < 1 ? figures.replace(/^0(?=\.)/, "") : figures);
}

/** Pixels for one grid: three of them and two signs share a row of a section `width` wide. @param {number} columns @param {number} width */
function roomForGrid(columns, width) {
  if (width <= 640) return 72;
  return columns > 5 && width > 1240 ? 172 : 132;
}

export class Cells {
  font = "";

  /** `section.width` is how wide all of it may be. @param {HTMLElement} template @param {HTMLElement} slot @param {{width: number}} section */
  constructor(template, slot, section) {
    this.section = section;
    this.figure = fillSlot(template, slot);
    this.canvas = find(this.figure, "canvas");
  }

  /** @param {string} caption */
  say(caption) {
    setText(find(this.figure, "figcaption"), caption);
  }

  /**
   * Draw `values`, `columns` a row.
   * @param {ArrayLike<number>} values
   * @param {number} columns
   * @param {(value: number, index: number) => Look} look
   * @param {{isSigned?: boolean, widest?: number, tallest?: number}} options the room in pixels
   */
  draw(values, columns, look, { isSigned = false, widest = roomForGrid(columns, this.section.width), tallest = widest } = {}) {
    const rows = Math.ceil(values.length / columns);
    const cell = Math.min(44, Math.floor(widest / columns), Math.floor(tallest / rows));
    const density = window.devicePixelRatio || 1;
    const [width, height] = [columns * cell, rows * cell];
    const { canvas } = this;
    if (canvas.width !== width * density || canvas.height !== height * density) {
      Object.assign(canvas, { width: width * density, height: height * density });
      Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
    }
    this.font ||= getComputedStyle(this.figure).fontFamily;
    const pen = context2d(canvas);
    pen.setTransform(density, 0, 0, density, 0, 0);
    pen.clearRect(0, 0, width, height);
    Object.assign(pen, { textAlign: "center", textBaseline: "middle" });
    pen.font = `${Math.max(8.5, Math.min(12.5, cell / 2.9))}px ${this.font}`;
    for (let i = 0; i < values.length; i++) {
      const text = cell < LEAST_WITH_NUMBERS ? "" : inCell(values[i], cell, isSigned);
      drawCell(pen, (i % columns) * cell, Math.floor(i / columns) * cell, cell, look(values[i], i), text);
    }
  }
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number} left
 * @param {number} top
 * @param {number} cell its side, a pixel of it is the gap
 * @param {Look} look
 * @param {string} text
 */
function drawCell(pen, left, top, cell, { fill, ink, struck, framed }, text) {
  pen.fillStyle = fill;
  pen.fillRect(left, top, cell - 1, cell - 1);
  if (struck) strike(pen, left, top, cell - 1, struck);
  if (framed) {
    Object.assign(pen, { strokeStyle: framed, lineWidth: 3 });
    pen.strokeRect(left + 1.5, top + 1.5, cell - 4, cell - 4);
  }
  pen.fillStyle = ink;
  pen.fillText(text, left + (cell - 1) / 2, top + cell / 2);
}

/**
 * Thin diagonal lines: this number is not in the picture, it stands beside it.
 * @param {CanvasRenderingContext2D} pen
 * @param {number} left
 * @param {number} top
 * @param {number} side
 * @param {string} colour
 */
function strike(pen, left, top, side, colour) {
  pen.save();
  pen.beginPath();
  pen.rect(left, top, side, side);
  pen.clip();
  Object.assign(pen, { strokeStyle: colour, lineWidth: 1 });
  pen.beginPath();
  for (let offset = -side; offset < side; offset += 6) {
    pen.moveTo(left + offset, top + side);
    pen.lineTo(left + offset + side, top);
  }
  pen.stroke();
  pen.restore();
}
