// A convolution: the window in every source map, times the filter, summed, plus bias, activation: one pixel of the map.

import { find, fitChildren, setData, setText } from "../base/dom.js";
import { within } from "../base/keys.js";
import { signed } from "../base/numbers.js";
import { DIVERGING, VIRIDIS, divergingIndex } from "../base/palette.js";
import { Cells, coloured } from "./cells.js";
import { COLOURS, Field, NOTHING, between, ends, mapOf, numbersOf } from "./field.js";
import { Total, barRow, fillRow } from "./lists.js";
import { windowSums } from "./window.js";

/** @import { Facts, Owner, Templates } from "./arithmetic.js" */
/** @import { Cell, Sent, Shaped, Shown } from "./field.js" */
/**
 * `first` is the place in its layer of the first source map; `padding`: above, below, left, right.
 * @typedef {{kind: "convolution", layer: string, index: number, highest: number, sourceLayer: string | null, source: Sent, first: number, weights: Sent, bias: number, stride: number, padding: [number, number, number, number], says: string[], after: Sent}} ConvolutionNumber
 */

const PARTS_A_PAGE = 8;

export class ConvolutionPanel {
  /** @type {ConvolutionNumber} */ number;
  /** @type {Shaped} */ stack;
  /** @type {Shown & {channel: number} | null} */ shown = null; // the source map in view
  after = new Float32Array();
  weights = new Float32Array();
  partial = new Float64Array(); // each source map's own sum
  rows = 0;
  columns = 0;
  channels = 0;
  size = 0; // of the window
  channel = -1; // the source map in view; before one is chosen: that which counts most
  isChosen = false;
  half = false; // only a part of the map is drawn, while it plays
  page = 0;
  weightLimit = 0;
  productLimit = 0;

  /** @param {Owner} owner @param {Templates} templates @param {HTMLElement} element */
  constructor(owner, templates, element) {
    const part = (/** @type {string} */ selector) => find(element, selector);
    this.owner = owner;
    this.find = part;
    this.source = new Field(templates.field, part(".slot.source"), { move: (row, column) => this.moveSource(row, column) });
    this.result = new Field(templates.field, part(".slot.result"), { move: (row, column) => owner.move(row, column), keys: true });
    const cells = (/** @type {string} */ name) => new Cells(templates.cells, part(`.slot.${name}`), owner);
    this.window = cells("window");
    this.kernel = cells("kernel");
    this.products = cells("products");
    this.total = new Total(templates.total, part(".total"), owner.word);
    const [earlier, later] = element.querySelectorAll(".pager button");
    earlier.onclick = () => this.turn(-1);
    later.onclick = () => this.turn(1);
    this.earlier = earlier;
    this.later = later;
  }

  /** @param {ConvolutionNumber} number */
  update(number) {
    if (number.layer !== this.number?.layer) this.isChosen = false;
    const isSame = number.layer === this.number?.layer && number.index === this.number.index;
    if (!this.isChosen && !isSame) this.channel = -1;
    this.number = number;
    [this.after, this.rows, this.columns] = numbersOf(number.after);
    this.stack = numbersOf(number.source);
    [this.weights, this.channels, this.size] = numbersOf(number.weights);
    this.shown = null; // the colours of the source have to be found anew
    this.weightLimit = largest(this.weights);
    this.productLimit = this.weightLimit * largest(this.stack[0]);
    this.find(".parts").classList.toggle("single", this.channels === 1);
    if (this.channels === 1) this.sayHow();
    this.paintResult(this.rows * this.columns);
  }

  /** Where the map is brightest: the most telling place to begin with. */
  /** @returns {Cell} */
  get start() {
    const best = this.after.indexOf(ends(this.after).high);
    return [Math.floor(best / this.columns), best % this.columns];
  }

  /** The map, up to a number of values: the rest is still to come while it plays. @param {number} known */
  paintResult(known) {
    const scale = ends(this.after);
    const cells = Array.from(this.after, (value, i) => (i < known ? between(value, scale) : NOTHING));
    this.result.paint(this.rows, this.columns, cells, VIRIDIS);
  }

  /** @param {number} row @param {number} column @param {boolean} playing @returns {Facts} */
  show(row, column, playing) {
    if (playing || this.half) this.paintResult(playing ? row * this.columns + column + 1 : this.after.length);
    this.half = playing;
    this.partial = windowSums(this.stack, this.weights, this.size, this.corner(row, column));
    if (this.channel < 0) this.channel = this.partial.reduce((best, sum, i, all) => (Math.abs(sum) > Math.abs(all[best]) ? i : best), 0);
    this.drawProduct(row, column, this.drawSource(row, column));
    if (this.channels > 1) this.drawParts();
    this.result.at = [row, column];
    this.result.mark(row, column);
    const { number, size, channels } = this;
    const sum = this.partial.reduce((total, part) => total + part, 0);
    const value = this.after[row * this.columns + column];
    const facts = this.total.show({ products: channels * size ** 2, sum, bias: number.bias, says: number.says, value });
    return { ...facts, row, column, title: this.owner.word("filter_at", { layer: number.layer, filter: number.index + 1, row: row + 1, column: column + 1 }) };
  }

  /** Where the window begins in the source; below zero it begins in the padding. @param {number} row @param {number} column @returns {Cell} */
  corner(row, column) {
    const { stride, padding } = this.number;
    return [row * stride - padding[0], column * stride - padding[2]];
  }

