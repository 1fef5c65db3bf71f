// The layer list. `items` holds the layers as the browser has them, each with an id that keeps its line; `view` holds what
// is known about them (rows, totals, error): a guess while edits are under way, the server's word otherwise.

import { find, setData, setText, targetOf } from "../base/dom.js";
import { View, keepView } from "../base/view.js";
import { drawNet } from "./drawing.js";
import { node, setValue } from "./fields.js";
import { KINDS, learnKinds } from "./kinds.js";
import { makeMenu, newLayer, placeFor } from "./menu.js";
import { makeOutbox } from "./outbox.js";
import { makeClassRow, makeRow, showLine, showProblem, showSettings } from "./rows.js";
import { describe, estimate, inMillions, thousands } from "./shapes.js";

/** @import { Component } from "../base/types.js" */

const CLASS_LINE = "class";
const TYPING_PAUSE_MS = 150;
const HINT_MS = 2500;
// Widths in px from which settings go under the name: those of Conv, then all. Buttons for fingers take more room.
const STACKED_BELOW = { fine: 450, coarse: 600 };
const NARROW_BELOW = { fine: 395, coarse: 480 };

let lastId = 0;

// ---- Layers and answers -------------------------------------------------------------------------------------------

const layersOf = (editor) => editor.items.map((item) => item.layer);
const indexOf = (editor, /** @type {string} */ id) => editor.items.findIndex((item) => item.id === id);
const labelOf = (/** @type {HTMLElement} */ item) => KINDS[item.layer.kind].label;
const sameLayer = (/** @type {number} */ a, /** @type {number} */ b) => JSON.stringify(a, Object.keys(a).sort()) === JSON.stringify(b, Object.keys(b).sort());

/** Give `layers` the ids of the lines they are now: equal ones from both ends, then those of one kind in between. */
function matchItems(items, layers) {
  let head = 0;
  while (head < Math.min(items.length, layers.length) && sameLayer(items[head].layer, layers[head])) head += 1;
  let tail = 0;
  const free = () => Math.min(items.length, layers.length) - head - tail;
  while (free() > 0 && sameLayer(items.at(-1 - tail).layer, layers.at(-1 - tail))) tail += 1;
  return layers.map((layer, i) => {
    const isTail = i >= layers.length - tail;
    const old = isTail ? items[items.length - layers.length + i] : i < items.length - tail ? items[i] : undefined;
    return { id: old?.layer.kind === layer.kind ? old.id : `line-${++lastId}`, layer: { ...layer } };
  });
}

/** Take new data in. The browser's own layers stay while it knows of edits the server has not answered. */
function receive(editor, data) {
  const isAnswer = editor.server && editor.server.version !== data.version;
  if (!editor.server) editor.offer(data.kinds);
  editor.server = data;
  if (isAnswer) editor.outbox.answered();
  if (!editor.dragging) settle(editor);
}

function settle(editor) {
  const { server } = editor;
  if (!editor.outbox.isAhead()) {
    const newError = server.error && server.error.reason !== editor.view?.error?.reason;
    editor.items = matchItems(editor.items, server.layers);
    const { rows, totals, error, preset } = server;
    editor.view = { rows, totals, error, preset, canUndo: server.can_undo, canRedo: server.can_redo };
    if (newError) announce(editor, `Layer ${server.error.layer_index + 1}: ${server.error.reason}`);
  }
  render(editor);
}

/** After any change made here: show a guess at once, tell the server. */
function changed(editor, { delay = 0, message = "" } = {}) {
  const { input_shape: inputShape, classes } = editor.server;
  const { rows, totals, brokenAt } = estimate(layersOf(editor), inputShape, classes);
  const known = editor.view.error;
  const error = known && known.layer_index === brokenAt ? known : null;
  editor.view = { rows, totals, error, preset: null, canUndo: true, canRedo: false };
  editor.outbox.push({ type: "edit", layers: layersOf(editor) }, delay);
  if (message) announce(editor, message);
  render(editor);
}

