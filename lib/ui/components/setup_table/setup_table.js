// A table of set-ups. What differs comes first and stands out by a mark and a tint; what is equal is folded away.

import { find, setData, setText } from "../base/dom.js";
import { themeColours } from "../base/palette.js";
import { swatch } from "../base/series.js";
import { View, keepView } from "../base/view.js";

/** @import { Component, Say } from "../base/types.js" */
/** @import { Colours } from "../base/palette.js" */
/** @typedef {{id: string, name: string, note: string}} Run */
/** @typedef {{label: string, texts: string[]}} Row */
/** @typedef {{runs: Run[], results: Row[], differs: Row[], equal: Row[]}} SetupTableData */

/** @extends {View<SetupTableData>} */
class SetupTable extends View {
  /** @param {HTMLElement} root @param {Component<SetupTableData>} component */
  constructor(root, component) {
    super(root, component);
    const more = find(root, ".more");
    more.onclick = () => {
      const open = more.getAttribute("aria-expanded") !== "true";
      more.setAttribute("aria-expanded", String(open));
      find(root, ".equal").hidden = !open;
      label(root, this.word);
    };
  }

  /** @param {SetupTableData} data */
  update(data) {
    draw(this.root, data, (id) => this.component.setTriggerValue("removed", id), this.word);
  }
}

/** @param {HTMLElement} root @param {SetupTableData} data @param {(id: string) => void} remove @param {Say} word */
function draw(root, { runs, results, differs, equal }, remove, word) {
  const colours = themeColours(root);
  const corner = cell("td", "");
  find(root, "thead tr").replaceChildren(corner, ...runs.map((run, i) => head(run, i, colours, remove, word)));
  fill(find(root, ".results"), results);
  fill(find(root, ".differs"), differs, true);
  fill(find(root, ".equal"), equal);
  setData(root, { differs: differs.map((row) => row.label).join(", "), equal: equal.length });
  label(root, word);
}

/** @param {HTMLElement} root @param {Say} word */
function label(root, word) {
  const more = find(root, ".more");
  const open = more.getAttribute("aria-expanded") === "true";
  const count = Number(root.dataset.equal);
  more.hidden = count === 0;
  setText(more, `${open ? "▾" : "▸"} ${word(open ? "hide_equal" : "show_equal", { count })}`);
}

/** @param {Run} run @param {number} index @param {Colours} colours @param {(id: string) => void} remove @param {Say} word */
function head({ id, name, note }, index, colours, remove, word) {
  const top = cell("th", "");
  top.setAttribute("scope", "col");
  const who = Object.assign(document.createElement("span"), { className: "who" });
  const close = Object.assign(document.createElement("button"), { type: "button", textContent: "×" });
  close.title = word("take_out", { name });
  close.setAttribute("aria-label", close.title);
  close.onclick = () => remove(id);
  who.append(swatch(index, colours), name, close);
  top.append(who, Object.assign(document.createElement("span"), { className: "note", textContent: note }));
  return top;
}

/** @param {HTMLElement} body @param {Row[]} rows */
function fill(body, rows, mark = false) {
  body.replaceChildren(
    ...rows.map(({ label: name, texts }) => {
      const row = document.createElement("tr");
      const first = cell("th", name);
      first.setAttribute("scope", "row");
      setData(row, { row: name });
      row.append(first, ...texts.map((text) => cell("td", text, mark && text !== texts[0] ? "other" : "")));
      return row;
    })
  );
}

/** @param {string} kind @param {string} text */
function cell(kind, text, name = "") {
  const kept = text.replace(/(\d) %/g, "$1\u00a0%"); // no line breaks between a number and its unit
  return Object.assign(document.createElement(kind), { textContent: kept, className: name });
}

export default keepView(".setups", SetupTable);
