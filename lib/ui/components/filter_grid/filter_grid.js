// The filters of a layer as small squares, all on one diverging scale with zero in the middle.

import { copyOf, find, fitChildren, setData, setText } from "../base/dom.js";
import { DIVERGING, DIVERGING_ANCHORS, divergingIndex, gradient, paint } from "../base/palette.js";
import { arrowWay } from "../base/keys.js";
import { View, keepView } from "../base/view.js";
import { localized } from "../base/numbers.js";

/** @import { Component } from "../base/types.js" */
/** @typedef {{data: Float32Array | number[], channels: number, size: number, bias?: number | null}} Filter */
/** @typedef {Filter & {values: number[]}} Known */
/** @typedef {{channel: number, row: number, column: number}} Weight */
/** @typedef {{title: string, names: string[], filters: Filter[], selected: number | null}} FilterGridData */

const MOST_CHANNELS = 16; // a filter of a later layer looks at many maps: the first of them
/** @type {Record<string, number>} */
const TURNS = { PageUp: -1, PageDown: 1 };
const FIRST = { channel: 0, row: 0, column: 0 };
const CELL = [[3, 17], [5, 12], [7, 9], [Infinity, 6]]; // pixels of a weight, up to a filter's size

/** @extends {View<FilterGridData>} */
class FilterGrid extends View {
  /** @type {string[]} */ names;
  /** @type {Known[]} */ filters;
  /** @type {number} */ limit;
  /** @type {Weight | null} */ at;

  /** @param {HTMLElement} root @param {Component<FilterGridData>} component */
  constructor(root, component) {
    super(root, component);
    const { parent } = this;
    this.template = find(parent, "template.filter");
    this.readout = find(root, ".readout");
    this.list = find(root, ".grid");
    find(root, ".gradient").style.background = gradient(DIVERGING_ANCHORS);
    this.focused = 0;
  }

  /** @param {FilterGridData} data */
  update({ title, names, filters, selected }) {
    this.names = names;
    this.filters = filters.map((filter) => ({ ...filter, values: Array.from(filter.data) }));
    // Not Math.max(...): a later layer has more weights than a call may have arguments.
    this.limit = this.filters.reduce((most, { values }) => values.reduce((a, b) => Math.max(a, Math.abs(b)), most), 0);
    setText(this.find("h2"), title);
    this.root.setAttribute("aria-label", title);
    setText(this.find(".low"), signed(-this.limit));
    setText(this.find(".high"), signed(this.limit));
    const channels = this.filters[0]?.channels ?? 0;
    const more = channels > MOST_CHANNELS ? this.word("first_of", { most: MOST_CHANNELS, channels }) : "";
    setText(this.find(".note"), more || (channels > 1 && names.length ? names.join(", ") : ""));
    const items = fitChildren(this.list, this.filters.length, (index) => this.make(index));
    this.filters.forEach((filter, i) => this.draw(items[i], filter, i, i === selected));
  }

  /** @param {number} index */
  make(index) {
    const item = copyOf(this.template);
    item.onpointermove = (event) => this.pointAt(item, index, event);
    item.onpointerleave = () => this.point(item, null);
    item.onfocus = () => item.matches(":focus-visible") && this.point(item, index);
    item.onblur = () => this.point(item, null);
    item.onkeydown = (event) => this.walk(event, item, index);
    return item;
  }

  /** @param {HTMLElement} item @param {Known} filter @param {number} index @param {boolean} chosen */
  draw(item, filter, index, chosen) {
    const { size, values, bias } = filter;
    const shown = Math.min(filter.channels, MOST_CHANNELS);
    const cell = (CELL.find(([most]) => size <= most)?.[1] ?? 6) * (shown > 3 ? 0.5 : 1);
    const holder = find(item, ".channels");
    const canvases = fitChildren(holder, shown, () => document.createElement("canvas"));
    holder.style.setProperty("--columns", shown > 3 ? Math.ceil(Math.sqrt(shown)) : shown);
    holder.style.setProperty("--side", `${Math.round(size * cell)}px`);
    canvases.forEach((canvas, channel) => {
      const part = values.slice(channel * size * size, (channel + 1) * size * size);
      paint(canvas, size, size, part.map((value) => divergingIndex(value, this.limit)), DIVERGING);
    });
    item.classList.toggle("chosen", chosen);
    item.tabIndex = index === this.focused ? 0 : -1;
    setData(item, { index });
    item.setAttribute("aria-label", bias == null ? this.word("filter_n", { filter: index + 1 }) : this.word("filter_bias", { filter: index + 1, bias: signed(bias) }));
    setText(find(item, ".label"), String(index + 1));
  }

