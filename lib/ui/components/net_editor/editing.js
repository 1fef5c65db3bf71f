// What a person can do to the list. `items` holds the layers as the browser has them; `view` holds what is known about
// them (rows, totals, error): a guess while edits are under way, the server's word otherwise.

import { find, setText } from "../base/dom.js";
import { CLASS_LINE, matchItems, newItem } from "./items.js";
import { newLayer, placeFor } from "./menu.js";
import { makeOutbox } from "./outbox.js";
import { render } from "./rendering.js";
import { makeClassRow, makeRow } from "./rows.js";
import { estimate } from "./shapes.js";

/** @import { Say, Worded } from "../base/types.js" */
/** @import { Item } from "./items.js" */
/** @import { Kind, Layer, Limits, Value } from "./kinds.js" */
/** @import { Action } from "./outbox.js" */
/** @import { Line, Problem, Row } from "./rows.js" */
/** @import { Entry, Shape, Totals } from "./shapes.js" */
/**
 * What the page says: `rows` one a layer and one for the class layer; `version` differs after every action handled.
 * @typedef {{worded: Worded, layers: Layer[], rows: Entry[], input_shape: Shape, classes: number, totals: Totals, error: Problem | null, presets: {name: string, label: string}[], preset: string | null, can_undo: boolean, can_redo: boolean, withheld: string[], locked: boolean, version: number, limits: Limits, kinds: Record<string, Kind>, max_layers: number}} NetEditorData
 */
/** @typedef {{rows: Entry[], totals: Totals, error: Problem | null, preset: string | null, canUndo: boolean, canRedo: boolean}} Known */

const TYPING_PAUSE_MS = 150;
const HINT_MS = 2500;

export class Editor {
  /** @type {Item[]} */ items = [];
  /** @type {Map<string, Row>} */ lines = new Map();
  /** @type {Known} */ view;
  /** @type {NetEditorData} */ server;
  /** @type {string | null} */ selected = null;
  /** @type {string | null} */ dragging = null;
  /** @type {Line} */ classRow;
  hintTimer = 0;

  /** @param {HTMLElement} card @param {(action: Action) => void} emit @param {(element: HTMLElement, id: string) => void} watch hears of every line that is made @param {Say} word */
  constructor(card, emit, watch, word) {
    this.card = card;
    this.watch = watch;
    this.word = word;
    this.svg = find(card, "svg.net");
    this.list = find(card, "ol.lines");
    this.presets = find(card, ".preset select");
    this.addButton = find(card, "button.add");
    this.outbox = makeOutbox(emit);
  }

  /** Begin the list, or begin it anew in another language. */
  begin() {
    this.lines.clear();
    this.list.replaceChildren();
    this.classRow = makeClassRow(this.word);
    this.watch(this.classRow.element, CLASS_LINE);
  }

  get layers() {
    return this.items.map((item) => item.layer);
  }

  /** What has the focus in here. */
  get focused() {
    return /** @type {HTMLElement | null} */ (/** @type {ShadowRoot} */ (this.card.getRootNode()).activeElement);
  }

  /** @param {string | null} id */
  indexOf(id) {
    return this.items.findIndex((item) => item.id === id);
  }

  // ---- answers ------------------------------------------------------------------------------------------------

  /** Take new data in. The browser's own layers stay while it knows of edits the server has not answered. @param {NetEditorData} data */
  receive(data) {
    const isAnswer = this.server && this.server.version !== data.version;
    this.server = data;
    if (isAnswer) this.outbox.answered();
    if (!this.dragging) this.settle();
  }

  settle() {
    const { rows, totals, error, preset, layers, can_undo: canUndo, can_redo: canRedo } = this.server;
    if (!this.outbox.isAhead()) {
      const isNew = error && error.reason !== this.view?.error?.reason;
      this.items = matchItems(this.items, layers);
      this.view = { rows, totals, error, preset, canUndo, canRedo };
      if (isNew) this.announce(this.word("line_fails", { line: error.layer_index + 1, reason: error.reason }));
    }
    render(this);
  }

  /** After any change made here: show a guess at once, tell the server. */
  changed({ delay = 0, message = "" } = {}) {
    const { input_shape: inputShape, classes } = this.server;
    const { rows, totals, brokenAt } = estimate(this.layers, inputShape, classes);
    const known = this.view.error;
    const error = known && known.layer_index === brokenAt ? known : null;
    this.view = { rows, totals, error, preset: null, canUndo: true, canRedo: false };
    this.outbox.push({ type: "edit", layers: this.layers }, delay);
    if (message) this.announce(message);
    render(this);
  }

  // ---- what a person can do -------------------------------------------------------------------------------------

  /** @param {string} id @param {string} name @param {Value} value @param {{typing: boolean}} how */
  editSetting(id, name, value, { typing }) {
    const item = this.items[this.indexOf(id)];
    if (!item || this.server.locked) return;
    if (item.layer[name] === value) {
      if (!typing) this.outbox.flush();
      render(this);
      return;
    }
    item.layer = { ...item.layer, [name]: value };
    this.changed({ delay: typing ? TYPING_PAUSE_MS : 0 });
  }

