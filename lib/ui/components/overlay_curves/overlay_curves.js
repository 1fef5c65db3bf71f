// Several runs over each other. What moves comes from their streams; `data` only says which runs, and their names.

import { Announcer } from "../base/announcer.js";
import { chorus } from "../base/chorus.js";
import { copyOf, find, setData, setText } from "../base/dom.js";
import { percent, threeFigures } from "../base/numbers.js";
import { themeColours } from "../base/palette.js";
import { loadPlotly } from "../base/plotly.js";
import { seriesStyle, swatch } from "../base/series.js";
import { ENDED } from "../base/stream.js";
import { View, keepView } from "../base/view.js";
import { OverlayChart } from "./overlay_chart.js";

/** @import { Component } from "../base/types.js" */

const DRAW_MS = 250;
const SUMMARY_MS = 5000; // how often a screen reader is told
const KINDS = {
  accuracy: { quantity: "accuracy", scale: 100, suffix: "\u00a0%", template: "%{y:.1f} % at %{x:.4~g}" },
  loss: { quantity: "loss", scale: 1, suffix: "", template: "%{y:.3~g} at %{x:.4~g}" },
};

/** @extends {View<OverlayData>} */
class Overlay extends View {
  /** @param {HTMLElement} root @param {Component<OverlayData>} component */
  constructor(root, component) {
    super(root, component);
    const { parent } = this;
    this.template = find(parent, "template.key");
    this.lines = "valid";
    this.unit = "epochs";
    this.runs = [];
    this.hidden = new Set();
    this.announcer = new Announcer((id, state) => this.component.setTriggerValue("state", { id, state }));
    this.bindSwitch("lines", (lines) => this.eachChart((chart) => chart.set({ lines })));
    this.bindSwitch("unit", (unit) => this.eachChart((chart) => chart.setUnit(unit)));
    this.setLog = this.bindToggle("button.log", (on) => this.charts?.loss.setLog(on));
    this.setTop = this.bindToggle("button.top", (on) => this.charts?.accuracy.setTop(on));
  }

  /** @param {string} name */
  bindSwitch(name, apply) {
    const buttons = this.root.querySelectorAll(`[data-${name}]`);
    const mark = () => {
      for (const each of buttons) each.setAttribute("aria-pressed", String(each.dataset[name] === this[name]));
    };
    for (const button of buttons) {
      button.onclick = () => {
        this[name] = button.dataset[name];
        mark();
        apply(this[name]);
        this.write();
      };
    }
    mark();
  }

  /** @param {string} selector */
  bindToggle(selector, apply) {
    const button = this.find(selector);
    const set = (/** @type {boolean} */ on) => {
      button.setAttribute("aria-pressed", String(on));
      apply(on);
    };
    button.onclick = () => set(button.getAttribute("aria-pressed") !== "true");
    return set;
  }

  eachChart(act) {
    for (const chart of Object.values(this.charts ?? {})) act(chart);
  }

  // ---- from the server page -----------------------------------------------------------------------------------

  update({ runs, plotly_url }) {
    this.colours = themeColours(this.root);
    const ids = runs.map(({ id }) => id).join();
    const others = ids !== this.ids;
    const fresh = others || this.background !== this.colours.background;
    [this.ids, this.background] = [ids, this.colours.background];
    this.known = new Map(runs.map(({ id, state }) => [id, state]));
    for (const [id, state] of this.known) this.announcer.hear(id, state);
    this.runs = runs.map((run, i) => ({
      ...run, voice: chorus().voice(run.id), style: seriesStyle(i, this.colours), hidden: this.hidden.has(run.id), index: i,
    }));
    this.drawKeys();
    if (others) this.follow(runs.map(({ id }) => id));
    if (!this.charts) this.load(plotly_url);
    else if (fresh) this.startCharts();
    else this.eachChart((chart) => chart.set({ runs: this.runs }));
    this.write();
  }

  /** @param {string[]} ids */
  follow(ids) {
    const leave = this.leave;
    this.leave = chorus().listen(ids, (id, kind) => this.hear(id, kind));
    leave?.();
  }

  /** @param {string} url */
  async load(url) {
    try {
      const Plotly = await (this.loading ??= loadPlotly(url));
      if (this.gone || this.charts) return;
      this.charts = {};
      for (const [name, kind] of Object.entries(KINDS)) {
        const box = this.find(`[data-chart="${name}"] .plot`);
        this.charts[name] = new OverlayChart(Plotly, box, kind, (range) => this.eachChart((chart) => chart.zoom(range)));
      }
      this.startCharts();
    } catch (error) {
      this.loading = null;
      const empty = this.find(".empty");
      empty.hidden = false;
      setText(empty, "The charts need a library that the server did not send. Reload the page.");
      console.warn(error);
    }
  }

