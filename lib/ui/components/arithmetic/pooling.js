// Pooling: the largest and the mean of the same window, side by side; what fills no window is dropped.

import { find, setData, setText } from "../base/dom.js";
import { count, plain } from "../base/numbers.js";
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
    this.shown = mapOf(this.stack, 0, number, number.index);
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
      setText(find(kept, ".how span"), number.keeps === name ? `is what ${number.layer} keeps` : "pooling would keep");
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
    const title = `${number.layer}, map ${number.index + 1}, row ${row + 1}, column ${column + 1}`;
    const average = sum / seen.length;
    return { row, column, title, maximum: most, average, value: number.keeps === "max" ? most : average };
  }

  /** @param {number[]} seen @param {number} most @param {number} sum */
  drawKept(seen, most, sum) {
    const few = seen.length <= 9;
    const listed = few ? seen.map(plain).join(", ") : `${seen.length} numbers`;
    const fill = (/** @type {"max" | "average"} */ name, /** @type {number} */ value, /** @type {string} */ how) => {
      const kept = this.find(`.kept.${name}`);
      setData(kept, { value: value });
      setText(find(kept, ".value"), plain(value));
      setText(find(kept, ".sum"), how);
    };
    fill("max", most, `the largest of ${listed}`);
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
    const shrunk = `no weights: ${width}×${height} numbers become ${this.columns}×${this.rows}`;
    const [rows, columns] = this.number.dropped;
    const many = (/** @type {number} */ count, /** @type {string} */ name) => (count ? [count === 1 ? name : `${count} ${name}s`] : []);
    const parts = [...many(rows, "row"), ...many(columns, "column")];
    return parts.length ? `${shrunk}; the last ${parts.join(" and ")} fill no window and are dropped` : shrunk;
  }

  label() {
    const [, , height, width] = this.stack;
    const dropped = this.number.dropped.some(Boolean) ? " · hatched: dropped" : "";
    this.source.say(`${this.shown.name} · ${width}×${height}${dropped}`);
    this.window.say(`the ${count(this.number.size[0] * this.number.size[1])} numbers of the window`);
    for (const [name, field] of Object.entries({ max: this.maximum, average: this.average })) {
      const size = `${this.columns}×${this.rows}`;
      field.say(`${name} · ${size}`, `${name} of map ${this.number.index + 1}, ${size}: arrow keys move, space plays`);
    }
  }
}
