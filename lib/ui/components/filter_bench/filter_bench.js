// The bench: a picture, a kernel to paint, and the map that it makes; all of it here, without the server.

import { arrowWay } from "../base/keys.js";
import { copyOf, find, setData, setText } from "../base/dom.js";
import { DIVERGING, DIVERGING_ANCHORS, VIRIDIS, VIRIDIS_ANCHORS, bytesOf, colourTable, divergingIndex, gradient, paint } from "../base/palette.js";
import { View, keepView } from "../base/view.js";
import { KERNELS, pool, resized, slide, slidePlan } from "./slide.js";

/** @import { Component } from "../base/types.js" */

const KEPT = "glasshouseFilterBench"; // what was painted, while another view is open
const PRESETS = ["vertical", "horizontal", "both", "blur", "sharpen", "emboss", "empty"];
const BRUSHES = [-1, -0.5, 0, 0.5, 1];
const CHOICES = [
  ["size", "kernel", [[3, "3×3"], [5, "5×5"]]],
  ["stride", "stride", [[1, "1"], [2, "2"], [3, "3"]]],
  ["padding", "padding", [["same", "same (zeros)"], ["valid", "none"]]],
  ["relu", "ReLU", [[true, "on"], [false, "off"]]],
  ["pooling", "pooling 2×2", [["none", "none"], ["max", "max"], ["average", "average"], ["both", "side by side"]]],
];
const START = { preset: "vertical", size: 3, stride: 1, padding: "same", relu: true, pooling: "none", brush: 1 };

/** @extends {View<FilterBenchData>} */
class FilterBench extends View {
  /** @param {HTMLElement} root @param {Component<FilterBenchData>} component */
  constructor(root, component) {
    super(root, component);
    const { parent } = this;
    this.templates = { kernel: find(parent, "template.kernel"), map: find(parent, "template.map") };
    this.state = window[KEPT] ??= { ...START, kernels: [[...KERNELS.vertical[3]]] };
    this.buttons = [];
    for (const name of PRESETS) this.button(".presets", "preset", name, name, () => this.take(name));
    for (const value of BRUSHES) this.button(".brushes", "brush", value, signedShort(value));
    for (const [name, title, options] of CHOICES) {
      const group = Object.assign(document.createElement("div"), { role: "group", ariaLabel: title });
      const label = Object.assign(document.createElement("span"), { className: "quiet", textContent: title });
      this.find(".choices").append(label, group);
      for (const [value, text] of options) this.button(group, name, value, text, () => this.choose(name, value));
    }
    this.buildKernels();
  }

