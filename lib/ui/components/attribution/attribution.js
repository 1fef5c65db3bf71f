// Maps over a picture: how much each pixel matters, by several methods side by side.

import { arrowWay } from "../base/keys.js";
import { copyOf, find, setData, setText } from "../base/dom.js";
import { percent, threeFigures } from "../base/numbers.js";
import { DIVERGING, DIVERGING_ANCHORS, VIRIDIS, VIRIDIS_ANCHORS, bytesOf, divergingIndex, gradient, paint } from "../base/palette.js";
import { View, keepView } from "../base/view.js";

/** @import { Component, Say } from "../base/types.js" */
/** @typedef {{label: string, text: string, share: number}} Answer */
/** @typedef {{name: string, title: string, sentence?: string, missing?: string, data?: string, width: number, height: number, signed?: boolean, most: number, smooth?: boolean, share?: boolean}} PanelData */
/** @typedef {{picture: {png: string, caption: string}, answer: Answer[], panels: PanelData[], step: number | null}} AttributionData */
/** @typedef {{row: number, column: number}} Cell */

/** @extends {View<AttributionData>} */
class Attribution extends View {
  /** @param {HTMLElement} root @param {Component<AttributionData>} component */
  constructor(root, component) {
    super(root, component);
    const { parent } = this;
    this.template = find(parent, "template.panel");
    /** @type {Panel[]} */
    this.panels = [];
    const blend = find(root, ".blend input");
    blend.oninput = () => root.style.setProperty("--blend", Number(blend.value) / 100);
  }

  /** @param {AttributionData} data */
  update({ picture, answer, panels, step }) {
    while (this.panels.length > panels.length) this.panels.pop()?.element.remove();
    while (this.panels.length < panels.length) {
      const panel = new Panel(copyOf(this.template), this.word);
      this.panels.push(panel);
      this.root.append(panel.element);
    }
    const source = `data:image/png;base64,${picture.png}`;
    for (const image of this.root.querySelectorAll("img.below")) {
      if (image.getAttribute("src") !== source) image.src = source;
    }
    this.find(".first img.below").alt = picture.caption;
    setText(this.find(".caption"), picture.caption);
    setText(this.find(".step"), step == null ? "" : this.word("at_iteration", { step }));
    setData(this.root, { step: step ?? "" });
    this.drawAnswer(answer);
    this.panels.forEach((panel, i) => panel.update(panels[i]));
  }

  /** @param {Answer[]} lines */
  drawAnswer(lines) {
    const list = this.find(".answer");
    while (list.children.length > 3 * lines.length) list.lastElementChild?.remove();
    while (list.children.length < 3 * lines.length) {
      for (const name of ["dt", "dd", "dd"]) list.append(document.createElement(name));
    }
    lines.forEach(({ label, text, share }, i) => {
      const [title, what, often] = [...list.children].slice(3 * i);
      setText(title, label);
      setText(what, text);
      what.title = text;
      setText(often, percent(share));
    });
  }
}

class Panel {
  /** @type {PanelData} */ data;
  /** @type {Float32Array | null} */ values;
  /** @type {Cell | null} */ at;

  /** @param {HTMLElement} element @param {Say} word */
  constructor(element, word) {
    this.element = element;
    this.word = word;
    this.stage = find(element, ".stage");
    this.canvas = find(element, "canvas");
    this.stage.onpointermove = (event) => this.pointAt(event);
    this.stage.onpointerleave = () => this.point(null);
    this.stage.onfocus = () => this.stage.matches(":focus-visible") && this.point({ row: 0, column: 0 });
    this.stage.onblur = () => this.point(null);
    this.stage.onkeydown = (event) => this.walk(event);
  }

  /** @param {PanelData} data */
  update(data) {
    this.data = data;
    setData(this.element, { name: data.name });
    setText(find(this.element, "h2"), data.title);
    setText(find(this.element, ".sentence"), data.sentence ?? "");
    setText(find(this.element, ".missing"), data.missing ?? "");
    this.canvas.hidden = find(this.element, ".legend").hidden = !data.data;
    this.stage.tabIndex = data.data ? 0 : -1;
    this.stage.setAttribute("aria-label", data.missing ?? this.describe());
    this.values = data.data ? new Float32Array(bytesOf(data.data).buffer) : null;
    if (!this.values) return this.point(null);
    this.draw(this.values);
    return this.point(this.at ?? null);
  }

  /** @param {Float32Array} values */
  draw(values) {
    const { width, height, signed: diverging, most, smooth } = this.data;
    const index = diverging
      ? (/** @type {number} */ value) => divergingIndex(value, most)
      : (/** @type {number} */ value) => (most > 0 ? Math.round((255 * Math.max(0, value)) / most) : 0);
    paint(this.canvas, width, height, Array.from(values, index), diverging ? DIVERGING : VIRIDIS);
    this.canvas.classList.toggle("smooth", Boolean(smooth));
    find(this.element, ".gradient").style.background = gradient(diverging ? DIVERGING_ANCHORS : VIRIDIS_ANCHORS);
    setText(find(this.element, ".low"), diverging ? this.write(-most) : "0");
    setText(find(this.element, ".high"), this.write(most));
  }

  /** @param {number} value */
  write(value) {
    const size = this.data.share ? percent(Math.abs(value)) : threeFigures(Math.abs(value));
    return `${value < 0 ? "−" : this.data.signed && value > 0 ? "+" : ""}${size}`;
  }

  describe() {
    const { title, most, sentence } = this.data;
    return this.word("largest_value", { title, most: this.write(most), sentence });
  }

  /** @param {PointerEvent} event */
  pointAt(event) {
    if (!this.values) return;
    const box = this.stage.getBoundingClientRect();
    const place = (/** @type {number} */ offset, /** @type {number} */ length, /** @type {number} */ cells) => Math.max(0, Math.min(cells - 1, Math.floor((offset / length) * cells)));
    this.point({
      row: place(event.clientY - box.top, box.height, this.data.height),
      column: place(event.clientX - box.left, box.width, this.data.width),
    });
  }

  /** Mark one cell of the map and write its value; null ends it. @param {Cell | null} at */
  point(at) {
    const { width, height } = this.data;
    this.at = at && this.values && at.row < height && at.column < width ? at : null;
    const cell = find(this.element, ".cell");
    cell.hidden = !this.at;
    const readout = find(this.element, ".readout");
    if (!this.at) return setText(readout, "");
    const { row, column } = this.at;
    const [across, down] = [100 / width, 100 / height];
    Object.assign(cell.style, {
      left: `${column * across}%`, top: `${row * down}%`, width: `${across}%`, height: `${down}%`,
    });
    const value = this.values?.[row * width + column] ?? 0;
    setData(readout, { value });
    return setText(readout, `${this.write(value)} · ${this.word("row_column", { row: row + 1, column: column + 1 })}`);
  }

  /** @param {KeyboardEvent} event */
  walk(event) {
    const way = arrowWay(event);
    if (!way || !this.values) return;
    const [down, across] = way;
    event.preventDefault();
    const { row, column } = this.at ?? { row: 0, column: 0 };
    const within = (/** @type {number} */ place, /** @type {number} */ cells) => Math.max(0, Math.min(cells - 1, place));
    this.point({ row: within(row + down, this.data.height), column: within(column + across, this.data.width) });
  }
}

export default keepView(".attribution", Attribution);
