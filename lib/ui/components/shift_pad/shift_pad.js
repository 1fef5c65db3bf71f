// A picture to slide about. What every net says in every place came with the page, so each move is answered at once.
// Where the picture lies, by the page's key: it stays there when another one is drawn, and on the way to other pages.

import { cloned, find, fitChildren, setData, setText } from "../base/dom.js";
import { arrowWay } from "../base/keys.js";
import { DIVERGING_ANCHORS, VIRIDIS_ANCHORS, bytesOf, context2d, gradient, themeColours } from "../base/palette.js";
import { View, keepView } from "../base/view.js";
import { Panel } from "./panel.js";
import { Shifts, inWords } from "./shifts.js";

/** @import { Component } from "../base/types.js" */
/** @import { Net } from "./panel.js" */
/** @import { Shift } from "./shifts.js" */
/** `data` in base 64, pixel by pixel. @typedef {{width: number, height: number, channels: number, data: string, caption: string}} Picture */
/** `truth` is null where nobody knows it. @typedef {{key: string, picture: Picture, classes: string[], truth: number | null, reach: number, frame: number, rows: {title: string, panels: Net[]}[]}} ShiftPadData */

/** @type {Map<string, Shift>} */
const PLACES = new Map();
const BIG_STEP = 4; // pixels, with Shift
const TELL_AFTER_MS = 500; // a screen reader is told once the picture rests

/** @extends {View<ShiftPadData>} */
class ShiftPad extends View {
  /** @type {Panel[]} */ panels = [];
  /** @type {Shift} */ at = [0, 0];
  /** @type {{id: number, x: number, y: number, from: Shift} | null} */ held = null; // by a pointer, since when and where
  shifts = new Shifts(0);
  pixels = new Uint8Array();
  frame = 0;
  telling = 0;

  /** @param {HTMLElement} root @param {Component<ShiftPadData>} component */
  constructor(root, component) {
    super(root, component);
    this.surface = find(root, ".surface");
    this.canvas = find(this.surface, "canvas");
    this.surface.onpointerdown = (event) => this.hold(event);
    this.surface.onpointermove = (event) => this.drag(event);
    this.surface.onpointerup = this.surface.onpointercancel = this.surface.onlostpointercapture = () => this.letGo();
    this.surface.onkeydown = (event) => this.press(event);
    find(root, ".home").onclick = () => this.moveTo(0, 0);
    find(root, ".gradient").style.background = gradient(VIRIDIS_ANCHORS);
  }

  destroy() {
    clearTimeout(this.telling);
  }

  /** @param {ShiftPadData} data */
  update(data) {
    this.data = data;
    this.at = PLACES.get(data.key) ?? [0, 0];
    const { picture, reach, frame, rows } = data;
    this.pixels = bytesOf(picture.data);
    this.shifts = new Shifts(reach);
    setText(this.find(".caption"), picture.caption);
    setText(this.find(".framed"), this.word("shifts_up_to", { frame }));
    this.surface.setAttribute("aria-label", this.word("picture_to_slide", { caption: picture.caption, reach }));
    const places = fitChildren(this.find(".rows"), rows.length, () => cloned(this.parent, "row"));
    const colours = themeColours(this.root);
    const lines = [colours.accent, colours.warm, `rgb(${DIVERGING_ANCHORS[1].join(" ")})`];
    const before = new Map(this.panels.map((panel) => [panel.element, panel]));
    this.panels = rows.flatMap((row, i) => {
      setText(find(places[i], ".title"), row.title);
      const elements = fitChildren(find(places[i], ".panels"), row.panels.length, () => cloned(this.parent, "panel"));
      return row.panels.map((net, j) => {
        elements[j].style.setProperty("--line", lines[net.line]);
        const panel = before.get(elements[j]) ?? new Panel(elements[j], this);
        panel.update(net, data, this.shifts);
        return panel;
      });
    });
    this.show();
  }

  // ---- moving ---------------------------------------------------------------------------------------------------

  /** @param {number} dx @param {number} dy */
  moveTo(dx, dy) {
    const [x, y] = this.shifts.nearest(dx, dy);
    if (x === this.at[0] && y === this.at[1]) return;
    this.at = [x, y];
    PLACES.set(this.data.key, this.at);
    this.frame ||= requestAnimationFrame(() => this.show());
  }

  /** @param {PointerEvent} event */
  hold(event) {
    if (event.button) return;
    event.preventDefault();
    this.surface.focus({ preventScroll: true });
    this.surface.setPointerCapture(event.pointerId);
    this.surface.classList.add("held");
    this.held = { id: event.pointerId, x: event.clientX, y: event.clientY, from: this.at };
  }

  /** @param {PointerEvent} event */
  drag(event) {
    if (event.pointerId !== this.held?.id) return;
    const { x, y, from } = this.held;
    const pixel = this.surface.getBoundingClientRect().width / this.data.picture.width;
    this.moveTo(from[0] + (event.clientX - x) / pixel, from[1] + (event.clientY - y) / pixel);
  }

  letGo() {
    this.held = null;
    this.surface.classList.remove("held");
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = event.shiftKey ? BIG_STEP : 1;
    const way = arrowWay(event);
    if (event.key === "Home") this.moveTo(0, 0);
    else if (way) this.moveTo(this.at[0] + way[1] * step, this.at[1] + way[0] * step);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // ---- showing --------------------------------------------------------------------------------------------------

  show() {
    this.frame = 0;
    const [dx, dy] = this.at;
    this.paintPicture(dx, dy);
    setText(this.find('[data-testid="shift-where"]'), inWords(this.at, this.word));
    this.find("button.home").disabled = !dx && !dy;
    setData(this.root, { dx, dy });
    for (const panel of this.panels) panel.show(this.at);
    clearTimeout(this.telling);
    this.telling = setTimeout(() => this.tell(), TELL_AFTER_MS);
  }

  /** @param {number} dx @param {number} dy */
  paintPicture(dx, dy) {
    const { width, height, channels } = this.data.picture;
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
    const context = context2d(this.canvas);
    const image = context.createImageData(width, height);
    for (let i = 0; i < width * height; i++) {
      for (let c = 0; c < 3; c++) image.data[4 * i + c] = this.pixels[channels * i + (channels > 1 ? c : 0)];
      image.data[4 * i + 3] = 255;
    }
    context.fillStyle = "#000"; // zeros move in, as they do for the net
    context.fillRect(0, 0, width, height);
    context.putImageData(image, dx, dy);
  }

  tell() {
    const answers = this.panels.filter((panel) => panel.said).map((panel) => `${panel.net.title}: ${panel.said}`);
    if (answers.length) setText(this.find(".live"), `${inWords(this.at, this.word)}. ${answers.join(". ")}`);
  }
}

export default keepView(".shift", ShiftPad);
