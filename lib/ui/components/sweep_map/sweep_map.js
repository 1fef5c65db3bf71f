// A sweep as a table whose cells are coloured by accuracy (two settings), or as parallel coordinates (three).

import { find, setData, setText } from "../base/dom.js";
import { within } from "../base/keys.js";
import { isNumber, percent } from "../base/numbers.js";
import { VIRIDIS, VIRIDIS_ANCHORS, gradient, inkOn, rgbOf } from "../base/palette.js";
import { View, keepView } from "../base/view.js";
import { drawParallel } from "./parallel.js";

/** @import { Component } from "../base/types.js" */
/** @import { Run, Setting } from "./parallel.js" */
/** @typedef {{settings: Setting[], runs: Run[]}} SweepMapData */

const MARKED = ["stopped", "failed", "waiting"]; // states that are said beside the number

/** @extends {View<SweepMapData>} */
class SweepMap extends View {
  ends = [0, 1]; // the lowest and the highest accuracy
  shape = ""; // the settings that the table was made for

  /** @param {HTMLElement} root @param {Component<SweepMapData>} component */
  constructor(root, component) {
    super(root, component);
    this.whenResized(root, () => this.data && this.draw());
    find(root, ".legend i").style.background = gradient(VIRIDIS_ANCHORS);
  }

  /** @param {SweepMapData} data */
  update(data) {
    this.data = data;
    this.draw();
  }

  draw() {
    const { settings, runs } = this.data;
    const found = runs.map(({ accuracy }) => accuracy).filter(isNumber);
    const ends = found.length ? [Math.min(...found), Math.max(...found)] : [0, 1];
    this.ends = ends[1] > ends[0] ? ends : [Math.max(0, ends[0] - 0.05), ends[1]];
    const names = settings.map(({ title }) => title.toLowerCase());
    setText(this.find("h2"), this.word("accuracy_by", { first: names.slice(0, -1).join(", "), last: names.at(-1) }));
    setText(this.find(".low"), found.length ? percent(this.ends[0]) : "");
    setText(this.find(".high"), found.length ? percent(this.ends[1]) : "");
    const two = settings.length === 2;
    this.find("table").hidden = !two;
    this.find("svg").toggleAttribute("hidden", two);
    if (two) this.drawTable(settings, runs);
    else drawParallel(this.find("svg"), settings, runs, this.ends, (value) => this.tone(value).css, (run) => this.say(run), this.word("validation_accuracy"));
    setData(this.root, { done: found.length, best: runs.find((run) => run.best)?.accuracy ?? "" });
    this.find("svg").setAttribute("aria-label", this.sentence(runs, settings));
    setText(this.find("caption"), this.sentence(runs, settings));
  }

  /** @param {Run[]} runs @param {Setting[]} settings */
  sentence(runs, settings) {
    const best = runs.find((run) => run.best);
    const done = runs.filter((run) => isNumber(run.accuracy)).length;
    if (!best) return this.word("done_of", { done, all: runs.length });
    const named = best.places.map((index, i) => `${settings[i].title.toLowerCase()} ${settings[i].values[index]}`);
    return this.word("best_of", { all: runs.length, named: named.join(", "), accuracy: percent(best.accuracy) });
  }

  /** The colour of an accuracy, and whether dark or light letters can be read on it. @param {number} value */
  tone(value) {
    const share = (value - this.ends[0]) / (this.ends[1] - this.ends[0]);
    const [red, green, blue] = rgbOf(VIRIDIS[Math.round(255 * within(share, 0, 1))]);
    return { css: `rgb(${red} ${green} ${blue})`, ink: inkOn(red, green, blue) };
  }

  /** @param {Setting[]} settings rows and columns @param {Run[]} runs */
  drawTable([rows, columns], runs) {
    const body = this.find("tbody");
    const shape = JSON.stringify([rows, columns]);
    if (this.shape !== shape) {
      this.shape = shape;
      const over = Object.assign(head("colgroup", columns.title, "name"), { colSpan: columns.values.length });
      const corner = cell("th", rows.title, "corner name");
      this.find("thead").replaceChildren(
        row(cell("td", "", "corner"), over),
        row(corner, ...columns.values.map((value) => head("col", value)))
      );
      body.replaceChildren(
        ...rows.values.map((value) => row(head("row", value), ...columns.values.map(() => cell("td", ""))))
      );
    }
    const cells = [...body.rows].map((each) => [...each.querySelectorAll("td")]);
    for (const each of cells.flat()) this.empty(each);
    for (const run of runs) this.fill(cells[run.places[0]][run.places[1]], run);
  }

  /** @param {HTMLTableCellElement} place */
  empty(place) {
    place.className = "";
    place.removeAttribute("data-testid");
    place.removeAttribute("tabindex");
    setText(place, "");
    place.title = "";
  }

  /** @param {HTMLTableCellElement} place @param {Run} run */
  fill(place, run) {
    const { accuracy, state, best, note } = run;
    place.dataset.testid = "sweep-cell";
    setData(place, { accuracy: accuracy ?? "", state: state });
    place.tabIndex = 0;
    place.title = note;
    place.onfocus = place.onpointerenter = () => this.say(run);
    place.onblur = place.onpointerleave = () => this.say(null);
    const small = state === "running" ? "…" : MARKED.includes(state) && this.word(state);
    place.append(isNumber(accuracy) ? percent(accuracy) : "");
    if (small) place.append(Object.assign(document.createElement("small"), { textContent: small }));
    if (!isNumber(accuracy)) return;
    const { css, ink } = this.tone(accuracy);
    place.style.setProperty("--tone", css);
    place.style.setProperty("--ink", ink);
    place.classList.add("filled", state);
    place.classList.toggle("best", best);
  }

  /** @param {Run | null} run */
  say(run) {
    const { settings } = this.data;
    const named = run?.places.map((index, i) => `${settings[i].title} ${settings[i].values[index]}`).join(", ");
    setText(this.find(".says"), run ? `${named}: ${run.note}` : "");
  }
}

/** @template {"th" | "td"} Kind @param {Kind} kind @param {string} text */
function cell(kind, text, name = "") {
  return Object.assign(document.createElement(kind), { textContent: text, className: name });
}

/** What stands over a column or before a row. @param {string} scope @param {string} text */
function head(scope, text, name = "") {
  return Object.assign(cell("th", text, name), { scope });
}

/** @param {HTMLTableCellElement[]} cells */
function row(...cells) {
  const made = document.createElement("tr");
  made.append(...cells);
  return made;
}

export default keepView(".sweep", SweepMap);
