// Flatten: the same numbers in one row, and where each of them was.

import { find, setText } from "../base/dom.js";
import { count } from "../base/numbers.js";
import { VIRIDIS } from "../base/palette.js";
import { Cells, coloured } from "./cells.js";
import { Field, GREY, NOTHING, between, ends, numbersOf } from "./field.js";
import { Total, plain } from "./lists.js";
import { Mosaic, MosaicField } from "./mosaic.js";

const NEAR = 7; // neighbours shown on either side

export class FlattenPanel {
  /** @param {HTMLElement} element */
  constructor(owner, templates, element) {
    const part = (/** @type {string} */ selector) => find(element, selector);
    this.owner = owner;
    this.find = part;
    this.maps = new MosaicField(templates.field, part(".slot.stack"), (position) => owner.move(0, position));
    this.row = new Field(templates.field, part(".slot.row"), { move: (_, column) => owner.move(0, column) });
    this.near = new Cells(templates.cells, part(".slot.near"), owner);
    this.total = new Total(templates.total, part(".total"));
  }

  update(number) {
    this.number = number;
    [this.values] = numbersOf(number.values);
    this.mosaic = new Mosaic(this.values.length, number.stack.shape);
    this.scale = number.stack.layer ? ends(this.values) : { low: 0, high: number.highest };
    this.table = number.stack.layer ? VIRIDIS : GREY;
    this.colour = (position) => between(this.values[position], this.scale);
    this.paintRow(this.values.length);
  }

  get start() {
    return [0, this.number.index];
  }

  get rows() {
    return 1;
  }

  get columns() {
    return this.values.length;
  }

  paintRow(known) {
    this.maps.lay(this.mosaic, this.colour, this.table);
    const cells = Uint16Array.from(this.values, (_, i) => (i < known ? this.colour(i) : NOTHING));
    this.row.paint(1, this.values.length, cells, this.table);
  }

  /** @param {unknown} _ @param {number} position @param {boolean} playing */
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
      ({ ...coloured(this.table, this.colour(first + i)), framed: first + i === position && warm }), { widest: Math.max(280, Math.min(620, this.owner.width - 260)) });
    this.near.say(`numbers ${count(first + 1)} to ${count(first + shown.length)}`);
    this.sayPosition(position);
    const place = mosaic.placeOf(position);
    this.total.showValue(plain(values[position]), "only moved, not changed:");
    const title = `${number.layer}, number ${count(position + 1)} of ${count(values.length)}`;
    return { row: place.row, column: place.column, map: place.map, position, value: values[position], title };
  }

  /** @param {number} position */
  sayPosition(position) {
    const { map, row, column } = this.mosaic.placeOf(position);
    const { height, width } = this.mosaic;
    const area = height * width;
    const where = `map ${map + 1}, row ${row + 1}, column ${column + 1}`;
    setText(this.find(".formula"), `${where}: ${map} × ${area} + ${row} × ${width} + ${column + 1} = number ${count(position + 1)}`);
  }

  get note() {
    const [maps, height, width] = this.number.stack.shape;
    return `${count(maps)} × ${height} × ${width} = ${count(this.values.length)} numbers in a row; no weights`;
  }

  label() {
    const { layer, shape: [maps] } = this.number.stack;
    const name = layer ? `the ${count(maps)} ${maps === 1 ? "map" : "maps"} of ${layer}` : "the picture";
    this.maps.say(name, `${name}: arrow keys move, space plays`);
    this.row.say("", `${this.number.layer}, all ${this.values.length} numbers`);
  }
}
