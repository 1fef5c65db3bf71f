// The runs of an experiment side by side: one panel each, one scale for all, fed by one connection.

import { axisOf } from "../base/axis.js";
import { chorus } from "../base/chorus.js";
import { copyOf, find, fitChildren, setData, setText, targetOf } from "../base/dom.js";
import { pointIn } from "../base/drag.js";
import { percent, threeFigures } from "../base/numbers.js";
import { ENDED } from "../base/stream.js";
import { View, keepView } from "../base/view.js";
import { LEFT, Panel, RIGHT } from "./panel.js";

/** @import { Component, Say } from "../base/types.js" */
/** @import { Voice } from "../base/chorus.js" */
/** @import { Labels, Line, Metric } from "./panel.js" */
/**
 * `unit` and `longest` are of the x axis.
 * @typedef {{panels: Labels[], unit: string, longest: number, guess: Record<Metric, number>, first: Metric, valid_name: string}} MultiplesData
 */

const DRAW_MS = 200; // between two drawings while it is live

/** @extends {View<MultiplesData>} */
class Multiples extends View {
  /** @type {Panel[]} */ panels = [];
  /** @type {Metric} */ metric = "loss";
  /** @type {Metric | undefined} */ first;
  asked = ""; // the runs that are followed
  /** @type {(() => void) | undefined} */ leave;
  /** @type {number | null} */ at = null; // where the pointer is, in the unit of the axis
  timer = 0;
  gone = false;

  /** @param {HTMLElement} root @param {Component<MultiplesData>} component */
  constructor(root, component) {
    super(root, component);
    const { parent } = this;
    this.template = find(parent, "template.panel");
    for (const button of root.querySelectorAll(".switch button")) {
      button.onclick = () => this.choose(/** @type {Metric} */ (button.dataset.metric));
    }
    this.whenResized(root, () => this.drawSoon());
    root.addEventListener("pointermove", (event) => this.point(/** @type {PointerEvent} */ (event)));
    root.addEventListener("pointerleave", () => this.point(null));
  }

  destroy() {
    this.leave?.();
    clearTimeout(this.timer);
    this.gone = true;
  }

  /** @param {Metric} metric */
  choose(metric) {
    this.metric = metric;
    for (const button of this.root.querySelectorAll(".switch button")) {
      button.setAttribute("aria-pressed", String(button.dataset.metric === metric));
    }
    if (this.panels.length) this.draw();
  }

  /** @param {MultiplesData} data */
  update(data) {
    this.data = data;
    if (data.first !== this.first) this.choose(data.first); // another question: begin with what answers it
    this.first = data.first;
    const list = this.find("ol");
    const items = fitChildren(list, data.panels.length, () => copyOf(this.template));
    this.panels = items.map((item, i) => this.panels[i] ?? new Panel(item, i, this.word));
    list.style.setProperty("--columns", columnsFor(data.panels.length));
    setText(this.find(".legend .validation"), this.word(`valid_${data.valid_name}`));
    data.panels.forEach((panel, i) => this.panels[i].label(panel));
    this.follow(data.panels.flatMap(({ runs }) => runs).filter(isId));
    this.draw();
  }

  /** @param {string[]} ids */
  follow(ids) {
    const asked = ids.join();
    if (asked === this.asked) return;
    this.asked = asked;
    const leave = this.leave;
    this.leave = chorus().listen(ids, () => this.drawSoon());
    leave?.(); // after the new ones have come, so that nobody is thought to be left alone
  }

  drawSoon() {
    this.timer ||= setTimeout(() => {
      this.timer = 0;
      if (!this.gone && this.data) this.draw();
    }, DRAW_MS);
  }

  draw() {
    const { unit, longest, guess } = this.data;
    const scale = { metric: this.metric, guess: guess[this.metric], longest, unit, at: this.at };
    this.data.panels.forEach((panel, i) => {
      const voices = panel.runs.filter(isId).map((id) => chorus().voice(id));
      this.panels[i].draw(voices.map((voice) => this.lineOf(voice)), scale);
      this.write(this.panels[i], panel, voices);
    });
    const points = this.data.panels.flatMap(({ runs }) => runs.filter(isId)).map((id) => chorus().voice(id).length);
    setData(this.root, { n: points.reduce((sum, n) => sum + n, 0) });
  }

