// Flatten: the same numbers in one row, and where each of them was.

import { find, setText } from "../base/dom.js";
import { within } from "../base/keys.js";
import { count, plain } from "../base/numbers.js";
import { VIRIDIS } from "../base/palette.js";
import { Cells, coloured } from "./cells.js";
import { Field, GREY, NOTHING, between, ends, numbersOf } from "./field.js";
import { Total } from "./lists.js";
import { Mosaic, MosaicField } from "./mosaic.js";

/** @import { Facts, Owner, Templates } from "./arithmetic.js" */
/** @import { Cell, Ends, Sent } from "./field.js" */
/** Maps that numbers were or come from; no layer: the picture. @typedef {{shape: number[], layer: string | null}} Stack */
/** @typedef {{kind: "flatten", layer: string, index: number, highest: number, values: Sent, stack: Stack}} FlattenNumber */

const NEAR = 7; // neighbours shown on either side

export class FlattenPanel {
  /** @type {FlattenNumber} */ number;
  /** @type {Ends} */ scale;
  values = new Float32Array();
  mosaic = new Mosaic(0, null);
  table = GREY;
  rows = 1;
  half = false; // only a part of the row is drawn, while it plays

  /** @param {Owner} owner @param {Templates} templates @param {HTMLElement} element */
  constructor(owner, templates, element) {
    const part = (/** @type {string} */ selector) => find(element, selector);
    this.owner = owner;
    this.find = part;
    this.maps = new MosaicField(templates.field, part(".slot.stack"), (position) => owner.move(0, position));
    this.row = new Field(templates.field, part(".slot.row"), { move: (_, column) => owner.move(0, column) });
    this.near = new Cells(templates.cells, part(".slot.near"), owner);
    this.total = new Total(templates.total, part(".total"), owner.word);
  }

  /** @param {FlattenNumber} number */
  update(number) {
    this.number = number;
    [this.values] = numbersOf(number.values);
    this.mosaic = new Mosaic(this.values.length, number.stack.shape);
    this.scale = number.stack.layer ? ends(this.values) : { low: 0, high: number.highest };
    this.table = number.stack.layer ? VIRIDIS : GREY;
    this.paintRow(this.values.length);
  }

  /** @param {number} position */
  colour(position) {
    return between(this.values[position], this.scale);
  }

  /** @returns {Cell} */
  get start() {
    return [0, this.number.index];
  }

  get columns() {
    return this.values.length;
  }

  /** @param {number} known so many numbers of the row are there */
  paintRow(known) {
    this.maps.lay(this.mosaic, (position) => this.colour(position), this.table);
    const cells = Uint16Array.from(this.values, (_, i) => (i < known ? this.colour(i) : NOTHING));
    this.row.paint(1, this.values.length, cells, this.table);
  }

  /** @param {unknown} _ @param {number} position @param {boolean} playing @returns {Facts} */
  show(_, position, playing) {
    if (playing || this.half) this.paintRow(playing ? position + 1 : this.values.length);
    this.half = playing;
    const { values, mosaic, number } = this;
    this.maps.markPosition(position);
    this.row.mark(0, position);
    const first = Math.max(0, Math.min(values.length - 2 * NEAR - 1, position - NEAR));
    const shown = values.subarray(first, first + 2 * NEAR + 1);
    const { warm } = this.owner.colours;
    this.near.draw(shown, shown.length, (_, i) =>
      ({ ...coloured(this.table, this.colour(first + i)), framed: first + i === position && warm }), { widest: within(this.owner.width - 260, 280, 620) });
    const { word } = this.owner;
    this.near.say(word("numbers_to", { first: first + 1, last: first + shown.length }));
    this.sayPosition(position);
    const place = mosaic.placeOf(position);
    this.total.showValue(plain(values[position]), word("only_moved"));
    const title = word("number_of", { layer: number.layer, number: position + 1, all: values.length });
    return { row: place.row, column: place.column, map: place.map, position, value: values[position], title };
  }

  /** @param {number} position */
  sayPosition(position) {
    const { map, row, column } = this.mosaic.placeOf(position);
    const { height, width } = this.mosaic;
    const area = height * width;
    const where = this.owner.word("place_in_map", { map: map + 1, row: row + 1, column: column + 1 });
    const formula = `${map} × ${area} + ${row} × ${width} + ${column + 1}`;
    setText(this.find(".formula"), this.owner.word("is_number", { where, formula, number: position + 1 }));
  }

  get note() {
    const [maps, height, width] = this.number.stack.shape;
    return this.owner.word("numbers_in_row", { formula: `${count(maps)} × ${height} × ${width}`, all: this.values.length });
  }

  label() {
    const { layer, shape: [maps] } = this.number.stack;
    const { word } = this.owner;
    const name = layer ? word("maps_of", { count: maps, layer }) : word("the_picture");
    this.maps.say(name, word("keys_move", { name }));
    this.row.say("", word("all_numbers", { layer: this.number.layer, all: this.values.length }));
  }
}
