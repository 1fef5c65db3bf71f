// One little chart of the small multiples: drawn as SVG, because six of them must not cost more than one big one.

import { find, setData, setText, svgNode } from "../base/dom.js";
import { localized, threeFigures } from "../base/numbers.js";
import { written } from "../base/words.js";

/** @import { Say } from "../base/types.js" */

const HEIGHT = 138;
/** @typedef {[at: number, value: number | null]} Point in the unit of the axis */
/** @typedef {{training: Point[], validation: Point[]}} Line */
/** @typedef {"loss" | "accuracy"} Metric */
/**
 * What is the same in all panels: how far the axis goes and its unit, the level of guessing, where the rule stands.
 * @typedef {{metric: Metric, guess: number, longest: number, unit: string, at: number | null}} Scale
 */
/**
 * What the server page knows of a panel: `runs` null for those that wait, a verdict once there is one.
 * @typedef {{name: string, note?: string, runs: (string | null)[], word?: string, reason?: string, tone?: string}} Labels
 */
/** Places in pixels. @typedef {{x: (at: number) => number, y: (value: number) => number, top: number, width: number}} Places */

export const [LEFT, RIGHT, TOP, BOTTOM] = [34, 6, 8, 18];
const LOSS_TOP = 1.6; // times the loss of guessing: what is worse goes out at the top, and an arrow says how far
const MOST_DRAWN = 400; // points of one line; of a longer one the lowest and the highest of each stretch

/** Points thinned to the extremes of each stretch. @param {Point[]} points */
function extremes(points) {
  if (points.length <= MOST_DRAWN) return points;
  const step = (2 * points.length) / MOST_DRAWN;
  /** @type {Point[]} */
  const kept = [];
  for (let start = 0; start < points.length; start += step) {
    const part = points.slice(Math.floor(start), Math.floor(start + step)).filter(isKnown);
    if (part.length === 0) continue;
    const low = part.reduce((a, b) => (b[1] < a[1] ? b : a));
    const high = part.reduce((a, b) => (b[1] > a[1] ? b : a));
    kept.push(...(low === high ? [low] : low[0] < high[0] ? [low, high] : [high, low]));
  }
  return kept;
}

/** @param {Point} point @returns {point is [number, number]} */
const isKnown = (point) => point[1] !== null && point[1] !== undefined;

/** 1986 -> "1,986", 8.2e6 -> "8.2 million", as the verdict says it. @param {number} loss @param {Say} word */
function height(loss, word) {
  if (loss >= 1e9) return word("billion");
  return loss >= 1e6 ? word("million", { number: localized((loss / 1e6).toFixed(loss >= 1e7 ? 0 : 1)) }) : threeFigures(loss);
}

export class Panel {
  /** @type {{width: number, longest: number} | undefined} */ scale;
  name = "";
  /** @type {string | undefined} */ word;

  /** @param {HTMLElement} item @param {number} index @param {Say} word */
  constructor(item, index, word) {
    this.item = item;
    this.say = word;
    this.svg = find(item, "svg");
    this.clip = `clip-${index}`;
  }

  /** @param {Labels} labels */
  label({ name, note, word, reason, tone }) {
    const part = (/** @type {string} */ selector, /** @type {string | undefined} */ text) => setText(find(this.item, selector), text ?? "");
    part(".name", name);
    part(".word", word);
    part(".note", reason ?? note);
    find(this.item, ".note").title = reason ?? note ?? "";
    setData(this.item, { name, word: word ?? "", tone: tone ?? "" });
    this.name = name;
    this.word = word;
  }

