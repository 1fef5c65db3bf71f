// A layer of single numbers (dense, flatten): a strip of cells.

import { find, setData } from "../base/dom.js";
import { threeFigures } from "../base/numbers.js";
import { VIRIDIS, paint } from "../base/palette.js";
import { Layer } from "./layers.js";

/** @import { FeatureMaps } from "./feature_maps.js" */
/** @import { LayerData } from "./types.js" */

export const STRIP = { width: 66, roomy: 84, cells: [12, 8, 6, 5, 4, 3, 2, 1] }; // as large cells as fit this width

/** One cell a number, column after column, on the layer's own scale. */
export class StripLayer extends Layer {
  unit = 0; // pointed at last
  // In cells: columns and rows; in pixels: how high and how wide a cell is.
  columns = 0;
  rows = 0;
  size = 1;
  cellWidth = 1;

  /** @param {FeatureMaps} owner @param {LayerData} data @param {number} page */
  constructor(owner, data, page) {
    super(owner, data, page);
    this.element.classList.add("strip");
    this.find(".pager").hidden = true;
    this.tile = this.addTile("unit-strip");
    this.cell = this.tile.appendChild(document.createElement("i"));
    this.cell.className = "cell";
    this.cell.hidden = true;
    this.tile.onpointermove = (event) => this.point(this.unitAt(event));
    this.tile.onpointerleave = () => this.owner.pointer.away();
    this.tile.onfocus = () => this.tile.matches(":focus-visible") && this.point(this.unit);
    this.tile.onblur = () => this.owner.pointer.away();
    this.tile.onclick = () => this.owner.select({ layer: this.name, index: this.unit });
    this.tile.onkeydown = (event) => this.walk(event);
  }

  /** @param {LayerData} data @param {string} normalise */
  update(data, normalise) {
    super.update(data, normalise);
    this.tile.setAttribute("aria-label", this.owner.word("strip_numbers", { name: data.name, all: data.channels }));
    this.draw();
  }

  /** The largest cells with which all numbers fit `height` and the strip's width. @param {number} height */
  arrange(height) {
    const { channels } = this.data;
    const columns = (/** @type {number} */ cell) => Math.ceil(channels / Math.floor(height / cell));
    const single = Math.min(STRIP.cells[0], Math.floor(height / channels));
    this.size = single >= 4 ? single : (STRIP.cells.find((cell) => columns(cell) * cell <= STRIP.width) ?? 1);
    this.columns = columns(this.size);
    this.rows = Math.ceil(channels / this.columns);
    // Few numbers make one thin column: a little wider than high, so that it can be pointed at.
    this.cellWidth = this.columns === 1 ? Math.max(this.size, 22) : this.size;
    this.width = this.columns * this.cellWidth;
    this.element.style.setProperty("--width", `${this.width}px`);
    this.element.style.setProperty("--height", `${this.rows * this.size}px`);
    this.draw();
  }

  draw() {
    if (!this.rows || !this.isFilled) return;
    const { rows, columns, data } = this;
    const cells = new Uint16Array(rows * columns).fill(256);
    for (let i = 0; i < data.channels; i++) cells[(i % rows) * columns + Math.floor(i / rows)] = data.bytes[i];
    paint(find(this.tile, "canvas"), columns, rows, cells, VIRIDIS); // 256 is in no table: nothing is painted there
  }

  /** Where a unit is on the screen. @param {number} unit */
  boxOf(unit) {
    const { left, top } = this.tile.getBoundingClientRect();
    const [column, row] = [Math.floor(unit / this.rows), unit % this.rows];
    return new DOMRect(left + column * this.cellWidth, top + row * this.size, this.cellWidth, this.size);
  }

  /** @param {PointerEvent} event */
  unitAt({ clientX, clientY }) {
    const box = this.tile.getBoundingClientRect();
    const column = Math.floor(((clientX - box.left) / box.width) * this.columns);
    const row = Math.floor(((clientY - box.top) / box.height) * this.rows);
    return this.inside(Math.max(0, column) * this.rows + Math.max(0, Math.min(row, this.rows - 1)));
  }

  /** @param {number} unit */
  inside(unit) {
    return Math.max(0, Math.min(unit, this.data.channels - 1));
  }

  /** @param {number} unit */
  point(unit) {
    this.unit = unit;
    setData(this.tile, { index: unit });
    this.owner.pointer.point(this, unit, this.boxOf(unit));
  }

  /** @param {KeyboardEvent} event */
  walk(event) {
    /** @type {Record<string, number>} */
    const steps = { ArrowUp: -1, ArrowDown: 1, ArrowLeft: -this.rows, ArrowRight: this.rows };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    this.point(this.inside(this.unit + step));
  }

  /** @param {number | null} unit */
  mark(unit) {
    this.tile.setAttribute("aria-pressed", String(unit !== null));
    this.cell.hidden = unit === null;
    if (unit === null) return;
    const [column, row] = [Math.floor(unit / this.rows), unit % this.rows];
    Object.assign(this.cell.style, {
      left: `${column * this.cellWidth}px`, top: `${row * this.size}px`,
      width: `${this.cellWidth}px`, height: `${this.size}px`,
    });
  }

  /** @param {HTMLCanvasElement} canvas @param {number} unit */
  paint(canvas, unit) {
    paint(canvas, 1, 1, [this.data.bytes[unit]], VIRIDIS);
  }

  /** @param {number} unit */
  describe(unit) {
    const value = threeFigures(this.real(unit, this.data.bytes[unit]));
    const { name, data, owner } = this;
    const title = data.kind === "flatten" ? owner.word("number_title", { name, number: unit + 1 }) : owner.word("unit_title", { name, unit: unit + 1 });
    return { title, numbers: value, lines: value };
  }
}

/** @param {LayerData} layer */
export function isVector(layer) {
  return layer.width * layer.height === 1 && ["dense", "flatten", "mean"].includes(layer.kind);
}
