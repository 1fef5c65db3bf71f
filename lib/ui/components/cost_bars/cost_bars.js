// Three costs of a net, side by side; each column has its own scale.

import { find, fitChildren, setData, setText } from "../base/dom.js";
import { View, keepView } from "../base/view.js";
import { counted, written } from "../base/words.js";

/** @import { Worded } from "../base/types.js" */

/** @typedef {Worded & {note: string, rows: Row[]}} CostBarsData */

/** @typedef {{name: string} & Record<Cost, number | null>} Row */

/** @typedef {"parameters" | "multiply_adds" | "seconds"} Cost */

/** @type {Cost[]} */
const COSTS = ["parameters", "multiply_adds", "seconds"];

/** @extends {View<CostBarsData>} */
class CostBars extends View {
  /** @param {CostBarsData} data */
  update(data) {
    this.speak(data);
    setText(this.find(".note"), data.note);
    const body = this.find("tbody");
    const lines = fitChildren(body, data.rows.length, () => {
      const row = document.createElement("tr");
      row.append(Object.assign(document.createElement("th"), { scope: "row" }));
      for (const cost of COSTS) {
        const cell = Object.assign(document.createElement("td"), { className: cost });
        const inside = document.createElement("div");
        inside.append(document.createElement("i"), document.createElement("span"));
        cell.append(inside);
        row.append(cell);
      }
      row.dataset.testid = "cost-row";
      return row;
    });
    data.rows.forEach((row, i) => this.fill(lines[i], row, data.rows));
  }

  /** @param {HTMLElement} line @param {Row} row @param {Row[]} rows */
  fill(line, row, rows) {
    setText(line.children[0], row.name);
    COSTS.forEach((cost, k) => {
      const most = Math.max(...rows.map((each) => each[cost] ?? 0), 1e-9);
      const cell = line.children[k + 1];
      find(cell, "i").style.width = `${(100 * (row[cost] ?? 0)) / most}%`;
      setText(find(cell, "span"), this.write(cost, row[cost]));
      setData(line, { [cost]: row[cost] });
    });
    setData(line, { name: row.name });
  }

  /** @param {Cost} cost @param {number | null} value */
  write(cost, value) {
    if (value === null) return this.word("measuring");
    if (cost === "seconds") return `${written(value, value < 10 ? 1 : 0)} s`;
    return cost === "multiply_adds" && value >= 1e6 ? this.word("millions", { count: written(value / 1e6, 1) }) : counted(value);
  }
}

export default keepView(".cost-bars", CostBars);
