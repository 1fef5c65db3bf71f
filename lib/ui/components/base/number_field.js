// A number to drag sideways, to type, or to move with the arrow keys.

import { setText } from "./numbers.js";
import { say, written } from "./words.js";

const DRAG_PIXELS = 5; // for one step
const CLICK_PIXELS = 3; // less than that was a click

export class NumberField {
  /** `input`: a text field; `options`: {label, min, max, step, digits, changed(value)}. */
  constructor(input, options) {
    Object.assign(this, { input, digits: 2, ...options });
    Object.assign(input, { type: "text", inputMode: "decimal", autocomplete: "off", spellcheck: false });
    input.classList.add("number");
    for (const [name, value] of [["role", "spinbutton"], ["aria-valuemin", this.min], ["aria-valuemax", this.max]]) {
      input.setAttribute(name, value);
    }
    input.setAttribute("aria-label", this.label);
    input.oninput = () => this.type();
    input.onblur = () => this.settle();
    input.onkeydown = (event) => this.press(event);
    input.onpointerdown = (event) => this.grab(event);
  }

  /** Show a value; what is being typed stays as it is. */
  set(value) {
    this.value = value;
    this.input.setAttribute("aria-valuenow", value);
    const isTyped = this.typing && this.input === this.input.getRootNode().activeElement;
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
    this.refuse(works ? "" : say("bad_number", { least: written(this.min, this.digits, 0), most: written(this.max, this.digits, 0) }));
    if (works) this.change(value);
  }

  /** What was typed and could not be used gives way to the last number that could. */
  settle() {
    if (this.typing) this.write();
  }

  /** Why a number cannot be used, in words, where the widget has a place for it. */
  refuse(reason) {
    this.input.classList.toggle("bad", reason !== "");
    this.input.setAttribute("aria-invalid", reason !== "");
    const place = this.input.closest(".gh")?.querySelector(".refusal");
    if (place) setText(place, reason);
  }

  press(event) {
    const steps = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
    if (event.key === "Enter") this.settle();
    if (event.key === "Home" || event.key === "End") return; // the caret's
    if (!steps) return;
    event.preventDefault();
    this.move(this.value, event.shiftKey ? 10 * steps : steps);
  }

  grab(event) {
    if (event.button !== 0 || this.input.disabled) return;
    if (this.input === this.input.getRootNode().activeElement) return; // place the caret
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

  /** `steps` away from a value, on whole steps, within the limits. */
  move(from, steps) {
    const whole = Math.round(from / this.step + steps) * this.step;
    const value = Math.min(this.max, Math.max(this.min, Number(whole.toFixed(10))));
    this.typing = false;
    this.change(value);
    this.write();
  }

  change(value) {
    if (value === this.value) return;
    this.set(value);
    this.changed(value);
  }
}
