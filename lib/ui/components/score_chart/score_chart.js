// Accuracies with error bars: dots for single runs, a square for their mean, a whisker to each side.

import { find, setData, setText, svgNode } from "../base/dom.js";
import { NBSP, isNumber, percent } from "../base/numbers.js";
import { around, multiples } from "../base/scale.js";
import { View, keepView } from "../base/view.js";
import { written } from "../base/words.js";

/** @import { Component } from "../base/types.js" */
/** @typedef {{label: string, scores: number[], centre: number | null, spread: number | null, best: boolean}} Row */
/** @typedef {{title: string, note: string, rows: Row[]}} ScoreChartData */

const [ROW, TOP, AXIS, VALUE] = [30, 6, 22, 110];
const TICK_STEPS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25];

/** @extends {View<ScoreChartData>} */
class ScoreChart extends View {
  /** @param {HTMLElement} root @param {Component<ScoreChartData>} component */
  constructor(root, component) {
    super(root, component);
    this.svg = find(root, "svg");
    this.whenResized(root, () => this.data && this.draw());
  }

  /** @param {ScoreChartData} data */
  update(data) {
    this.data = data;
    setText(this.find("h2"), data.title);
    setText(this.find(".note"), data.note);
    this.draw();
  }

  draw() {
    const { rows, title } = this.data;
    const width = Math.max(this.svg.clientWidth, 260);
    const height = TOP + ROW * rows.length + AXIS;
    const label = Math.min(0.34 * width, 12 + 7.2 * Math.max(...rows.map((row) => row.label.length)));
    const [low, high] = ends(rows);
    const x = (/** @type {number} */ value) => label + ((width - label - VALUE) * (value - low)) / (high - low);
    /** @type {SVGElement[]} */
    const parts = this.axis(low, high, x, height);
    rows.forEach((row, i) => parts.push(this.row(row, TOP + ROW * (i + 0.5), x, width)));
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.svg.style.height = `${height}px`;
    this.svg.replaceChildren(...parts);
    const said = rows.map(({ label: name, centre, spread }) => `${name} ${score(centre, spread)}`);
    this.svg.setAttribute("aria-label", `${title}: ${said.join("; ")}`);
  }

  /** @param {number} low @param {number} high @param {(value: number) => number} x @param {number} height */
  axis(low, high, x, height) {
    const step = TICK_STEPS.find((each) => (high - low) / each <= 6) ?? 0.25;
    const parts = [];
    for (const tick of multiples(low, high, step)) {
      parts.push(svgNode("line", { class: "grid", x1: x(tick), x2: x(tick), y1: TOP, y2: height - AXIS }));
      const text = `${written(100 * tick, 1, 0)}${NBSP}%`;
      parts.push(svgNode("text", { class: "quiet", x: x(tick), y: height - 6, "text-anchor": "middle" }, text));
    }
    return parts;
  }

  /** @param {Row} each @param {number} y @param {(value: number) => number} x @param {number} width */
  row({ label: name, scores, centre, spread, best }, y, x, width) {
    const row = svgNode("g", { class: best ? "best" : "", "data-testid": "score-row", "data-label": name });
    setData(row, { centre: centre ?? "", spread: spread ?? "" });
    row.append(svgNode("text", { class: best ? "best" : "", x: 0, y: y + 4.5 }, name.charAt(0).toUpperCase() + name.slice(1)));
    if (isNumber(centre)) {
      if (isNumber(spread)) {
        const [from, to] = [x(centre - spread), x(centre + spread)];
        row.append(svgNode("line", { class: "bar", x1: from, x2: to, y1: y, y2: y }));
        for (const end of [from, to]) row.append(svgNode("line", { class: "cap", x1: end, x2: end, y1: y - 5, y2: y + 5 }));
      }
      if (scores.length > 1) {
        for (const each of scores) row.append(svgNode("circle", { class: "score", cx: x(each), cy: y, r: 4 }));
      }
      row.append(svgNode("rect", { class: "centre", x: x(centre) - 3.5, y: y - 3.5, width: 7, height: 7 }));
    }
    row.append(svgNode("text", { class: best ? "best" : "", x: width, y: y + 4.5, "text-anchor": "end" }, score(centre, spread)));
    return row;
  }
}

/** @param {number | null} centre @param {number | null} spread */
function score(centre, spread) {
  if (!isNumber(centre)) return "–";
  return percent(centre) + (isNumber(spread) ? ` ± ${written(spread * 100, 1)}` : "");
}

/** As narrow as the scores allow, in whole points. @param {Row[]} rows */
export function ends(rows) {
  const means = rows.flatMap(({ centre, spread }) => (isNumber(centre) ? [centre - (spread ?? 0), centre + (spread ?? 0)] : []));
  const found = [...rows.flatMap(({ scores }) => scores), ...means].filter(isNumber);
  return found.length ? around(found, 0.005, 0.12) : [0, 1];
}

export default keepView(".scores", ScoreChart);
