// Neurons in layers, each with its value for one picture; the lines into the chosen one are lit.

import { find, setData, setText, svgNode } from "../base/dom.js";
import { sizeOf } from "../base/drag.js";
import { DIVERGING_ANCHORS, VIRIDIS, VIRIDIS_ANCHORS, gradient } from "../base/palette.js";
import { arrowWay } from "../base/keys.js";
import { View, keepView } from "../base/view.js";
import { counted } from "../base/words.js";

/** @import { Component, Worded } from "../base/types.js" */
/** @typedef {{index: number, value: number, said: string, png?: string, label?: string}} Node */
/** @typedef {{name: string, caption: string, kind: string, nodes: Node[], total: number, edges?: (number | null)[][]}} Column */
/** @typedef {Worded & {columns: Column[], picture: {png: string, caption: string}}} NetDiagramData */
/** @typedef {{x: number, step: number, size: number, places: number[]}} Place */

const TOP = 44;
const BOTTOM = 26;
const RADIUS = 11;

/** @extends {View<NetDiagramData>} */
class NetDiagram extends View {
  /** @type {number[]} */ chosen;
  /** @type {string} */ known;

  /** @param {HTMLElement} root @param {Component<NetDiagramData>} component */
  constructor(root, component) {
    super(root, component);
    this.svg = find(root, "svg");
    this.svg.onkeydown = (event) => this.press(event);
    this.whenResized(this.svg, () => this.draw());
  }

  /** @param {NetDiagramData} data */
  update(data) {
    this.speak(data);
    this.data = data;
    const best = data.columns.length - 1;
    const nodes = data.columns[best].nodes;
    const winner = nodes.reduce((top, node, i) => (node.value > nodes[top].value ? i : top), 0);
    const known = data.columns.map(({ name }) => name).join();
    if (known !== this.known) this.chosen = [best, winner];
    this.known = known;
    this.svg.setAttribute("aria-label", this.word("diagram_label"));
    this.find(".values").style.background = gradient(VIRIDIS_ANCHORS);
    this.find(".weights").style.background = gradient(DIVERGING_ANCHORS);
    this.draw();
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const way = arrowWay(event);
    if (!way) return;
    event.preventDefault();
    const { columns } = this.data;
    let [column, node] = this.chosen;
    do column += way[1];
    while (columns[column] && !columns[column].nodes.length);
    if (!columns[column]) return;
    node = Math.min(columns[column].nodes.length - 1, Math.max(0, node + way[0]));
    this.choose(column, node);
  }

  /** @param {number} column @param {number} node */
  choose(column, node) {
    this.chosen = [column, node];
    this.draw();
  }

  // ---- drawing ----------------------------------------------------------------------------------------------

  layout() {
    const { width, height } = sizeOf(this.svg);
    const { columns } = this.data;
    const [left, right] = [70, width - 120];
    const gap = (right - left) / columns.length;
    const room = height - TOP - BOTTOM;
    return { width, height, pictureX: left - 20, columns: columns.map(({ nodes, kind }, c) => {
      const step = Math.min(kind === "maps" ? 44 : 28, room / Math.max(1, nodes.length));
      const x = left + gap * (c + 1) - gap * 0.15;
      return { x, step, size: Math.min(38, step - 4, gap - 6), places: nodes.map((_, i) => TOP + room / 2 + (i - (nodes.length - 1) / 2) * step) };
    }) };
  }

