// The settings of a line: quiet text that is really number inputs and selects, edited in place.

import { setData, setText } from "../base/dom.js";
import { within } from "../base/keys.js";
import { written } from "../base/words.js";

/** @import { Say } from "../base/types.js" */
/** @import { ChoiceLimit, Limit, NumberLimit, Setting, Value } from "./kinds.js" */
/** `typing`: half a number may still come. @typedef {(value: Value, how: {typing: boolean}) => unknown} Edit */
/** Shows why a number cannot be used, "" hides it. @typedef {(input: HTMLElement, text: string, how?: {passing: boolean}) => unknown} Hint */
/** @typedef {{current: () => Value | undefined, edit: Edit, hint: Hint, word: Say}} FieldHooks */
/** @typedef {ReturnType<typeof makeField>} Field */

/**
 * An element with its properties, or attributes where they are that.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number | boolean>} properties
 * @param {(Node | string)[]} children
 */
export function node(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "role" || name === "class") element.setAttribute(name, value);
    else Object.assign(element, { [name]: value });
  }
  element.append(...children);
  return element;
}

/** Assign only what differs: assigning an equal value would still move the caret. @param {HTMLInputElement | HTMLSelectElement} control @param {Value} value */
export function setValue(control, value) {
  const text = String(value);
  if (control.value !== text) control.value = text;
  fitWidth(control);
}

/** Browsers without `field-sizing` get their width in characters. @param {HTMLInputElement | HTMLSelectElement} control */
function fitWidth(control) {
  const shown = control instanceof HTMLSelectElement ? control.selectedOptions[0]?.textContent : control.value;
  control.style.setProperty("--characters", Math.max(1, (shown ?? "").length));
}

/** @param {NumberLimit} limit @param {Say} word */
const rangeOf = ({ min, max }, word) => word("range", { least: written(min, 2, 0), most: written(max, 2, 0) });

/** The number typed, or null while it is empty, half typed or out of range. @param {HTMLInputElement} input @param {NumberLimit} limit */
function readNumber(input, limit) {
  const value = input.value.trim() === "" ? NaN : Number(input.value);
  const whole = limit.step >= 1;
  if (!Number.isFinite(value) || value < limit.min || value > limit.max || (whole && !Number.isInteger(value))) return null;
  return value;
}

/** @param {HTMLInputElement} input @param {NumberLimit} limit @param {Value} fallback */
function clampNumber(input, limit, fallback) {
  const value = input.value.trim() === "" ? NaN : Number(input.value);
  if (!Number.isFinite(value)) return fallback;
  const bounded = within(value, limit.min, limit.max);
  return limit.step >= 1 ? Math.round(bounded) : Math.round(bounded * 100) / 100;
}

/**
 * A number input. `edit(value, {typing})` hears every valid value; `hint(input, text)` shows and hides the range.
 * While `input.dataset.typing` is set the value belongs to the user: nothing may overwrite it.
 * @param {NumberLimit} limit
 * @param {FieldHooks} hooks
 */
function makeNumber(limit, { current, edit, hint, word }) {
  const input = node("input", { type: "number", inputMode: limit.step >= 1 ? "numeric" : "decimal", autocomplete: "off" });
  Object.assign(input, { min: String(limit.min), max: String(limit.max), step: String(limit.step) });
  const settle = () => {
    hint(input, "");
    if (!input.dataset.typing) return;
    delete input.dataset.typing;
    const value = clampNumber(input, limit, current() ?? limit.default);
    const wasOutside = input.value.trim() !== "" && Number(input.value) !== value;
    setValue(input, value);
    edit(value, { typing: false });
    if (wasOutside) hint(input, rangeOf(limit, word), { passing: true });
  };
  input.oninput = () => {
    input.dataset.typing = "yes";
    fitWidth(input);
    const value = readNumber(input, limit);
    hint(input, value === null ? rangeOf(limit, word) : "");
    if (value !== null) edit(value, { typing: true });
  };
  input.onblur = settle;
  input.onkeydown = (event) => {
    if (event.key !== "Enter") return;
    settle();
    input.select();
  };
  // The first click takes the whole number, so that the next digit replaces it; a second click sets the caret.
  let fresh = false;
  input.onfocus = () => { fresh = true; };
  input.onclick = () => {
    if (fresh) input.select();
    fresh = false;
  };
  return input;
}

/** @param {ChoiceLimit} limit @param {FieldHooks} hooks */
function makeChoice(limit, { edit }) {
  const options = limit.options.map((value) => node("option", { value }, limit.titles?.[value] ?? value));
  const select = node("select", {}, ...options);
  select.onchange = () => {
    fitWidth(select);
    edit(select.value, { typing: false });
  };
  return select;
}

/** One setting of a line. @param {Setting} setting @param {Limit} limit @param {FieldHooks} hooks */
export function makeField(setting, limit, hooks) {
  const control = "options" in limit ? makeChoice(limit, hooks) : makeNumber(limit, hooks);
  setData(control, { testid: `field-${setting.name}` });
  const tail = node("span", { class: setting.noun ? "noun" : "" });
  const { word } = hooks;
  const element = node("label", { class: "field", title: word(`says_${setting.name}`) });
  if (setting.named) element.append(node("span", {}, `${word(setting.name)} `));
  element.append(control, tail);
  return {
    name: setting.name,
    control,
    element,
    /** @param {Value} value @param {number} line @param {boolean} locked */
    show(value, line, locked) {
      if (!control.dataset.typing) setValue(control, value);
      control.disabled = locked;
      control.setAttribute("aria-label", word("field_of", { name: word(`field_${setting.name}`), line }));
      const known = control.dataset.typing ? value : control.value;
      setText(tail, setting.mirror ? `×${known}` : setting.noun ? ` ${word(`noun_${setting.name}`, { count: value })}` : "");
      element.classList.toggle("resting", value === setting.restsAt);
    },
  };
}
