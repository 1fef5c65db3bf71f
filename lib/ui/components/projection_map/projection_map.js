// Pictures as points. A point keeps its element while it belongs to the same picture, so another method moves it.

import { find, fitChildren, setAttributes, setData, setText, svgNode } from "../base/dom.js";
import { pointIn, sizeOf } from "../base/drag.js";
import { arrowWay } from "../base/keys.js";
import { percent } from "../base/numbers.js";
import { themeColours } from "../base/palette.js";
import { MARKERS, seriesStyle } from "../base/series.js";
import { View, keepView } from "../base/view.js";

/** @import { Component } from "../base/types.js" */
/** @import { Colours } from "../base/palette.js" */
/** @typedef {{place: number, x: number, y: number, label: number, answer: number, share: number}} Point */
/** @typedef {{title: string, note: string, summary: string, classes: string[], points: Point[], chosen: number | null}} ProjectionMapData */

const [MARGIN, NEAR] = [18, 16]; // pixels
const SYMBOLS = Object.keys(MARKERS);

/** Colour and marker of a class; the pair repeats only after 64 classes. @param {number} label @param {Colours} colours */
function classStyle(label, colours) {
  const { colour } = seriesStyle(label, colours);
  return { colour, path: MARKERS[SYMBOLS[(label + 3 * Math.floor(label / SYMBOLS.length)) % SYMBOLS.length]] };
}

/** @extends {View<ProjectionMapData>} */
class ProjectionMap extends View {
  /** @type {Colours} */ colours;
  /** @type {Map<number, Point>} */ byPlace;
  /** @type {Point | null} */ chosen;
  /** @type {Map<number, [number, number]>} */ pixels;
  /** @type {number} */ timer;

  /** @param {HTMLElement} root @param {Component<ProjectionMapData>} component */
  constructor(root, component) {
    super(root, component);
    this.svg = find(root, "svg");
    /** @type {Map<number, SVGPathElement>} */
    this.nodes = new Map(); // place -> path
    this.layers = ["points", "names"].map((name) => this.svg.appendChild(svgNode("g", { class: name })));
    this.here = this.svg.appendChild(svgNode("circle", { class: "here", r: 9 }));
    /** @type {number | null} */
    this.only = null; // the class that is shown alone
    this.whenResized(this.svg, () => this.data && this.place());
    this.svg.onclick = (event) => this.choose(this.nearest(event));
    this.svg.onpointermove = (event) => this.say(this.nearest(event) ?? this.chosen);
    this.svg.onpointerleave = () => this.say(this.chosen);
    this.svg.onkeydown = (event) => this.steer(event);
  }

  destroy() {
    clearTimeout(this.timer);
  }

  /** @param {ProjectionMapData} data */
  update(data) {
    this.data = data;
    this.colours = themeColours(this.root);
    this.byPlace = new Map(data.points.map((point) => [point.place, point]));
    if (!this.timer) this.chosen = this.byPlace.get(data.chosen ?? -1) ?? null;
    if (!data.classes[this.only ?? -1]) this.only = null;
    setText(this.find("h2"), data.title);
    setText(this.find(".note"), data.note);
    this.svg.setAttribute("aria-label", this.word("arrows", { summary: data.summary }));
    this.drawPoints();
    this.drawLegend();
    this.place();
    this.say(this.chosen);
    setData(this.root, { n: data.points.length, chosen: data.chosen ?? "" });
  }

  drawPoints() {
    for (const [place, node] of this.nodes) {
      if (this.byPlace.has(place)) continue;
      node.remove();
      this.nodes.delete(place);
    }
    for (const point of this.data.points) {
      let node = this.nodes.get(point.place);
      if (!node) {
        node = this.layers[0].appendChild(svgNode("path", { "data-place": point.place }));
        this.nodes.set(point.place, node);
      }
      const { colour, path } = classStyle(point.label, this.colours);
      node.setAttribute("d", path);
      node.setAttribute("fill", colour);
    }
    this.mark();
  }

  /** What is dim, and what has a ring. */
  mark() {
    for (const { place, label, answer } of this.data.points) {
      const dim = this.only !== null && this.only !== label;
      this.nodes.get(place)?.setAttribute("class", `point${label !== answer ? " wrong" : ""}${dim ? " dim" : ""}`);
    }
    [...this.layers[1].children].forEach((name) => {
      name.setAttribute("class", this.only !== null && this.only !== Number(name.dataset.label) ? "name dim" : "name");
    });
  }

