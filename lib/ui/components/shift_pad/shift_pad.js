// A picture to slide about. What every net says in every place came with the page, so each move is answered at once.
// Where the picture lies, by the page's key: it stays there when another one is drawn, and on the way to other pages.

import { cloned, find, fitChildren, setData, setText } from "../base/dom.js";
import { percent } from "../base/numbers.js";
import { DIVERGING_ANCHORS, VIRIDIS, VIRIDIS_ANCHORS, bytesOf, gradient, paint, themeColours } from "../base/palette.js";
import { View, keepView } from "../base/view.js";

/** @import { Component } from "../base/types.js" */

const PLACES = new Map();
const BIG_STEP = 4; // pixels, with Shift
const TELL_AFTER_MS = 500; // a screen reader is told once the picture rests

/** @extends {View<ShiftPadData>} */
class ShiftPad extends View {
  /** @param {HTMLElement} root @param {Component<ShiftPadData>} component */
  constructor(root, component) {
    super(root, component);
    this.surface = find(root, ".surface");
    this.canvas = find(this.surface, "canvas");
    this.panels = [];
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
    setText(this.find(".caption"), picture.caption);
    setText(this.find(".framed"), `shifts up to ±${frame}`);
    this.surface.setAttribute("aria-label", `The picture, ${picture.caption}, to slide by up to ${reach} pixels each way`);
    const place = this.find(".rows");
    fitChildren(place, rows.length, () => cloned(this.parent, "row"));
    const colours = themeColours(this.root);
    const lines = [colours.accent, colours.warm, `rgb(${DIVERGING_ANCHORS[1].join(" ")})`];
    this.panels = rows.flatMap((row, i) => {
      const line = place.children[i];
      setText(find(line, ".title"), row.title);
      fitChildren(find(line, ".panels"), row.panels.length, () => cloned(this.parent, "panel"));
      return row.panels.map((panel, j) => {
        const element = find(line, ".panels").children[j];
        element.style.setProperty("--line", lines[panel.line]);
        element.panel ??= new Panel(element, this);
        element.panel.update(panel, data);
        return element.panel;
      });
    });
    this.show();
  }

  // ---- moving ---------------------------------------------------------------------------------------------------

  /** @param {number} dx @param {number} dy */
  moveTo(dx, dy) {
    const within = (pixels) => Math.max(-this.data.reach, Math.min(this.data.reach, Math.round(pixels)));
    const [x, y] = [within(dx), within(dy)];
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
    const pixel = this.surface.clientWidth / this.data.picture.width;
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
    const [right, down] = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key] ?? [];
    if (event.key === "Home") this.moveTo(0, 0);
    else if (right !== undefined) this.moveTo(this.at[0] + right * step, this.at[1] + down * step);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // ---- showing --------------------------------------------------------------------------------------------------

  show() {
    this.frame = 0;
    const [dx, dy] = this.at;
    this.paintPicture(dx, dy);
    setText(this.find('[data-testid="shift-where"]'), inWords(dx, dy));
    this.find(".home").disabled = !dx && !dy;
    setData(this.root, { dx, dy });
    for (const panel of this.panels) panel.show(dx, dy);
    clearTimeout(this.telling);
    this.telling = setTimeout(() => this.tell(), TELL_AFTER_MS);
  }

  /** @param {number} dx @param {number} dy */
  paintPicture(dx, dy) {
    const { width, height, channels } = this.data.picture;
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
    const context = this.canvas.getContext("2d");
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
    const answers = this.panels.filter((panel) => panel.said).map((panel) => `${panel.data.title}: ${panel.said}`);
    if (answers.length) setText(this.find(".live"), `${inWords(...this.at)}. ${answers.join(". ")}`);
  }
}

/** One net: its answer, all probabilities, and the map of its accuracy with the place of the picture. */
class Panel {
  /** @param {HTMLElement} element */
  constructor(element, pad) {
    this.element = element;
    this.pad = pad;
    this.map = find(element, ".map");
    this.map.onpointerdown = (event) => {
      if (event.button || !this.accuracies) return;
      event.preventDefault();
      this.map.setPointerCapture(event.pointerId);
      pad.moveTo(...this.placeOf(event));
    };
    this.map.onpointermove = (event) => {
      if (!this.accuracies) return;
      if (event.buttons & 1) pad.moveTo(...this.placeOf(event));
      else this.read(...this.placeOf(event));
    };
    this.map.onpointerleave = () => this.read(...pad.at);
  }

  update(data, { classes, truth, reach, frame }) {
    this.data = data;
    this.classes = classes;
    this.truth = truth;
    this.reach = reach;
    this.framed = frame;
    this.side = 2 * reach + 1;
    setData(this.element, { name: data.name });
    setText(this.find(".name"), data.title);
    setText(this.find(".note"), data.note);
    setText(this.find(".layers"), data.layers);
    setText(this.find(".missing"), data.map ? "" : data.missing);
    this.shares = data.answers ? new Uint16Array(bytesOf(data.answers).buffer) : null;
    this.accuracies = data.map ? new Float32Array(bytesOf(data.map).buffer) : null;
    fitChildren(this.find(".bars"), classes.length, () => cloned(this.pad.parent, "bar"));
    this.find(".bars").classList.toggle("waiting", !this.shares);
    this.map.classList.toggle("empty", !this.accuracies);
    for (const part of this.map.querySelectorAll("canvas, i")) part.hidden = !this.accuracies;
    this.find(".axis").style.visibility = this.accuracies ? "" : "hidden";
    if (this.accuracies) this.drawMap();
    else this.map.setAttribute("aria-label", `${data.title}: ${data.missing}`);
  }

