// Three costs of a net, side by side; each column has its own scale.

import { setText } from "../base/numbers.js";
import { fitChildren, keepView } from "../base/view.js";
import { counted, say, speak, written } from "../base/words.js";

const COSTS = ["parameters", "multiply_adds", "seconds"];

export default (component) => keepView(component, ".cost-bars", CostBars);

class CostBars {
  constructor(root) {
    this.root = root;
  }

  update(data) {
    speak(this.root, data);
    setText(this.root.querySelector(".note"), data.note);
    const body = this.root.querySelector("tbody");
    fitChildren(body, data.rows.length, () => {
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
    data.rows.forEach((row, i) => this.fill(body.children[i], row, data.rows));
  }

  fill(line, row, rows) {
    setText(line.children[0], row.name);
    COSTS.forEach((cost, k) => {
      const most = Math.max(...rows.map((each) => each[cost] ?? 0), 1e-9);
      const cell = line.children[k + 1];
      cell.querySelector("i").style.width = `${(100 * (row[cost] ?? 0)) / most}%`;
      setText(cell.querySelector("span"), this.write(cost, row[cost]));
      line.dataset[cost] = row[cost] ?? "";
    });
    line.dataset.name = row.name;
  }

  write(cost, value) {
    if (value === null) return say("measuring");
    if (cost === "seconds") return `${written(value, value < 10 ? 1 : 0)} s`;
    return cost === "multiply_adds" && value >= 1e6 ? say("millions", { count: written(value / 1e6, 1) }) : counted(value);
  }
}
