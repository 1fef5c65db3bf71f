// When the server hears of a drawing: now and then while it grows, at the end of a stroke, never an older after a newer.

import { encodeGreyPng } from "./png.js";
import { rasterize } from "./strokes.js";

/** @import { Drawing } from "./drawing.js" */

/** @typedef {{png: string | null, strokes: number, turn: number}} Sent */

const SEND_EVERY_MS = 120;
const REST_MS = 600; // after what the page has answered itself; the next stroke mostly begins sooner

export class Sender {
  /**
   * @param {Drawing} drawing
   * @param {boolean} unsent whether the server does not know it yet
   * @param {(drawing: Sent) => void} emit
   */
  constructor(drawing, unsent, emit) {
    this.drawing = drawing;
    this.unsent = unsent;
    this.emit = emit;
    this.size = 0; // of the picture in pixels
    this.followed = false; // the page answers by itself, and the server can wait for the next stroke
    this.timer = 0;
    this.messages = 0;
    this.closed = false;
  }

  get isWaiting() {
    return this.timer !== 0;
  }

  /** The drawing has changed. */
  touch() {
    this.unsent = true;
    if (!this.isWaiting && !this.followed) this.after(SEND_EVERY_MS);
  }

  /** A stroke is done, or one is taken back. */
  rest() {
    if (this.followed) this.after(REST_MS);
    else this.now();
  }

  /** Wait with it: a stroke begins. */
  hold() {
    clearTimeout(this.timer);
    this.timer = 0;
  }

  /** @param {number} wait in milliseconds */
  after(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(), wait);
  }

  async now() {
    this.hold();
    if (!this.unsent) return;
    this.unsent = false;
    const message = ++this.messages;
    const { strokes, turn } = this.drawing;
    const count = strokes.length;
    const png = count ? await encodeGreyPng(rasterize(strokes, this.size), this.size) : null;
    // Compressing takes a moment: an older picture must not arrive after a newer one.
    if (message === this.messages && !this.closed) this.emit({ png, strokes: count, turn });
  }

  close() {
    this.closed = true;
    this.hold();
  }
}
