// A small chart of measured numbers: curves over the epochs, or bars with the line from which the doctor speaks.

import { Chart } from "../base/chart.js";
import { cloned, find, fitChildren, setData, setText } from "../base/dom.js";
import { NBSP, isNumber, localized, percent, threeFigures } from "../base/numbers.js";
import { View, keepView } from "../base/view.js";

/** @import { Component } from "../base/types.js" */
/** @typedef {{name: string, tone: "training" | "validation" | "quiet", points: [number, number | null][]}} Line */
/** @typedef {{label: string, value: number, text: string, marked?: boolean}} Bar */
/** @typedef {{kind: "lines" | "bars", title: string, of: string, lines: Line[], bars: Bar[], limit: number, level?: [text: string, value: number] | null, mark?: [at: number, text: string] | null}} EvidenceChartData */

const TONES = { training: "", validation: "warm dashed", quiet: "quiet" };
const FAR = 12; // times the level: what is higher needs a scale of powers of ten

/** @extends {View<EvidenceChartData>} */
class EvidenceChart extends View {
  /** @type {Chart | undefined} */ chart;

  /** @param {HTMLElement} root @param {Component<EvidenceChartData>} component */
  constructor(root, component) {
    super(root, component);
    this.svg = find(root, "svg");
    this.list = find(root, "ol");
  }

  destroy() {
    this.chart?.destroy();
  }

  /** @param {EvidenceChartData} data */
  update(data) {
    this.data = data;
    const isLines = data.kind === "lines";
    this.svg.toggleAttribute("hidden", !isLines);
    this.list.hidden = isLines;
    setText(this.find(".title"), data.title);
    const keys = isLines && data.lines.length > 1 ? data.lines.map(({ name, tone }) => [name, tone]) : [];
    if (data.level) keys.push([data.level[0], isLines ? "level" : "from"]);
    const place = this.find(".keys");
    fitChildren(place, keys.length, () => document.createElement("span"));
    keys.forEach(([text, name], i) => {
      setText(place.children[i], text);
      place.children[i].className = name;
    });
    if (isLines) {
      this.chart ??= new Chart(this.svg, () => this.data.kind === "lines" && this.drawLines());
      this.drawLines();
    } else this.drawBars();
    setData(this.root, { kind: data.kind });
  }

  drawLines() {
    const { title, of, lines, level, mark } = this.data;
    const all = lines.flatMap(({ points }) => points);
    const values = [...all.map(([, value]) => value), level?.[1]].filter(isNumber);
    const last = Math.max(...all.map(([at]) => at), mark?.[0] ?? 0, 1e-6);
    const y = this.scale(of, values, level?.[1] ?? 1);
    this.svg.setAttribute("aria-label", this.said());
    if (!this.chart?.begin({ from: 0, to: last, title: this.word("epochs"), ticks: 6 }, { ...y, title: "", ticks: 4 })) return;
    if (level) this.chart.line([[0, level[1]], [last, level[1]]], "faint");
    for (const { tone, points } of lines) for (const part of unbroken(points)) this.draw(this.chart, part, TONES[tone]);
    if (mark) this.drawMark(this.chart, mark, last);
    setData(this.svg, { n: all.length, title: title });
  }

  /** @param {Chart} chart @param {[number, number][]} part @param {string} name */
  draw(chart, part, name) {
    if (part.length === 1) chart.dot(...part[0], name.split(" ")[0], 3);
    else chart.line(part, name);
  }

  /**
   * Accuracies on 0 to 1; losses from 0, and where they shot up on powers of ten.
   * @param {number[]} values
   * @param {number} level
   * @param {string} of
   * @param {number[]} values
   * @param {number} level
   */
  scale(of, values, level) {
    if (of === "accuracy") return { from: 0, to: 1, write: (/** @type {number} */ tick) => `${Math.round(100 * tick)}${NBSP}%` };
    const [least, most] = [Math.min(...values.filter((value) => value > 0), level), Math.max(...values, level)];
    if (most <= FAR * level) return { from: 0, to: 1.05 * most, write: threeOrLess };
    return { from: least / 1.5, to: most * 1.5, log: true, write: threeOrLess };
  }

  /** @param {Chart} chart @param {[at: number, text: string]} mark @param {number} last */
  drawMark(chart, [at, text], last) {
    const x = chart.x(at);
    const { top, bottom } = chart.margin;
    chart.add("line", { class: "mark", x1: x, x2: x, y1: top, y2: chart.height - bottom });
    const right = at > last / 2;
    chart.add("text", { x: x + (right ? -6 : 6), y: top + 0.45 * (chart.height - top - bottom), "text-anchor": right ? "end" : "start" }, text);
  }

  drawBars() {
    const { bars, limit, level } = this.data;
    fitChildren(this.list, bars.length, () => cloned(this.parent, "bar"));
    const longest = bars.reduce((most, { label }) => Math.max(most, label.length), 0);
    this.root.style.setProperty("--label", `${Math.min(150, longest * 8 + 8)}px`);
    bars.forEach(({ label, value, text, marked }, i) => {
      const item = this.list.children[i];
      item.className = marked ? "marked" : "";
      setText(find(item, ".label"), label);
      find(item, ".label").title = label;
      setText(find(item, ".text"), text);
      find(item, "i").style.width = `${limit > 0 ? Math.min(100, (100 * value) / limit) : 0}%`;
      const line = find(item, "u");
      line.style.display = level && level[1] <= limit ? "" : "none";
      if (level) line.style.left = `${(100 * level[1]) / limit}%`;
      item.setAttribute("aria-label", `${label}: ${text}`);
      setData(item, { label, value });
    });
  }

  said() {
    const { title, of, lines, level } = this.data;
    const write = of === "accuracy" ? percent : threeFigures;
    const ends = lines.map(({ name, points }) => {
      const known = points.map(([, value]) => value).filter(isNumber);
      return known.length ? this.word("from_to", { name, first: write(known[0]), last: write(known.at(-1)) }) : this.word("no_number", { name });
    });
    return `${title}: ${ends.join("; ")}${level ? `; ${level[0]} ${write(level[1])}` : ""}.`;
  }
}

/** A curve in pieces, cut where a value is missing. @param {[number, number | null][]} points */
function unbroken(points) {
  /** @type {[number, number][][]} */
  const parts = [[]];
  for (const [at, value] of points) isNumber(value) ? parts[parts.length - 1].push([at, value]) : parts.push([]);
  return parts.filter((part) => part.length > 0);
}

/** @param {number} tick */
function threeOrLess(tick) {
  return localized(tick === 0 ? "0" : tick >= 1e5 || tick < 0.001 ? tick.toExponential(0).replace("e+", "e") : String(Number(tick.toPrecision(3))));
}

export default keepView(".evidence", EvidenceChart);
