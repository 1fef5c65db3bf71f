// Pooling: the largest and the mean of the same window, side by side; what fills no window is dropped.

import { find, setData, setText } from "../base/dom.js";
import { plain } from "../base/numbers.js";
import { Cells, coloured } from "./cells.js";
import { Field, NOTHING, between, ends, mapOf, numbersOf } from "./field.js";

/** @import { Facts, Owner, Templates } from "./arithmetic.js" */
/** @import { Cell, Sent, Shaped, Shown } from "./field.js" */
/**
 * `size` is the window's height and width; `keeps` what the layer keeps of it; `dropped` are rows and columns.
 * @typedef {{kind: "pooling", layer: string, index: number, highest: number, sourceLayer: string | null, source: Sent, size: [number, number], keeps: "max" | "average", maximum: Sent, average: Sent, dropped: [number, number]}} PoolingNumber
 */

export class PoolingPanel {
  /** @type {PoolingNumber} */ number;
  /** @type {Shaped} */ stack;
  /** @type {Shown} */ shown;
  largest = new Float32Array();
  mean = new Float32Array();
  rows = 0;
  columns = 0;
  half = false; // only a part of the results is drawn, while it plays

  /** @param {Owner} owner @param {Templates} templates @param {HTMLElement} element */
  constructor(owner, templates, element) {
    const part = (/** @type {string} */ selector) => find(element, selector);
    this.owner = owner;
    this.find = part;
    this.source = new Field(templates.field, part(".slot.source"), { move: (row, column) => this.moveSource(row, column) });
    const move = (/** @type {number} */ row, /** @type {number} */ column) => owner.move(row, column);
    this.maximum = new Field(templates.field, part(".slot.maximum"), { move, keys: true });
    this.average = new Field(templates.field, part(".slot.average"), { move, keys: true });
    this.window = new Cells(templates.cells, part(".slot.window"), owner);
  }

  /** @param {PoolingNumber} number */
  update(number) {
    this.number = number;
    this.stack = numbersOf(number.source);
    this.shown = mapOf(this.stack, 0, number, this.owner.word, number.index);
    [this.largest, this.rows, this.columns] = numbersOf(number.maximum);
    [this.mean] = numbersOf(number.average);
    const [, , height, width] = this.stack;
    const { map, scale, table } = this.shown;
    this.source.paint(height, width, Array.from(map, (value) => between(value, scale)), table);
    const [rows, columns] = number.dropped;
    this.source.hatch([[height - rows, 0, rows, width], [0, width - columns, height - rows, columns]]);
    for (const name of ["max", "average"]) {
      const kept = this.find(`.kept.${name}`);
      kept.classList.toggle("own", number.keeps === name);
      setText(find(kept, ".how span"), this.owner.word(number.keeps === name ? "is_kept" : "would_keep", { layer: number.layer }));
    }
    this.paintResults(this.rows * this.columns);
  }

  /** @returns {Cell} */
  get start() {
    const best = this.largest.indexOf(ends(this.largest).high);
    return [Math.floor(best / this.columns), best % this.columns];
  }

  /** Both results in the colours of their source, so that all three can be compared. @param {number} known so many values of them */
  paintResults(known) {
    const { scale, table } = this.shown;
    const cells = (/** @type {Float32Array} */ values) => Array.from(values, (value, i) => (i < known ? between(value, scale) : NOTHING));
    this.maximum.paint(this.rows, this.columns, cells(this.largest), table);
    this.average.paint(this.rows, this.columns, cells(this.mean), table);
  }

  /** @param {number} row @param {number} column @param {boolean} playing @returns {Facts} */
  show(row, column, playing) {
    if (playing || this.half) this.paintResults(playing ? row * this.columns + column + 1 : this.largest.length);
    this.half = playing;
    const { number, shown } = this;
    const [height, width] = number.size;
    this.source.mark(row * height, column * width, height, width);
    for (const field of [this.maximum, this.average]) {
      field.at = [row, column];
      field.mark(row, column);
    }
    const wide = this.stack[3];
    const seen = Array.from({ length: height * width }, (_, i) =>
      shown.map[(row * height + Math.floor(i / width)) * wide + column * width + (i % width)]);
    const [most, sum] = [Math.max(...seen), seen.reduce((a, b) => a + b, 0)];
    const winner = seen.indexOf(most);
    const { warm } = this.owner.colours;
    this.window.draw(seen, width, (value, i) =>
      ({ ...coloured(shown.table, between(value, shown.scale)), framed: i === winner && warm }), { widest: 150, tallest: 150 });
    this.drawKept(seen, most, sum);
    const title = this.owner.word("map_at", { layer: number.layer, map: number.index + 1, row: row + 1, column: column + 1 });
    const average = sum / seen.length;
    return { row, column, title, maximum: most, average, value: number.keeps === "max" ? most : average };
  }

  /** @param {number[]} seen @param {number} most @param {number} sum */
  drawKept(seen, most, sum) {
    const few = seen.length <= 9;
    const { word } = this.owner;
    const fill = (/** @type {"max" | "average"} */ name, /** @type {number} */ value, /** @type {string} */ how) => {
      const kept = this.find(`.kept.${name}`);
      setData(kept, { value: value });
      setText(find(kept, ".value"), plain(value));
      setText(find(kept, ".sum"), how);
    };
    fill("max", most, few ? word("largest_of", { listed: seen.map(plain).join(", ") }) : word("largest_of_many", { all: seen.length }));
    const average = sum / seen.length;
    fill("average", average, few ? `(${seen.map(plain).join(" + ")}) ÷ ${seen.length}` : `${plain(sum)} ÷ ${seen.length}`);
  }

  /** @param {number} row @param {number} column */
  moveSource(row, column) {
    const [height, width] = this.number.size;
    this.owner.move(Math.min(this.rows - 1, Math.floor(row / height)), Math.min(this.columns - 1, Math.floor(column / width)));
  }

  get note() {
    const [, , height, width] = this.stack;
    const { word } = this.owner;
    const shrunk = word("shrunk", { from: `${width}×${height}`, to: `${this.columns}×${this.rows}` });
    const [down, across] = this.number.dropped;
    const rows = down ? word("rows", { count: down }) : "";
    const columns = across ? word("columns", { count: across }) : "";
    const parts = rows && columns ? word("both_parts", { rows, columns }) : rows || columns;
    return parts ? word("dropped", { shrunk, parts }) : shrunk;
  }

  label() {
    const [, , height, width] = this.stack;
    const { word } = this.owner;
    const dropped = this.number.dropped.some(Boolean) ? ` · ${word("hatched_dropped")}` : "";
    this.source.say(`${this.shown.name} · ${width}×${height}${dropped}`);
    this.window.say(word("numbers_of_window", { all: this.number.size[0] * this.number.size[1] }));
    for (const [kind, field] of Object.entries({ max: this.maximum, average: this.average })) {
      const [name, size] = [word(kind), `${this.columns}×${this.rows}`];
      field.say(`${name} · ${size}`, word("kept_keys", { name, map: this.number.index + 1, size }));
    }
  }
}
