// The block diagram of one iteration: boxes and arrows, lit stage by stage.

import { svgNode } from "../base/dom.js";

/** @typedef {"batch" | "forward" | "loss" | "backward" | "update"} Stage */

/** @type {Record<string, [x: number, y: number, width: number]>} */
const BOXES = { image: [10, 16, 96], net: [168, 16, 110], prediction: [468, 16, 110], label: [10, 106, 96], loss: [468, 106, 110], gradient: [318, 106, 104], update: [168, 106, 110] };
const BOX_HEIGHT = 42;
const ARROWS = {
  in: "M106 37H160", out: "M278 37H460", compare: "M523 58V98", truth: "M58 148V166H523V156", slope: "M468 127H430", step: "M318 127H286", back: "M223 106V66",
};
/** @type {Record<Stage, string[]>} */
const LIT = {
  batch: ["image", "label"], forward: ["in", "net", "out", "prediction"], loss: ["label", "truth", "prediction", "compare", "loss"],
  backward: ["slope", "gradient", "loss"], update: ["gradient", "step", "update", "back", "net"],
};

export class Blocks {
  /** @param {SVGSVGElement} svg */
  constructor(svg) {
    /** @type {Record<string, SVGElement[]>} */
    this.parts = {};
    /** @type {Record<string, SVGElement>} */
    this.titles = {};
    for (const [name, d] of Object.entries(ARROWS)) {
      const line = svg.appendChild(svgNode("path", { d }));
      const [x, y, dx, dy] = headOf(d);
      const head = svg.appendChild(svgNode("path", { class: "head", d: `M${x + 7 * dx} ${y + 7 * dy}l${-8 * dx - 4.5 * dy} ${-8 * dy - 4.5 * dx}l${9 * dy} ${9 * dx}z` }));
      this.parts[name] = [line, head];
    }
    for (const [name, [x, y, width]] of Object.entries(BOXES)) {
      const text = svgNode("text", { x: x + width / 2, y: y + BOX_HEIGHT / 2 + 5 });
      const box = svg.appendChild(svgNode("g", { "data-box": name }, svgNode("rect", { x, y, width, height: BOX_HEIGHT, rx: 7 }), text));
      this.parts[name] = [box];
      this.titles[name] = text;
    }
  }

  /** @param {Stage} stage */
  light(stage) {
    for (const [name, nodes] of Object.entries(this.parts)) for (const node of nodes) node.classList.toggle("on", LIT[stage].includes(name));
  }
}

/** Where an arrow of level and upright pieces ends, and in which direction. @param {string} d */
export function headOf(d) {
  let [x, y, dx, dy] = [0, 0, 0, 0];
  for (const [, letter, numbers] of d.matchAll(/([MHV])([\d ]+)/g)) {
    const values = numbers.trim().split(" ").map(Number);
    if (letter === "M") [x, y] = values;
    if (letter === "H") [dx, dy, x] = [Math.sign(values[0] - x), 0, values[0]];
    if (letter === "V") [dx, dy, y] = [0, Math.sign(values[0] - y), values[0]];
  }
  return [x, y, dx, dy];
}
