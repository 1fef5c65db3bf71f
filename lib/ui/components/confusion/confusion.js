// A confusion matrix, repainted in place: rows are the truth, columns the net's answers. Where cells can be chosen it is
// one stop for the Tab key, and the arrow keys move within.

import { count, percent, setText } from "../base/numbers.js";
import { keepView } from "../base/view.js";

const STRONG = 0.55; // share from which the colour is dark enough for light letters
const SCORES = ["recall", "precision", "F1"];
const WAYS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

export default (component) => keepView(component, ".confusion", Confusion);

class Confusion {
  constructor(root) {
    this.root = root;
    root.choose = (truth, answer) => this.component.setTriggerValue("chosen", { truth, answer });
  }

  update(data) {
    const shape = JSON.stringify([data.classes, data.scores?.length > 0, data.opens ?? false]);
    if (this.shape !== shape) build(this.root, data);
    this.shape = shape;
    draw(this.root, data);
  }
}

function build(root, { classes, scores, opens }) {
  const withScores = scores?.length > 0;
  const header = (text, scope, name = "") => {
    const cell = document.createElement("th");
    cell.scope = scope;
    cell.title = text;
    cell.className = name;
    cell.append(Object.assign(document.createElement("span"), { textContent: text }));
    return cell;
  };
  const top = document.createElement("tr");
  top.append(document.createElement("td"), ...classes.map((name) => header(name, "col")));
  if (withScores) top.append(...SCORES.map((name) => header(name, "col", "score")));
  top.firstChild.className = "corner";
  root.querySelector("thead").replaceChildren(top);
  const rows = classes.map((name, truth) => {
    const row = document.createElement("tr");
    const cells = classes.map((_, answer) => {
      const cell = document.createElement("td");
      cell.className = truth === answer ? "cell right" : "cell";
      if (opens) cell.setAttribute("role", "gridcell");
      return cell;
    });
    row.append(header(name, "row"), ...cells);
    if (withScores) row.append(...SCORES.map(() => Object.assign(document.createElement("td"), { className: "score" })));
    return row;
  });
  const body = root.querySelector("tbody");
  body.replaceChildren(...rows);
  root.classList.toggle("opens", opens ?? false);
  root.classList.toggle("scored", withScores);
  root.classList.toggle("short", classes.every((name) => name.length <= 2));
  if (opens) root.querySelector("table").setAttribute("role", "grid");
  body.onclick = opens ? (event) => chooseAt(root, event.target.closest("td.cell")) : null;
  body.onkeydown = opens ? (event) => steer(root, event) : null;
}

const cellsOf = (root) => [...root.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("td.cell")]);

function placeOf(root, cell) {
  const cells = cellsOf(root);
  const truth = cells.findIndex((row) => row.includes(cell));
  return [truth, cells[truth]?.indexOf(cell)];
}

function chooseAt(root, cell) {
  if (!cell) return;
  const [truth, answer] = placeOf(root, cell);
  holdFocus(root, truth, answer);
  root.choose(truth, answer);
}

/** Arrow keys move from cell to cell, Enter and Space choose. */
function steer(root, event) {
  const cell = event.target.closest("td.cell");
  if (!cell) return;
  if (["Enter", " "].includes(event.key)) {
    event.preventDefault();
    chooseAt(root, cell);
  }
  const way = WAYS[event.key];
  if (!way) return;
  event.preventDefault();
  const last = cellsOf(root).length - 1;
  const [truth, answer] = placeOf(root, cell).map((at, i) => Math.min(last, Math.max(0, at + way[i])));
  holdFocus(root, truth, answer);
  cellsOf(root)[truth][answer].focus();
}

/** Only one cell is a stop for the Tab key. */
function holdFocus(root, truth, answer) {
  cellsOf(root).forEach((row, i) => row.forEach((cell, j) => (cell.tabIndex = i === truth && j === answer ? 0 : -1)));
}

function draw(root, { classes, counts, caption, scores, chosen, opens }) {
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
      cell.classList.toggle("strong", share >= STRONG);
      cell.title = `${count(found)} of ${count(sum)} × ${classes[truth]} taken for ${classes[answer]}`;
      if (opens) {
        const marked = chosen !== null && chosen[0] === truth && chosen[1] === answer;
        cell.setAttribute("aria-label", cell.title);
        cell.setAttribute("aria-selected", marked);
      }
    });
  });
  [...root.querySelectorAll("tbody tr")].forEach((row, i) => {
    [...row.querySelectorAll("td.score")].forEach((cell, j) => setText(cell, percent(scores[i][j])));
  });
  if (opens && !root.querySelector('td.cell[tabindex="0"]')) holdFocus(root, ...(chosen ?? [0, 0]));
  setText(root.querySelector(".caption"), caption);
  setText(root.querySelector("caption"), `Rows are the truth, columns the answers. ${caption}`);
  const says = `rows: truth, columns: answer · ${count(right)} of ${count(total)} right, ${percent(right / total)}`;
  setText(root.querySelector(".says"), says);
  Object.assign(root.dataset, { right, total });
}
