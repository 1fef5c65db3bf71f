// Three settings and what they led to: one upright axis each, one line a run. Needs palette.js and numbers.js.

import { setData, svgNode } from "../base/dom.js";
import { percent } from "../base/numbers.js";

/** @typedef {{title: string, values: string[]}} Setting */
/**
 * What one combination led to: `places` are the indices of its values, setting by setting.
 * @typedef {{places: number[], accuracy: number | null, state: string, best: boolean, note: string}} Run
 */

const [PARALLEL_HEIGHT, SIDE, ABOVE, BELOW] = [400, 70, 34, 14];

/**
 * `tone(accuracy)` gives a line's colour; `say(run)` is called when the pointer or the focus is on it.
 * @param {SVGSVGElement} svg
 * @param {Setting[]} settings
 * @param {Run[]} runs
 * @param {number[]} ends the lowest and the highest accuracy
 * @param {(accuracy: number) => string} tone
 * @param {(run: Run | null) => unknown} say
 * @param {string} measured what the last axis is called
 */
export function drawParallel(svg, settings, runs, [low, high], tone, say, measured) {
  const width = Math.max(svg.clientWidth, 360);
  const axes = settings.length + 1;
  const x = (/** @type {number} */ i) => SIDE + ((width - 2 * SIDE) * i) / (axes - 1);
  const height = PARALLEL_HEIGHT - ABOVE - BELOW;
  const place = (/** @type {number} */ index, /** @type {number} */ count) => ABOVE + (count > 1 ? height * (1 - index / (count - 1)) : height / 2);
  const level = (/** @type {number} */ accuracy) => ABOVE + height * (1 - (accuracy - low) / (high - low || 1));
  /** @type {SVGElement[]} */
  const parts = [];
  settings.forEach(({ title }, i) => {
    parts.push(svgNode("line", { class: "axis", x1: x(i), x2: x(i), y1: ABOVE, y2: ABOVE + height }));
    parts.push(svgNode("text", { class: "title", x: x(i), y: 16, "text-anchor": i ? "middle" : "start", dx: i ? 0 : -SIDE + 6 }, title));
  });
  parts.push(svgNode("line", { class: "axis", x1: x(axes - 1), x2: x(axes - 1), y1: ABOVE, y2: ABOVE + height }));
  parts.push(svgNode("text", { class: "title", x: width, y: 16, "text-anchor": "end" }, measured));
  const order = [...runs].sort((a, b) => Number(a.best) - Number(b.best) || (a.accuracy ?? -1) - (b.accuracy ?? -1));
  for (const run of order) {
    const points = run.places.map((index, i) => [x(i), place(index, settings[i].values.length)]);
    if (run.accuracy !== null) points.push([x(axes - 1), level(run.accuracy)]);
    const d = points.map(([px, py], i) => `${i ? "L" : "M"}${px.toFixed(1)},${py.toFixed(1)}`).join("");
    const open = run.accuracy === null;
    const line = svgNode("path", { class: `run ${open ? "open" : run.state} ${run.best ? "best" : ""}`, d, "data-testid": "sweep-line" });
    setData(line, { accuracy: run.accuracy ?? "" });
    if (run.accuracy !== null && !run.best) line.setAttribute("stroke", tone(run.accuracy));
    const hit = svgNode("path", { class: "hit", d });
    hit.onpointerenter = () => say(run);
    hit.onpointerleave = () => say(null);
    if (!open && !run.best) parts.push(svgNode("path", { class: "halo", d })); // the ends of the scale come near the page's colour
    parts.push(line, hit);
  }
  settings.forEach(({ values }, i) => {
    values.forEach((value, index) => {
      parts.push(svgNode("text", { x: x(i) - 7, y: place(index, values.length) + 4, "text-anchor": "end" }, value));
    });
  });
  for (const share of [0, 0.5, 1]) {
    const value = low + share * (high - low);
    parts.push(svgNode("text", { x: x(axes - 1) + 7, y: level(value) + 4 }, percent(value)));
  }
  svg.setAttribute("viewBox", `0 0 ${width} ${PARALLEL_HEIGHT}`);
  svg.replaceChildren(...parts);
}
