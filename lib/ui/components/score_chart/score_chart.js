// Accuracies with error bars: dots for single runs, a square for their mean, a whisker to each side.

import { NBSP, isNumber, percent, setText } from "../base/numbers.js";
import { keepView } from "../base/view.js";

const [ROW, TOP, AXIS, VALUE] = [30, 6, 22, 110];
const TICK_STEPS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25];

export default (component) => keepView(component, ".scores", ScoreChart);

function piece(name, attributes, text = "") {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text) element.textContent = text;
  return element;
}

class ScoreChart {
  constructor(root) {
    this.root = root;
    this.svg = root.querySelector("svg");
    this.observer = new ResizeObserver(() => this.data && this.draw());
    this.observer.observe(root);
  }

  destroy() {
    this.observer.disconnect();
  }

  update(data) {
    this.data = data;
    setText(this.root.querySelector("h3"), data.title);
    setText(this.root.querySelector(".note"), data.note);
    this.draw();
  }

  draw() {
    const { rows, title } = this.data;
    const width = Math.max(this.svg.clientWidth, 260);
    const height = TOP + ROW * rows.length + AXIS;
    const label = Math.min(0.34 * width, 12 + 7.2 * Math.max(...rows.map((row) => row.label.length)));
    const [low, high] = ends(rows);
    const x = (value) => label + ((width - label - VALUE) * (value - low)) / (high - low);
    const parts = this.axis(low, high, x, height);
    rows.forEach((row, i) => parts.push(this.row(row, TOP + ROW * (i + 0.5), x, width)));
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.svg.style.height = `${height}px`;
    this.svg.replaceChildren(...parts);
    const said = rows.map(({ label: name, centre, spread }) => `${name} ${score(centre, spread)}`);
    this.svg.setAttribute("aria-label", `${title}: ${said.join("; ")}`);
  }

  axis(low, high, x, height) {
    const step = TICK_STEPS.find((each) => (high - low) / each <= 6) ?? 0.25;
    const parts = [];
    for (let tick = Math.ceil(low / step - 1e-9) * step; tick <= high + 1e-9; tick += step) {
      parts.push(piece("line", { class: "grid", x1: x(tick), x2: x(tick), y1: TOP, y2: height - AXIS }));
      const text = `${Number((tick * 100).toFixed(1))}${NBSP}%`;
      parts.push(piece("text", { class: "quiet", x: x(tick), y: height - 6, "text-anchor": "middle" }, text));
    }
    return parts;
  }

  row({ label: name, scores, centre, spread, best }, y, x, width) {
    const row = piece("g", { class: best ? "best" : "", "data-testid": "score-row", "data-label": name });
    row.dataset.centre = centre ?? "";
    row.dataset.spread = spread ?? "";
    row.append(piece("text", { class: best ? "best" : "", x: 0, y: y + 4.5 }, name.charAt(0).toUpperCase() + name.slice(1)));
    if (isNumber(centre)) {
      if (isNumber(spread)) {
        const [from, to] = [x(centre - spread), x(centre + spread)];
        row.append(piece("line", { class: "bar", x1: from, x2: to, y1: y, y2: y }));
        for (const end of [from, to]) row.append(piece("line", { class: "cap", x1: end, x2: end, y1: y - 5, y2: y + 5 }));
      }
      if (scores.length > 1) {
        for (const each of scores) row.append(piece("circle", { class: "score", cx: x(each), cy: y, r: 4 }));
      }
      row.append(piece("rect", { class: "centre", x: x(centre) - 3.5, y: y - 3.5, width: 7, height: 7 }));
    }
    row.append(piece("text", { class: best ? "best" : "", x: width, y: y + 4.5, "text-anchor": "end" }, score(centre, spread)));
    return row;
  }
}

function score(centre, spread) {
  if (!isNumber(centre)) return "–";
  return percent(centre) + (isNumber(spread) ? ` ± ${(spread * 100).toFixed(1)}` : "");
}

/** As narrow as the scores allow, in whole points. */
function ends(rows) {
  const all = rows.flatMap(({ scores, centre, spread }) => [...scores, centre - (spread ?? 0), centre + (spread ?? 0)]);
  const found = all.filter(isNumber);
  if (found.length === 0) return [0, 1];
  const [least, most] = [Math.min(...found), Math.max(...found)];
  const room = Math.max(0.005, 0.12 * (most - least));
  return [Math.max(0, Math.floor((least - room) * 100) / 100), Math.min(1, Math.ceil((most + room) * 100) / 100)];
}
