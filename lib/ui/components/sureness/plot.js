// Axes from 0 to 1 in an SVG that is drawn anew whenever its width changes.

import { svgNode } from "../base/dom.js";
import { NBSP } from "../base/numbers.js";

const MARGIN = { left: 70, right: 14, top: 8, bottom: 34 };

export class Plot {
  /**
   * `draw(plot)` adds its shapes with `plot.add`; `x(share)` and `y(value)` give places in pixels.
   * @param {number} place
   */
  constructor(place, draw) {
    this.place = place;
    this.draw = draw;
    this.low = 0;
    this.svg = place.appendChild(svgNode("svg", { "aria-hidden": "true" }));
    this.observer = new ResizeObserver(() => this.redraw());
    this.observer.observe(place);
  }

  destroy() {
    this.observer.disconnect();
  }

  /** @param {number} share */
  x(share) {
    return MARGIN.left + share * (this.width - MARGIN.left - MARGIN.right);
  }

  y(value) {
    const height = this.height - MARGIN.top - MARGIN.bottom;
    return MARGIN.top + height * (1 - (value - this.low) / (1 - this.low));
  }

  /** @param {string} name */
  add(name, attributes, ...children) {
    return this.svg.appendChild(svgNode(name, attributes, ...children));
  }

  redraw() {
    [this.width, this.height] = [this.place.clientWidth, this.place.clientHeight];
    if (!this.width || !this.names) return;
    this.svg.replaceChildren();
    for (const share of [0, 0.25, 0.5, 0.75, 1]) {
      const value = this.low + share * (1 - this.low);
      this.add("line", { class: "grid", x1: this.x(0), x2: this.x(1), y1: this.y(value), y2: this.y(value) });
      this.add("text", { x: MARGIN.left - 6, y: this.y(value) + 4, "text-anchor": "end" }, short(value));
      this.add("text", { x: this.x(share), y: this.y(this.low) + 15, "text-anchor": "middle" }, short(share));
    }
    this.add("text", { x: this.x(0.5), y: this.height - 3, "text-anchor": "middle" }, this.names[0]);
    const middle = (this.y(this.low) + this.y(1)) / 2;
    const turned = { x: 10, y: middle, "text-anchor": "middle", transform: `rotate(-90 10 ${middle})` };
    this.add("text", turned, this.names[1]);
    this.draw(this);
  }
}

/** 0.5 -> "50 %", 0.985 -> "98.5 %", 0.9999 -> "99.99 %" @param {number} share */
export function short(share) {
  return `${Number((share * 100).toFixed(2))}${NBSP}%`;
}