  /** @param {number} from @param {number} to */
  moveLine(from, to) {
    if (this.server.locked || to < 0 || to >= this.items.length || from === to) return;
    const [item] = this.items.splice(from, 1);
    this.items.splice(to, 0, item);
    this.selected = item.id;
    this.changed({ message: this.word("moved", { kind: this.labelOf(item), line: to + 1 }) });
  }

  /** @param {number} index */
  removeLine(index) {
    if (this.server.locked || !this.items[index]) return;
    const [item] = this.items.splice(index, 1);
    const next = this.items[Math.min(index, this.items.length - 1)];
    this.selected = next?.id ?? CLASS_LINE;
    this.changed({ message: this.word("removed", { kind: this.labelOf(item), count: this.items.length }) });
    this.focusLine(this.selected);
  }

  /** @param {string} kind */
  addLine(kind) {
    if (this.server.locked || this.items.length >= this.server.max_layers) return;
    const place = placeFor(kind, this.layers, this.indexOf(this.selected));
    const item = newItem(newLayer(kind, this.server.limits));
    this.items.splice(place, 0, item);
    this.selected = item.id;
    this.changed({ message: this.word("added", { kind: this.labelOf(item), line: place + 1 }) });
    this.focusLine(item.id);
  }

  /** @param {Action} action @param {string} message */
  command(action, message) {
    if (this.server.locked) return;
    this.finishTyping();
    this.outbox.push(action);
    this.announce(message);
  }

  undo() {
    if (this.view.canUndo || this.outbox.isWaiting()) this.command({ type: "undo" }, this.word("undone"));
  }

  redo() {
    if (this.view.canRedo || this.outbox.isWaiting()) this.command({ type: "redo" }, this.word("done_again"));
  }

  mend = () => this.command({ type: "mend" }, this.word("mended"));

  /** Let go of a half-typed number, so that the answer to come may replace it. */
  finishTyping() {
    const control = this.focused;
    if (control?.dataset.typing) control.onblur?.(new FocusEvent("blur"));
    this.outbox.flush();
  }

  /** @param {string} id */
  startDrag(id) {
    if (this.server.locked) return false;
    this.finishTyping();
    this.select(id);
    this.focusLine(id);
    this.dragging = id;
    return true;
  }

  /** @param {number} from @param {number} to */
  finishDrag(from, to) {
    this.dragging = null;
    if (from === to) this.settle(); // an answer may have come meanwhile
    else this.moveLine(from, to);
  }

  /** @param {Item} item */
  labelOf({ layer }) {
    return this.word(`kind_${layer.kind}`);
  }

  // ---- lines, focus, words --------------------------------------------------------------------------------------

  /** The line of an item, made when it is first seen. @param {Item} item */
  rowOf({ id, layer }) {
    const known = this.lines.get(id);
    if (known) return known;
    const row = makeRow(layer, this.server.limits, {
      word: this.word,
      current: (name) => this.items[this.indexOf(id)]?.layer[name],
      edit: (name, value, how) => this.editSetting(id, name, value, how),
      hint: (input, text, how) => this.showHint(input, text, how),
      move: (step) => this.moveLine(this.indexOf(id), this.indexOf(id) + step),
      remove: () => this.removeLine(this.indexOf(id)),
      lines: () => this.items.map((other) => this.rowOf(other).element),
      startDrag: () => this.startDrag(id),
      finishDrag: (from, to) => this.finishDrag(from, to),
    });
    this.lines.set(id, row);
    this.watch(row.element, id);
    return row;
  }

  /** @param {string} id */
  select(id) {
    if (this.selected === id) return;
    this.selected = id;
    render(this);
  }

  /** @param {string} id */
  focusLine(id) {
    const line = id === CLASS_LINE ? this.classRow : this.lines.get(id);
    line?.element.focus({ preventScroll: true });
  }

  /** @param {string} message */
  announce(message) {
    find(this.card, ".live").textContent = message;
  }

  /** A bubble under `input`; a passing one leaves by itself. @param {HTMLElement} input @param {string} text */
  showHint(input, text, { passing = false } = {}) {
    const hint = find(this.card, ".hint");
    clearTimeout(this.hintTimer);
    hint.hidden = !text;
    if (!text) return;
    setText(hint, text);
    const [box, frame] = [input.getBoundingClientRect(), this.card.getBoundingClientRect()];
    const zoom = frame.width / this.card.offsetWidth; // a projector shows larger pixels
    hint.style.left = `${(box.left - frame.left) / zoom}px`;
    hint.style.top = `${(box.bottom - frame.top) / zoom + 2}px`;
    this.announce(text);
    if (passing) this.hintTimer = setTimeout(() => (hint.hidden = true), HINT_MS);
  }
}
