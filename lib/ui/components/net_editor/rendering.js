// What the editor knows, as it is seen: header, lines, drawing, foot.

import { find, setData, setText } from "../base/dom.js";
import { drawNet } from "./drawing.js";
import { node, setValue } from "./fields.js";
import { CLASS_LINE } from "./items.js";
import { rove } from "./roving.js";
import { ASKED, showLine, showProblem, showSettings } from "./rows.js";
import { describe, inMillions } from "./shapes.js";

/** @import { Editor } from "./editing.js" */
/** @import { Line, Row } from "./rows.js" */

/** @param {Editor} editor */
export function render(editor) {
  renderHeader(editor);
  renderList(editor);
  renderDrawing(editor);
  renderFoot(editor);
}

/** @param {Editor} editor */
function renderHeader({ server, view, presets, card, word }) {
  card.classList.toggle("locked", server.locked);
  find(card, ".frozen").hidden = !server.locked;
  find(card, "button.undo").disabled = server.locked || !view.canUndo;
  find(card, "button.redo").disabled = server.locked || !view.canRedo;
  const wanted = JSON.stringify([word("custom"), server.presets]);
  if (presets.dataset.options !== wanted) {
    setData(presets, { options: wanted });
    const custom = node("option", { value: "", hidden: true }, word("custom"));
    presets.replaceChildren(custom, ...server.presets.map(({ name, label }) => node("option", { value: name }, label)));
  }
  setValue(presets, view.preset ?? "");
  presets.disabled = server.locked;
}

/** @param {Editor} editor */
function renderList(editor) {
  const { items, view, server, selected } = editor;
  const focused = editor.focused;
  const rows = items.map((item) => editor.rowOf(item));
  const ids = new Set(items.map(({ id }) => id));
  for (const [id, row] of editor.lines) {
    if (ids.has(id)) continue;
    row.element.remove();
    editor.lines.delete(id);
  }
  arrange(editor.list, [...rows.map(({ element }) => element), editor.classRow.element]);
  items.forEach((item, index) => {
    const row = rows[index];
    const error = view.error?.layer_index === index ? view.error : null;
    const line = index + 1;
    showLine(row, { entry: view.rows[index], line, selected: item.id === selected, error, asked: server.withheld.includes("parameters") });
    showSettings(row, item.layer, { line, count: items.length, locked: server.locked });
    showProblem(row, error, server.locked, () => editor.mend());
  });
  renderClassLine(editor);
  fitWords(editor);
  // Moving an element, or disabling a button, drops focus: give it back to the line it was in.
  if (focused && editor.list.contains(focused) && editor.focused !== focused) {
    const target = focused.matches(":disabled") ? focused.closest("li.row") : focused;
    target?.focus({ preventScroll: true });
  }
  renderStop(editor);
}

/** Which line Tab comes to: the selected one, at first the first one. @param {Editor} editor */
export function renderStop({ items, lines, list, classRow, selected, focused }) {
  const row = lines.get(selected ?? "") ?? (selected === CLASS_LINE ? classRow : (lines.get(items[0]?.id ?? "") ?? classRow));
  rove(list, row.element, focused);
}

/** @param {Editor} editor */
function renderClassLine(editor) {
  const { view, items, server, selected, classRow, word } = editor;
  const error = view.error?.layer_index === items.length ? view.error : null;
  showLine(classRow, { entry: view.rows[items.length], line: items.length + 1, selected: selected === CLASS_LINE, error, asked: server.withheld.includes("parameters") });
  setText(classRow.cells.settings, word("class_line", { count: server.classes }));
  showProblem(classRow, error, server.locked, () => editor.mend());
}

/** Where lines are too short: leave the noun out of all lines of that kind, and on the selected line the dots too. @param {Editor} editor */
export function fitWords(editor) {
  const rows = [...editor.lines.values()];
  const isTight = (/** @type {Row} */ { cells: { settings } }) => settings.scrollWidth > settings.clientWidth;
  for (const { element } of rows) element.classList.remove("terse", "terser");
  const isSelected = (/** @type {Line} */ { element }) => element.classList.contains("selected");
  const kinds = new Set(rows.filter((row) => !isSelected(row) && isTight(row)).map(({ element }) => element.dataset.kind));
  for (const { element } of rows) element.classList.toggle("terse", kinds.has(element.dataset.kind));
  for (const row of rows.filter(isSelected)) row.element.classList.toggle("terser", isTight(row));
}

/** Put `elements` in order with as few moves as a walk from the top needs, leaving the rest in place. @param {Element} list @param {Element[]} elements */
function arrange(list, elements) {
  elements.forEach((element, i) => {
    if (list.children[i] !== element) list.insertBefore(element, list.children[i] ?? null);
  });
}

/** @param {Editor} editor */
export function renderDrawing(editor) {
  const { server, view, items, svg, word } = editor;
  const whole = describe(server.input_shape);
  const [channels, ...sides] = server.input_shape;
  const picture = { shape: server.input_shape, kind: "input", title: word("input_picture", { shape: whole }), label: channels === 1 ? sides.join("×") : whole };
  const kinds = [...items.map((item) => item.layer.kind), CLASS_LINE];
  const layers = kinds.map((kind, i) => {
    const shape = view.rows[i]?.shape ?? null;
    const name = word(kind === CLASS_LINE ? "class_layer" : `kind_${kind}`);
    const title = `${name}: ${describe(shape)}`;
    return { shape, kind, label: shape ? describe(shape) : "", title, broken: view.error?.layer_index === i };
  });
  const marked = editor.selected === CLASS_LINE ? items.length + 1 : items.findIndex(({ id }) => id === editor.selected) + 1;
  drawNet(svg, [picture, ...layers], marked || -1);
  svg.setAttribute("aria-label", word("drawn_to_scale", { layers: [picture, ...layers].map((entry) => entry.title).join("; ") }));
}

/** @param {Editor} editor */
function renderFoot({ view, server, items, card, addButton, word }) {
  const isFull = items.length >= server.max_layers;
  setText(addButton, isFull ? word("most_layers", { count: server.max_layers }) : word("add_layer"));
  addButton.setAttribute("aria-disabled", String(isFull));
  addButton.hidden = server.locked;
  const { withheld } = server;
  const count = withheld.includes("parameters") ? ASKED : view.totals.parameters;
  const adds = withheld.includes("multiply_adds") ? ASKED : inMillions(view.totals.multiply_adds);
  setText(find(card, ".totals"), view.rows.at(-1)?.shape ? word("totals", { count, adds }) : word("totals_so_far", { count }));
}

/** Point out a line and its block; no number: none. @param {Editor} editor @param {number} index */
export function hover(editor, index) {
  editor.list.querySelectorAll(".row").forEach((row, i) => row.classList.toggle("pointed", i === index));
  editor.svg.querySelectorAll(".block").forEach((block, i) => block.classList.toggle("pointed", i === index + 1));
}
