// Kernels to paint: one field a weight, coloured by it; press and drag with a brush, type, or walk with the arrow keys.

import { copyOf, find, setData, setText } from "../base/dom.js";
import { arrowWay } from "../base/keys.js";
import { DIVERGING, divergingIndex, inkOn, rgbOf } from "../base/palette.js";
import { signedShort } from "./slide.js";

/** @import { Say } from "../base/types.js" */

export class Kernels {
  size = 0;
  /** @type {HTMLInputElement[]} */ cells = [];

  /**
   * @param {HTMLElement} place
   * @param {HTMLElement} template of one kernel
   * @param {() => number} brush what a press paints
   * @param {(place: number, value: number, typing: HTMLInputElement | null) => unknown} changed `place` counts through all kernels
   * @param {Say} word
   */
  constructor(place, template, brush, changed, word) {
    this.place = place;
    this.template = template;
    this.brush = brush;
    this.changed = changed;
    this.word = word;
    /** @type {number[]} */
    this.weights = [];
  }

  /** New fields for kernels of `size`×`size`, with titles where there are several. @param {string[]} titles @param {number} size */
  build(titles, size) {
    this.size = size;
    this.cells = [];
    this.weights = titles.flatMap(() => Array(size * size).fill(0));
    const pieces = titles.map((title) => {
      const piece = copyOf(this.template);
      setText(find(piece, "p"), title);
      const cells = find(piece, ".cells");
      cells.style.setProperty("--size", size);
      cells.setAttribute("aria-label", this.word("weights_of", { title }));
      for (let place = 0; place < size * size; place++) cells.append(this.cell(place));
      return piece;
    });
    this.place.replaceChildren(...pieces);
  }

  /** @param {number} place in its kernel */
  cell(place) {
    const cell = Object.assign(document.createElement("input"), { type: "text", inputMode: "decimal" });
    cell.ariaLabel = this.word("weight_at", { row: Math.floor(place / this.size) + 1, column: (place % this.size) + 1 });
    setData(cell, { place });
    const index = this.cells.push(cell) - 1;
    const put = () => this.changed(index, this.brush(), null);
    cell.onpointerdown = (event) => {
      const { activeElement } = /** @type {ShadowRoot} */ (cell.getRootNode());
      if (event.button !== 0 || cell === activeElement) return; // in a focused cell: place the caret
      event.preventDefault();
      cell.releasePointerCapture?.(event.pointerId); // touch would hold on to the first cell
      put();
    };
    cell.onpointerenter = (event) => event.buttons & 1 && put();
    cell.ondblclick = cell.onfocus = () => cell.select();
    cell.onblur = () => this.draw(this.weights);
    cell.oninput = () => {
      const value = Number(cell.value.replace("−", "-").replace(",", "."));
      const works = cell.value.trim() !== "" && Number.isFinite(value) && Math.abs(value) <= 1000;
      cell.classList.toggle("bad", !works);
      if (works) this.changed(index, value, cell);
    };
    cell.onkeydown = (event) => this.walk(event, cell, place);
    return cell;
  }

  /** @param {KeyboardEvent} event @param {HTMLInputElement} cell @param {number} place */
  walk(event, cell, place) {
    const { size } = this;
    const step = arrowWay(event);
    if (event.key === "Enter") cell.blur();
    if (!step) return;
    event.preventDefault();
    const [row, column] = [Math.floor(place / size) + step[0], (place % size) + step[1]];
    if (row >= 0 && row < size && column >= 0 && column < size) this.cells[this.cells.indexOf(cell) - place + row * size + column].focus();
  }

  /** Colours and numbers; the field that is typed in keeps its own. @param {number[]} weights of all kernels @param {HTMLInputElement | null} typing */
  draw(weights, typing = null) {
    this.weights = weights;
    const limit = weights.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    this.cells.forEach((cell, i) => {
      const [red, green, blue] = rgbOf(DIVERGING[divergingIndex(weights[i], limit)]);
      cell.style.background = `rgb(${red} ${green} ${blue})`;
      cell.style.color = inkOn(red, green, blue);
      if (cell !== typing) {
        cell.value = signedShort(weights[i]);
        cell.classList.remove("bad");
      }
    });
  }
}
