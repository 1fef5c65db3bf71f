// The loss from above, the way the net walked, and a ball that goes down from anywhere.

import { setData, setText, svgNode } from "../base/dom.js";
import { placeIn, pointIn, sizeOf, whenDragged } from "../base/drag.js";
import { arrowWay, within } from "../base/keys.js";
import { VIRIDIS, VIRIDIS_ANCHORS, gradient, paint } from "../base/palette.js";
import { View, keepView } from "../base/view.js";
import { counted, written } from "../base/words.js";
import { Surface } from "./surface.js";

/** @import { Component, Worded } from "../base/types.js" */
/** @import { Grid, Place } from "./surface.js" */
/** A moment of the net's way. @typedef {{x: number, y: number, step: number, loss: number}} Moment */
/** @typedef {Worded & Grid & {path: Moment[]}} LandscapeData */

const LEVELS = 9; // contour lines
const FRAME_MS = 60;
const MOST_STEPS = 150; // of one play

/** @extends {View<LandscapeData>} */
class Landscape extends View {
  /** @type {Surface} */ surface;
  /** @type {Place[]} */ trail = []; // of the ball
  rate = 0;
  timer = 0;

  /** @param {HTMLElement} root @param {Component<LandscapeData>} component */
  constructor(root, component) {
    super(root, component);
    this.stage = this.find(".stage");
    this.svg = this.find("svg");
    this.find(".step").onclick = () => this.step();
    this.find(".play").onclick = () => (this.timer ? this.stop() : this.play());
    whenDragged(this.stage, (event) => this.drop(...this.placeOf(event)));
    this.stage.onpointermove = (event) => this.stage.hasPointerCapture(event.pointerId) || this.point(event);
    this.stage.onpointerleave = () => this.showSaid();
    this.stage.onkeydown = (event) => this.press(event);
    this.whenResized(this.stage, () => this.draw());
  }

  destroy() {
    this.stop();
  }

  /** @param {LandscapeData} data */
  update(data) {
    this.speak(data);
    const isNew = !this.surface || this.data.data !== data.data;
    this.data = data;
    if (isNew) {
      this.stop();
      this.surface = new Surface(data);
      this.trail = [];
      // A tenth of the map for a slope that is as large as the whole difference in height over the whole width.
      const { width, lowest, highest } = this.surface;
      this.rate = (0.02 * width ** 2) / Math.max(highest - lowest, 1e-9);
      this.paintMap();
    }
    this.stage.setAttribute("aria-label", this.word("map_label"));
    setText(this.find(".low"), written(this.surface.lowest, 4, 2));
    setText(this.find(".high"), written(this.surface.highest, 1));
    this.find(".gradient").style.background = gradient(VIRIDIS_ANCHORS);
    this.draw();
  }

  // ---- the ball ---------------------------------------------------------------------------------------------

  /** @param {PointerEvent} event @returns {Place} */
  placeOf(event) {
    const { xRange, yRange, width, depth } = this.surface;
    const { x, y } = placeIn(this.stage, event);
    return [xRange[0] + width * within(x, 0, 1), yRange[1] - depth * within(y, 0, 1)];
  }