// ---- What a user can do -------------------------------------------------------------------------------------------

/** @param {string} id @param {string} name */
function editSetting(editor, id, name, value, { typing }) {
  const item = editor.items[indexOf(editor, id)];
  if (!item || editor.server.locked) return;
  if (item.layer[name] === value) {
    if (!typing) editor.outbox.flush();
    render(editor);
    return;
  }
  item.layer = { ...item.layer, [name]: value };
  changed(editor, { delay: typing ? TYPING_PAUSE_MS : 0 });
}

/** @param {number} from @param {number} to */
function moveLine(editor, from, to) {
  if (editor.server.locked || to < 0 || to >= editor.items.length || from === to) return;
  const [item] = editor.items.splice(from, 1);
  editor.items.splice(to, 0, item);
  editor.selected = item.id;
  changed(editor, { message: `${labelOf(item)} is now layer ${to + 1}` });
}

/** @param {string} id */
function removeLine(editor, id) {
  const index = indexOf(editor, id);
  if (editor.server.locked || index < 0) return;
  const [item] = editor.items.splice(index, 1);
  const next = editor.items[Math.min(index, editor.items.length - 1)];
  editor.selected = next?.id ?? CLASS_LINE;
  changed(editor, { message: `${labelOf(item)} removed, ${editor.items.length} layers left` });
  focusLine(editor, editor.selected);
}

/** @param {string} kind */
function addLine(editor, kind) {
  if (editor.server.locked || editor.items.length >= editor.server.max_layers) return;
  const place = placeFor(kind, layersOf(editor), indexOf(editor, editor.selected));
  const item = { id: `line-${++lastId}`, layer: newLayer(kind, editor.server.limits) };
  editor.items.splice(place, 0, item);
  editor.selected = item.id;
  changed(editor, { message: `${labelOf(item)} added as layer ${place + 1}` });
  focusLine(editor, item.id);
}

/** @param {string} message */
function command(editor, action, message) {
  if (editor.server.locked) return;
  finishTyping(editor);
  editor.outbox.push(action);
  if (message) announce(editor, message);
}

function undo(editor) {
  if (editor.view.canUndo || editor.outbox.isWaiting()) command(editor, { type: "undo" }, "Undone");
}

function redo(editor) {
  if (editor.view.canRedo || editor.outbox.isWaiting()) command(editor, { type: "redo" }, "Done again");
}

/** Let go of a half-typed number, so that the answer to come may replace it. */
function finishTyping(editor) {
  const control = editor.root.activeElement;
  if (control?.dataset?.typing) control.onblur();
  editor.outbox.flush();
}

// ---- Selection, focus, words --------------------------------------------------------------------------------------

/** @param {string} id */
function select(editor, id) {
  if (editor.selected === id) return;
  editor.selected = id;
  render(editor);
}

const lineElement = (editor, /** @type {string} */ id) => (id === CLASS_LINE ? editor.classRow : editor.lines.get(id))?.element;

/** @param {string} id */
function focusLine(editor, id) {
  lineElement(editor, id)?.focus({ preventScroll: true });
}

/** @param {HTMLElement} element @param {number} step */
function focusNeighbour(editor, element, step) {
  const rows = [...editor.list.children];
  rows[rows.indexOf(element) + step]?.focus();
}

/** @param {string} message */
function announce(editor, message) {
  editor.live.textContent = message;
}

/**
 * A bubble under `input`; a passing one leaves by itself.
 * @param {string} text
 */
function showHint(editor, input, text, { passing = false } = {}) {
  const { hint, card } = editor;
  clearTimeout(editor.hintTimer);
  hint.hidden = !text;
  if (!text) return;
  setText(hint, text);
  const box = input.getBoundingClientRect();
  const frame = card.getBoundingClientRect();
  hint.style.left = `${box.left - frame.left}px`;
  hint.style.top = `${box.bottom - frame.top + 2}px`;
  announce(editor, text);
  if (passing) editor.hintTimer = setTimeout(() => { hint.hidden = true; }, HINT_MS);
}

