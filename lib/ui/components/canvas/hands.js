// What draws: a mouse, a pen or a finger, and the arrow keys.

import { within } from "../base/keys.js";

/** @import { Canvas } from "./canvas.js" */
/** @import { Point } from "./strokes.js" */

const STEP = 0.03; // of the side, one arrow press
const BIG_STEP = 0.1;

/** @type {Record<string, [x: number, y: number]>} */
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

/** The one pointer that draws at a time. */
export class Pointer {
  /** @param {Canvas} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    /** @type {number | null} */
    this.id = null;
    const { surface } = canvas;
    surface.onpointerdown = (event) => this.down(event);
    surface.onpointermove = (event) => this.move(event);
    surface.onpointerup = surface.onpointercancel = surface.onlostpointercapture = (event) => this.end(event);
    surface.oncontextmenu = (event) => event.preventDefault(); // a long press draws
  }

  get isDown() {
    return this.id !== null;
  }

  /** @param {PointerEvent} event */
  down(event) {
    if (event.button || this.isDown) return; // other buttons, second fingers
    const { canvas } = this;
    event.preventDefault();
    canvas.surface.focus({ preventScroll: true });
    canvas.keyboard.use(false);
    canvas.endStroke();
    canvas.surface.setPointerCapture(event.pointerId);
    this.id = event.pointerId;
    canvas.beginStroke(this.point(event));
  }

  /** @param {PointerEvent} event */
  move(event) {
    if (event.pointerId !== this.id) return;
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length ? events : [event]) this.canvas.extendStroke(this.point(each));
  }

  /** @param {PointerEvent} event */
  end(event) {
    if (event.pointerId !== this.id) return;
    this.canvas.endStroke();
    this.id = null; // also after an undo in mid-stroke
  }

  /** Where on the sheet. @param {PointerEvent} event @returns {Point} */
  point(event) {
    const box = this.canvas.sheet.getBoundingClientRect();
    return [within((event.clientX - box.left) / box.width, 0, 1), within((event.clientY - box.top) / box.height, 0, 1)];
  }
}

/** The pen of the arrow keys, which is up or down. */
export class Keyboard {
  /** @param {Canvas} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    /** @type {Point} */
    this.at = [0.5, 0.5];
    canvas.root.onkeydown = (event) => this.press(event);
  }

  /** Show this pen, or no longer. @param {boolean} isOn */
  use(isOn) {
    this.canvas.root.classList.toggle("by-keyboard", isOn);
    this.canvas.surface.classList.toggle("keyboard", isOn);
    this.canvas.showPen();
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const isUndo = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !event.shiftKey;
    if (!isUndo && (event.ctrlKey || event.metaKey || event.altKey)) return;
    // Plain letters are Streamlit's shortcuts (r reruns); someone drawing does not mean them.
    event.stopPropagation();
    const { canvas } = this;
    const isAtSurface = event.target === canvas.surface;
    if (isUndo) canvas.undo();
    else if (!isAtSurface || canvas.pointer.isDown) return;
    else if (ARROWS[event.key]) this.move(ARROWS[event.key], event.shiftKey ? BIG_STEP : STEP);
    else if (event.key === " ") {
      if (!event.repeat) this.toggle();
    } else if (event.key === "Delete" || event.key === "Backspace") canvas.clear();
    else return;
    event.preventDefault();
    if (isAtSurface) this.use(true);
  }

  /** @param {[x: number, y: number]} way @param {number} step */
  move([dx, dy], step) {
    const [x, y] = this.at;
    this.at = [within(x + dx * step, 0, 1), within(y + dy * step, 0, 1)];
    this.canvas.extendStroke(this.at);
  }

  /** Put the pen down, or lift it. */
  toggle() {
    const { canvas } = this;
    if (canvas.stroke) canvas.endStroke();
    else canvas.beginStroke(this.at);
    canvas.announce(canvas.stroke ? "pen_down" : "pen_up");
  }
}
