// A row of numbers back in its places: the maps it was laid out from, side by side with a gap between them.

import { COLOURS, Field, NOTHING } from "./field.js";

/** @import { Say } from "../base/types.js" */
/** @import { Cell } from "./field.js" */

export class Mosaic {
  /**
   * `shape` [maps, height, width] of the stack behind `length` numbers; null: they never were maps.
   * @param {number} length
   * @param {number[] | null} shape
   */
  constructor(length, shape) {
    const [maps, height, width] = shape ?? [length, 1, 1];
    this.length = length;
    this.maps = maps;
    this.height = height;
    this.width = width;
    this.gap = height * width > 1 ? 1 : 0;
    this.across = Math.min(maps, Math.ceil(Math.sqrt(maps)));
    this.columns = this.across * (width + this.gap) - this.gap;
    this.rows = Math.ceil(maps / this.across) * (height + this.gap) - this.gap;
  }

  /** Position of the row -> [row, column] of the mosaic. @param {number} position @returns {Cell} */
  cellOf(position) {
    const { map, row, column } = this.placeOf(position);
    const [down, along] = [Math.floor(map / this.across), map % this.across];
    return [down * (this.height + this.gap) + row, along * (this.width + this.gap) + column];
  }

  /** @param {number} position */
  placeOf(position) {
    const area = this.height * this.width;
    return { map: Math.floor(position / area), row: Math.floor((position % area) / this.width), column: position % this.width };
  }

  /** The position at a cell, -1 on a gap or behind the last map. @param {number} row @param {number} column */
  positionAt(row, column) {
    const [down, y] = [Math.floor(row / (this.height + this.gap)), row % (this.height + this.gap)];
    const [along, x] = [Math.floor(column / (this.width + this.gap)), column % (this.width + this.gap)];
    const map = down * this.across + along;
    if (y >= this.height || x >= this.width || map >= this.maps) return -1;
    return (map * this.height + y) * this.width + x;
  }

  /** One colour a position, nothing in the gaps. @param {(position: number) => number} colourOf */
  colours(colourOf) {
    const cells = new Uint16Array(this.rows * this.columns).fill(NOTHING);
    for (let position = 0; position < this.length; position++) {
      const [row, column] = this.cellOf(position);
      cells[row * this.columns + column] = colourOf(position);
    }
    return cells;
  }

  /**
   * What people call a position: "map 3, row 2, column 5", or "unit 12" where there are no maps.
   * @param {number} position
   * @param {string | null} sourceLayer
   * @param {string | null | undefined} stackLayer
   * @param {Say} word
   */
  say(position, sourceLayer, stackLayer, word) {
    const { map, row, column } = this.placeOf(position);
    if (!this.gap && stackLayer) return word("map_of", { map: position + 1, layer: stackLayer });
    if (!this.gap) return word("unit_of", { unit: position + 1, layer: sourceLayer });
    if (stackLayer) return word("place_in_map", { map: map + 1, row: row + 1, column: column + 1 });
    const where = word("row_column", { row: row + 1, column: column + 1 });
    return this.maps === 3 ? `${word(COLOURS[map])}, ${where}` : where;
  }
}

/** A field that shows a mosaic: `choose(position)` is called with places of the row, never with gaps. */
export class MosaicField extends Field {
  mosaic = new Mosaic(0, null);

  /** @param {HTMLElement} template @param {HTMLElement} slot @param {(position: number) => unknown} choose */
  constructor(template, slot, choose) {
    super(template, slot, { move: (row, column, arrow) => this.go(row, column, arrow), keys: true });
    this.choose = choose;
  }

  /** @param {Mosaic} mosaic @param {(position: number) => number} colourOf @param {Uint32Array} table */
  lay(mosaic, colourOf, table) {
    this.mosaic = mosaic;
    this.paint(mosaic.rows, mosaic.columns, mosaic.colours(colourOf), table);
  }

  /** @param {number} row @param {number} column @param {Cell} [arrow] */
  go(row, column, arrow) {
    let position = this.mosaic.positionAt(row, column);
    // The arrows jump over the gap between two maps.
    if (position < 0 && arrow) position = this.mosaic.positionAt(row + arrow[0], column + arrow[1]);
    if (position >= 0) this.choose(position);
  }

  /** @param {number} position */
  markPosition(position) {
    this.at = this.mosaic.cellOf(position);
    this.mark(...this.at);
  }
}
