// One picture, its numbers under the pointer, and the same numbers in one long row.

import { childrenOf, cloned, find, fitChildren, setData, setText } from "../base/dom.js";
import { arrowWay, within } from "../base/keys.js";
import { bytesOf, inkOn, paintDots } from "../base/palette.js";
import { View, keepView } from "../base/view.js";
import { counted, written } from "../base/words.js";
import { Pixels } from "./pixels.js";

/** @import { Component, Worded } from "../base/types.js" */
/** @import { Pixel } from "./pixels.js" */
/** @typedef {{index: number, name: string, classes: string[]}} Label */
/**
 * `pixels` in base 64; what the net sees is a pixel times `scale`.
 * @typedef {Worded & {pixels: string, shape: [number, number, number], scale: number, caption: string, label: Label | null, withheld: boolean}} PictureNumbersData
 */

const REACH = 3; // cells around the one pointed at, in the lens
const AROUND = 7; // places around it, in the vector
const PLANES = ["red", "green", "blue"];

/** @extends {View<PictureNumbersData>} */
class PictureNumbers extends View {
  pixels = new Pixels(new Uint8Array(), [1, 0, 0]);
  /** @type {Pixel} */ at = { plane: 0, row: 0, column: 0 };
  shown = ""; // the picture in view, as it came

  /** @param {HTMLElement} root @param {Component<PictureNumbersData>} component */
  constructor(root, component) {
    super(root, component);
    this.strip = find(root, ".strip");
    this.strip.onpointermove = this.strip.onpointerdown = (event) => this.pointAtStrip(event);
    this.strip.onkeydown = (event) => this.walkStrip(event);
    this.buildLens();
  }

  /** @param {PictureNumbersData} data */
  update(data) {
    this.speak(data);
    const [channels, height, width] = data.shape;
    const isOther = data.pixels !== this.shown;
    this.shown = data.pixels;
    this.data = data;
    this.pixels = new Pixels(bytesOf(data.pixels), data.shape);
    this.drawHead(data);
    this.drawStages();
    this.drawStrip();
    const size = { rows: height, columns: width, planes: channels, count: this.length };
    setText(this.find(".sum"), this.word(channels === 1 ? "vector_sum" : "vector_sum_planes", size));
    this.point(isOther || !this.pixels.has(this.at) ? this.pixels.brightest : this.at);
  }

  /** @param {PictureNumbersData} data */
  drawHead({ label, caption }) {
    setText(this.find(".name"), label ? label.name : caption);
    setText(this.find(".caption"), label ? caption : "");
    this.find(".codes").hidden = !label;
    if (!label) return;
    setText(this.find(".integer"), String(label.index));
    const row = this.find(".one-hot");
    fitChildren(row, label.classes.length, () => document.createElement("span"));
    label.classes.forEach((name, i) => {
      const cell = row.children[i];
      setText(cell, i === label.index ? "1" : "0");
      cell.className = i === label.index ? "one" : "";
      cell.title = `${i} · ${name}`;
    });
    row.setAttribute("aria-label", label.classes.map((_, i) => (i === label.index ? 1 : 0)).join(" "));
  }

  /** A grey picture alone; of a colour picture also its three planes. */
  drawStages() {
    const { channels, height, width } = this.pixels;
    this.find(".looking").classList.toggle("colour", channels === 3);
    const stages = this.find(".stages");
    const kinds = channels === 3 ? [null, 0, 1, 2] : [0];
    fitChildren(stages, kinds.length, () => this.newStage());
    kinds.forEach((plane, i) => {
      const stage = find(stages.children[i], ".stage");
      setData(stage, { plane: plane ?? 0 });
      const name = channels === 1 ? this.word("grey") : plane === null ? this.word("all_planes") : this.word(PLANES[plane]);
      setText(find(stages.children[i], "figcaption"), channels === 1 ? "" : name);
      stage.setAttribute("aria-label", this.word("stage", { name, rows: height, columns: width }));
      this.paintPlane(find(stage, "canvas"), plane);
    });
  }

  newStage() {
    const figure = cloned(this.parent, "stage");
    const stage = find(figure, ".stage");
    stage.onpointermove = stage.onpointerdown = (event) => this.pointAtStage(stage, event);
    stage.onkeydown = (event) => this.walkStage(stage, event);
    return figure;
  }

  /** `plane` null: all of them together. Dark to light, a plane in its own colour. @param {HTMLCanvasElement} canvas @param {number | null} plane */
  paintPlane(canvas, plane) {
    const { pixels } = this;
    paintDots(canvas, pixels.width, pixels.height, (dot) => pixels.dotOf(dot, plane));
  }

  /** How long the vector is, where no lesson asks for it. */
  get length() {
    return this.data.withheld ? "?" : counted(this.pixels.values.length);
  }

  drawStrip() {
    const { pixels } = this;
    const { length } = pixels.values;
    paintDots(find(this.strip, "canvas"), length, 1, (place) => pixels.colourOf(place, pixels.values[place]));
    this.strip.setAttribute("aria-label", this.word("vector_label", { count: this.length }));
    this.strip.setAttribute("aria-valuemin", 0);
    this.strip.setAttribute("aria-valuemax", length - 1);
  }

