// The same pixels twice: as a grid, and laid out as one row; neighbours of the grid lie far apart in the row.

import { arrowWay } from "../base/keys.js";
import { find, fitChildren, setData, setText } from "../base/dom.js";
import { bytesOf, colourTable, paint } from "../base/palette.js";
import { View, keepView, remembered } from "../base/view.js";
import { written } from "../base/words.js";

/** @import { Component, Worded } from "../base/types.js" */
/** @typedef {Worded & {data: string, width: number, height: number, caption: string}} FlatRowData */

const GREYS = colourTable([[0, 0, 0], [255, 255, 255]]);

/** The same shuffled order for everybody: a linear congruential generator drives Fisher-Yates. @param {number} count */
function shuffledPlaces(count) {
  const places = Array.from({ length: count }, (_, i) => i);
  let seed = 7;
  for (let i = count - 1; i > 0; i--) {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    const j = seed % (i + 1);
    [places[i], places[j]] = [places[j], places[i]];
  }
  return places;
}

/** @extends {View<FlatRowData>} */
class FlatRow extends View {
  /** @type {Float32Array} */ values;
  /** @type {number[]} */ shuffled;

  /** @param {HTMLElement} root @param {Component<FlatRowData>} component */
  constructor(root, component) {
    super(root, component);
    this.state = remembered("flat-row", { row: 9, column: 16, shuffled: false });
    this.grid = find(root, ".grid");
    this.row = find(root, ".row");
    this.box = find(root, "input");
    this.box.onchange = () => this.set({ shuffled: this.box.checked });
    this.grid.onpointermove = this.grid.onpointerdown = (event) => {
      const box = this.grid.getBoundingClientRect();
      const { width, height } = this.data;
      this.point(Math.floor(((event.clientY - box.top) / box.height) * height), Math.floor(((event.clientX - box.left) / box.width) * width));
    };
    this.row.onpointermove = this.row.onpointerdown = (event) => {
      const box = this.row.getBoundingClientRect();
      const { width, height } = this.data;
      const place = Math.min(width * height - 1, Math.max(0, Math.floor(((event.clientX - box.left) / box.width) * width * height)));
      const pixel = this.order[place];
      this.point(Math.floor(pixel / width), pixel % width);
    };
    this.grid.onkeydown = (event) => {
      const step = arrowWay(event);
      if (!step) return;
      event.preventDefault();
      this.point(this.state.row + step[0], this.state.column + step[1]);
    };
  }

  /** @param {FlatRowData} data */
  update(data) {
    this.speak(data);
    this.data = data;
    const { width, height } = data;
    this.values = new Float32Array(bytesOf(data.data).buffer);
    this.shuffled = shuffledPlaces(width * height);
    this.grid.style.setProperty("--aspect", width / height);
    this.grid.setAttribute("aria-label", `${data.caption}. ${this.word("flat_keys")}`);
    this.set({});
  }

  /** order[place in the row] = pixel of the grid. */
  get order() {
    return this.state.shuffled ? this.shuffled : this.shuffled.map((_, i) => i);
  }

  /** @param {Partial<{row: number, column: number, shuffled: boolean}>} change */
  set(change) {
    Object.assign(this.state, change);
    const { width, height } = this.data;
    this.box.checked = this.state.shuffled;
    const grey = (/** @type {number} */ value) => Math.round(255 * value);
    paint(find(this.grid, "canvas"), width, height, Array.from(this.values, grey), GREYS);
    paint(find(this.row, "canvas"), width * height, 1, this.order.map((pixel) => grey(this.values[pixel])), GREYS);
    this.point(this.state.row, this.state.column);
  }

  /** @param {number} row @param {number} column */
  point(row, column) {
    const { width, height } = this.data;
    const within = (/** @type {number} */ place, /** @type {number} */ count) => Math.min(count - 1, Math.max(0, place));
    Object.assign(this.state, { row: within(row, height), column: within(column, width) });
    const [r, c] = [this.state.row, this.state.column];
    const pixel = r * width + c;
    const place = this.order.indexOf(pixel);
    const mark = this.find(".mark");
    Object.assign(mark.style, { left: `${(100 * c) / width}%`, top: `${(100 * r) / height}%`, width: `${100 / width}%`, height: `${100 / height}%` });
    const around = [[-1, 0], [1, 0], [0, -1], [0, 1]].map(([dy, dx]) => [r + dy, c + dx]).filter(([y, x]) => y >= 0 && y < height && x >= 0 && x < width);
    const places = around.map(([y, x]) => this.order.indexOf(y * width + x));
    const marks = this.find(".marks");
    fitChildren(marks, places.length + 1, () => document.createElement("i"));
    [...places, place].forEach((each, i) => {
      marks.children[i].className = i === places.length ? "here" : "";
      marks.children[i].style.left = `${(100 * each) / (width * height)}%`;
    });
    const values = { row: r, column: c, width, place, value: written(this.values[pixel], 2), count: width * height };
    setText(this.find(".formula"), this.word(this.state.shuffled ? "flat_shuffled" : "flat_place", values));
    setText(this.find(".said"), this.word(this.state.shuffled ? "flat_why_shuffled" : "flat_why", values));
    setData(this.root, { row: r, column: c, place, neighbours: JSON.stringify(places) });
  }
}

export default keepView(".flat", FlatRow);