  /** From numbers to pixels: one scale for both axes, so that distances can be compared. */
  place() {
    const { width, height } = sizeOf(this.svg);
    if (width < 80 || height < 80) return;
    const [x, y] = [extent(this.data.points.map((point) => point.x)), extent(this.data.points.map((point) => point.y))];
    const scale = Math.min((width - 2 * MARGIN) / x.length, (height - 2 * MARGIN) / y.length);
    /** @type {Map<number, [number, number]>} */
    const pixels = new Map();
    for (const point of this.data.points) {
      const [left, top] = [width / 2 + (point.x - x.middle) * scale, height / 2 - (point.y - y.middle) * scale];
      pixels.set(point.place, [left, top]);
      const node = this.nodes.get(point.place);
      if (node) node.style.transform = `translate(${left.toFixed(1)}px, ${top.toFixed(1)}px)`;
    }
    this.pixels = pixels;
    this.drawNames(pixels);
    this.moveRing();
  }

  /** Each class by its name, in the middle of its points. @param {Map<number, [number, number]>} pixels */
  drawNames(pixels) {
    const names = this.data.classes.flatMap((name, label) => {
      const at = this.data.points.flatMap((point) => (point.label === label ? [pixels.get(point.place) ?? [0, 0]] : []));
      if (at.length === 0) return [];
      const [left, top] = [0, 1].map((axis) => median(at.map((each) => each[axis])));
      const node = svgNode("text", { x: left, y: top + 4, "data-label": label });
      node.textContent = name;
      return [node];
    });
    this.layers[1].replaceChildren(...names);
    this.mark();
  }

  moveRing() {
    const at = this.chosen && this.pixels?.get(this.chosen.place);
    this.here.style.display = at ? "" : "none";
    if (at) setAttributes(this.here, { cx: at[0], cy: at[1] });
  }

  drawLegend() {
    const legend = this.find(".legend");
    const buttons = fitChildren(legend, this.data.classes.length, () => {
      const button = Object.assign(document.createElement("button"), { type: "button" });
      const picture = svgNode("svg", { class: "swatch", viewBox: "-6 -6 12 12", "aria-hidden": true });
      picture.append(svgNode("path"));
      button.append(picture, document.createElement("span"));
      return button;
    });
    this.data.classes.forEach((name, label) => {
      const button = buttons[label];
      const { colour, path } = classStyle(label, this.colours);
      setAttributes(find(button, "path"), { d: path, fill: colour });
      setText(find(button, "span"), name);
      button.setAttribute("aria-pressed", this.only === label);
      button.onclick = () => {
        this.only = this.only === label ? null : label;
        this.mark();
        this.drawLegend();
      };
    });
  }

  /** @param {PointerEvent} event */
  nearest(event) {
    const { x, y } = pointIn(this.svg, event);
    return this.closest([x, y], () => true, NEAR);
  }

  /**
   * The point closest to a place among those that `fits` lets through, within `most` pixels.
   * @param {[number, number]} from
   * @param {(dx: number, dy: number) => boolean} fits
   * @returns {Point | null}
   */
  closest([x, y], fits, most = Infinity) {
    /** @type {Point | null} */
    let found = null;
    for (const [place, at] of this.pixels ?? []) {
      const [dx, dy] = [at[0] - x, at[1] - y];
      const distance = Math.hypot(dx, dy);
      if (distance < most && fits(dx, dy)) [found, most] = [this.byPlace.get(place) ?? null, distance];
    }
    return found;
  }

  /** @param {KeyboardEvent} event */
  steer(event) {
    const way = arrowWay(event);
    if (!way || !this.pixels) return;
    const [down, right] = way;
    event.preventDefault();
    const { width, height } = sizeOf(this.svg);
    const from = this.chosen && this.pixels.get(this.chosen.place);
    // Within a right angle around the way; without a point to start from, the one in the middle.
    const ahead = (/** @type {number} */ dx, /** @type {number} */ dy) => dx * right + dy * down > Math.max(0.5, Math.abs(dx * down + dy * right));
    this.choose(from ? this.closest(from, ahead) : this.closest([width / 2, height / 2], () => true));
  }

  /** @param {Point | null} point */
  choose(point) {
    if (!point) return;
    this.chosen = point;
    this.moveRing();
    this.say(point);
    clearTimeout(this.timer); // keys that are held down ask once
    this.timer = setTimeout(() => {
      this.timer = 0;
      this.component.setTriggerValue("chosen", { place: this.chosen?.place });
    }, 120);
  }

  /** @param {Point | null} point */
  say(point) {
    const { classes, summary } = this.data;
    if (!point) return setText(this.find(".says"), summary);
    const { place, label, answer, share } = point;
    const facts = { place, label: classes[label], answer: classes[answer], share: percent(share) };
    setText(this.find(".says"), this.word(label === answer ? "says_right" : "says_wrong", facts));
  }
}

/** @param {number[]} values */
function extent(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return { middle: (low + high) / 2, length: Math.max(high - low, 1e-9) };
}

/** @param {number[]} values */
function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

export default keepView(".projection", ProjectionMap);
