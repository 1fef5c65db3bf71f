// Maps over a picture: how much each pixel matters, by several methods side by side.

import { count, percent, setText, threeFigures } from "../base/numbers.js";
import {
  DIVERGING,
  DIVERGING_ANCHORS,
  VIRIDIS,
  VIRIDIS_ANCHORS,
  bytesOf,
  divergingIndex,
  gradient,
  paint,
} from "../base/palette.js";
import { keepView } from "../base/view.js";

export default (component) => keepView(component, ".attribution", Attribution);

class Attribution {
  constructor(root, parent) {
    Object.assign(this, { root, template: parent.querySelector("template.panel"), panels: [] });
    const blend = root.querySelector(".blend input");
    blend.oninput = () => root.style.setProperty("--blend", blend.value / 100);
  }

  update({ picture, answer, panels, step }) {
    while (this.panels.length > panels.length) this.panels.pop().element.remove();
    while (this.panels.length < panels.length) {
      this.panels.push(new Panel(this.template.content.firstElementChild.cloneNode(true)));
      this.root.append(this.panels.at(-1).element);
    }
    const source = `data:image/png;base64,${picture.png}`;
    for (const image of this.root.querySelectorAll(".below")) {
      if (image.getAttribute("src") !== source) image.src = source;
    }
    this.root.querySelector(".first .below").alt = picture.caption;
    setText(this.root.querySelector(".caption"), picture.caption);
    setText(this.root.querySelector(".step"), step == null ? "" : `at iteration ${count(step)}`);
    this.root.dataset.step = step ?? "";
    this.drawAnswer(answer);
    this.panels.forEach((panel, i) => panel.update(panels[i]));
  }

  drawAnswer(lines) {
    const list = this.root.querySelector(".answer");
    while (list.children.length > 3 * lines.length) list.lastChild.remove();
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
  constructor(element) {
    this.element = element;
    this.stage = element.querySelector(".stage");
    this.canvas = element.querySelector("canvas");
    this.stage.onpointermove = (event) => this.pointAt(event);
    this.stage.onpointerleave = () => this.point(null);
    this.stage.onfocus = () => this.stage.matches(":focus-visible") && this.point({ row: 0, column: 0 });
    this.stage.onblur = () => this.point(null);
    this.stage.onkeydown = (event) => this.walk(event);
  }

  update(data) {
    this.data = data;
    this.element.dataset.name = data.name;
    setText(this.element.querySelector("h3"), data.title);
    setText(this.element.querySelector(".sentence"), data.sentence ?? "");
    setText(this.element.querySelector(".missing"), data.missing ?? "");
    this.canvas.hidden = this.element.querySelector(".legend").hidden = !data.data;
    this.stage.tabIndex = data.data ? 0 : -1;
    this.stage.setAttribute("aria-label", data.missing ?? this.describe());
    this.values = data.data ? new Float32Array(bytesOf(data.data).buffer) : null;
    if (!this.values) return this.point(null);
    this.draw();
    return this.point(this.at ?? null);
  }

  draw() {
    const { width, height, signed: diverging, most, smooth } = this.data;
    const index = diverging
      ? (value) => divergingIndex(value, most)
      : (value) => (most > 0 ? Math.round((255 * Math.max(0, value)) / most) : 0);
    paint(this.canvas, width, height, Array.from(this.values, index), diverging ? DIVERGING : VIRIDIS);
    this.canvas.classList.toggle("smooth", Boolean(smooth));
    this.element.querySelector(".gradient").style.background = gradient(diverging ? DIVERGING_ANCHORS : VIRIDIS_ANCHORS);
    setText(this.element.querySelector(".low"), diverging ? this.write(-most) : "0");
    setText(this.element.querySelector(".high"), this.write(most));
  }

  write(value) {
    const size = this.data.share ? percent(Math.abs(value)) : threeFigures(Math.abs(value));
    return `${value < 0 ? "−" : this.data.signed && value > 0 ? "+" : ""}${size}`;
  }

  describe() {
    const { title, most, sentence } = this.data;
    return `${title}: largest value ${this.write(most)}. ${sentence}`;
  }

  pointAt(event) {
    if (!this.values) return;
    const box = this.stage.getBoundingClientRect();
    const place = (offset, length, cells) => Math.max(0, Math.min(cells - 1, Math.floor((offset / length) * cells)));
    this.point({
      row: place(event.clientY - box.top, box.height, this.data.height),
      column: place(event.clientX - box.left, box.width, this.data.width),
    });
  }

  /** Mark one cell of the map and write its value; null ends it. */
  point(at) {
    const { width, height } = this.data ?? {};
    this.at = at && this.values && at.row < height && at.column < width ? at : null;
    const cell = this.element.querySelector(".cell");
    cell.hidden = !this.at;
    const readout = this.element.querySelector(".readout");
    if (!this.at) return setText(readout, "");
    const { row, column } = this.at;
    const [across, down] = [100 / width, 100 / height];
    Object.assign(cell.style, {
      left: `${column * across}%`, top: `${row * down}%`, width: `${across}%`, height: `${down}%`,
    });
    const value = this.values[row * width + column];
    readout.dataset.value = value;
    return setText(readout, `${this.write(value)} · row ${row + 1}, column ${column + 1}`);
  }

  walk(event) {
    const [down, across] = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key] ?? [];
    if (down === undefined || !this.values) return;
    event.preventDefault();
    const { row, column } = this.at ?? { row: 0, column: 0 };
    const within = (place, cells) => Math.max(0, Math.min(cells - 1, place));
    this.point({ row: within(row + down, this.data.height), column: within(column + across, this.data.width) });
  }
}