  startCharts() {
    const shown = ["lines", "unit", "colours"].reduce((all, name) => ({ ...all, [name]: this[name] }), {});
    for (const [name, chart] of Object.entries(this.charts)) {
      const levels = new Set(this.runs.map((run) => run[`guess_${name}`]));
      chart.start(this.runs, { ...shown, guess: levels.size === 1 ? [...levels][0] : null });
    }
    // Runs that have ended differ near the top; one that still learns has the whole way before it.
    this.setTop(this.runs.every(({ state }) => ENDED.includes(state)));
  }

  destroy() {
    this.gone = true;
    this.leave?.();
    this.announcer.destroy();
    clearTimeout(this.timer);
    clearTimeout(this.summaryTimer);
    this.eachChart((chart) => chart.destroy());
  }

  // ---- from the streams ---------------------------------------------------------------------------------------

  /** @param {string} id @param {string} kind */
  hear(id, kind) {
    if (kind === "status") this.compareState(id);
    if (kind === "glimpse" || this.timer) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      if (this.gone) return;
      const began = performance.now();
      this.eachChart((chart) => chart.redraw());
      this.write();
      this.slow = performance.now() - began;
    }, DRAW_MS + 2 * (this.slow ?? 0)); // at most a third of the time is ours
  }

  /** The table beside the curves follows the runs to their ends. @param {string} id */
  compareState(id) {
    const { state } = chorus().voice(id).status;
    if (ENDED.includes(state)) this.announcer.compare(id, state, this.known.get(id));
  }

  drawKeys() {
    const list = this.find(".keys");
    while (list.children.length > this.runs.length) list.lastElementChild.remove();
    while (list.children.length < this.runs.length) list.append(copyOf(this.template));
    this.runs.forEach((run, i) => {
      const button = list.children[i].firstElementChild;
      find(button, ".mark").replaceChildren(swatch(i, this.colours));
      setText(find(button, ".name"), run.name);
      button.setAttribute("aria-pressed", String(!run.hidden));
      setData(button, { run: run.id });
      button.onclick = () => this.toggle(run.id);
    });
  }

  /** @param {string} id */
  toggle(id) {
    this.hidden.has(id) ? this.hidden.delete(id) : this.hidden.add(id);
    for (const run of this.runs) run.hidden = this.hidden.has(run.id);
    this.drawKeys();
    this.eachChart((chart) => chart.redraw());
  }

  write() {
    const buttons = this.root.querySelectorAll(".keys button");
    this.runs.forEach(({ voice, state, valid_name }, i) => {
      const now = voice.status?.state ?? state;
      const last = voice.lastEpoch;
      const shown = last ? `${percent(last.valid_accuracy)} · loss ${threeFigures(last.valid_loss)}` : "";
      setText(find(buttons[i], ".value"), shown);
      setText(find(buttons[i], ".state"), now === "running" ? `epoch ${voice.status?.epoch ?? "–"}` : ENDED.includes(now) ? "" : now);
      buttons[i].title = `${valid_name} accuracy and loss; press to hide or show`;
      setData(buttons[i], { state: now, n: voice.length, accuracy: last?.valid_accuracy ?? "" });
    });
    const lost = this.runs.some(({ voice }) => voice.link === "lost");
    setText(this.find(".link"), lost ? "connection lost, reconnecting" : "");
    setData(this.root, { n: this.runs.reduce((sum, { voice }) => sum + voice.length, 0) });
    this.summarise();
  }

  /** One sentence, at most every five seconds. */
  summarise() {
    if (this.summaryTimer) return;
    this.summaryTimer = setTimeout(() => {
      this.summaryTimer = null;
      const sentence = this.sentence();
      setText(this.find(".unseen"), sentence);
      for (const name of Object.keys(KINDS)) {
        const title = name[0].toUpperCase() + name.slice(1);
        this.find(`[data-chart="${name}"] .plot`).setAttribute("aria-label", `${title} by ${this.unit}. ${sentence}`);
      }
    }, this.said ? SUMMARY_MS : 600);
    this.said = true;
  }

  sentence() {
    const told = this.runs.map(({ name, voice, valid_name }) => {
      const last = voice.lastEpoch;
      return last ? `${name}: ${valid_name} accuracy ${percent(last.valid_accuracy)}, loss ${threeFigures(last.valid_loss)}` : `${name}: nothing yet`;
    });
    return told.length ? `${told.join("; ")}.` : "No run is chosen.";
  }
}

export default keepView(".overlay", Overlay);