/** @param {number} index */
function hover(editor, index) {
  editor.list.querySelectorAll(".row").forEach((row, i) => row.classList.toggle("pointed", i === index));
  editor.svg.querySelectorAll(".block").forEach((block, i) => block.classList.toggle("pointed", i === index + 1));
}

// ---- Rendering ----------------------------------------------------------------------------------------------------

function render(editor) {
  renderHeader(editor);
  renderList(editor);
  renderDrawing(editor);
  renderFoot(editor);
}

function renderHeader(editor) {
  const { server, view, presets, card } = editor;
  card.classList.toggle("locked", server.locked);
  find(card, ".frozen").hidden = !server.locked;
  find(card, ".undo").disabled = server.locked || !view.canUndo;
  find(card, ".redo").disabled = server.locked || !view.canRedo;
  const wanted = JSON.stringify(server.presets);
  if (presets.dataset.options !== wanted) {
    setData(presets, { options: wanted });
    const custom = node("option", { value: "", hidden: true }, "custom");
    presets.replaceChildren(custom, ...server.presets.map(({ name, label }) => node("option", { value: name }, label)));
  }
  setValue(presets, view.preset ?? "");
  presets.disabled = server.locked;
}

function renderList(editor) {
  const { items, view, server, selected } = editor;
  const focused = editor.root.activeElement;
  const wanted = items.map((item) => lineOf(editor, item).element);
  for (const [id, row] of editor.lines) {
    if (indexOf(editor, id) >= 0) continue;
    row.element.remove();
    editor.lines.delete(id);
  }
  arrange(editor.list, [...wanted, editor.classRow.element]);
  items.forEach((item, index) => {
    const row = editor.lines.get(item.id);
    const error = view.error?.layer_index === index ? view.error : null;
    const line = index + 1;
    showLine(row, { entry: view.rows[index], line, selected: item.id === selected, error });
    showSettings(row, item.layer, { line, count: items.length, locked: server.locked });
    showProblem(row, error, server.locked, () => command(editor, { type: "mend" }, "Mended"));
  });
  renderClassLine(editor);
  fitWords(editor);
  // Moving an element, or disabling a button, drops focus: give it back to the line it was in.
  if (focused && editor.list.contains(focused) && editor.root.activeElement !== focused) {
    const target = focused.disabled ? focused.closest(".row") : focused;
    target.focus({ preventScroll: true });
  }
}

function renderClassLine(editor) {
  const { view, items, server, selected, classRow } = editor;
  const error = view.error?.layer_index === items.length ? view.error : null;
  showLine(classRow, { entry: view.rows[items.length], line: items.length + 1, selected: selected === CLASS_LINE, error });
  setText(classRow.cells.settings, `${server.classes} classes · softmax`);
  showProblem(classRow, error, server.locked, () => command(editor, { type: "mend" }, "Mended"));
}

/** Where lines are too short: leave the noun out of all lines of that kind, and on the selected line the dots too. */
function fitWords(editor) {
  const rows = [...editor.lines.values()];
  const isTight = ({ cells: { settings } }) => settings.scrollWidth > settings.clientWidth;
  for (const { element } of rows) element.classList.remove("terse", "terser");
  const isSelected = ({ element }) => element.classList.contains("selected");
  const kinds = new Set(rows.filter((row) => !isSelected(row) && isTight(row)).map(({ element }) => element.dataset.kind));
  for (const { element } of rows) element.classList.toggle("terse", kinds.has(element.dataset.kind));
  for (const row of rows.filter(isSelected)) row.element.classList.toggle("terser", isTight(row));
}

/** Put `elements` in order with as few moves as a walk from the top needs, leaving the rest in place. */
function arrange(list, elements) {
  elements.forEach((element, i) => {
    if (list.children[i] !== element) list.insertBefore(element, list.children[i] ?? null);
  });
}

