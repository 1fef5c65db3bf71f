// A table of set-ups. What differs comes first and stands out by a mark and a tint; what is equal is folded away.

import { setText } from "../base/numbers.js";
import { themeColours } from "../base/palette.js";
import { swatch } from "../base/series.js";
import { keepView } from "../base/view.js";

export default (component) => keepView(component, ".setups", SetupTable);

class SetupTable {
  constructor(root) {
    this.root = root;
    const more = root.querySelector(".more");
    more.onclick = () => {
      const open = more.getAttribute("aria-expanded") !== "true";
      more.setAttribute("aria-expanded", String(open));
      root.querySelector(".equal").hidden = !open;
      label(root);
    };
  }

  update(data) {
    draw(this.root, data, (id) => this.component.setTriggerValue("removed", id));
  }
}

function draw(root, { runs, results, differs, equal }, remove) {
  const colours = themeColours(root);
  const corner = cell("td", "");
  root.querySelector("thead tr").replaceChildren(corner, ...runs.map((run, i) => head(run, i, colours, remove)));
  fill(root.querySelector(".results"), results);
  fill(root.querySelector(".differs"), differs, true);
  fill(root.querySelector(".equal"), equal);
  root.dataset.differs = differs.map((row) => row.label).join(", ");
  root.dataset.equal = equal.length;
  label(root);
}

function label(root) {
  const more = root.querySelector(".more");
  const open = more.getAttribute("aria-expanded") === "true";
  const count = Number(root.dataset.equal);
  more.hidden = count === 0;
  setText(more, `${open ? "▾ Hide" : "▸ Show"} the ${count} settings that are equal`);
}

function head({ id, name, note }, index, colours, remove) {
  const top = cell("th", "");
  top.scope = "col";
  const who = Object.assign(document.createElement("span"), { className: "who" });
  const close = Object.assign(document.createElement("button"), { type: "button", textContent: "×" });
  close.title = `Take ${name} out of the comparison`;
  close.setAttribute("aria-label", close.title);
  close.onclick = () => remove(id);
  who.append(swatch(index, colours), name, close);
  top.append(who, Object.assign(document.createElement("span"), { className: "note", textContent: note }));
  return top;
}

function fill(body, rows, mark = false) {
  body.replaceChildren(
    ...rows.map(({ label: name, texts }) => {
      const row = document.createElement("tr");
      const first = cell("th", name);
      first.scope = "row";
      row.dataset.row = name;
      row.append(first, ...texts.map((text) => cell("td", text, mark && text !== texts[0] ? "other" : "")));
      return row;
    })
  );
}

function cell(kind, text, name = "") {
  const kept = text.replace(/(\d) %/g, "$1\u00a0%"); // no line breaks between a number and its unit
  return Object.assign(document.createElement(kind), { textContent: kept, className: name });
}
