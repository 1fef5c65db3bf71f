// Small charts as SVG: axes, lines, dots, drawn anew whenever something moves; they follow the width of their place.

import { isNumber } from "./numbers.js";
import { spoken, written } from "./words.js";

const MARGIN = { left: 50, right: 20, top: 20, bottom: 32 };

export function svgNode(tag, attributes = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** Round numbers within from..to, about `count` of them. */
function roundTicks(from, to, count) {
  const raw = (to - from) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((digit) => digit * power).find((each) => each >= raw * 0.999);
  const ticks = [];
  for (let i = Math.ceil(from / step - 1e-9); i * step <= to + step * 1e-9; i++) ticks.push(Number((i * step).toPrecision(12)));
  return ticks;
}

/** Powers of ten within from..to, not more than `count`. */
function powerTicks(from, to, count) {
  const [first, last] = [Math.ceil(Math.log10(from) - 1e-9), Math.floor(Math.log10(to) + 1e-9)];
  const step = Math.max(1, Math.ceil((last - first + 1) / count));
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, i) => 10 ** (first + i * step));
}

export class Chart {
  /** `svg` fills its place, `draw(chart)` is called when the width changes: it begins, then adds lines and dots. */
  constructor(svg, draw, margin = MARGIN) {
    Object.assign(this, { svg, draw, margin });
    this.back = svg.appendChild(svgNode("g", { class: "axes", "aria-hidden": "true" }));
    this.front = svg.appendChild(svgNode("g", { "aria-hidden": "true" }));
    this.handles = svg.appendChild(svgNode("g"));
    this.observer = new ResizeObserver(() => this.draw(this));
    this.observer.observe(svg);
  }

  destroy() {
    this.observer.disconnect();
  }

  /** Clear, and set the axes: each {from, to, log, title, ticks (how many), write(value)}; false while there is no room. */
  begin(x, y) {
    const { width, height } = this.svg.getBoundingClientRect();
    Object.assign(this, { xAxis: x, yAxis: y, width, height });
    if (width < 80 || height < 60) return false;
    this.front.replaceChildren();
    const key = JSON.stringify([x, y, width, height, spoken.lang]);
    if (key !== this.drawn) this.drawAxes();
    this.drawn = key;
    return true;
  }

  x(value) {
    const { left, right } = this.margin;
    return left + this.along(this.xAxis, value) * (this.width - left - right);
  }

  y(value) {
    const { top, bottom } = this.margin;
    return this.height - bottom - this.along(this.yAxis, value) * (this.height - top - bottom);
  }

  along({ from, to, log }, value) {
    return log ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
  }

  /** Which x a pointer is at, within the axis. */
  xAt(event) {
    return this.value(this.xAxis, event.clientX - this.svg.getBoundingClientRect().left, this.margin.left, this.width - this.margin.right);
  }

  /** Which y a pointer is at, within the axis. */
  yAt(event) {
    return this.value(this.yAxis, event.clientY - this.svg.getBoundingClientRect().top, this.height - this.margin.bottom, this.margin.top);
  }

  value({ from, to, log }, place, start, end) {
    const part = Math.min(1, Math.max(0, (place - start) / (end - start)));
    return log ? from * (to / from) ** part : from + part * (to - from);
  }

  drawAxes() {
    const { margin, width, height, xAxis, yAxis } = this;
    const [left, right, top, bottom] = [margin.left, width - margin.right, margin.top, height - margin.bottom];
    const nodes = [];
    const text = (attributes, content) => nodes.push(svgNode("text", attributes, content));
    const [across, up] = [this.ticks(xAxis, 6), this.ticks(yAxis, 5)];
    for (const tick of across) {
      const x = this.x(tick);
      nodes.push(svgNode("line", { class: "grid", x1: x, x2: x, y1: top, y2: bottom }));
      text({ x, y: bottom + 14, "text-anchor": "middle" }, this.label(xAxis, tick, across));
    }
    for (const tick of up) {
      const y = this.y(tick);
      nodes.push(svgNode("line", { class: "grid", x1: left, x2: right, y1: y, y2: y }));
      text({ x: left - 6, y: y + 4, "text-anchor": "end" }, this.label(yAxis, tick, up));
    }
    text({ x: right, y: height - 3, "text-anchor": "end", class: "title" }, xAxis.title ?? "");
    text({ x: 4, y: 11, class: "title" }, yAxis.title ?? "");
    this.back.replaceChildren(...nodes);
  }

  ticks({ from, to, log, ticks }, most) {
    return (log ? powerTicks : roundTicks)(from, to, ticks ?? most);
  }

  /** As many digits as tell neighbours apart. */
  label({ write, log }, tick, [first, second]) {
    if (write) return write(tick);
    const finest = log || second === undefined ? Math.abs(tick) : second - first;
    return written(tick, Math.min(8, Math.max(0, Math.ceil(-Math.log10(finest || 1) - 1e-9))), 0);
  }

  add(tag, attributes, ...children) {
    return this.front.appendChild(svgNode(tag, attributes, ...children));
  }

  /** A line through [x, y] pairs; values far outside are held near the edge, so that the line leaves the picture. */
  line(points, name) {
    const held = (y) => Math.max(-2 * this.height, Math.min(3 * this.height, y));
    const places = points.filter(([x, y]) => isNumber(x) && isNumber(y));
    const d = places.map(([x, y], i) => `${i ? "L" : "M"}${this.x(x).toFixed(1)} ${held(this.y(y)).toFixed(1)}`).join("");
    return this.add("path", { d, class: `line ${name}`, fill: "none" });
  }

  curve(f, name, count = 160) {
    const { from, to, log } = this.xAxis;
    const at = (i) => (log ? from * (to / from) ** (i / count) : from + ((to - from) * i) / count);
    return this.line(Array.from({ length: count + 1 }, (_, i) => [at(i), f(at(i))]), name);
  }

  dot(x, y, name, r = 5) {
    return this.add("circle", { cx: this.x(x), cy: this.y(y), r, class: `dot ${name}` });
  }

  text(x, y, content, name = "", anchor = "start") {
    return this.add("text", { x: this.x(x), y: this.y(y), class: name, "text-anchor": anchor }, content);
  }
}

/** Let a pointer or the arrow keys move along a chart: `move(x, y)` for a pointer, `step(dx, dy)` for keys. */
export function draggable(element, chart, move, step) {
  const at = (event) => move(chart.xAt(event), chart.yAt(event));
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    element.setPointerCapture(event.pointerId);
    at(event);
  });
  element.addEventListener("pointermove", (event) => element.hasPointerCapture(event.pointerId) && at(event));
  element.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!way) return;
    event.preventDefault();
    step(...way.map((part) => part * (event.shiftKey ? 10 : 1)));
  });
}
