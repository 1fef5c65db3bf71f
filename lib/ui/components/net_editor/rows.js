// One line of the list per layer. A line's element lives as long as its layer, so that focus, caret and a half-typed
// number survive every answer of the server.

import { setData, setText, svgNode } from "../base/dom.js";
import { counted } from "../base/words.js";
import { makeDraggable } from "./drag.js";
import { makeField, node } from "./fields.js";
import { KINDS } from "./kinds.js";
import { describe } from "./shapes.js";

/** @import { Say } from "../base/types.js" */
/** @import { Edit, Field, Hint } from "./fields.js" */
/** @import { Layer, Limits, Value } from "./kinds.js" */
/** @import { Entry } from "./shapes.js" */
/** Why a layer cannot work, and what the button that mends it says. @typedef {{layer_index: number, reason: string, mend_label: string | null}} Problem */
/** What every line has. @typedef {ReturnType<typeof makeLine>} Line */
/** An editable line. @typedef {ReturnType<typeof makeRow>} Row */
/**
 * @typedef {object} RowHooks
 * @property {Say} word
 * @property {(name: string) => Value | undefined} current
 * @property {(name: string, ...how: Parameters<Edit>) => unknown} edit
 * @property {Hint} hint
 * @property {(step: 1 | -1) => unknown} move
 * @property {() => unknown} remove
 * @property {() => HTMLElement[]} lines
 * @property {() => boolean} startDrag
 * @property {(from: number, to: number) => unknown} finishDrag
 */

const ICONS = {
  up: "M6 10V2.5M2.8 5.4 6 2.2l3.2 3.2",
  down: "M6 2v7.5M2.8 6.6 6 9.8l3.2-3.2",
  remove: "M2.8 2.8l6.4 6.4M9.2 2.8 2.8 9.2",
  grip: "M4 2.5v.01M8 2.5v.01M4 6v.01M8 6v.01M4 9.5v.01M8 9.5v.01",
};

const icon = (/** @type {keyof typeof ICONS} */ name) => svgNode("svg", { viewBox: "0 0 12 12", "aria-hidden": "true" }, svgNode("path", { d: ICONS[name] }));

const iconButton = (/** @type {keyof typeof ICONS} */ name, /** @type {string} */ testid) => node("button", { type: "button", class: name, "data-testid": testid }, icon(name));

/** The cells every line has; the class line is this and nothing more. @param {string} kind @param {string} label @param {string} title @param {Say} word */
function makeLine(kind, label, title, word) {
  const cells = {
    kind: node("b", { class: "kind", title }, label),
    settings: node("span", { class: "settings" }),
    shape: node("span", { class: "shape", "data-testid": "layer-shape" }),
    parameters: node("span", { class: "parameters", "data-testid": "layer-parameters", title: word("parameters") }),
    problem: node("div", { class: "problem", hidden: true, "data-testid": "layer-error" }),
  };
  const element = node("li", { class: "row", role: "listitem", tabIndex: -1, "aria-keyshortcuts": "Enter Escape Alt+ArrowUp Alt+ArrowDown Delete", "data-testid": "layer-row", "data-kind": kind });
  return { element, cells, label, word };
}

/** An editable line. @param {Layer} layer @param {Limits} limits @param {RowHooks} hooks */
export function makeRow(layer, limits, hooks) {
  const { settings } = KINDS[layer.kind];
  const { word } = hooks;
  const line = makeLine(layer.kind, word(`kind_${layer.kind}`), word(`about_${layer.kind}`), word);
  const { element, cells } = line;
  element.classList.toggle("roomy", settings.length > 3); // its settings go under its name first
  const fields = settings.map((setting) =>
    makeField(setting, limits[layer.kind][setting.name], {
      current: () => hooks.current(setting.name),
      edit: (value, how) => hooks.edit(setting.name, value, how),
      hint: hooks.hint,
      word,
    }));
  cells.settings.append(...fields.map((field) => field.element));
  const grip = { class: "handle", title: word("drag"), "aria-hidden": "true", "data-testid": "layer-handle" };
  const handle = node("span", grip, icon("grip"));
  const [up, down, remove] = [iconButton("up", "layer-up"), iconButton("down", "layer-down"), iconButton("remove", "layer-remove")];
  up.onclick = () => hooks.move(-1);
  down.onclick = () => hooks.move(1);
  remove.onclick = () => hooks.remove();
  const drag = makeDraggable(handle, element, { lines: hooks.lines, start: hooks.startDrag, finish: hooks.finishDrag });
  const buttons = node("span", { class: "buttons" }, up, down, remove);
  element.append(handle, cells.kind, cells.settings, cells.shape, cells.parameters, buttons, cells.problem);
  return { ...line, fields, up, down, remove, drag };
}

/** @param {Say} word */
export function makeClassRow(word) {
  const row = makeLine("class", word("kind_dense"), word("about_class_layer"), word);
  const { cells } = row;
  row.element.append(cells.kind, cells.settings, cells.shape, cells.parameters, cells.problem);
  return row;
}

/** In the place of a number that a lesson asks for. */
export const ASKED = "?";

/** Show what is known of a line: `entry` is its row of the table, `line` its number from 1; `asked`: a lesson asks for the parameters. @param {Line} row @param {{entry: Entry | undefined, line: number, selected: boolean, error: Problem | null, asked: boolean}} known */
export function showLine(row, { entry, line, selected, error, asked }) {
  const { element, cells, word } = row;
  setData(element, { index: line - 1 });
  setText(cells.shape, describe(entry?.shape));
  setText(cells.parameters, asked ? ASKED : entry?.shape ? counted(entry.parameters) : "–");
  cells.shape.title = word(entry?.shape?.length === 3 ? "maps_come_out" : "comes_out");
  element.classList.toggle("selected", selected);
  if (selected) element.setAttribute("aria-current", "true");
  else element.removeAttribute("aria-current");
  element.classList.toggle("broken", Boolean(error));
  const outcome = entry?.shape ? word("gives", { shape: describe(entry.shape), count: asked ? ASKED : entry.parameters }) : word("gives_nothing");
  const said = word("line", { line, kind: row.label, outcome });
  element.setAttribute("aria-label", error ? `${said}. ${error.reason}` : said);
}

/** @param {Row} row @param {Layer} layer @param {{line: number, count: number, locked: boolean}} place */
export function showSettings(row, layer, { line, count, locked }) {
  for (const field of row.fields) field.show(layer[field.name], line, locked);
  row.up.disabled = locked || line === 1;
  row.down.disabled = locked || line === count;
  row.remove.disabled = locked;
  for (const [verb, button] of Object.entries({ move_up: row.up, move_down: row.down, remove: row.remove })) {
    button.title = row.word(verb);
    button.setAttribute("aria-label", row.word("do_to_line", { verb: button.title, line, kind: row.label }));
  }
}

/**
 * The sentence under a line that cannot work, and the button that mends it.
 * @param {Line} row
 * @param {Problem | null} error
 * @param {boolean} locked
 * @param {() => unknown} mend
 */
export function showProblem(row, error, locked, mend) {
  const box = row.cells.problem;
  box.hidden = !error;
  if (!error) return box.replaceChildren();
  const sentence = box.firstElementChild ?? box.appendChild(node("span", {}));
  setText(sentence, error.reason);
  box.querySelector("button")?.remove();
  if (!error.mend_label || locked) return undefined;
  const button = node("button", { type: "button", class: "mend", "data-testid": "mend" }, error.mend_label);
  button.onclick = mend;
  return box.append(button);
}