  /** @param {number} row @param {number} column @returns {Shown} */
  drawSource(row, column) {
    const { number, stack, channel, source, size } = this;
    const [, , height, width] = stack;
    const [top, bottom, left, right] = number.padding;
    const [rows, columns] = [height + top + bottom, width + left + right];
    if (this.shown?.channel !== channel) {
      const shown = mapOf(stack, channel, number, this.owner.word, number.first + channel);
      this.shown = { channel, ...shown };
      const cells = new Uint16Array(rows * columns).fill(NOTHING);
      shown.map.forEach((value, i) => {
        cells[(Math.floor(i / width) + top) * columns + (i % width) + left] = between(value, shown.scale);
      });
      source.paint(rows, columns, cells, shown.table);
      source.hatch([[0, 0, top, columns], [rows - bottom, 0, bottom, columns], [top, 0, height, left], [top, columns - right, height, right]]);
      const padded = top + bottom + left + right ? ` · ${this.owner.word("hatched_padding")}` : "";
      source.say(`${shown.name} · ${width}×${height}${padded}`);
    }
    source.mark(row * number.stride, column * number.stride, size, size);
    return this.shown;
  }

  /** @param {number} row @param {number} column @param {Shown} shown */
  drawProduct(row, column, shown) {
    const { size, stack, number, weights, channel } = this;
    const [, , height, width] = stack;
    const [top, left] = this.corner(row, column);
    const kernel = weights.subarray(channel * size ** 2, (channel + 1) * size ** 2);
    const outside = new Uint8Array(size ** 2);
    const seen = Array.from(kernel, (_, i) => {
      const [y, x] = [top + Math.floor(i / size), left + (i % size)];
      outside[i] = Number(y < 0 || x < 0 || y >= height || x >= width);
      return outside[i] ? 0 : shown.map[y * width + x];
    });
    const { tint, faint, text } = this.owner.colours;
    this.window.draw(seen, size, (value, i) =>
      outside[i] ? { fill: tint, ink: text, struck: faint } : coloured(shown.table, between(value, shown.scale)));
    const look = (/** @type {number} */ limit) => (/** @type {number} */ value) => coloured(DIVERGING, divergingIndex(value, limit));
    this.kernel.draw(kernel, size, look(this.weightLimit), { isSigned: true });
    this.products.draw(seen.map((value, i) => value * kernel[i]), size, look(this.productLimit), { isSigned: true });
    const { word } = this.owner;
    this.window.say(word("window_of", { name: shown.name }));
    this.kernel.say(word(this.channels > 1 ? "filter_weights_for" : "filter_weights", { count: size ** 2, map: channel + 1 }));
    this.products.say(number.sourceLayer ? word("products_sum", { sum: signed(this.partial[channel]) }) : word("products_one"));
  }

  /** With one source there are no parts: then there is room to say what happens. */
  sayHow() {
    setText(this.find(".parts .says"), this.owner.word("how"));
  }

  drawParts() {
    const { partial, channels, channel } = this;
    const pages = Math.ceil(channels / PARTS_A_PAGE);
    this.page = Math.min(this.page, pages - 1);
    let order = Array.from(partial, (_, i) => i);
    if (pages > 1) order.sort((a, b) => Math.abs(partial[b]) - Math.abs(partial[a]) || a - b);
    const most = largest(partial);
    order = order.slice(this.page * PARTS_A_PAGE, (this.page + 1) * PARTS_A_PAGE);
    const rows = fitChildren(this.find(".parts ol"), order.length, barRow);
    order.forEach((index, i) => {
      const row = rows[i];
      fillRow(row, { name: this.partName(index), value: partial[index], most });
      setData(row, { channel: index, value: partial[index] });
      const button = find(row, "button");
      button.setAttribute("aria-pressed", String(index === channel));
      button.onclick = () => this.choose(index);
    });
    const { number, size, earlier, later } = this;
    const { word } = this.owner;
    const facts = { layer: number.layer, channels, source: number.sourceLayer, products: size ** 2 };
    setText(this.find(".parts .says"), word(number.sourceLayer ? "adds_up_maps" : "adds_up_colours", facts));
    this.find(".parts .pager").hidden = pages === 1;
    const first = this.page * PARTS_A_PAGE + 1;
    setText(this.find(".parts .pager span"), word("largest_first", { first, last: first + order.length - 1, all: channels }));
    earlier.disabled = this.page === 0;
    later.disabled = this.page === pages - 1;
  }

  /** @param {number} index */
  partName(index) {
    const { word } = this.owner;
    if (this.number.sourceLayer) return word("map_n", { map: this.number.first + index + 1 });
    return COLOURS[index] ? word(COLOURS[index]) : word("channel_n", { channel: index + 1 });
  }

  /** @param {number} channel */
  choose(channel) {
    this.channel = channel;
    this.isChosen = true;
    this.owner.refresh();
  }

  /** @param {1 | -1} by */
  turn(by) {
    this.page += by;
    this.drawParts();
  }

  /** The position whose window has the pointed pixel in its middle. @param {number} row @param {number} column */
  moveSource(row, column) {
    const { stride } = this.number;
    const nearest = (/** @type {number} */ where, /** @type {number} */ count) => within(Math.round((where - (this.size - 1) / 2) / stride), 0, count - 1);
    this.owner.move(nearest(row, this.rows), nearest(column, this.columns));
  }

  get note() {
    const { size, channels, rows, columns } = this;
    const each = channels > 1 ? ` (${channels} × ${size}×${size})` : "";
    return this.owner.word("same_weights", { weights: channels * size ** 2, each, positions: rows * columns });
  }

  label() {
    const { layer, index } = this.number;
    const { word } = this.owner;
    const name = word("map_of", { map: index + 1, layer });
    this.result.say(`${name} · ${this.columns}×${this.rows}`, word("field_keys", { name, rows: this.rows, columns: this.columns }));
  }
}

/** @param {Iterable<number>} values */
function largest(values) {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
}
