// Three little scatter charts: what a point more of accuracy costs, in time, memory and work.

import { chorus } from "../base/chorus.js";
import { find, setData, svgNode } from "../base/dom.js";
import { NBSP, isNumber, localized, percent } from "../base/numbers.js";
import { themeColours } from "../base/palette.js";
import { around } from "../base/scale.js";
import { MARKERS, seriesStyle } from "../base/series.js";
import { View, keepView } from "../base/view.js";
import { written } from "../base/words.js";

/** @import { Component, Written } from "../base/types.js" */
/** @import { Colours } from "../base/palette.js" */
/** @import { Voice } from "../base/chorus.js" */
/** @typedef {{id: string, name: string, parameters: number, multiply_adds: number}} Run */
/** @typedef {Run & {voice: Voice, style: {colour: string, dash: string, symbol: string}}} Shown */
/** @typedef {{runs: Run[]}} CostScatterData */
/** @typedef {Shown & {accuracy: number | null}} Point */
/** `title` is the name of a word. @typedef {{name: string, title: string, log: boolean, of: (run: Shown) => number | null}} Cost */

const DRAW_MS = 400;
const [HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [190, 40, 14, 10, 36];
/** @type {Cost[]} */
const COSTS = [
  { name: "seconds", title: "cost_seconds", log: false, of: ({ voice }) => voice.status?.seconds ?? null },
  { name: "parameters", title: "cost_parameters", log: true, of: ({ parameters }) => parameters },
  { name: "multiply-adds", title: "cost_work", log: true, of: ({ multiply_adds }) => multiply_adds },
];

/** @extends {View<CostScatterData>} */
class CostScatter extends View {
  /** @type {boolean} */ gone;
  /** @type {Colours} */ colours;
  /** @type {Shown[]} */ runs;
  /** @type {(() => void)} */ leave;
  /** @type {number} */ timer;

  /** @param {HTMLElement} root @param {Component<CostScatterData>} component */
  constructor(root, component) {
    super(root, component);
    const row = find(root, ".row");
    this.charts = COSTS.map(({ name }) => row.appendChild(svgNode("svg", { role: "img", "data-cost": name })));
    this.whenResized(root, () => this.runs && this.draw());
  }

  destroy() {
    this.gone = true;
    this.leave?.();
    clearTimeout(this.timer);
  }

  /** @param {CostScatterData} data */
  update({ runs }) {
    this.colours = themeColours(this.root);
    this.runs = runs.map((run, i) => ({ ...run, voice: chorus().voice(run.id), style: seriesStyle(i, this.colours) }));
    const leave = this.leave;
    this.leave = chorus().listen(runs.map(({ id }) => id), () => this.drawSoon());
    leave?.();
    this.draw();
  }

  drawSoon() {
    this.timer ||= setTimeout(() => {
      this.timer = 0;
      if (!this.gone) this.draw();
    }, DRAW_MS);
  }

  draw() {
    const points = this.runs.map((run) => ({ ...run, accuracy: run.voice.lastEpoch?.valid_accuracy ?? null }));
    const found = points.map(({ accuracy }) => accuracy).filter(isNumber);
    const [low, high] = found.length ? around(found, 0.01, 0.15) : [0, 1];
    COSTS.forEach((cost, i) => this.drawOne(this.charts[i], cost, points, low, high));
    setData(this.root, { n: found.length });
  }

  /** @param {SVGSVGElement} svg @param {Cost} cost @param {Point[]} points @param {number} low @param {number} high */
  drawOne(svg, { title: called, log, of }, points, low, high) {
    const title = this.word(called);
    const width = Math.max(svg.clientWidth, 180);
    const shown = points.flatMap((point) => {
      const [cost, { accuracy }] = [of(point), point];
      return isNumber(cost) && isNumber(accuracy) ? [{ ...point, cost, accuracy }] : [];
    });
    const scale = log ? logScale(shown.map(({ cost }) => cost)) : plainScale(shown.map(({ cost }) => cost));
    const x = (/** @type {number} */ value) => LEFT + (width - LEFT - RIGHT) * scale.share(value);
    const y = (/** @type {number} */ value) => TOP + ((HEIGHT - TOP - BOTTOM) * (high - value)) / (high - low);
    const parts = [];
    const text = (/** @type {string} */ content, /** @type {Record<string, Written>} */ attributes) => {
      const element = svgNode("text", attributes);
      element.textContent = content;
      parts.push(element);
    };
    for (const tick of [low, (low + high) / 2, high]) {
      parts.push(svgNode("line", { class: "grid", x1: LEFT, x2: width - RIGHT, y1: y(tick), y2: y(tick) }));
      text(`${written(100 * tick, 1, 0)}${NBSP}%`, { x: LEFT - 5, y: y(tick) + 4, "text-anchor": "end" });
    }
    for (const tick of scale.ticks) {
      text(short(tick), { x: x(tick), y: HEIGHT - BOTTOM + 15, "text-anchor": "middle" });
      parts.push(svgNode("line", { class: "grid", x1: x(tick), x2: x(tick), y1: TOP, y2: HEIGHT - BOTTOM }));
    }
    text(title, { class: "title", x: LEFT + (width - LEFT - RIGHT) / 2, y: HEIGHT - 3, "text-anchor": "middle" });
    for (const { name, cost, accuracy, style } of shown) {
      const place = `translate(${x(cost)} ${y(accuracy)}) scale(1.25)`;
      const dot = svgNode("path", { d: MARKERS[style.symbol], fill: style.colour, transform: place });
      dot.append(svgNode("title", {}, this.word("point", { name, accuracy: percent(accuracy), title, cost: short(cost) })));
      parts.push(dot);
      if (shown.length <= 4) {
        const right = x(cost) > width * 0.6;
        text(name, { class: "name", x: x(cost) + (right ? -9 : 9), y: y(accuracy) + 4, "text-anchor": right ? "end" : "start" });
      }
    }
    svg.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    svg.replaceChildren(...parts);
    const said = shown.map(({ name, cost, accuracy }) => this.word("at", { name, accuracy: percent(accuracy), cost: short(cost) })).join("; ");
    svg.setAttribute("aria-label", this.word("chart_says", { title, said: said || this.word("nothing_yet") }));
  }
}

/** @param {number[]} values */
function plainScale(values) {
  const most = Math.max(...values, 0.1) * 1.08;
  const step = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].find((each) => most / each <= 5) ?? most;
  const ticks = [];
  for (let tick = 0; tick <= most; tick += step) ticks.push(tick);
  return { ticks, share: (/** @type {number} */ value) => value / most };
}

/** @param {number[]} values */
function logScale(values) {
  const least = Math.floor(Math.log10(Math.min(...values, 1e12)));
  const most = Math.max(Math.ceil(Math.log10(Math.max(...values, 1))), least + 1);
  const ticks = Array.from({ length: Math.min(most - least + 1, 8) }, (_, i) => 10 ** (least + i));
  return values.length ? { ticks, share: (/** @type {number} */ value) => (Math.log10(value) - least) / (most - least) } : { ticks: [], share: () => 0 };
}

/** 16852 -> "16.9 k", 89.5e6 -> "89.5 M" @param {number} value */
function short(value) {
  const cut = (/** @type {number} */ number, /** @type {string} */ unit) => `${localized(String(Number(number.toPrecision(3))))}${unit}`;
  if (value >= 1e9) return cut(value / 1e9, `${NBSP}G`);
  if (value >= 1e6) return cut(value / 1e6, `${NBSP}M`);
  if (value >= 1e3) return cut(value / 1e3, `${NBSP}k`);
  return cut(value, "");
}

export default keepView(".costs", CostScatter);
