// The bench: a picture, a kernel to paint, and the map that it makes; all of it here, without the server.

import { find, newButton, setData, setText } from "../base/dom.js";
import { bytesOf, colourTable, paint } from "../base/palette.js";
import { View, keepView, remembered } from "../base/view.js";
import { Kernels } from "./kernels.js";
import { Maps, frame } from "./maps.js";
import { KERNELS, pool, resized, signedShort, slide, slidePlan } from "./slide.js";

/** @import { Component } from "../base/types.js" */
/** @import { Shown, Spot } from "./maps.js" */
/** @import { Padding, Raster } from "./slide.js" */
/** Grey values in base 64, and what an address asks for. @typedef {{width: number, height: number, data: string, caption: string, asked: {kernel?: string, pooling?: string}}} FilterBenchData */
/** @typedef {"none" | "max" | "average" | "both"} Pooling */
/**
 * What a person has set; no preset once it was painted on; `wish` is what the address asked for last.
 * @typedef {{preset: string | null, size: number, stride: number, padding: Padding, relu: boolean, pooling: Pooling, brush: number, kernels: number[][], wish: string}} State
 */
/** @typedef {string | number | boolean} Value */

const PRESETS = ["vertical", "horizontal", "both", "blur", "sharpen", "emboss", "empty"];
const BRUSHES = [-1, -0.5, 0, 0.5, 1];
/** @type {Record<Pooling, ("max" | "average")[]>} */
const POOLINGS = { none: [], max: ["max"], average: ["average"], both: ["max", "average"] };
/** What is the same in every language; for all others there is a word. @type {[keyof State, Value[]][]} */
const CHOICES = [
  ["size", [3, 5]],
  ["stride", [1, 2, 3]],
  ["padding", ["same", "valid"]],
  ["relu", [true, false]],
  ["pooling", ["none", "max", "average", "both"]],
];
/** @type {State} */
const START = {
  preset: "vertical", size: 3, stride: 1, padding: "same", relu: true, pooling: "none", brush: 1,
  kernels: [[...KERNELS.vertical[3]]], wish: '["",""]',
};
const BOTH = ["vertical", "horizontal"];
const GREYS = colourTable([[0, 0, 0], [255, 255, 255]]);

/** @extends {View<FilterBenchData>} */
class FilterBench extends View {
  /** @type {{button: HTMLButtonElement, name: keyof State, value: Value}[]} */ buttons = [];
  /** @type {{group: HTMLElement, label: HTMLElement, name: keyof State}[]} */ groups = [];
  /** @type {Raster} */ picture;
  saidIn = ""; // the language of what stands on the buttons

  /** @param {HTMLElement} root @param {Component<FilterBenchData>} component */
  constructor(root, component) {
    super(root, component);
    this.state = remembered("filter-bench", START);
    const brush = () => this.state.brush;
    this.kernels = new Kernels(this.find(".kernels"), find(this.parent, "template.kernel"), brush, (place, value, typing) => this.set(place, value, typing), this.word);
    this.maps = new Maps(this.find(".maps"), find(this.parent, "template.map"), (spot) => this.point(spot), this.word);
    for (const name of PRESETS) this.button(this.find(".presets"), "preset", name, () => this.take(name));
    for (const value of BRUSHES) this.button(this.find(".brushes"), "brush", value);
    for (const [name, values] of CHOICES) {
      const group = Object.assign(document.createElement("div"), { role: "group" });
      const label = Object.assign(document.createElement("span"), { className: "quiet" });
      this.groups.push({ group, label, name });
      this.find(".choices").append(label, group);
      for (const value of values) this.button(group, name, value);
    }
  }

  /** @param {HTMLElement} place @param {keyof State} name @param {Value} value */
  button(place, name, value, act = () => this.choose(name, value)) {
    const button = Object.assign(newButton(), { onclick: act });
    place.append(button);
    this.buttons.push({ button, name, value });
  }

  /** What stands on every button, in the page's language. */
  sayButtons() {
    for (const { button, name, value } of this.buttons) setText(button, this.textOf(name, value));
    for (const { group, label, name } of this.groups) {
      setText(label, this.word(`choice_${name}`));
      group.ariaLabel = label.textContent;
    }
  }

  /** @param {keyof State} name @param {Value} value */
  textOf(name, value) {
    if (name === "size") return `${value}×${value}`;
    return typeof value === "number" ? signedShort(value) : this.word(`option_${name}_${value}`);
  }

  /** @param {FilterBenchData} data */
  update({ width, height, data, caption, asked }) {
    const { lang = "" } = this.worded ?? {};
    if (this.saidIn !== lang) {
      this.saidIn = lang;
      this.sayButtons();
      this.buildKernels();
    }
    this.begin(asked);
    this.picture = { width, height, values: new Float32Array(bytesOf(data).buffer) };
    setText(this.find(".caption"), `${width}×${height} · ${caption}`);
    const canvas = this.find(".picture canvas");
    canvas.setAttribute("aria-label", caption);
    paint(canvas, width, height, Array.from(this.picture.values, (value) => Math.round(255 * value)), GREYS);
    this.apply();
  }