function renderDrawing(editor) {
  const { server, view, items, svg } = editor;
  const picture = { shape: server.input_shape, kind: "input", title: `input picture ${describe(server.input_shape)}` };
  const kinds = [...items.map((item) => item.layer.kind), CLASS_LINE];
  const layers = kinds.map((kind, i) => {
    const shape = view.rows[i]?.shape ?? null;
    const name = kind === CLASS_LINE ? "Dense, one unit per class" : KINDS[kind].label;
    const title = `${name}: ${describe(shape)}`;
    return { shape, kind, label: shape ? describe(shape) : "", title, broken: view.error?.layer_index === i };
  });
  const [channels, ...sides] = server.input_shape;
  picture.label = channels === 1 ? describe(sides) : describe(server.input_shape);
  const marked = editor.selected === CLASS_LINE ? items.length + 1 : indexOf(editor, editor.selected) + 1;
  drawNet(svg, [picture, ...layers], marked || -1);
  svg.setAttribute("aria-label", `The net drawn to scale: ${[picture, ...layers].map((entry) => entry.title).join("; ")}`);
}

function renderFoot(editor) {
  const { view, server, items, card, addButton } = editor;
  const isFull = items.length >= server.max_layers;
  setText(addButton, isFull ? `${server.max_layers} layers are the most` : "+ add layer");
  addButton.setAttribute("aria-disabled", String(isFull));
  addButton.hidden = server.locked;
  const { parameters, multiply_adds: multiplyAdds } = view.totals;
  setText(find(card, ".totals"), view.rows.at(-1)?.shape
    ? `${thousands(parameters)} parameters · ${inMillions(multiplyAdds)} multiply-adds`
    : `${thousands(parameters)} parameters so far`);
}

/** The line of an item, made when it is first seen. @param {HTMLElement} item */
function lineOf(editor, item) {
  const { id } = item;
  if (!editor.lines.has(id)) {
    const row = makeRow(item.layer, editor.server.limits, {
      current: (name) => editor.items[indexOf(editor, id)]?.layer[name],
      edit: (name, value, how) => editSetting(editor, id, name, value, how),
      hint: (input, text, how) => showHint(editor, input, text, how),
      move: (step) => moveLine(editor, indexOf(editor, id), indexOf(editor, id) + step),
      remove: () => removeLine(editor, id),
      lines: () => editor.items.map((other) => editor.lines.get(other.id).element),
      startDrag: () => startDrag(editor, id),
      finishDrag: (from, to) => finishDrag(editor, from, to),
    });
    editor.lines.set(id, row);
    watchLine(editor, row.element, id);
  }
  return editor.lines.get(id);
}

/** @param {string} id */
function startDrag(editor, id) {
  if (editor.server.locked) return false;
  finishTyping(editor);
  select(editor, id);
  focusLine(editor, id);
  editor.dragging = id;
  return true;
}

/** @param {number} from @param {number} to */
function finishDrag(editor, from, to) {
  editor.dragging = null;
  if (from === to) settle(editor); // an answer may have come meanwhile
  else moveLine(editor, from, to);
}

// ---- Wiring, once per mount ---------------------------------------------------------------------------------------

/** @param {HTMLElement} element @param {string} id */
function watchLine(editor, element, id) {
  element.addEventListener("focusin", () => select(editor, id));
  element.onpointerenter = () => hover(editor, Number(element.dataset.index));
  element.onpointerleave = () => hover(editor, NaN);
}

/** The drawing is a second way in: pointing marks the line, pressing selects it. */
function watchDrawing(editor) {
  const { svg } = editor;
  const indexAt = (/** @type {PointerEvent} */ event) => Number(targetOf(event).closest(".block")?.dataset.index ?? NaN) - 1;
  svg.onpointermove = (event) => hover(editor, indexAt(event));
  svg.onpointerleave = () => hover(editor, NaN);
  svg.onmousedown = (event) => {
    // Not `click`: leaving a field redraws the blocks, and a click needs press and release on one element.
    event.preventDefault();
    const index = indexAt(event);
    if (!(index >= 0)) return;
    finishTyping(editor);
    const id = editor.items[index]?.id ?? CLASS_LINE;
    select(editor, id);
    focusLine(editor, id);
  };
}

