// The range test as a picture: rates on a log scale, the loss after a step with each, and where a rate was read off.

import { keepView } from "../base/view.js";

const [HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [380, 40, 14, 30, 40];
const ROOM = 1.35; // times the loss of guessing: what is worse lies on the upper edge

export default (component) => keepView(component, ".finder", RateFinder);

class RateFinder {
  constructor(root) {
    this.root = root;
    this.observer = new ResizeObserver(() => this.data && draw(root, this.data));
    this.observer.observe(root);
  }

  update(data) {
    this.data = data;
    draw(this.root, data);
  }

  destroy() {
    this.observer.disconnect();
  }
}

function piece(name, attributes, text = "") {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text) element.textContent = text;
  return element;
}

/** 0.00001 as it is said. */
function plain(rate) {
  return rate >= 0.001 ? String(Number(rate.toPrecision(2))) : rate.toFixed(10).replace(/0+$/, "");
}

function draw(root, { tried, smoothed, guess, ends, marks }) {
  const svg = root.querySelector("svg");
  const width = Math.max(svg.clientWidth, 280);
  const [from, to] = ends.map(Math.log10);
  const top = ROOM * guess;
  const x = (rate) => LEFT + ((width - LEFT - RIGHT) * (Math.log10(rate) - from)) / (to - from);
  const y = (loss) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - Math.min(loss ?? top, top) / top);
  const parts = [];
  for (let power = Math.ceil(from); power <= to; power++) {
    const at = x(10 ** power);
    parts.push(piece("line", { class: "grid", x1: at, x2: at, y1: TOP, y2: HEIGHT - BOTTOM }));
    parts.push(piece("text", { x: at, y: HEIGHT - BOTTOM + 16, "text-anchor": "middle" }, plain(10 ** power)));
  }
  parts.push(piece("text", { x: (LEFT + width - RIGHT) / 2, y: HEIGHT - 4, "text-anchor": "middle" }, "learning rate"));
  for (let loss = 0; loss <= top; loss += 0.5) {
    parts.push(piece("line", { class: "grid", x1: LEFT, x2: width - RIGHT, y1: y(loss), y2: y(loss) }));
    parts.push(piece("text", { x: LEFT - 6, y: y(loss) + 4, "text-anchor": "end" }, loss.toFixed(1)));
  }
  parts.push(piece("line", { class: "guess", x1: LEFT, x2: width - RIGHT, y1: y(guess), y2: y(guess) }));
  for (const [rate, loss] of tried) parts.push(piece("circle", { class: "dot", cx: x(rate), cy: y(loss), r: 2.4 }));
  const path = tried.map(([rate], i) => `${i ? "L" : "M"}${x(rate).toFixed(1)},${y(smoothed[i]).toFixed(1)}`).join("");
  if (path) parts.push(piece("path", { class: "mean", d: path }));
  if (marks) parts.push(...marked(marks, x));
  svg.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
  svg.replaceChildren(...parts);
  root.dataset.n = tried.length;
  root.dataset.suggested = marks?.suggested ?? "";
  const said = marks
    ? `It falls fastest near ${plain(marks.steepest)} and is lowest at ${plain(marks.lowest)}; suggested: ${plain(marks.suggested)}.`
    : `${tried.length} rates tried.`;
  svg.setAttribute("aria-label", `Loss against learning rate. ${said}`);
}

function marked({ suggested, steepest, lowest }, x) {
  const line = (rate, name) => piece("line", { class: name, x1: x(rate), x2: x(rate), y1: TOP, y2: HEIGHT - BOTTOM });
  return [
    line(lowest, "mark"),
    line(steepest, "mark"),
    line(suggested, "pick"),
    piece("text", { class: "marked", x: x(lowest) + 5, y: HEIGHT - BOTTOM - 8 }, "lowest"),
    piece("text", { class: "marked", x: x(steepest) - 5, y: HEIGHT - BOTTOM - 8, "text-anchor": "end" }, "falls fastest"),
    piece("text", { class: "picked", x: x(suggested), y: TOP - 10, "text-anchor": "middle" }, plain(suggested)),
  ];
}
