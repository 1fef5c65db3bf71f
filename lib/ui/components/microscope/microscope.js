// One iteration, stage by stage: batch, forward, loss, backward, update.

import { find, fitChildren, setData, setText } from "../base/dom.js";
import { DIVERGING, bytesOf, divergingIndex, paint } from "../base/palette.js";
import { View, keepView } from "../base/view.js";
import { counted, written } from "../base/words.js";
import { Blocks } from "./blocks.js";

/** @import { Stage } from "./blocks.js" */
/** @import { Component, Worded } from "../base/types.js" */
/** @typedef {"activity" | "gradient" | "change"} Size */
/** @typedef {{name: string, shape: string} & Record<Size, number | null>} Layer */
/** @typedef {{title: string, most: number, width: number, height: number, data: string}} Image */
/** @typedef {{png: string, label: string, answer: string, loss: number}} Shot */
/** @typedef {Worded & {number: number, note: string, loss: [number, number], pictures: Shot[], layers: Layer[], code: {line: string, remark: string}[], change: {title: string, images: Image[]} | null}} MicroscopeData */

/** @type {Stage[]} */
const STAGES = ["batch", "forward", "loss", "backward", "update"];
const LAST = STAGES.length - 1;
/** @type {Size[]} */
const SIZES = ["activity", "gradient", "change"];
const STAGE_MS = 1100;
const BLANK = 256; // beyond the table of colours: transparent
/** @extends {View<MicroscopeData>} */
class Microscope extends View {
  /** @type {boolean} */ wantsStages;
  /** @type {number} */ timer;

  /** @param {HTMLElement} root @param {Component<MicroscopeData>} component */
  constructor(root, component) {
    super(root, component);
    this.stage = LAST;
    this.find("button.press").onclick = () => this.press();
    this.find(".next").onclick = () => this.next();
    this.blocks = new Blocks(this.find("svg.blocks"));
  }

  destroy() {
    clearTimeout(this.timer);
  }

  /** @param {MicroscopeData} data */
  update(data) {
    this.speak(data);
    const isNext = data.number !== this.data.number;
    this.data = data;
    for (const [name, text] of Object.entries(this.blocks.titles)) setText(text, this.word(`box_${name}`));
    setText(this.find(".note"), data.note);
    this.drawPictures();
    this.drawLayers();
    this.drawChange();
    this.drawCode();
    if (isNext && this.wantsStages) this.show(0);
    else if (isNext) this.play();
    else this.show(this.stage);
  }

  // ---- stages -----------------------------------------------------------------------------------------------

  press() {
    this.wantsStages = false;
    this.ask();
  }

  /** The next stage of this iteration, or the first one of the next. */
  next() {
    clearTimeout(this.timer);
    if (this.stage < LAST) return this.show(this.stage + 1);
    this.wantsStages = true;
    return this.ask();
  }

  ask() {
    this.find("button.press").disabled = true;
    this.component.setTriggerValue("press", this.data.number + 1);
  }

  play() {
    clearTimeout(this.timer);
    const go = (/** @type {number} */ stage) => {
      this.show(stage);
      if (stage < LAST) this.timer = setTimeout(() => go(stage + 1), STAGE_MS);
    };
    go(0);
  }

  /** @param {number} stage */
  show(stage) {
    this.stage = stage;
    const name = STAGES[stage];
    this.find("button.press").disabled = false;
    setText(this.find(".next"), this.word(stage < LAST ? "next_stage" : "next_iteration"));
    const values = { count: counted(this.data.pictures.length), loss: written(this.data.loss[0], 3), after: written(this.data.loss[1], 3) };
    setText(this.find(".said"), `${stage + 1}. ${this.word(`said_${name}`, values)}`);
    this.blocks.light(name);
    [...this.find(".code").children].forEach((line, i) => find(line, "button").setAttribute("aria-current", i === stage ? "step" : "false"));
    for (const panel of this.root.querySelectorAll(".panel")) panel.classList.toggle("later", stage < Number(panel.dataset.stage));
    this.find(".pictures").classList.toggle("hides", stage < 2);
    setText(this.find(".mean"), stage < 2 ? "" : this.word("mean_loss", { loss: written(this.data.loss[0], 4) }));
    for (const cell of this.root.querySelectorAll("td.size")) cell.classList.toggle("later", stage < Number(cell.dataset.stage));
    setText(this.find(".after"), stage < LAST ? "" : this.word(this.data.loss[1] < this.data.loss[0] ? "fell" : "rose", { before: written(this.data.loss[0], 4), after: written(this.data.loss[1], 4) }));
    this.find(".blocks").setAttribute("aria-label", this.word("blocks_label", { stage: this.find(".said").textContent }));
    setData(this.root, { stage: name, number: this.data.number, loss: this.data.loss[0], after: this.data.loss[1] });
  }

