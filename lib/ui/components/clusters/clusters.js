// The same pictures twice: in the groups that k-means found, and under the labels that a teacher gave.
// Ten colours that stay apart with the common colour blindnesses, on light and on dark. A group has the colour of the
// class it has most of; where several groups share a class, the later ones are rings.

import { arrowStep } from "../base/keys.js";
import { find, fitChildren, setData, setText } from "../base/dom.js";
import { pointIn, sizeOf } from "../base/drag.js";
import { context2d } from "../base/palette.js";
import { View, keepView } from "../base/view.js";

/** @import { Component, Worded } from "../base/types.js" */
/** @typedef {Worded & {points: [number, number][], groups: number[], labels: number[], answers: number[], names: number[], classes: string[], sprite: {png: string, columns: number}}} ClustersData */

const COLOURS = ["#3b6fb6", "#d98324", "#2e8b6f", "#b5446e", "#8a6bbf", "#a9892b", "#5aa7c8", "#c4594a", "#6f8f3a", "#8c8c8c"];
const DOT = 3.6;

/** @extends {View<ClustersData>} */
class Clusters extends View {
  /** @param {HTMLElement} root @param {Component<ClustersData>} component */
  constructor(root, component) {
    super(root, component);
    this.sides = [...root.querySelectorAll("canvas")];
    for (const [side, canvas] of this.sides.entries()) {
      canvas.onpointermove = canvas.onpointerdown = (event) => this.look(event, canvas, side);
      canvas.onpointerleave = () => this.mark(null);
    }
    this.sides[0].onkeydown = (event) => this.press(event);
    this.at = 0;
    /** @type {{side: number, index: number} | null} */
    this.marked = null; // {side, index}: a group or a label whose points stand out
    this.whenResized(this.sides[0], () => this.draw());
  }

  /** @param {ClustersData} data */
  update(data) {
    this.speak(data);
    this.data = data;
    this.at = Math.min(this.at, data.points.length - 1);
    this.legend(".groups", data.names.map((name, i) => this.word("group_named", { number: i + 1, name: data.classes[name] })), 0);
    this.legend(".classes", data.classes, 1);
    this.sides[0].setAttribute("aria-label", this.word("points_label"));
    this.sides[1].setAttribute("aria-label", this.word("labels_label"));
    this.draw();
  }

  /** @param {string} selector @param {string[]} names @param {number} side */
  legend(selector, names, side) {
    const items = fitChildren(this.find(selector), names.length, (i) => {
      const item = document.createElement("li");
      const button = Object.assign(document.createElement("button"), { type: "button" });
      button.append(document.createElement("i"), document.createElement("span"));
      button.onpointerenter = button.onfocus = () => this.mark({ side, index: i });
      button.onpointerleave = button.onblur = () => this.mark(null);
      item.append(button);
      return item;
    });
    names.forEach((name, i) => {
      const button = find(items[i], "button");
      const { colour, isRing } = this.lookOf(side, i);
      Object.assign(find(button, "i").style, { background: isRing ? "none" : colour, border: `2.5px solid ${colour}` });
      setText(find(button, "span"), name);
    });
  }

  /** How the points of a group (side 0) or of a class (side 1) look. @param {number} side @param {number} index */
  lookOf(side, index) {
    const { names } = this.data;
    const place = side === 0 ? names[index] : index;
    const isRing = side === 0 && names.indexOf(place) < index;
    return { colour: COLOURS[place % COLOURS.length], isRing };
  }

  /** @param {{side: number, index: number} | null} marked */
  mark(marked) {
    this.marked = marked;
    this.draw();
  }

  /** @param {number} side */
  kinds(side) {
    return side === 0 ? this.data.groups : this.data.labels;
  }

  /** @param {PointerEvent} event @param {HTMLCanvasElement} canvas @param {number} side */
  look(event, canvas, side) {
    const [box, { x, y }] = [sizeOf(canvas), pointIn(canvas, event)];
    const far = (/** @type {number} */ i) => {
      const [px, py] = this.place(i, box.width, box.height);
      return (px - x) ** 2 + (py - y) ** 2;
    };
    this.at = this.data.points.reduce((best, _, i) => (far(i) < far(best) ? i : best), 0);
    this.mark({ side, index: this.kinds(side)[this.at] });
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const step = arrowStep(event);
    if (!step) return;
    event.preventDefault();
    const count = this.data.points.length;
    this.at = (this.at + step + count) % count;
    this.mark({ side: 0, index: this.data.groups[this.at] });
  }

  /** @param {number} i @param {number} width @param {number} height */
  place(i, width, height) {
    const [x, y] = this.data.points[i];
    return [14 + x * (width - 28), 14 + (1 - y) * (height - 28)];
  }

  draw() {
    if (!this.data) return;
    for (const [side, canvas] of this.sides.entries()) this.drawSide(canvas, side);
    this.showPicture();
    for (const [side, selector] of [".groups", ".classes"].entries()) {
      this.root.querySelectorAll(`${selector} button`).forEach((button, i) => {
        button.classList.toggle("on", this.marked?.side === side && this.marked.index === i);
      });
    }
  }

  /** @param {HTMLCanvasElement} canvas @param {number} side */
  drawSide(canvas, side) {
    const { width, height } = sizeOf(canvas);
    if (!width) return;
    const scale = window.devicePixelRatio || 1;
    [canvas.width, canvas.height] = [Math.round(width * scale), Math.round(height * scale)];
    const context = context2d(canvas);
    context.scale(scale, scale);
    const kinds = this.kinds(side);
    const standsOut = (/** @type {number} */ i) => !this.marked || this.kinds(this.marked.side)[i] === this.marked.index;
    const order = this.data.points.map((_, i) => i).sort((a, b) => Number(standsOut(a)) - Number(standsOut(b)));
    for (const i of order) {
      const [x, y] = this.place(i, width, height);
      context.globalAlpha = standsOut(i) ? 0.95 : 0.14;
      const { colour, isRing } = this.lookOf(side, kinds[i]);
      context.fillStyle = context.strokeStyle = colour;
      context.lineWidth = 1.8;
      context.beginPath();
      context.arc(x, y, isRing ? DOT - 0.6 : DOT, 0, 2 * Math.PI);
      if (isRing) context.stroke();
      else context.fill();
    }
    const [x, y] = this.place(this.at, width, height);
    context.globalAlpha = 1;
    context.lineWidth = 2;
    context.strokeStyle = getComputedStyle(canvas).color;
    context.beginPath();
    context.arc(x, y, DOT + 4, 0, 2 * Math.PI);
    context.stroke();
  }

  showPicture() {
    const { sprite, groups, labels, answers, classes, names } = this.data;
    const { at } = this;
    const [row, column] = [Math.floor(at / sprite.columns), at % sprite.columns];
    const rows = Math.ceil(groups.length / sprite.columns);
    const picture = this.find(".picture");
    Object.assign(picture.style, {
      backgroundImage: `url(data:image/png;base64,${sprite.png})`,
      backgroundSize: `${100 * sprite.columns}% ${100 * rows}%`,
      backgroundPosition: `${sprite.columns > 1 ? (100 * column) / (sprite.columns - 1) : 0}% ${rows > 1 ? (100 * row) / (rows - 1) : 0}%`,
    });
    const values = { number: groups[at] + 1, name: classes[names[groups[at]]], label: classes[labels[at]], answer: classes[answers[at]] };
    picture.setAttribute("aria-label", values.label);
    setText(this.find(".said"), this.word("point_said", values));
    setData(this.root, { at, group: groups[at], label: labels[at] });
  }
}

export default keepView(".clusters", Clusters);