  buildLens() {
    const body = this.find("tbody");
    for (let row = 0; row <= 2 * REACH; row++) {
      const line = body.insertRow();
      for (let column = 0; column <= 2 * REACH; column++) line.insertCell();
    }
    const around = this.find(".around");
    fitChildren(around, 2 * AROUND + 1, () => {
      const item = document.createElement("li");
      item.append(document.createElement("b"), document.createElement("span"));
      return item;
    });
    around.children[AROUND].className = "here";
  }

  /** @param {Pixel} at */
  point(at) {
    this.at = at;
    const { pixels } = this;
    const { plane, row, column } = at;
    const place = pixels.placeOf(at);
    const [across, down] = [100 / pixels.width, 100 / pixels.height];
    for (const cell of this.root.querySelectorAll(".cell")) {
      const box = { left: `${column * across}%`, top: `${row * down}%`, width: `${across}%`, height: `${down}%` };
      Object.assign(cell.style, box);
    }
    const value = pixels.values[place];
    const where = { row: row + 1, column: column + 1, value, place: counted(place) };
    const name = pixels.channels === 3 ? "pixel_colour" : "pixel";
    const planes = Object.fromEntries(PLANES.map((word, i) => [word, pixels.valueAt({ plane: i, row, column })]));
    const readout = this.find(".readout");
    setText(readout, this.word(name, { ...where, ...planes }));
    setData(readout, { value, place, row, column, plane });
    const scaled = written(value * this.data.scale, this.data.scale === 1 ? 0 : 3);
    setText(this.find(".scaled"), this.word("what_the_net_gets", { value: scaled }));
    this.drawLens(at);
    this.drawAround(place);
    find(this.strip, ".mark").style.left = `${(100 * (place + 0.5)) / pixels.values.length}%`;
    this.strip.setAttribute("aria-valuenow", place);
    this.strip.setAttribute("aria-valuetext", this.word("vector_at", { place: counted(place), value }));
  }

  /** @param {Pixel} at */
  drawLens({ plane, row, column }) {
    const body = this.find("tbody");
    for (let down = -REACH; down <= REACH; down++) {
      for (let across = -REACH; across <= REACH; across++) {
        const cell = body.rows[down + REACH].cells[across + REACH];
        const value = this.pixels.valueAt({ plane, row: row + down, column: column + across });
        setText(cell, value === null ? "" : String(value));
        cell.className = value === null ? "off" : down === 0 && across === 0 ? "here" : "";
        this.tint(cell, plane * this.pixels.size, value);
      }
    }
  }

  /** @param {number} place */
  drawAround(place) {
    const { values } = this.pixels;
    const around = this.find(".around");
    for (let off = -AROUND; off <= AROUND; off++) {
      const item = around.children[off + AROUND];
      const there = place + off >= 0 && place + off < values.length;
      item.style.visibility = there ? "" : "hidden";
      if (!there) continue;
      const value = values[place + off];
      const [number, where] = childrenOf(item);
      setText(number, String(value));
      setText(where, counted(place + off));
      this.tint(number, place + off, value);
    }
  }

  /** The number's own colour behind it, and writing that can be read on it. @param {HTMLElement} cell @param {number} place @param {number | null} value */
  tint(cell, place, value) {
    const [red, green, blue] = this.pixels.colourOf(place, value ?? 0);
    cell.style.background = `rgb(${red} ${green} ${blue})`;
    cell.style.color = inkOn(red, green, blue);
  }

  /** @param {HTMLElement} stage @param {PointerEvent} event */
  pointAtStage(stage, event) {
    const box = stage.getBoundingClientRect();
    const cell = (/** @type {number} */ share, /** @type {number} */ cells) => within(Math.floor(share * cells), 0, cells - 1);
    this.point({
      plane: Number(stage.dataset.plane),
      row: cell((event.clientY - box.top) / box.height, this.pixels.height),
      column: cell((event.clientX - box.left) / box.width, this.pixels.width),
    });
  }

  /** @param {PointerEvent} event */
  pointAtStrip(event) {
    const box = this.strip.getBoundingClientRect();
    this.pointAtPlace(Math.floor(((event.clientX - box.left) / box.width) * this.pixels.values.length));
  }

  /** @param {number} place of the row, or beyond its ends */
  pointAtPlace(place) {
    this.point(this.pixels.at(within(place, 0, this.pixels.values.length - 1)));
  }

  /** @param {HTMLElement} stage @param {KeyboardEvent} event */
  walkStage(stage, event) {
    const way = arrowWay(event);
    if (!way) return;
    event.preventDefault();
    this.point({
      plane: Number(stage.dataset.plane),
      row: within(this.at.row + way[0], 0, this.pixels.height - 1),
      column: within(this.at.column + way[1], 0, this.pixels.width - 1),
    });
  }

  /** @param {KeyboardEvent} event */
  walkStrip(event) {
    const place = this.pixels.placeOf(this.at);
    /** @type {Record<string, number>} */
    const ways = {
      ArrowLeft: place - 1, ArrowDown: place - 1, ArrowRight: place + 1, ArrowUp: place + 1,
      PageDown: place - this.pixels.width, PageUp: place + this.pixels.width, Home: 0, End: Infinity,
    };
    if (!(event.key in ways)) return;
    event.preventDefault();
    this.pointAtPlace(ways[event.key]);
  }
}

export default keepView(".picture-numbers", PictureNumbers);
