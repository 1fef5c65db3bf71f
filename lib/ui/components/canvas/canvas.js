// The drawing surface: strokes by mouse, pen, touch or keyboard, shown at once and sent as a small grey PNG.

import { View, keepView } from "../base/view.js";
import { showSheet } from "../page_net/sheets.js";
import { Drawing } from "./drawing.js";
import { Keyboard, Pointer } from "./hands.js";
import { Sender } from "./sender.js";
import { paintStrokes, rasterize } from "./strokes.js";

/** @import { Component, Worded } from "../base/types.js" */
/** @import { Point, Stroke } from "./strokes.js" */

/** @typedef {{key: string, size: number, brush: number, label: string, followed: boolean, example: string | null, worded: Worded}} CanvasData */

const THINNEST = 0.4; // of the brush the page asked for
const THICKEST = 2.2;

/** @type {Map<string, Drawing>} By the page's key, for as long as the tab is open: a drawing outlives a switch of pages. */
const DRAWINGS = new Map();

/** @extends {View<CanvasData>} */
export class Canvas extends View {
  /** @param {HTMLElement} root @param {Component<CanvasData>} component */
  constructor(root, component) {
    super(root, component);
    const kept = DRAWINGS.get(this.data.key);
    this.drawing = kept ?? new Drawing();
    DRAWINGS.set(this.data.key, this.drawing);
    /** @type {Stroke | null} */
    this.stroke = null; // that grows now
    this.frame = 0;
    this.surface = this.find(".surface");
    this.sheet = this.find("canvas");
    this.slider = this.find("input");
    this.pen = this.find(".pen");
    this.undoButton = this.find("button.undo");
    this.clearButton = this.find("button.clear");
    // The server forgets a drawing when its page is left: it is told again what is on the paper.
    this.sender = new Sender(this.drawing, Boolean(kept && !kept.isEmpty), (drawing) =>
      this.component.setStateValue("drawing", drawing),
    );
    this.pointer = new Pointer(this);
    this.keyboard = new Keyboard(this);
    this.wire();
  }

  wire() {
    this.surface.onfocus = () => this.keyboard.use(this.surface.matches(":focus-visible"));
    this.surface.onblur = () => {
      if (!this.pointer.isDown) {
        this.endStroke();
        this.sender.now(); // who turns to something else has rested
      }
      this.keyboard.use(false);
    };
    this.slider.oninput = () => this.slider.style.setProperty("--share", this.brush);
    this.undoButton.onclick = () => this.undo();
    this.clearButton.onclick = () => this.clear();
    this.whenResized(this.surface, () => this.schedulePaint());
  }

  /** Take the page's wishes in; the drawing itself belongs to the browser. @param {CanvasData} data */
  update(data) {
    const before = this.sender.size ? this.data : null;
    this.data = data;
    this.speak(data.worded);
    this.surface.setAttribute("aria-label", data.label);
    const empty = this.find(".empty");
    empty.classList.toggle("shining", data.example !== null);
    empty.style.setProperty("--example", data.example ? `url("data:image/png;base64,${data.example}")` : "none");
    Object.assign(this.sender, { size: data.size, followed: data.followed });
    if (before?.brush !== data.brush || before?.size !== data.size) {
      const [min, max] = [Math.max(1, data.brush * THINNEST), data.brush * THICKEST];
      Object.assign(this.slider, { min, max, step: "any", value: data.brush });
      this.sender.unsent ||= Boolean(before && !this.drawing.isEmpty); // another size: another PNG
    }
    this.schedulePaint();
    if (this.sender.unsent && !this.sender.isWaiting && !this.stroke) this.sender.now();
  }

  /** The thickness of the line as a share of the side. */
  get brush() {
    return Number(this.slider.value) / this.data.size;
  }

  // ---- Drawing ------------------------------------------------------------------------------------------------------

  /** @param {Point} point */
  beginStroke(point) {
    this.sender.hold();
    this.stroke = this.drawing.begin(this.brush, point);
    this.touched();
  }

  /** @param {Point} point */
  extendStroke(point) {
    if (this.stroke && this.drawing.extend(this.stroke, point)) this.touched();
  }

  endStroke() {
    if (!this.stroke) return;
    this.letGo();
    this.showPen();
    this.sender.rest();
  }

  undo() {
    const done = this.drawing.undo();
    if (done) this.changed(done === "restored" ? "restored" : "removed");
  }

  clear() {
    if (this.drawing.clear()) this.changed("cleared");
  }

  /** Strokes were taken away or brought back, also in the middle of one. @param {string} word */
  changed(word) {
    this.letGo();
    this.announce(word);
    this.touched();
    this.sender.rest();
  }

  letGo() {
    this.stroke = null;
    this.pointer.id = null;
  }

  /** Something changed: repaint with the next frame, and let the server know in time. */
  touched() {
    this.schedulePaint();
    this.sender.touch();
  }

  // ---- Showing ------------------------------------------------------------------------------------------------------

  schedulePaint() {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.paint();
    });
  }

  paint() {
    const { sheet, surface, drawing } = this;
    const side = Math.max(1, Math.round(surface.clientWidth * (window.devicePixelRatio || 1)));
    if (sheet.width !== side || sheet.height !== side) Object.assign(sheet, { width: side, height: side });
    const context = sheet.getContext("2d");
    if (context) {
      context.clearRect(0, 0, side, side);
      paintStrokes(context, drawing.strokes, side);
    }
    this.find(".empty").hidden = !drawing.isEmpty;
    this.undoButton.disabled = !drawing.canUndo;
    this.clearButton.disabled = drawing.isEmpty;
    this.tell();
  }

  /** Say what lies on the sheet to whoever follows it on this page: in this very frame. */
  tell() {
    const { key, size } = this.data;
    const { strokes, turn } = this.drawing;
    showSheet(key, { turn, strokes: strokes.length, read: () => ({ width: size, height: size, pixels: rasterize(strokes, size) }) });
  }

  /** The keyboard's pen: a ring the size of the brush, filled while it is down. */
  showPen() {
    const { pen, surface } = this;
    const [x, y] = this.keyboard.at;
    pen.hidden = !surface.classList.contains("keyboard");
    const size = `${Math.max(8, this.brush * surface.clientWidth)}px`;
    Object.assign(pen.style, { left: `${x * 100}%`, top: `${y * 100}%`, width: size, height: size });
    pen.classList.toggle("down", Boolean(this.stroke));
  }

  /** Say what was done to who does not see it. @param {string} word */
  announce(word) {
    this.find(".live").textContent = this.word(word, { count: this.drawing.strokes.length });
  }

  destroy() {
    this.sender.close();
    cancelAnimationFrame(this.frame);
  }
}

export default keepView(".drawing", Canvas);
