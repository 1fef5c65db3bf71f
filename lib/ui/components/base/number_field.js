// A number to drag sideways, to type, or to move with the arrow keys.

import { setText } from "./dom.js";
import { written } from "./words.js";

/** @import { Say } from "./types.js" */

const DRAG_PIXELS = 5; // for one step
/** @type {Record<string, number>} */
const STEPS = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 };
const CLICK_PIXELS = 3; // less than that was a click

/**
 * `step` is one of the arrow keys; `changed` hears every new value; `say` has the words of its component.
 * @typedef {{say: Say, label: string, min: number, max: number, step: number, digits?: number, changed: (value: number) => unknown}} NumberOptions
 */

export class NumberField {
  /**
   * `input`: a text field; `options`: {say, label, min, max, step, digits, changed(value)}.
   * @param {HTMLInputElement} input
   * @param {NumberOptions} options
   */
  constructor(input, options) {
    this.input = input;
    this.say = options.say;
    this.label = options.label;
    this.min = options.min;
    this.max = options.max;
    this.step = options.step;
    this.digits = options.digits ?? 2;
    this.changed = options.changed;
    this.value = NaN;
    this.typing = false;
    Object.assign(input, { type: "text", inputMode: "decimal", autocomplete: "off", spellcheck: false });
    input.classList.add("number");
    input.setAttribute("role", "spinbutton");
    input.setAttribute("aria-valuemin", this.min);
    input.setAttribute("aria-valuemax", this.max);
    input.setAttribute("aria-label", this.label);
    input.oninput = () => this.type();
    input.onblur = () => this.settle();
    input.onkeydown = (event) => this.press(event);
    input.onpointerdown = (event) => this.grab(event);
  }

  get isFocused() {
    return this.input === /** @type {ShadowRoot} */ (this.input.getRootNode()).activeElement;
  }

  /** Show a value; what is being typed stays as it is. @param {number} value */
  set(value) {
    this.value = value;
    this.input.setAttribute("aria-valuenow", value);
    const isTyped = this.typing && this.isFocused;
    if (!isTyped) this.write();
  }

  write() {
    this.typing = false;
    const least = Math.min(2, this.digits);
    const text = written(this.value, this.digits, least, false); // "1,000" could not be read back
    if (this.input.value !== text) this.input.value = text;
    this.refuse("");
  }

  type() {
    this.typing = true;
    const text = this.input.value.trim().replace("−", "-").replace(",", ".");
    const value = Number(text);
    const works = text !== "" && Number.isFinite(value) && value >= this.min && value <= this.max;
    this.refuse(works ? "" : this.say("bad_number", { least: written(this.min, this.digits, 0), most: written(this.max, this.digits, 0) }));
    if (works) this.change(value);
  }

  /** What was typed and could not be used gives way to the last number that could. */
  settle() {
    if (this.typing) this.write();
  }

  /** Why a number cannot be used, in words, where the widget has a place for it. @param {string} reason */
  refuse(reason) {
    this.input.classList.toggle("bad", reason !== "");
    this.input.setAttribute("aria-invalid", reason !== "");
    const place = this.input.closest(".gh")?.querySelector(".refusal");
    if (place) setText(place, reason);
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const steps = STEPS[event.key];
    if (event.key === "Enter") this.settle();
    if (event.key === "Home" || event.key === "End") return; // the caret's
    if (!steps) return;
    event.preventDefault();
    this.move(this.value, event.shiftKey ? 10 * steps : steps);
  }

  /** @param {PointerEvent} event */
  grab(event) {
    if (event.button !== 0 || this.input.disabled) return;
    if (this.isFocused) return; // place the caret
    event.preventDefault();
    const [from, begin] = [event.clientX, this.value];
    let moved = false;
    this.input.setPointerCapture(event.pointerId);
    this.input.onpointermove = ({ clientX, shiftKey }) => {
      const distance = clientX - from;
      moved ||= Math.abs(distance) > CLICK_PIXELS;
      if (moved) this.move(begin, Math.round(distance / DRAG_PIXELS) * (shiftKey ? 10 : 1));
    };
    this.input.onpointerup = this.input.onpointercancel = () => {
      this.input.onpointermove = this.input.onpointerup = this.input.onpointercancel = null;
      this.input.focus();
      if (!moved) this.input.select();
    };
  }

  /** `steps` away from a value, on whole steps, within the limits. @param {number} from @param {number} steps */
  move(from, steps) {
    const whole = Math.round(from / this.step + steps) * this.step;
    const value = Math.min(this.max, Math.max(this.min, Number(whole.toFixed(10))));
    this.typing = false;
    this.change(value);
    this.write();
  }

  /** @param {number} value */
  change(value) {
    if (value === this.value) return;
    this.set(value);
    this.changed(value);
  }
}
