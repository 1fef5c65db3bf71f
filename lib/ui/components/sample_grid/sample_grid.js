// Pictures class by class. All of them come as one image, each button shows its part of it.

import { cloned, find, fitChildren, setData, setText, targetOf } from "../base/dom.js";
import { View, keepView } from "../base/view.js";
import { counted } from "../base/words.js";

/** @import { Component, Worded } from "../base/types.js" */
/** @typedef {{label: number, name: string, count: number, pictures: number[]}} Row */
/** @typedef {{page?: number, label?: number | null}} Turn */
/** @typedef {Worded & {rows: Row[], sheet: {png: string, columns: number, width: number, height: number}, filtered: string | null, chosen: number | null, page: number, pages: number}} SampleGridData */

/** @extends {View<SampleGridData>} */
class SampleGrid extends View {
  /** @type {number} */ tall;

  /** @param {HTMLElement} root @param {Component<SampleGridData>} component */
  constructor(root, component) {
    super(root, component);
    this.at = [0, 0];
    this.lines = find(root, ".lines");
    find(root, "button.all").onclick = () => this.ask({ label: null });
    find(root, ".before").onclick = () => this.turn(-1);
    find(root, ".after").onclick = () => this.turn(1);
    root.onkeydown = (event) => this.walk(event);
  }

  /** @param {SampleGridData} data */
  update(data) {
    this.data = data;
    this.speak(data);
    const { rows, sheet, filtered, page, pages } = data;
    const alone = filtered !== null;
    this.root.classList.toggle("alone", alone);
    this.root.style.setProperty("--sheet", `url(data:image/png;base64,${sheet.png})`);
    this.root.style.setProperty("--across", sheet.columns);
    this.root.style.setProperty("--columns", sheet.columns);
    this.root.style.setProperty("--shape", `${sheet.width} / ${sheet.height}`);
    this.tall = Math.ceil(rows.reduce((all, row) => all + row.pictures.length, 0) / sheet.columns);
    setText(this.find(".title"), alone ? `${filtered} · ${rows[0].name}` : this.word("all_classes"));
    Object.assign(this.find(".all"), { hidden: !alone, textContent: this.word("back_to_all") });
    setText(this.find(".where"), this.word("page_of", { page: counted(page + 1), pages: counted(pages) }));
    this.find("button.before").disabled = page === 0;
    this.find("button.after").disabled = page >= pages - 1;
    setData(this.root, { page, chosen: data.chosen ?? "", filtered: filtered ?? "" });
    const lines = fitChildren(this.lines, rows.length, () => cloned(this.parent, "line"));
    let place = 0;
    rows.forEach((row, i) => {
      this.drawLine(lines[i], row, place);
      place += row.pictures.length;
    });
    this.rove();
  }

  /** @param {HTMLElement} line @param {Row} row @param {number} first */
  drawLine(line, { label, name, count, pictures }, first) {
    const head = find(line, ".name");
    setText(find(head, "b"), String(label));
    setText(find(head, ".word"), name);
    setText(find(head, ".count"), this.word("pictures_of", { count }));
    head.title = name;
    head.setAttribute("aria-description", this.word("show_only", { label, name, count }));
    head.onclick = () => this.ask({ label });
    const tiles = find(line, ".tiles");
    const buttons = fitChildren(tiles, pictures.length, () => {
      const tile = Object.assign(document.createElement("button"), { type: "button", className: "tile" });
      tile.dataset.testid = "grid-tile";
      return tile;
    });
    pictures.forEach((place, i) => this.drawTile(buttons[i], { label, name, place }, first + i));
  }

  /** @param {HTMLElement} tile @param {{label: number, name: string, place: number}} picture @param {number} at */
  drawTile(tile, { label, name, place }, at) {
    const { columns } = this.data.sheet;
    const across = columns > 1 ? (100 * (at % columns)) / (columns - 1) : 0;
    const down = this.tall > 1 ? (100 * Math.floor(at / columns)) / (this.tall - 1) : 0;
    tile.style.backgroundPosition = `${across}% ${down}%`;
    tile.setAttribute("aria-label", this.word("tile", { label, name, place: counted(place) }));
    tile.setAttribute("aria-pressed", String(place === this.data.chosen));
    setData(tile, { place, label });
    tile.onclick = () => this.pick(place);
  }

  /** @param {number} place */
  pick(place) {
    for (const tile of this.root.querySelectorAll(".tile")) {
      tile.setAttribute("aria-pressed", String(Number(tile.dataset.place) === place)); // at once; the page follows
    }
    this.component.setStateValue("picked", { place });
  }

  /** @param {Turn} turn */
  ask(turn) {
    this.component.setTriggerValue("turn", turn);
  }

  /** @param {number} by */
  turn(by) {
    const to = this.data.page + by;
    if (to >= 0 && to < this.data.pages) this.ask({ page: to });
  }

  /** Tiles as rows and columns, as they lie on the screen. */
  get cells() {
    const { columns } = this.data.sheet;
    const lines = [...this.lines.children].map((line) => [...line.querySelectorAll(".tile")]);
    return lines.flatMap((line) =>
      Array.from({ length: Math.ceil(line.length / columns) }, (_, i) => line.slice(i * columns, (i + 1) * columns)),
    );
  }

  /** One tile can be reached by Tab, the others from it by the arrow keys. */
  rove() {
    const cells = this.cells;
    const row = Math.min(this.at[0], cells.length - 1);
    const column = Math.min(this.at[1], (cells[row]?.length ?? 1) - 1);
    cells.forEach((line, i) => line.forEach((tile, j) => (tile.tabIndex = i === row && j === column ? 0 : -1)));
    return cells[row]?.[column];
  }

  /** @param {KeyboardEvent} event */
  walk(event) {
    if (event.key === "PageUp" || event.key === "PageDown") {
      event.preventDefault();
      return this.turn(event.key === "PageUp" ? -1 : 1);
    }
    const tile = targetOf(event);
    if (!tile.classList.contains("tile")) return undefined;
    const cells = this.cells;
    const row = cells.findIndex((line) => line.includes(tile));
    const column = cells[row].indexOf(tile);
    /** @type {Record<string, [number, number]>} */
    const moves = {
      ArrowUp: [row - 1, column],
      ArrowDown: [row + 1, column],
      ArrowLeft: [row, column - 1],
      ArrowRight: [row, column + 1],
      Home: [row, 0],
      End: [row, cells[row].length - 1],
    };
    const to = moves[event.key];
    if (!to) return undefined;
    event.preventDefault();
    this.at = [Math.max(0, Math.min(to[0], cells.length - 1)), Math.max(0, to[1])];
    return this.rove()?.focus();
  }
}

export default keepView(".sample-grid", SampleGrid);