  /** @param {Line[]} lines @param {Scale} scale */
  draw(lines, scale) {
    const { metric, guess, longest, at } = scale;
    const width = Math.max(120, this.svg.clientWidth || 240);
    const top = metric === "loss" ? LOSS_TOP * guess : 1;
    const x = (/** @type {number} */ value) => LEFT + ((width - LEFT - RIGHT) * Math.min(value, longest)) / longest;
    const y = (/** @type {number} */ value) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - Math.min(value, 1.2 * top) / top);
    const box = { x: LEFT, y: TOP - 3, width: width - LEFT - RIGHT, height: HEIGHT - TOP - BOTTOM + 6 };
    const clip = svgNode("clipPath", { id: this.clip });
    clip.append(svgNode("rect", box));
    const inside = svgNode("g", { "clip-path": `url(#${this.clip})` });
    const path = (/** @type {Point[]} */ points) => pathOf(extremes(points), { x, y });
    for (const { training, validation } of lines) {
      inside.append(svgNode("path", { class: "training", d: path(training), opacity: lines.length > 1 ? 0.75 : 1 }));
      inside.append(svgNode("path", { class: "validation", d: path(validation), opacity: lines.length > 1 ? 0.75 : 1 }));
    }
    const parts = [clip, ...this.axes({ x, y, top, width }, scale), inside];
    if (at !== null) parts.push(svgNode("line", { class: "rule", x1: x(at), x2: x(at), y1: TOP, y2: HEIGHT - BOTTOM }));
    parts.push(...this.beyond(lines, top, x, metric));
    this.svg.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    this.svg.setAttribute("preserveAspectRatio", "none");
    this.svg.replaceChildren(...parts);
    this.scale = { width, longest };
  }

  /** @param {Places} places @param {Scale} scale */
  axes({ x, y, top, width }, { metric, guess, longest, unit }) {
    /** @type {SVGElement[]} */
    const parts = [];
    const ticks = metric === "loss" ? [0, top / 3, (2 * top) / 3, top] : [0, 0.25, 0.5, 0.75, 1];
    for (const tick of ticks) {
      const label = metric === "loss" ? localized(String(Number(tick.toPrecision(2)))) : `${Math.round(tick * 100)}`;
      parts.push(svgNode("line", { class: "grid", x1: LEFT, x2: width - RIGHT, y1: y(tick), y2: y(tick) }));
      parts.push(svgNode("text", { x: LEFT - 5, y: y(tick) + 3.5, "text-anchor": "end" }, label));
    }
    parts.push(svgNode("line", { class: "guessing", x1: LEFT, x2: width - RIGHT, y1: y(guess), y2: y(guess) }));
    const named = this.say(longest === 1 ? `one_${unit}` : `unit_${unit}`);
    const end = `${written(Number(longest.toPrecision(3)), 2, 0)} ${named}`;
    parts.push(svgNode("text", { x: LEFT, y: HEIGHT - 5 }, "0"));
    parts.push(svgNode("text", { x: x(longest), y: HEIGHT - 5, "text-anchor": "end" }, end));
    return parts;
  }

  /**
   * Where a loss left the chart at the top, and how high it went.
   * @param {Line[]} lines
   * @param {number} top
   * @param {(at: number) => number} x
   * @param {Metric} metric
   */
  beyond(lines, top, x, metric) {
    const all = metric === "loss" ? lines.flatMap(({ training }) => training).filter(isKnown) : [];
    const highest = all.reduce((best, point) => (point[1] > (best?.[1] ?? top) ? point : best), /** @type {[number, number] | null} */ (null));
    if (!highest) return [];
    const place = Math.min(Math.max(x(highest[0]), LEFT + 4), this.svg.clientWidth - 96);
    return [svgNode("text", { class: "beyond", x: place, y: TOP + 8 }, `▲ ${height(highest[1], this.say)}`)];
  }
}

/** A line through points; where a value is missing it begins anew. @param {Point[]} points @param {Pick<Places, "x" | "y">} places */
function pathOf(points, { x, y }) {
  let pen = "M";
  return points
    .map(([at, value]) => {
      const step = value === null || value === undefined ? "" : `${pen}${x(at).toFixed(1)},${y(value).toFixed(1)}`;
      pen = step ? "L" : "M";
      return step;
    })
    .join("");
}
