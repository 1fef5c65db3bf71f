// One picture, its numbers under the pointer, and the same numbers in one long row.

import { arrowWay } from "../base/keys.js";
import { cloned, find, fitChildren, setData, setText } from "../base/dom.js";
import { bytesOf } from "../base/palette.js";
import { View, keepView } from "../base/view.js";
import { counted, say, speak, written } from "../base/words.js";

/** @import { Component } from "../base/types.js" */

const REACH = 3; // cells around the one pointed at, in the lens
const AROUND = 7; // places around it, in the vector
const PLANES = ["red", "green", "blue"];

/** @extends {View<PictureNumbersData>} */
class PictureNumbers extends View {
  /** @param {HTMLElement} root @param {Component<PictureNumbersData>} component */
  constructor(root, component) {
    super(root, component);
    this.at = null;
    this.strip = find(root, ".strip");
    this.strip.onpointermove = this.strip.onpointerdown = (event) => this.pointAtStrip(event);
    this.strip.onkeydown = (event) => this.walkStrip(event);
    this.buildLens();
  }

  /** @param {PictureNumbersData} data */
  update(data) {
    speak(this.root, data);
    const [channels, height, width] = data.shape;
    const isOther = !this.values || data.pixels !== this.data.pixels;
    this.data = data;
    this.channels = channels;
    this.height = height;
    this.width = width;
    this.values = bytesOf(data.pixels);
    this.drawHead(data);
    this.drawStages();
    this.drawStrip();
    const size = { rows: height, columns: width, planes: channels, count: counted(this.values.length) };
    setText(this.find(".sum"), say(channels === 1 ? "vector_sum" : "vector_sum_planes", size));
    const inside = this.at && this.at.plane < channels && this.at.row < height && this.at.column < width;
    this.point(isOther || !inside ? this.brightest() : this.at);
  }

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
    const { channels, height, width } = this;
    this.find(".looking").classList.toggle("colour", channels === 3);
    const stages = this.find(".stages");
    const kinds = channels === 3 ? [null, 0, 1, 2] : [0];
    fitChildren(stages, kinds.length, () => this.newStage());
    kinds.forEach((plane, i) => {
      const stage = find(stages.children[i], ".stage");
      stage.plane = plane ?? 0;
      const name = channels === 1 ? say("grey") : plane === null ? say("all_planes") : say(PLANES[plane]);
      setText(find(stages.children[i], "figcaption"), channels === 1 ? "" : name);
      stage.setAttribute("aria-label", say("stage", { name, rows: height, columns: width }));
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

  /** `plane` null: all of them together. Dark to light, a plane in its own colour. @param {HTMLCanvasElement} canvas */
  paintPlane(canvas, plane) {
    const { channels, height, width, values } = this;
    Object.assign(canvas, { width, height });
    const context = canvas.getContext("2d");
    const image = context.createImageData(width, height);
    const size = height * width;
    for (let i = 0; i < size; i++) {
      const rgb = [0, 1, 2].map((colour) => {
        if (channels === 1) return values[i];
        return plane === null || plane === colour ? values[colour * size + i] : 0;
      });
      image.data.set([...rgb, 255], 4 * i);
    }
    context.putImageData(image, 0, 0);
  }

  drawStrip() {
    const canvas = find(this.strip, "canvas");
    const length = this.values.length;
    Object.assign(canvas, { width: length, height: 1 });
    const context = canvas.getContext("2d");
    const image = context.createImageData(length, 1);
    this.values.forEach((value, i) => image.data.set([...this.colourOf(i, value), 255], 4 * i));
    context.putImageData(image, 0, 0);
    this.strip.setAttribute("aria-label", say("vector_label", { count: counted(length) }));
    this.strip.setAttribute("aria-valuemin", 0);
    this.strip.setAttribute("aria-valuemax", length - 1);
  }

  /** @param {number} place */
  colourOf(place, value) {
    if (this.channels === 1) return [value, value, value];
    const plane = Math.floor(place / (this.height * this.width));
    return [0, 1, 2].map((colour) => (colour === plane ? value : 0));
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

  /** Where a picture is first looked at: its lightest pixel. */
  brightest() {
    return this.placed(this.values.reduce((best, value, i) => (value > this.values[best] ? i : best), 0));
  }

  /** @param {number} place */
  placed(place) {
    const size = this.height * this.width;
    const within = place % size;
    return { plane: Math.floor(place / size), row: Math.floor(within / this.width), column: within % this.width };
  }

  placeOf({ plane, row, column }) {
    return plane * this.height * this.width + row * this.width + column;
  }

  /** @param {number} row @param {number} column */
  valueAt(plane, row, column) {
    const inside = row >= 0 && column >= 0 && row < this.height && column < this.width;
    return inside ? this.values[this.placeOf({ plane, row, column })] : null;
  }

  /** @param {number} at */
  point(at) {
    this.at = at;
    const { plane, row, column } = at;
    const place = this.placeOf(at);
    const [across, down] = [100 / this.width, 100 / this.height];
    for (const cell of this.root.querySelectorAll(".cell")) {
      const box = { left: `${column * across}%`, top: `${row * down}%`, width: `${across}%`, height: `${down}%` };
      Object.assign(cell.style, box);
    }
    const value = this.values[place];
    const where = { row: row + 1, column: column + 1, value, place: counted(place) };
    const name = this.channels === 3 ? "pixel_colour" : "pixel";
    const planes = Object.fromEntries(PLANES.map((word, i) => [word, this.valueAt(i, row, column)]));
    const readout = this.find(".readout");
    setText(readout, say(name, { ...where, ...planes }));
    setData(readout, { value, place, row, column, plane });
    const scaled = written(value * this.data.scale, this.data.scale === 1 ? 0 : 3);
    setText(this.find(".scaled"), say("what_the_net_gets", { value: scaled }));
    this.drawLens(plane, row, column);
    this.drawAround(place);
    find(this.strip, ".mark").style.left = `${(100 * (place + 0.5)) / this.values.length}%`;
    this.strip.setAttribute("aria-valuenow", place);
    this.strip.setAttribute("aria-valuetext", say("vector_at", { place: counted(place), value }));
  }

  /** @param {number} row @param {number} column */
  drawLens(plane, row, column) {
    const body = this.find("tbody");
    for (let down = -REACH; down <= REACH; down++) {
      for (let across = -REACH; across <= REACH; across++) {
        const cell = body.rows[down + REACH].cells[across + REACH];
        const value = this.valueAt(plane, row + down, column + across);
        setText(cell, value === null ? "" : String(value));
        cell.className = value === null ? "off" : down === 0 && across === 0 ? "here" : "";
        this.tint(cell, plane * this.height * this.width, value);
      }
    }
  }

  /** @param {number} place */
  drawAround(place) {
    const around = this.find(".around");
    for (let off = -AROUND; off <= AROUND; off++) {
      const item = around.children[off + AROUND];
      const there = place + off >= 0 && place + off < this.values.length;
      item.style.visibility = there ? "" : "hidden";
      if (!there) continue;
      const value = this.values[place + off];
      setText(item.firstChild, String(value));
      setText(item.lastChild, counted(place + off));
      this.tint(item.firstChild, place + off, value);
    }
  }

  /** The number's own colour behind it, and writing that can be read on it. @param {number} place */
  tint(cell, place, value) {
    const [red, green, blue] = this.colourOf(place, value ?? 0);
    cell.style.background = `rgb(${red} ${green} ${blue})`;
    cell.style.color = 0.3 * red + 0.59 * green + 0.11 * blue > 130 ? "#111" : "#eee";
  }

  /** @param {number} stage @param {PointerEvent} event */
  pointAtStage(stage, event) {
    const box = stage.getBoundingClientRect();
    const cell = (/** @type {number} */ offset, /** @type {number} */ length, cells) => Math.max(0, Math.min(cells - 1, Math.floor((offset / length) * cells)));
    this.point({
      plane: stage.plane,
      row: cell(event.clientY - box.top, box.height, this.height),
      column: cell(event.clientX - box.left, box.width, this.width),
    });
  }

  /** @param {PointerEvent} event */
  pointAtStrip(event) {
    const box = this.strip.getBoundingClientRect();
    const place = Math.floor(((event.clientX - box.left) / box.width) * this.values.length);
    this.point(this.placed(Math.max(0, Math.min(this.values.length - 1, place))));
  }

  /** @param {number} stage @param {KeyboardEvent} event */
  walkStage(stage, event) {
    const [down, across] = arrowWay(event) ?? [];
    if (down === undefined) return;
    event.preventDefault();
    const within = (/** @type {number} */ place, cells) => Math.max(0, Math.min(cells - 1, place));
    this.point({
      plane: stage.plane,
      row: within(this.at.row + down, this.height),
      column: within(this.at.column + across, this.width),
    });
  }

  /** @param {KeyboardEvent} event */
  walkStrip(event) {
    const [place, last] = [this.placeOf(this.at), this.values.length - 1];
    const to = {
      ArrowLeft: place - 1, ArrowDown: place - 1, ArrowRight: place + 1, ArrowUp: place + 1,
      PageDown: place - this.width, PageUp: place + this.width, Home: 0, End: last,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.point(this.placed(Math.max(0, Math.min(last, to))));
  }
}

export default keepView(".picture-numbers", PictureNumbers);