  // ---- drawing ----------------------------------------------------------------------------------------------

  drawCode() {
    const list = this.find(".code");
    const lines = fitChildren(list, this.data.code.length, (i) => {
      const line = document.createElement("li");
      const button = Object.assign(document.createElement("button"), { type: "button" });
      button.onclick = () => {
        clearTimeout(this.timer);
        this.show(i);
      };
      const text = document.createElement("span");
      text.append(document.createElement("code"), document.createElement("small"));
      button.append(Object.assign(document.createElement("i"), { textContent: `${i + 1}` }), text);
      line.append(button);
      return line;
    });
    this.data.code.forEach(({ line, remark }, i) => {
      setText(find(lines[i], "code"), line);
      setText(find(lines[i], "small"), remark);
    });
  }

  drawPictures() {
    const { pictures } = this.data;
    const most = Math.max(...pictures.map(({ loss }) => loss), 1e-9);
    const place = this.find(".pictures");
    const figures = fitChildren(place, pictures.length, () => {
      const figure = document.createElement("figure");
      const bar = Object.assign(document.createElement("div"), { className: "bar" });
      bar.append(document.createElement("i"));
      const caption = document.createElement("figcaption");
      caption.append(document.createElement("span"), document.createElement("br"), Object.assign(document.createElement("span"), { className: "number" }));
      figure.append(document.createElement("img"), bar, caption);
      figure.dataset.testid = "batch-picture";
      return figure;
    });
    pictures.forEach(({ png, label, answer, loss }, i) => {
      const figure = figures[i];
      const said = this.word("picture_said", { label, answer, loss: written(loss, 3) });
      Object.assign(find(figure, "img"), { src: `data:image/png;base64,${png}`, alt: said, title: said });
      find(figure, "i").style.width = `${(100 * loss) / most}%`;
      setText(find(figure, "figcaption span"), label);
      setText(find(figure, ".number"), written(loss, 3));
      figure.classList.toggle("wrong", label !== answer);
      setData(figure, { loss });
    });
  }

  drawLayers() {
    const { layers } = this.data;
    const body = this.find("tbody");
    const rows = fitChildren(body, layers.length, () => {
      const row = document.createElement("tr");
      row.append(Object.assign(document.createElement("th"), { scope: "row" }), document.createElement("td"));
      for (const [name, stage] of [["activity", 1], ["gradient", 3], ["change", 4]]) {
        const cell = Object.assign(document.createElement("td"), { className: `size ${name}` });
        const inside = document.createElement("div");
        inside.append(document.createElement("i"), document.createElement("span"));
        cell.append(inside);
        setData(cell, { stage });
        row.append(cell);
      }
      row.dataset.testid = "layer";
      return row;
    });
    for (const [k, name] of SIZES.entries()) {
      const most = Math.max(...layers.map((layer) => layer[name] ?? 0), 1e-12);
      layers.forEach((layer, i) => {
        const cell = rows[i].cells[k + 2];
        find(cell, "i").style.width = `${(100 * (layer[name] ?? 0)) / most}%`;
        find(cell, "i").hidden = layer[name] === null;
        setText(find(cell, "span"), small(layer[name]));
        setData(rows[i], { [name]: layer[name] });
      });
    }
    layers.forEach(({ name, shape }, i) => {
      setText(rows[i].cells[0], name);
      setText(rows[i].cells[1], shape);
      setData(rows[i], { layer: name });
    });
  }

  drawChange() {
    const { change } = this.data;
    setText(this.find(".change-title"), change?.title ?? "");
    const place = this.find(".images");
    const figures = fitChildren(place, change?.images.length ?? 0, () => {
      const figure = document.createElement("figure");
      figure.append(Object.assign(document.createElement("canvas"), { role: "img" }), document.createElement("figcaption"));
      return figure;
    });
    (change?.images ?? []).forEach(({ title, most, width, height, data }, i) => {
      const figure = figures[i];
      const values = new Float32Array(bytesOf(data).buffer);
      paint(find(figure, "canvas"), width, height, Array.from(values, (value) => (Number.isNaN(value) ? BLANK : divergingIndex(value, most))), DIVERGING);
      const said = `${title} ±${small(most)}`;
      find(figure, "canvas").setAttribute("aria-label", said);
      setText(find(figure, "figcaption"), said);
    });
  }
}

/** A few figures, also of very small numbers. @param {number | null} value */
function small(value) {
  if (value === null) return "";
  if (value === 0 || value >= 0.001) return written(value, value < 1 ? 4 : 2);
  const [digits, power] = value.toExponential(1).split("e");
  return `${written(Number(digits), 1)}e${power.replace("-", "−")}`;
}

export default keepView(".scope", Microscope);
