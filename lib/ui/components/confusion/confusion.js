// A confusion matrix, repainted in place: rows are the truth, columns the net's answers. Where cells can be chosen it is
// one stop for the Tab key, and the arrow keys move within.

import { arrowWay } from "../base/keys.js";
import { find, setData, setText, targetOf } from "../base/dom.js";
import { count, percent } from "../base/numbers.js";
import { View, keepView } from "../base/view.js";

/** @import { Component, Say } from "../base/types.js" */
/** @typedef {{text: string, title: string, share: number, better: boolean}} Told */
/** @typedef {{classes: string[], counts: number[][], caption: string, scores?: (number | null)[][], chosen: [number, number] | null, opens?: boolean, cells?: Told[][], title?: string, says?: string}} ConfusionData */

/** @typedef {(truth: number, answer: number) => void} Choose */

const SCORES = ["recall", "precision"]; // and F1, which is called so everywhere

/** @extends {View<ConfusionData>} */
class Confusion extends View {
  /** @type {string} */ shape;

  /** @param {HTMLElement} root @param {Component<ConfusionData>} component */
  constructor(root, component) {
    super(root, component);
    this.choose = (/** @type {number} */ truth, /** @type {number} */ answer) => this.component.setTriggerValue("chosen", { truth, answer });
  }

  /** @param {ConfusionData} data */
  update(data) {
    const shape = JSON.stringify([data.classes, (data.scores ?? []).length > 0, data.opens ?? false, this.worded?.lang]);
    if (this.shape !== shape) build(this.root, data, this.choose, this.word);
    this.shape = shape;
    if (data.cells) drawDifference(this.root, data, data.cells);
    else draw(this.root, data, this.word);
  }
}

/** @param {HTMLElement} root @param {ConfusionData} data @param {Choose} choose @param {Say} word */
function build(root, { classes, scores, opens }, choose, word) {
  const withScores = (scores ?? []).length > 0;
  const header = (/** @type {string} */ text, /** @type {string} */ scope, name = "") => {
    const cell = document.createElement("th");
    cell.scope = scope;
    cell.title = text;
    cell.className = name;
    cell.append(Object.assign(document.createElement("span"), { textContent: text }));
    return cell;
  };
  const top = document.createElement("tr");
  const corner = Object.assign(document.createElement("td"), { className: "corner" });
  top.append(corner, ...classes.map((name) => header(name, "col")));
  const names = [...SCORES.map((name) => word(name)), "F1"];
  if (withScores) top.append(...names.map((name) => header(name, "col", "score")));
  find(root, "thead").replaceChildren(top);
  const rows = classes.map((name, truth) => {
    const row = document.createElement("tr");
    const cells = classes.map((_, answer) => {
      const cell = document.createElement("td");
      cell.className = truth === answer ? "cell right" : "cell";
      if (opens) cell.setAttribute("role", "gridcell");
      return cell;
    });
    row.append(header(name, "row"), ...cells);
    if (withScores) row.append(...names.map(() => Object.assign(document.createElement("td"), { className: "score" })));
    return row;
  });
  const body = find(root, "tbody");
  body.replaceChildren(...rows);
  root.classList.toggle("opens", opens ?? false);
  root.classList.toggle("scored", withScores);
  root.classList.toggle("short", classes.every((name) => name.length <= 2));
  if (opens) find(root, "table").setAttribute("role", "grid");
  body.onclick = opens ? (event) => chooseAt(root, targetOf(event).closest("td.cell"), choose) : null;
  body.onkeydown = opens ? (event) => steer(root, event, choose) : null;
}

const cellsOf = (/** @type {HTMLElement} */ root) => [...root.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("td.cell")]);

/** @param {HTMLElement} root @param {HTMLTableCellElement} cell */
function placeOf(root, cell) {
  const cells = cellsOf(root);
  const truth = cells.findIndex((row) => row.includes(cell));
  return [truth, cells[truth]?.indexOf(cell)];
}