  /** @param {number} place @param {string} name @param {string} text */
  button(place, name, value, text, act = () => this.choose(name, value)) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: text, onclick: act });
    (typeof place === "string" ? this.find(place) : place).append(button);
    this.buttons.push({ button, name, value });
  }

  update({ width, height, data, caption, asked }) {
    this.begin(asked);
    this.picture = { width, height, values: new Float32Array(bytesOf(data).buffer) };
    setText(this.find(".caption"), `${width}×${height} · ${caption}`);
    const canvas = this.find(".picture canvas");
    canvas.setAttribute("aria-label", caption);
    paint(canvas, width, height, Array.from(this.picture.values, (value) => Math.round(255 * value)), GREYS);
    this.apply();
  }

  /** What an address asks for, once: afterwards the bench is the person's. */
  begin({ kernel, pooling }) {
    const wish = `${kernel} ${pooling}`;
    if (wish === (this.state.wish ?? "undefined undefined")) return;
    this.state.wish = wish;
    const kinds = CHOICES.find(([name]) => name === "pooling")[2].map(([value]) => value);
    if (kinds.includes(pooling)) this.state.pooling = pooling;
    if (PRESETS.includes(kernel)) this.take(kernel);
  }

  // ---- the filter -----------------------------------------------------------------------------------------------

  /** @param {string} preset */
  take(preset) {
    const { size } = this.state;
    const names = preset === "both" ? ["vertical", "horizontal"] : [preset];
    Object.assign(this.state, { preset, kernels: names.map((name) => [...KERNELS[name][size]]) });
    this.buildKernels();
    this.apply();
  }

  /** @param {string} name */
  choose(name, value) {
    const before = this.state.size;
    this.state[name] = value;
    if (name !== "size" || value === before) return this.apply();
    if (this.state.preset) return this.take(this.state.preset);
    this.state.kernels = this.state.kernels.map((kernel) => resized(kernel, before, value));
    this.buildKernels();
    return this.apply();
  }

  buildKernels() {
    const { size, kernels } = this.state;
    const pieces = kernels.map((kernel, which) => {
      const piece = copyOf(this.templates.kernel);
      const title = kernels.length > 1 ? ["vertical", "horizontal"][which] : "";
      setText(find(piece, "p"), title);
      const cells = find(piece, ".cells");
      cells.style.setProperty("--size", size);
      cells.setAttribute("aria-label", `${title} weights`);
      kernel.forEach((_, place) => cells.append(this.cell(which, place)));
      return piece;
    });
    this.find(".kernels").replaceChildren(...pieces);
  }

  /** @param {string} which @param {number} place */
  cell(which, place) {
    const { size } = this.state;
    const cell = Object.assign(document.createElement("input"), { type: "text", inputMode: "decimal" });
    cell.ariaLabel = `weight, row ${Math.floor(place / size) + 1}, column ${(place % size) + 1}`;
    setData(cell, { place: place });
    const put = () => this.set(which, place, this.state.brush);
    cell.onpointerdown = (event) => {
      if (event.button !== 0 || cell === cell.getRootNode().activeElement) return; // in a focused cell: place the caret
      event.preventDefault();
      cell.releasePointerCapture?.(event.pointerId); // touch would hold on to the first cell
      put();
    };
    cell.onpointerenter = (event) => event.buttons & 1 && put();
    cell.ondblclick = () => cell.select();
    cell.onfocus = () => cell.select();
    cell.onblur = () => this.drawKernels();
    cell.oninput = () => {
      const value = Number(cell.value.replace("−", "-").replace(",", "."));
      const works = cell.value.trim() !== "" && Number.isFinite(value) && Math.abs(value) <= 1000;
      cell.classList.toggle("bad", !works);
      if (works) this.set(which, place, value, cell);
    };
    cell.onkeydown = (event) => this.walk(event, cell, place);
    return cell;
  }

  /** @param {KeyboardEvent} event @param {number} place */
  walk(event, cell, place) {
    const { size } = this.state;
    const step = arrowWay(event);
    if (event.key === "Enter") cell.blur();
    if (!step) return;
    event.preventDefault();
    const [row, column] = [Math.floor(place / size) + step[0], (place % size) + step[1]];
    if (row >= 0 && row < size && column >= 0 && column < size) cell.parentElement.children[row * size + column].focus();
  }

  /** @param {string} which @param {number} place */
  set(which, place, value, typing = null) {
    this.state.kernels[which][place] = value;
    this.state.preset = null;
    this.apply(typing);
  }

  drawKernels(typing = null) {
    const all = this.state.kernels.flat();
    const limit = all.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const cells = [...this.root.querySelectorAll(".cells input")];
    cells.forEach((cell, i) => {
      const [red, green, blue] = rgbOf(DIVERGING[divergingIndex(all[i], limit)]);
      cell.style.background = `rgb(${red} ${green} ${blue})`;
      cell.style.color = red * 0.3 + green * 0.59 + blue * 0.11 > 140 ? "#18241d" : "#fff";
      if (cell !== typing) {
        cell.value = signedShort(all[i]);
        cell.classList.remove("bad");
      }
    });
  }

  // ---- the maps -------------------------------------------------------------------------------------------------

  apply(typing = null) {
    if (!this.picture) return;
    const { kernels, relu, pooling } = this.state;
    for (const { button, name, value } of this.buttons) button.setAttribute("aria-pressed", this.state[name] === value);
    this.drawKernels(typing);
    const maps = kernels.map((kernel) => slide(this.picture, kernel, this.state));
    if (relu) for (const map of maps) map.values.forEach((value, i) => (map.values[i] = Math.max(0, value)));
    const titles = kernels.length > 1 ? ["vertical", "horizontal"] : [relu ? "after ReLU" : "sums"];
    if (maps.length > 1) {
      const [one, other] = maps;
      maps.push({ ...one, values: one.values.map((value, i) => Math.max(value, other.values[i])) });
      titles.push("larger of both");
    }
    const kinds = { none: [], both: ["max", "average"] }[pooling] ?? [pooling];
    const shown = maps.map((map, i) => ({ map, title: titles[i], of: i }));
    for (const kind of kinds) {
      maps.forEach((map, i) => {
        shown.push({ map: pool(map, kind, 2), title: maps.length > 1 ? `${kind}, ${titles[i]}` : `${kind} pooling`, pooled: true, of: i });
      });
    }
    this.drawMaps(shown, maps.length > 1 ? 3 : 1 + kinds.length);
  }

  drawMaps(shown, columns) {
    const place = this.find(".maps");
    place.style.setProperty("--columns", columns);
    while (place.children.length > shown.length) place.lastChild.remove();
    while (place.children.length < shown.length) place.append(this.figure());
    this.shown = shown;
    const signed = !this.state.relu;
    shown.forEach(({ map, title }, i) => {
      const figure = place.children[i];
      const { width, height, values } = map;
      const [low, high] = values.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [0, 0]);
      const most = signed ? Math.max(-low, high) : high;
      const index = signed ? (value) => divergingIndex(value, most) : (value) => (most > 0 ? (255 * value) / most : 0);
      paint(find(figure, "canvas"), width, height, Array.from(values, (v) => Math.round(index(v))), signed ? DIVERGING : VIRIDIS);
      setText(find(figure, "b"), title);
      setText(find(figure, "span"), `${width}×${height}`);
      setText(find(figure, ".low"), signed ? signedShort(-most) : "0");
      setText(find(figure, ".high"), signedShort(most));
      find(figure, ".gradient").style.background = gradient(signed ? DIVERGING_ANCHORS : VIRIDIS_ANCHORS);
      find(figure, ".stage").setAttribute("aria-label", `${title}, ${width}×${height}, up to ${signedShort(most)}`);
      setData(figure, { width, height });
    });
    this.point(this.at && shown[this.at.which] ? this.at : null);
  }

  figure() {
    const figure = copyOf(this.templates.map);
    const stage = find(figure, ".stage");
    const which = () => [...figure.parentElement.children].indexOf(figure);
    stage.onpointermove = stage.onpointerdown = (event) => {
      const { width, height } = this.shown[which()].map;
      const box = stage.getBoundingClientRect();
      const column = Math.floor(((event.clientX - box.left) / box.width) * width);
      this.point({ which: which(), row: Math.floor(((event.clientY - box.top) / box.height) * height), column });
    };
    stage.onpointerleave = stage.onblur = () => this.point(null);
    stage.onfocus = () => stage.matches(":focus-visible") && this.point({ which: which(), row: 0, column: 0 });
    stage.onkeydown = (event) => {
      const step = arrowWay(event);
      if (!step) return;
      event.preventDefault();
      const { row, column } = this.at ?? { row: 0, column: 0 };
      this.point({ which: which(), row: row + step[0], column: column + step[1] });
    };
    return figure;
  }

  /** Mark one number of a map, and the pixels it is made of; null ends it. @param {number} at */
  point(at) {
    const { size, stride, padding, relu } = this.state;
    for (const frame of this.root.querySelectorAll(".window")) frame.hidden = true;
    this.at = null;
    if (!at) return setText(this.find(".readout"), "");
    const { map, pooled, of } = this.shown[at.which];
    const row = Math.max(0, Math.min(map.height - 1, at.row));
    const column = Math.max(0, Math.min(map.width - 1, at.column));
    this.at = { which: at.which, row, column };
    const figures = this.find(".maps").children;
    const value = map.values[row * map.width + column];
    this.frame(figures[at.which].querySelector(".window"), map, row, column, 1);
    const before = [this.picture.height, this.picture.width].map((side) => slidePlan(side, size, stride, padding).before);
    const side = pooled ? size + stride : size; // two neighbouring windows, one stride apart
    const [top, left] = [row, column].map((n, i) => n * stride * (pooled ? 2 : 1) - before[i]);
    this.frame(this.find(".picture .window"), this.picture, top, left, side);
    if (pooled) this.frame(find(figures[of], ".window"), this.shown[of].map, 2 * row, 2 * column, 2);
    const how = pooled ? "of 4 numbers of the map" : `sum of ${size * size} products${relu ? ", then ReLU" : ""}`;
    const readout = this.find(".readout");
    setData(readout, { value: value });
    return setText(readout, `row ${row + 1}, column ${column + 1}: ${signedShort(value, 4)} · ${how}`);
  }

  /** @param {HTMLElement} element @param {number} row @param {number} column @param {number} side */
  frame(element, { width, height }, row, column, side) {
    const [left, top] = [Math.max(0, column), Math.max(0, row)];
    const [right, bottom] = [Math.min(width, column + side), Math.min(height, row + side)];
    element.hidden = right <= left || bottom <= top;
    Object.assign(element.style, {
      left: `${(100 * left) / width}%`, width: `${(100 * (right - left)) / width}%`,
      top: `${(100 * top) / height}%`, height: `${(100 * (bottom - top)) / height}%`,
    });
  }
}

const GREYS = colourTable([[0, 0, 0], [255, 255, 255]]);
const rgbOf = (/** @type {number} */ packed) => [packed & 255, (packed >> 8) & 255, (packed >> 16) & 255];

/** 0.1111 -> "0.11", -1 -> "−1" */
function signedShort(value, digits = 2) {
  return `${value < 0 ? "−" : ""}${+Math.abs(value).toFixed(digits)}`;
}

export default keepView(".bench", FilterBench);