  /** @param {number} x @param {number} y */
  drop(x, y) {
    this.stop();
    this.trail = [[x, y]];
    this.draw();
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.key === " ") {
      event.preventDefault();
      return this.step();
    }
    const way = arrowWay(event);
    if (!way) return undefined;
    event.preventDefault();
    const { width, depth, xRange, yRange } = this.surface;
    const [x, y] = this.trail.at(-1) ?? [xRange[0] + width / 2, yRange[0] + depth / 2];
    return this.drop(within(x + (way[1] * width) / 40, ...xRange), within(y - (way[0] * depth) / 40, ...yRange));
  }

  /** Against the slope; a step is never longer than a tenth of the map. */
  step() {
    const { surface } = this;
    if (!this.trail.length) this.trail = [this.start()];
    const [x, y] = this.trail[this.trail.length - 1];
    const [dx, dy] = surface.slope(x, y).map((part) => -this.rate * part);
    const long = Math.hypot(dx / surface.width, dy / surface.depth);
    const factor = Math.min(1, 0.1 / Math.max(long, 1e-12));
    /** @type {Place} */
    const next = [x + dx * factor, y + dy * factor];
    const ends = long < 2e-4 || !surface.contains(...next);
    if (!ends) this.trail.push(next);
    this.draw();
    return !ends;
  }

  /** Where the net itself began, or a corner of the map. @returns {Place} */
  start() {
    const [first] = this.data.path;
    return first ? [first.x, first.y] : [this.surface.xRange[0] + this.surface.width * 0.1, this.surface.yRange[1] - this.surface.depth * 0.1];
  }

  play() {
    let left = MOST_STEPS;
    const next = () => {
      this.timer = this.step() && --left > 0 ? setTimeout(next, FRAME_MS) : 0;
      this.showPlay();
    };
    next();
  }

  stop() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.showPlay();
  }

  showPlay() {
    setText(this.find(".play"), this.word(this.timer ? "pause" : "play"));
  }

  // ---- showing ----------------------------------------------------------------------------------------------

  paintMap() {
    const { rows, columns } = this.surface;
    /** @type {number[]} */
    const colours = [];
    for (let row = rows - 1; row >= 0; row--) {
      for (let column = 0; column < columns; column++) colours.push(Math.round(255 * this.surface.share(this.surface.at(row, column))));
    }
    paint(this.find("canvas"), columns, rows, colours, VIRIDIS);
  }

  draw() {
    if (!this.surface) return;
    const { width, height } = sizeOf(this.stage);
    const { xRange, yRange, rows, columns } = this.surface;
    const x = (/** @type {number} */ value) => ((value - xRange[0]) / this.surface.width) * width;
    const y = (/** @type {number} */ value) => (1 - (value - yRange[0]) / this.surface.depth) * height;
    const at = (/** @type {Place} */ [column, row]) => `${((column + 0.5) / columns) * width} ${(1 - (row + 0.5) / rows) * height}`;
    /** @type {SVGElement[]} */
    const nodes = [];
    for (let level = 1; level < LEVELS; level++) {
      const d = this.surface.contour(level / LEVELS).map(([a, b]) => `M${at(a)}L${at(b)}`).join("");
      nodes.push(svgNode("path", { class: "contour", d }));
    }
    const { path } = this.data;
    const line = (/** @type {Place[]} */ points) => points.map(([a, b]) => `${x(a)},${y(b)}`).join(" ");
    const way = line(path.map((moment) => [moment.x, moment.y]));
    nodes.push(svgNode("polyline", { class: "shadow", points: way }), svgNode("polyline", { class: "path", points: way }));
    for (const moment of path) nodes.push(svgNode("circle", { class: "moment", cx: x(moment.x), cy: y(moment.y), r: 3.5 }));
    const label = (/** @type {{x: number, y: number}} */ moment, /** @type {string} */ text, /** @type {boolean} */ up) => nodes.push(svgNode("text", { x: x(moment.x) + 8, y: y(moment.y) + (up ? -8 : 16) }, text));
    if (path.length) {
      label(path[0], this.word("map_start"), true);
      label(path[path.length - 1], this.word("map_end"), false);
    } else {
      nodes.push(svgNode("circle", { class: "moment", cx: x(0), cy: y(0), r: 5 }));
      label({ x: 0, y: 0 }, this.word("map_end"), true);
    }
    if (this.trail.length) {
      nodes.push(svgNode("polyline", { class: "trail", points: line(this.trail) }));
      const [ballX, ballY] = this.trail[this.trail.length - 1];
      nodes.push(svgNode("circle", { class: "ball", cx: x(ballX), cy: y(ballY), r: 7 }));
    }
    this.svg.replaceChildren(...nodes);
    this.showSaid();
  }

  showSaid() {
    const ball = this.trail.at(-1);
    const loss = ball && this.surface.height(...ball);
    setText(this.find(".said"), ball ? this.word("map_value", { loss: written(loss, 3) }) : this.word("map_ball"));
    setData(this.root, { steps: Math.max(0, this.trail.length - 1), loss: loss ?? "", moments: this.data.path.length });
  }

  /** What lies under the pointer: a moment of the way, or the loss of the place. @param {PointerEvent} event */
  point(event) {
    const [box, at] = [sizeOf(this.stage), pointIn(this.stage, event)];
    const { xRange, yRange, width, depth } = this.surface;
    const near = this.data.path.find((moment) => {
      const [left, top] = [((moment.x - xRange[0]) / width) * box.width, (1 - (moment.y - yRange[0]) / depth) * box.height];
      return Math.hypot(at.x - left, at.y - top) < 8;
    });
    const loss = written(near ? near.loss : this.surface.height(...this.placeOf(event)), 3);
    setText(this.find(".said"), near ? this.word("map_moment", { step: counted(near.step), loss }) : this.word("map_here", { loss }));
  }
}

export default keepView(".landscape", Landscape);