  /** @param {Voice} voice @returns {Line} */
  lineOf(voice) {
    const place = axisOf(voice, this.data.unit);
    const values = voice[this.metric];
    return {
      training: voice.x.map((at, i) => [place(at), values[i]]),
      validation: voice.validation.map((entry) => [place(entry.epoch), entry[`valid_${this.metric}`] ?? null]),
    };
  }

  /** The numbers of this moment, or of where the pointer is. @param {Panel} panel @param {Labels} labels @param {Voice[]} voices */
  write(panel, { runs }, voices) {
    const part = (/** @type {string} */ selector) => find(panel.item, selector);
    setText(part(".values"), this.at === null ? nowText(voices, this.word) : this.atText(voices, this.at));
    setText(part(".state"), stateText(runs, voices, this.word));
    const states = voices.map((voice) => voice.status?.state ?? "pending");
    setData(panel.item, { state: states.every((state) => ENDED.includes(state)) && states.length ? "ended" : "open" });
    const word = panel.word ? `${panel.word}, ${part(".note").textContent}` : stateText(runs, voices, this.word);
    const facts = { name: panel.name, unit: this.word(`unit_${this.data.unit}`), word, now: nowText(voices, this.word) };
    panel.svg.setAttribute("aria-label", this.word(`panel_${this.metric}`, facts));
  }

  /** A rule at the same place in every panel, and the values there. @param {PointerEvent | null} event */
  point(event) {
    const item = event && targetOf(event).closest("li");
    const panel = this.panels.find((each) => each.item === item);
    const before = this.at;
    this.at = null;
    if (event && panel?.scale && targetOf(event).closest("svg")) {
      const share = (pointIn(panel.svg, event).x - LEFT) / (panel.scale.width - LEFT - RIGHT);
      if (share >= 0 && share <= 1) this.at = share * panel.scale.longest;
    }
    if (this.at !== before) this.draw();
  }

  /** @param {Voice[]} voices @param {number} at */
  atText(voices, at) {
    if (voices.length === 0) return "";
    const found = voices.map((voice) => {
      const { training } = this.lineOf(voice);
      const last = training.at(-1);
      if (!last || at > last[0] * 1.02) return null;
      return training.reduce((a, b) => (Math.abs(b[0] - at) < Math.abs(a[0] - at) ? b : a))[1];
    });
    const show = this.metric === "loss" ? threeFigures : percent;
    return this.word(`training_${this.metric}`, { values: found.map(show).join(", ") });
  }
}

/** A run that waits has no id yet. @param {string | null} run @returns {run is string} */
const isId = (run) => Boolean(run);

/** Few panels stand in one row; four to six make two rows. @param {number} count */
function columnsFor(count) {
  if (count <= 3) return Math.max(count, 2);
  return count === 4 ? 2 : 3;
}

/** @param {Voice[]} voices @param {Say} word */
function nowText(voices, word) {
  const last = voices.flatMap((voice) => voice.lastEpoch ?? []);
  if (last.length === 0) return "";
  if (last.length > 1) return last.map((each) => percent(each.valid_accuracy)).join(" · ");
  return word("accuracy_loss", { accuracy: percent(last[0].valid_accuracy), loss: threeFigures(last[0].valid_loss) });
}

/** @param {(string | null)[]} runs @param {Voice[]} voices @param {Say} word */
function stateText(runs, voices, word) {
  const states = voices.map((voice) => voice.status?.state ?? "pending");
  const done = states.filter((state) => ENDED.includes(state)).length;
  if (runs.length === 0) return ""; // only planned
  if (runs.length > 1) return done === runs.length ? "" : word("done_of", { done, all: runs.length });
  if (states.length === 0) return word("waits");
  const [state] = states;
  if (state === "running") return word("epoch_n", { epoch: voices[0].status?.epoch }); // with a status there is an epoch
  return state === "finished" ? "" : word(`state_${state}`);
}

export default keepView(".multiples", Multiples);