/** @param {KeyboardEvent} event */
function onKeydown(editor, event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
  // Streamlit's own one-letter shortcuts (r reruns) must not hear what is typed into a select.
  if (isPlain && key.length === 1) event.stopPropagation();
  if ((event.ctrlKey || event.metaKey) && (key === "z" || key === "y")) {
    event.preventDefault();
    event.stopPropagation();
    return key === "y" || event.shiftKey ? redo(editor) : undo(editor);
  }
  const row = targetOf(event).closest(".row");
  return row && onLineKeydown(editor, event, row);
}

/** @param {KeyboardEvent} event @param {number} row */
function onLineKeydown(editor, event, row) {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const index = Number(row.dataset.index);
  const isField = targetOf(event).matches("input, select");
  if (event.key === "Escape" && editor.dragging) editor.lines.get(editor.dragging)?.drag.cancel();
  else if (step && event.altKey && !targetOf(event).matches("select")) moveLine(editor, index, index + step);
  else if (step && event.target === row) focusNeighbour(editor, row, step);
  else if (["Delete", "Backspace"].includes(event.key) && !isField) removeLine(editor, editor.items[index]?.id);
  else return;
  event.preventDefault();
}

/** @param {HTMLElement} root */
function createEditor(root) {
  const card = find(root, ".net-editor");
  const part = (/** @type {string} */ selector) => find(card, selector);
  const editor = {
    root: card.getRootNode(),
    card,
    svg: part(".net"),
    list: part(".lines"),
    presets: part(".preset select"),
    addButton: part(".add"),
    hint: part(".hint"),
    live: part(".live"),
    classRow: makeClassRow(),
    lines: new Map(),
    items: [],
    view: null,
    server: null,
    selected: null,
    dragging: null,
    emit: () => {},
    offer: () => {},
  };
  editor.outbox = makeOutbox((action) => editor.emit(action));
  editor.list.replaceChildren();
  watchLine(editor, editor.classRow.element, CLASS_LINE);
  watchDrawing(editor);
  let menu = null;
  editor.offer = (kinds) => {
    learnKinds(kinds);
    menu = makeMenu(editor.addButton, part(".menu"), (kind) => addLine(editor, kind));
  };
  part(".undo").onclick = () => undo(editor);
  part(".redo").onclick = () => redo(editor);
  editor.presets.onchange = () => command(editor, { type: "preset", name: editor.presets.value }, "Preset loaded");
  card.onkeydown = (event) => onKeydown(editor, event);
  const onOutside = (/** @type {PointerEvent} */ event) => {
    if (!event.composedPath().includes(part(".adding"))) menu?.close();
  };
  document.addEventListener("pointerdown", onOutside);
  const resized = new ResizeObserver(() => {
    const pointer = matchMedia("(pointer: coarse)").matches ? "coarse" : "fine";
    card.classList.toggle("stacked", editor.svg.clientWidth < STACKED_BELOW[pointer]);
    card.classList.toggle("narrow", editor.svg.clientWidth < NARROW_BELOW[pointer]);
    if (!editor.server) return;
    renderDrawing(editor);
    fitWords(editor);
  });
  resized.observe(editor.svg);
  editor.close = () => {
    document.removeEventListener("pointerdown", onOutside);
    resized.disconnect();
    editor.outbox.close();
    clearTimeout(editor.hintTimer);
  };
  return editor;
}

/** @extends {View<NetEditorData>} */
class NetEditor extends View {
  /** @param {HTMLElement} root @param {Component<NetEditorData>} component */
  constructor(root, component) {
    super(root, component);
    const { parent } = this;
    this.editor = createEditor(parent);
    this.editor.emit = (action) => this.component.setTriggerValue("action", action);
  }

  /** @param {NetEditorData} data */
  update(data) {
    receive(this.editor, data);
  }

  destroy() {
    this.editor.close();
  }
}

export default keepView(".net-editor", NetEditor);