  /** @param {HTMLElement} item @param {number} index @param {PointerEvent} event */
  pointAt(item, index, event) {
    const canvas = event.composedPath().find((node) => node instanceof HTMLCanvasElement);
    if (!canvas) return this.point(item, null);
    const { size } = this.filters[index];
    const box = canvas.getBoundingClientRect();
    const place = (/** @type {number} */ offset, /** @type {number} */ length) => Math.max(0, Math.min(size - 1, Math.floor((offset / length) * size)));
    return this.point(item, index, {
      channel: [...item.querySelectorAll("canvas")].indexOf(canvas),
      row: place(event.clientY - box.top, box.height),
      column: place(event.clientX - box.left, box.width),
    });
  }

  /** Mark one weight and say it exactly; `index` null ends it. @param {HTMLElement} item @param {number | null} index @param {Weight} at */
  point(item, index, at = FIRST) {
    const cell = find(item, ".cell");
    cell.hidden = index === null;
    this.at = index === null ? null : at;
    if (index === null) {
      this.say("", "");
      return;
    }
    const { size, values, bias, channels } = this.filters[index];
    const canvas = item.querySelectorAll("canvas")[at.channel];
    const side = canvas.offsetWidth / size;
    const [left, top] = [canvas.offsetLeft + at.column * side, canvas.offsetTop + at.row * side];
    Object.assign(cell.style, { left: `${left}px`, top: `${top}px`, width: `${side}px`, height: `${side}px` });
    const value = values[(at.channel * size + at.row) * size + at.column];
    const filter = this.word("filter_n", { filter: index + 1 });
    const input = this.names[at.channel] ?? this.word("input_n", { input: at.channel + 1 });
    const whose = channels > 1 ? `${filter}, ${input}` : filter;
    const where = this.word("weight_at", { where: whose, row: at.row + 1, column: at.column + 1 });
    this.say(signed(value, 4), bias == null ? where : this.word("with_bias", { where, bias: signed(bias) }));
  }

  /** In the header, where it covers no weight. @param {string} value @param {string} where */
  say(value, where) {
    setText(find(this.readout, "b"), value);
    setText(find(this.readout, "span"), where);
  }

  /**
   * Arrow keys go from weight to weight and on to the next channel; Page Up and Page Down change the filter.
   * @param {KeyboardEvent} event
   * @param {HTMLElement} item
   * @param {number} index
   */
  walk(event, item, index) {
    const { size, channels } = this.filters[index];
    const turn = TURNS[event.key];
    const [down, right] = arrowWay(event) ?? [0, 0];
    const step = down * size + right;
    if (!turn && !step) return;
    event.preventDefault();
    if (turn) {
      const next = this.list.children[index + turn];
      if (!next) return;
      item.tabIndex = -1;
      next.tabIndex = 0;
      this.focused = index + turn;
      next.focus();
      return;
    }
    const { channel, row, column } = this.at ?? FIRST;
    const place = (channel * size + row) * size + column + step;
    if (place < 0 || place >= Math.min(channels, MOST_CHANNELS) * size * size) return;
    const [inside, newChannel] = [place % (size * size), Math.floor(place / (size * size))];
    this.point(item, index, { channel: newChannel, row: Math.floor(inside / size), column: inside % size });
  }
}

/** @param {number} value */
function signed(value, digits = 3) {
  if (value === 0) return "0";
  return `${value < 0 ? "−" : "+"}${localized(Math.abs(value).toFixed(Math.abs(value) >= 10 ? 1 : digits))}`;
}

export default keepView(".filters", FilterGrid);