  /** What an address asks for, once: afterwards the bench is the person's. @param {FilterBenchData["asked"]} asked */
  begin({ kernel, pooling }) {
    const wish = JSON.stringify([kernel ?? "", pooling ?? ""]);
    if (wish === this.state.wish) return;
    this.state.wish = wish;
    if (isPooling(pooling)) this.state.pooling = pooling;
    if (kernel && PRESETS.includes(kernel)) this.take(kernel);
  }

  // ---- the filter -----------------------------------------------------------------------------------------------

  /** @param {string} preset */
  take(preset) {
    const { size } = this.state;
    const names = preset === "both" ? BOTH : [preset];
    Object.assign(this.state, { preset, kernels: names.map((name) => [...KERNELS[name][size]]) });
    this.buildKernels();
    this.apply();
  }

  /** @param {keyof State} name @param {Value} value */
  choose(name, value) {
    const before = this.state.size;
    Object.assign(this.state, { [name]: value });
    const { preset, size } = this.state;
    if (size === before) return this.apply();
    if (preset) return this.take(preset);
    this.state.kernels = this.state.kernels.map((kernel) => resized(kernel, before, size));
    this.buildKernels();
    return this.apply();
  }

  buildKernels() {
    const { size, kernels } = this.state;
    this.kernels.build(kernels.map((_, which) => (kernels.length > 1 ? this.word(`option_preset_${BOTH[which]}`) : "")), size);
  }

  /** @param {number} place counted through all kernels @param {number} value @param {HTMLInputElement | null} typing */
  set(place, value, typing) {
    const cells = this.state.size ** 2;
    this.state.kernels[Math.floor(place / cells)][place % cells] = value;
    this.state.preset = null;
    this.apply(typing);
  }

  // ---- the maps -------------------------------------------------------------------------------------------------

  /** @param {HTMLInputElement | null} typing the field whose text stays as it is */
  apply(typing = null) {
    if (!this.picture) return;
    const { kernels, relu, pooling } = this.state;
    for (const { button, name, value } of this.buttons) button.setAttribute("aria-pressed", this.state[name] === value);
    this.kernels.draw(kernels.flat(), typing);
    const maps = kernels.map((kernel) => slide(this.picture, kernel, this.state));
    if (relu) for (const map of maps) map.values.forEach((value, i) => (map.values[i] = Math.max(0, value)));
    const titles = kernels.length > 1 ? BOTH.map((name) => this.word(`option_preset_${name}`)) : [this.word(relu ? "after_relu" : "sums")];
    if (maps.length > 1) {
      const [one, other] = maps;
      maps.push({ ...one, values: one.values.map((value, i) => Math.max(value, other.values[i])) });
      titles.push(this.word("larger"));
    }
    const kinds = POOLINGS[pooling];
    /** @type {Shown[]} */
    const shown = maps.map((map, i) => ({ map, title: titles[i], of: i, pooled: false }));
    for (const kind of kinds) {
      maps.forEach((map, i) => {
        shown.push({ map: pool(map, kind, 2), title: maps.length > 1 ? `${this.word(`option_pooling_${kind}`)}, ${titles[i]}` : this.word(`pooled_${kind}`), pooled: true, of: i });
      });
    }
    this.maps.draw(shown, maps.length > 1 ? 3 : 1 + kinds.length, !relu);
  }

  /** Frame the pixels that a number of a map is made of, and say how. @param {Spot | null} spot @returns {void} */
  point(spot) {
    const { size, stride, padding, relu } = this.state;
    const [readout, element] = [this.find(".readout"), this.find(".picture .window")];
    element.hidden = true;
    if (!spot) return setText(readout, "");
    const { pooled } = this.maps.shown[spot.which];
    const before = [this.picture.height, this.picture.width].map((side) => slidePlan(side, size, stride, padding).before);
    const side = pooled ? size + stride : size; // two neighbouring windows, one stride apart
    const [top, left] = [spot.row, spot.column].map((n, i) => n * stride * (pooled ? 2 : 1) - before[i]);
    frame(element, this.picture, top, left, side);
    const how = this.word(pooled ? "of_four" : relu ? "sum_products_relu" : "sum_products", { products: size * size });
    const value = this.maps.valueAt(spot);
    setData(readout, { value });
    return setText(readout, this.word("number_at", { row: spot.row + 1, column: spot.column + 1, value: signedShort(value, 4), how }));
  }
}

/** @param {string | undefined} name @returns {name is Pooling} */
const isPooling = (name) => name !== undefined && name in POOLINGS;

export default keepView(".bench", FilterBench);