  draw() {
    if (!this.data) return;
    const layout = this.layout();
    if (layout.width < 200) return;
    const { columns, picture } = this.data;
    /** @type {SVGElement[]} */
    const lines = [];
    /** @type {SVGElement[]} */
    const nodes = [];
    const middle = TOP + (layout.height - TOP - BOTTOM) / 2;
    nodes.push(svgNode("image", { href: `data:image/png;base64,${picture.png}`, x: layout.pictureX - 34, y: middle - 34, width: 68, height: 68 }, svgNode("title", {}, picture.caption)));
    columns.forEach((column, c) => {
      const place = layout.columns[c];
      this.drawLines(lines, layout, c, [layout.pictureX + 36, middle]);
      const text = (/** @type {number} */ y, /** @type {string} */ content, /** @type {string} */ name) => nodes.push(svgNode("text", { x: place.x, y, class: name }, content));
      text(14, column.name, "name");
      text(29, column.caption, "caption");
      if (column.kind === "row") nodes.push(svgNode("rect", { x: place.x - 3, y: TOP + 12, width: 6, height: layout.height - TOP - BOTTOM - 24, rx: 3, fill: "var(--gh-faint)" }));
      column.nodes.forEach((node, i) => nodes.push(this.node(column, place, c, i, node)));
      if (column.total > column.nodes.length && column.nodes.length) text(layout.height - 6, this.word("and_more", { more: counted(column.total - column.nodes.length) }), "more");
    });
    this.svg.replaceChildren(...lines, ...nodes);
    const node = columns[this.chosen[0]]?.nodes[this.chosen[1]];
    setText(this.find(".said"), node?.said ?? "");
    setData(this.root, { layer: columns[this.chosen[0]]?.name ?? "", index: node?.index ?? "", value: node?.value ?? "" });
  }

  /** @param {Column} column @param {Place} place @param {number} c @param {number} i @param {Node} node */
  node(column, place, c, i, node) {
    const [x, y] = [place.x, place.places[i]];
    const group = svgNode("g", { class: c === this.chosen[0] && i === this.chosen[1] ? "node chosen" : "node" });
    if (node.png) {
      const side = place.size;
      const box = { x: x - side / 2, y: y - side / 2, width: side, height: side };
      group.append(svgNode("image", { href: `data:image/png;base64,${node.png}`, ...box }), svgNode("rect", { ...box, fill: "none" }));
    } else {
      const all = column.nodes.map(({ value }) => value);
      const [low, high] = [Math.min(0, ...all), Math.max(...all)];
      const colour = VIRIDIS[Math.round((255 * (node.value - low)) / (high - low || 1))];
      group.append(svgNode("circle", { cx: x, cy: y, r: Math.min(RADIUS, place.step / 2 - 2), fill: `rgb(${colour & 255} ${(colour >> 8) & 255} ${(colour >> 16) & 255})` }));
    }
    if (node.label) group.append(svgNode("text", { class: "class", x: x + 18, y: y + 4 }, node.label));
    group.addEventListener("pointerenter", () => this.choose(c, i));
    return group;
  }

  /** @param {SVGElement[]} lines @param {{width: number, height: number, columns: Place[]}} layout @param {number} c @param {number[]} origin */
  drawLines(lines, layout, c, origin) {
    const { columns } = this.data;
    const { edges } = columns[c];
    const before = c ? layout.columns[c - 1] : null;
    const from = before ? (columns[c - 1].nodes.length ? before.places.map((y) => [before.x, y]) : [[before.x, TOP + (layout.height - TOP - BOTTOM) / 2]]) : [origin];
    const most = Math.max(1e-9, ...(edges ?? []).flat().map((weight) => Math.abs(weight ?? 0)));
    const to = columns[c].nodes.length ? layout.columns[c].places : [TOP + (layout.height - TOP - BOTTOM) / 2];
    to.forEach((y2, i) => from.forEach(([x1, y1], k) => {
      const on = this.chosen[0] === c && this.chosen[1] === i && columns[c].nodes.length > 0;
      const weight = edges?.[i]?.[k];
      const attributes = { x1, y1, x2: layout.columns[c].x, y2 };
      if (weight === undefined || weight === null) {
        lines.push(svgNode("line", { ...attributes, class: on ? "plain on" : "plain" }));
        return;
      }
      const colour = weight < 0 ? "rgb(66 125 186)" : "rgb(212 121 67)";
      lines.push(svgNode("line", { ...attributes, class: on ? "on" : "", stroke: colour, "stroke-width": 0.4 + (3 * Math.abs(weight)) / most }));
    }));
    // The chosen one's lines on top.
    lines.sort((a, b) => Number(a.classList.contains("on")) - Number(b.classList.contains("on")));
  }
}

export default keepView(".diagram", NetDiagram);