/** @param {HTMLElement} root @param {HTMLTableCellElement | null} cell @param {Choose} choose */
function chooseAt(root, cell, choose) {
  if (!cell) return;
  const [truth, answer] = placeOf(root, cell);
  holdFocus(root, truth, answer);
  choose(truth, answer);
}

/** Arrow keys move from cell to cell, Enter and Space choose. @param {HTMLElement} root @param {KeyboardEvent} event @param {Choose} choose */
function steer(root, event, choose) {
  const cell = targetOf(event).closest("td.cell");
  if (!cell) return;
  if (["Enter", " "].includes(event.key)) {
    event.preventDefault();
    chooseAt(root, cell, choose);
  }
  const way = arrowWay(event);
  if (!way) return;
  event.preventDefault();
  const last = cellsOf(root).length - 1;
  const [truth, answer] = placeOf(root, cell).map((at, i) => Math.min(last, Math.max(0, at + way[i])));
  holdFocus(root, truth, answer);
  cellsOf(root)[truth][answer].focus();
}

/** Only one cell is a stop for the Tab key. @param {HTMLElement} root @param {number} truth @param {number} answer */
function holdFocus(root, truth, answer) {
  cellsOf(root).forEach((row, i) => row.forEach((cell, j) => (cell.tabIndex = i === truth && j === answer ? 0 : -1)));
}

/** @param {HTMLElement} root @param {ConfusionData} data @param {Say} word */
function draw(root, { classes, counts, caption, scores, chosen, opens }, word) {
  let [right, total] = [0, 0];
  cellsOf(root).forEach((row, truth) => {
    const sum = counts[truth].reduce((a, b) => a + b, 0);
    total += sum;
    right += counts[truth][truth];
    row.forEach((cell, answer) => {
      const found = counts[truth][answer];
      const share = sum ? found / sum : 0;
      setText(cell, found ? count(found) : "");
      cell.style.setProperty("--share", `${Math.round(100 * share)}%`);
      cell.title = word("taken_for", { found, all: sum, truth: classes[truth], answer: classes[answer] });
      if (opens) mark(cell, chosen, truth, answer);
    });
  });
  [...root.querySelectorAll("tbody tr")].forEach((row, i) => {
    [...row.querySelectorAll("td.score")].forEach((cell, j) => setText(cell, percent(scores?.[i][j])));
  });
  if (opens && !root.querySelector('td.cell[tabindex="0"]')) holdFocus(root, ...(chosen ?? [0, 0]));
  setText(find(root, ".caption"), caption);
  setText(find(root, "caption"), word("table_says", { caption }));
  setText(find(root, ".says"), word("says", { right, all: total, share: percent(right / total) }));
  setData(root, { right, total });
}

/** @param {HTMLTableCellElement} cell @param {[number, number] | null} chosen @param {number} truth @param {number} answer */
function mark(cell, chosen, truth, answer) {
  const marked = chosen !== null && chosen[0] === truth && chosen[1] === answer;
  cell.setAttribute("aria-label", cell.title);
  cell.setAttribute("aria-selected", String(marked));
}

/** What one matrix has more than another. @param {HTMLElement} root @param {ConfusionData} data @param {Told[][]} cells */
function drawDifference(root, { caption, chosen, title, says }, cells) {
  cellsOf(root).forEach((row, truth) =>
    row.forEach((cell, answer) => {
      const told = cells[truth][answer];
      setText(cell, told.text);
      cell.classList.toggle("right", told.better);
      cell.style.setProperty("--share", `${Math.round(100 * told.share)}%`);
      cell.title = told.title;
      mark(cell, chosen, truth, answer);
    })
  );
  if (!root.querySelector('td.cell[tabindex="0"]')) holdFocus(root, ...(chosen ?? [0, 0]));
  setText(find(root, "h2"), title ?? "");
  setText(find(root, ".caption"), caption);
  setText(find(root, "caption"), `${title} ${caption}`);
  setText(find(root, ".says"), says ?? "");
}

export default keepView(".confusion", Confusion);
