// Small charts as SVG: axes, lines, dots, drawn anew whenever something moves; they follow the width of their place.

import { svgNode } from "./dom.js";
import { pointIn, sizeOf, whenDragged } from "./drag.js";
import { arrowWay } from "./keys.js";
import { isNumber } from "./numbers.js";
import { pathThrough, shareOf, ticksOf, valueAt } from "./scale.js";
import { spoken, written } from "./words.js";

/** @import { Scale } from "./scale.js" */
/** @import { Written } from "./types.js" */

const MARGIN = { left: 50, right: 20, top: 20, bottom: 32 };
const ACROSS = 6; // ticks, where an axis does not say how many
const UP = 5;

/**
 * An axis of a chart: its ends, its name, about how many ticks, and how a number is written at them.
 * @typedef {Scale & {title?: string, ticks?: number, write?: (value: number) => string}} Axis
 */

export class Chart {
  /**
   * `draw` is called when the width changes: it begins, then adds lines and dots.
   * @param {SVGSVGElement} svg fills its place
   * @param {(chart: Chart) => unknown} draw
   */
  constructor(svg, draw, margin = MARGIN) {
    this.svg = svg;
    this.draw = draw;
    this.margin = margin;
    this.width = this.height = 0;
    /** @type {Axis} */
    this.xAxis = { from: 0, to: 1 };
    /** @type {Axis} */
    this.yAxis = { from: 0, to: 1 };
    this.drawn = "";
    this.back = svg.appendChild(svgNode("g", { class: "axes", "aria-hidden": "true" }));
    this.front = svg.appendChild(svgNode("g", { "aria-hidden": "true" }));
    this.handles = svg.appendChild(svgNode("g"));
    this.observer = new ResizeObserver(() => this.draw(this));
    this.observer.observe(svg);
  }

  destroy() {
    this.observer.disconnect();
  }

  /** Clear, and set the axes; false while there is no room. @param {Axis} x @param {Axis} y */
  begin(x, y) {
    const { width, height } = sizeOf(this.svg);
    [this.xAxis, this.yAxis, this.width, this.height] = [x, y, width, height];
    if (width < 80 || height < 60) return false;
    this.front.replaceChildren();
    const key = JSON.stringify([x, y, width, height, spoken.lang]);
    if (key !== this.drawn) this.drawAxes();
    this.drawn = key;
    return true;
  }

  /** @param {number} value */
  x(value) {
    const { left, right } = this.margin;
    return left + shareOf(this.xAxis, value) * (this.width - left - right);
  }

  /** @param {number} value */
  y(value) {
    const { top, bottom } = this.margin;
    return this.height - bottom - shareOf(this.yAxis, value) * (this.height - top - bottom);
  }

  /** Which x a pointer is at, within the axis. @param {MouseEvent} event */
  xAt(event) {
    const { left, right } = this.margin;
    return valueAt(this.xAxis, (pointIn(this.svg, event).x - left) / (this.width - left - right));
  }

  /** Which y a pointer is at, within the axis. @param {MouseEvent} event */
  yAt(event) {
    const { top, bottom } = this.margin;
    const above = pointIn(this.svg, event).y - top;
    return valueAt(this.yAxis, 1 - above / (this.height - top - bottom));
  }

  drawAxes() {
    const { margin, width, height, xAxis, yAxis } = this;
    const [left, right, top, bottom] = [margin.left, width - margin.right, margin.top, height - margin.bottom];
    /** @type {SVGElement[]} */
    const nodes = [];
    const text = (/** @type {Record<string, Written>} */ attributes, /** @type {string} */ content) => nodes.push(svgNode("text", attributes, content));
    const [across, up] = [ticksOf(xAxis, xAxis.ticks ?? ACROSS), ticksOf(yAxis, yAxis.ticks ?? UP)];
    for (const tick of across) {
      const x = this.x(tick);
      nodes.push(svgNode("line", { class: "grid", x1: x, x2: x, y1: top, y2: bottom }));
      text({ x, y: bottom + 14, "text-anchor": "middle" }, label(xAxis, tick, across));
    }
    for (const tick of up) {
      const y = this.y(tick);
      nodes.push(svgNode("line", { class: "grid", x1: left, x2: right, y1: y, y2: y }));
      text({ x: left - 6, y: y + 4, "text-anchor": "end" }, label(yAxis, tick, up));
    }
    text({ x: right, y: height - 3, "text-anchor": "end", class: "title" }, xAxis.title ?? "");
    text({ x: 4, y: 11, class: "title" }, yAxis.title ?? "");
    this.back.replaceChildren(...nodes);
  }

  /**
   * @template {keyof SVGElementTagNameMap} Tag
   * @param {Tag} tag
   * @param {Record<string, Written>} attributes
   * @param {(Node | string)[]} children
   */
  add(tag, attributes, ...children) {
    return this.front.appendChild(svgNode(tag, attributes, ...children));
  }

  /**
   * A line through [x, y] pairs; values far outside are held near the edge, so that the line leaves the picture.
   * @param {(number | null)[][]} points
   * @param {string} name
   */
  line(points, name) {
    const held = (/** @type {number} */ y) => Math.max(-2 * this.height, Math.min(3 * this.height, y));
    const places = points.flatMap(([x, y]) => (isNumber(x) && isNumber(y) ? [[this.x(x), held(this.y(y))]] : []));
    return this.add("path", { d: pathThrough(places), class: `line ${name}`, fill: "none" });
  }

  /** @param {(x: number) => number} f @param {string} name */
  curve(f, name, count = 160) {
    const at = Array.from({ length: count + 1 }, (_, i) => valueAt(this.xAxis, i / count));
    return this.line(at.map((x) => [x, f(x)]), name);
  }

  /** @param {number} x @param {number} y @param {string} name */
  dot(x, y, name, r = 5) {
    return this.add("circle", { cx: this.x(x), cy: this.y(y), r, class: `dot ${name}` });
  }

  /** @param {number} x @param {number} y @param {string} content */
  text(x, y, content, name = "", anchor = "start") {
    return this.add("text", { x: this.x(x), y: this.y(y), class: name, "text-anchor": anchor }, content);
  }
}

/** A number at a tick, with as many digits as tell neighbours apart. @param {Axis} axis @param {number} tick @param {number[]} ticks */
function label({ write, log }, tick, [first, second]) {
  if (write) return write(tick);
  const finest = log || second === undefined ? Math.abs(tick) : second - first;
  return written(tick, Math.min(8, Math.max(0, Math.ceil(-Math.log10(finest || 1) - 1e-9))), 0);
}

/**
 * Let a pointer or the arrow keys move along a chart.
 * @param {SVGElement} element
 * @param {Chart} chart
 * @param {(x: number, y: number) => unknown} move for a pointer
 * @param {(right: number, up: number) => unknown} step for keys
 */
export function draggable(element, chart, move, step) {
  const at = (/** @type {MouseEvent} */ event) => move(chart.xAt(event), chart.yAt(event));
  whenDragged(element, at);
  element.addEventListener("keydown", (event) => {
    const way = arrowWay(event);
    if (!way) return;
    event.preventDefault();
    const far = event.shiftKey ? 10 : 1;
    step(way[1] * far, -way[0] * far);
  });
}
