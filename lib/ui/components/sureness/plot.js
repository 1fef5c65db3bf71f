// Axes from 0 to 1 in an SVG that is drawn anew whenever its width changes.

import { svgNode } from "../base/dom.js";
import { NBSP } from "../base/numbers.js";
import { written } from "../base/words.js";

const MARGIN = { left: 70, right: 14, top: 8, bottom: 34 };

/** @import { Written } from "../base/types.js" */

export class Plot {
  width = 0;
  height = 0;

  /**
   * `draw(plot)` adds its shapes with `plot.add`; `x(share)` and `y(value)` give places in pixels.
   * @param {HTMLElement} place
   * @param {() => [across: string, up: string]} names of the axes, as they are called now
   * @param {(plot: Plot) => unknown} draw
   */
  constructor(place, names, draw) {
    this.place = place;
    this.names = names;
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

  /** @param {number} value */
  y(value) {
    const height = this.height - MARGIN.top - MARGIN.bottom;
    return MARGIN.top + height * (1 - (value - this.low) / (1 - this.low));
  }

  /**
   * @template {keyof SVGElementTagNameMap} Tag
   * @param {Tag} tag
   * @param {Record<string, Written>} attributes
   * @param {(Node | string)[]} children
   */
  add(tag, attributes, ...children) {
    return this.svg.appendChild(svgNode(tag, attributes, ...children));
  }

  redraw() {
    [this.width, this.height] = [this.place.clientWidth, this.place.clientHeight];
    if (!this.width) return;
    this.svg.replaceChildren();
    const [across, up] = this.names();
    for (const share of [0, 0.25, 0.5, 0.75, 1]) {
      const value = this.low + share * (1 - this.low);
      this.add("line", { class: "grid", x1: this.x(0), x2: this.x(1), y1: this.y(value), y2: this.y(value) });
      this.add("text", { x: MARGIN.left - 6, y: this.y(value) + 4, "text-anchor": "end" }, short(value));
      this.add("text", { x: this.x(share), y: this.y(this.low) + 15, "text-anchor": "middle" }, short(share));
    }
    this.add("text", { x: this.x(0.5), y: this.height - 3, "text-anchor": "middle" }, across);
    const middle = (this.y(this.low) + this.y(1)) / 2;
    const turned = { x: 10, y: middle, "text-anchor": "middle", transform: `rotate(-90 10 ${middle})` };
    this.add("text", turned, up);
    this.draw(this);
  }
}

/** 0.5 -> "50 %", 0.985 -> "98.5 %", 0.9999 -> "99.99 %" @param {number} share */
export function short(share) {
  return `${written(100 * share, 2, 0)}${NBSP}%`;
}