  /** @param {string} selector */
  find(selector) {
    return this.element.querySelector(selector);
  }

  drawMap() {
    const { side, reach, accuracies, framed } = this;
    const colours = Array.from(accuracies, (share) => Math.round(255 * Math.max(0, Math.min(1, share))));
    paint(find(this.map, "canvas"), side, side, colours, VIRIDIS);
    const share = (cells) => `${(100 * cells) / side}%`;
    Object.assign(find(this.map, ".frame").style, {
      left: share(reach - framed), top: share(reach - framed), width: share(2 * framed + 1), height: share(2 * framed + 1),
    });
    const [low, , high] = this.find(".axis").children;
    setText(low, `−${reach}`);
    setText(high, `+${reach} px`);
    const least = percent(accuracies.reduce((a, b) => Math.min(a, b), 1));
    const said = `accuracy ${percent(this.accuracyAt(0, 0))} when centred, ${percent(this.mean())} on average over shifts`;
    this.map.setAttribute("aria-label", `${this.data.title}: ${said} up to ±${framed} pixels, at worst ${least}.`);
  }

  /** @param {PointerEvent} event */
  placeOf(event) {
    const box = this.map.getBoundingClientRect();
    const cell = (/** @type {number} */ offset, /** @type {number} */ length) => Math.max(0, Math.min(this.side - 1, Math.floor((offset / length) * this.side)));
    return [cell(event.clientX - box.left, box.width) - this.reach, cell(event.clientY - box.top, box.height) - this.reach];
  }

  /** @param {number} dx @param {number} dy */
  index(dx, dy) {
    return (dy + this.reach) * this.side + dx + this.reach;
  }

  /** @param {number} dx @param {number} dy */
  accuracyAt(dx, dy) {
    return this.accuracies[this.index(dx, dy)];
  }

  mean() {
    const near = Array.from({ length: 2 * this.framed + 1 }, (_, i) => i - this.framed);
    const cells = near.flatMap((dy) => near.map((dx) => this.accuracyAt(dx, dy)));
    return cells.reduce((a, b) => a + b, 0) / cells.length;
  }

  /** @param {number} dx @param {number} dy */
  show(dx, dy) {
    this.showAnswer(this.shares?.subarray(this.index(dx, dy) * this.classes.length).subarray(0, this.classes.length));
    const share = (/** @type {number} */ place) => `${(100 * (place + this.reach + 0.5)) / this.side}%`;
    Object.assign(find(this.map, ".ring").style, { left: share(dx), top: share(dy) });
    this.read(dx, dy);
  }

  /** @param {number[]} shares */
  showAnswer(shares) {
    const best = shares ? shares.indexOf(shares.reduce((a, b) => Math.max(a, b), 0)) : -1;
    const [name, share, judged] = this.find(".answer").children;
    setText(name, shares ? this.classes[best] : "–");
    setText(share, shares ? percent(shares[best] / 65535) : "");
    const known = shares && this.truth !== null;
    setText(judged, known ? (best === this.truth ? "✓ right" : "✗ wrong") : "");
    judged.className = best === this.truth ? "right" : "wrong";
    this.said = shares ? `${this.classes[best]}, ${percent(shares[best] / 65535)}${known ? `, ${judged.textContent.slice(2)}` : ""}` : "";
    setData(this.element, { answer: shares ? this.classes[best] : "" });
    [...this.find(".bars").children].forEach((bar, i) => {
      const value = shares ? shares[i] / 65535 : null;
      const label = find(bar, ".label");
      setText(label, this.classes[i]);
      label.classList.toggle("truth", i === this.truth);
      find(bar, ".track b").style.width = `${100 * (value ?? 0)}%`;
      setText(find(bar, "em"), percent(value));
      bar.className = i === best ? "best" : "";
      setData(bar, { class: this.classes[i], share: value ?? "" });
    });
  }

  /** The accuracy of one cell, and what the frame holds. @param {number} dx @param {number} dy */
  read(dx, dy) {
    const readout = this.find(".readout");
    if (!this.accuracies) return setText(readout, "");
    setData(readout, { value: this.accuracyAt(dx, dy), mean: this.mean() });
    const [here, mean] = [percent(this.accuracyAt(dx, dy)), percent(this.mean())];
    return setText(readout, `accuracy ${here} at ${inWords(dx, dy)} · in the frame ${mean}`);
  }
}

/** "3 right, 1 up", or "the middle". @param {number} dx @param {number} dy */
function inWords(dx, dy) {
  const across = dx && `${Math.abs(dx)} ${dx > 0 ? "right" : "left"}`;
  const along = dy && `${Math.abs(dy)} ${dy > 0 ? "down" : "up"}`;
  return [across, along].filter(Boolean).join(", ") || "the middle";
}

export default keepView(".shift", ShiftPad);
