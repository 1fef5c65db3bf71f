// Several runs over each other. What moves comes from their streams; `data` only says which runs, and their names.

import { Announcer } from "../base/announcer.js";
import { chorus } from "../base/chorus.js";
import { copyOf, find, fitChildren, setData, setText } from "../base/dom.js";
import { percent, threeFigures } from "../base/numbers.js";
import { themeColours, zoomOf } from "../base/palette.js";
import { loadPlotly } from "../base/plotly.js";
import { seriesStyle, swatch } from "../base/series.js";
import { ENDED } from "../base/stream.js";
import { View, keepView } from "../base/view.js";
import { OverlayChart } from "./overlay_chart.js";

/** @import { Colours } from "../base/palette.js" */
/** @import { Component, Plot, PlotlyLibrary } from "../base/types.js" */
/** @import { Choice, Drawn, Kind } from "./overlay_chart.js" */
/** @typedef {"accuracy" | "loss"} Quantity */
/**
 * A run as the page names it; `state` as it knew it last, `valid_name` "validation" or "test".
 * @typedef {{id: string, name: string, state: string, epochs: number, guess_accuracy: number, guess_loss: number, valid_name: string}} Run
 */
/** @typedef {Run & Drawn} Shown */
/** @typedef {{runs: Run[], plotly_url: string}} OverlayData */
/** @typedef {Record<Quantity, OverlayChart>} Charts */

const DRAW_MS = 250;
const SUMMARY_MS = 5000; // how often a screen reader is told
/** @type {Quantity[]} */
const QUANTITIES = ["accuracy", "loss"];
/** @type {Record<Quantity, Kind>} */
const KINDS = {
  accuracy: { quantity: "accuracy", scale: 100, suffix: "\u00a0%", template: "%{y:.1f} %" },
  loss: { quantity: "loss", scale: 1, suffix: "", template: "%{y:.3~g}" },
};

/** @extends {View<OverlayData>} */
class Overlay extends View {
  /** @type {Choice} */ choice = { lines: "valid", unit: "epochs" };
  /** @type {Shown[]} */ runs = [];
  /** @type {Set<string>} */ hidden = new Set();
  /** @type {Map<string, string>} */ known = new Map(); // the states that the page knows
  /** @type {Charts | undefined} */ charts;
  /** @type {Colours} */ colours;
  /** @type {Promise<PlotlyLibrary> | null} */ loading = null;
  /** @type {(() => void) | undefined} */ leave;
  ids = "";
  look = "";
  timer = 0;
  summaryTimer = 0;
  slow = 0; // milliseconds that the last drawing took
  said = false;
  gone = false;

  /** @param {HTMLElement} root @param {Component<OverlayData>} component */
  constructor(root, component) {
    super(root, component);
    this.template = find(this.parent, "template.key");
    this.announcer = new Announcer((id, state) => this.component.setTriggerValue("state", { id, state }));
    this.bindSwitch("lines", () => this.eachChart((chart) => chart.set({ lines: this.choice.lines })));
    this.bindSwitch("unit", () => this.eachChart((chart) => chart.setUnit(this.choice.unit)));
    this.setLog = this.bindToggle("button.log", (on) => this.charts?.loss.setLog(on));
    this.setTop = this.bindToggle("button.top", (on) => this.charts?.accuracy.setTop(on));
  }

  /** @template {keyof Choice} Name @param {Name} name @param {() => unknown} apply */
  bindSwitch(name, apply) {
    const buttons = /** @type {NodeListOf<HTMLElement>} */ (this.root.querySelectorAll(`[data-${name}]`));
    const mark = () => {
      for (const each of buttons) each.setAttribute("aria-pressed", String(each.dataset[name] === this.choice[name]));
    };
    for (const button of buttons) {
      button.onclick = () => {
        this.choice[name] = /** @type {Choice[Name]} */ (button.dataset[name]);
        mark();
        apply();
        this.write();
      };
    }
    mark();
  }

  /** @param {string} selector @param {(on: boolean) => unknown} apply */
  bindToggle(selector, apply) {
    const button = this.find(selector);
    const set = (/** @type {boolean} */ on) => {
      button.setAttribute("aria-pressed", String(on));
      apply(on);
    };
    button.onclick = () => set(button.getAttribute("aria-pressed") !== "true");
    return set;
  }

  /** @param {(chart: OverlayChart) => unknown} act */
  eachChart(act) {
    for (const chart of Object.values(this.charts ?? {})) act(chart);
  }

  // ---- from the server page -----------------------------------------------------------------------------------

  /** @param {OverlayData} data */
  update({ runs, plotly_url }) {
    this.colours = themeColours(this.root);
    const [ids, look] = [runs.map(({ id }) => id).join(), `${this.colours.background} ${zoomOf(this.root)}`];
    const others = ids !== this.ids;
    const fresh = others || this.look !== look;
    [this.ids, this.look] = [ids, look];
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
      const chart = (/** @type {Quantity} */ name) => {
        const box = this.find(`[data-chart="${name}"] .plot`);
        return new OverlayChart(Plotly, /** @type {Plot} */ (box), KINDS[name], (range) => this.eachChart((each) => each.zoom(range)), this.word);
      };
      this.charts = { accuracy: chart("accuracy"), loss: chart("loss") };
      this.startCharts();
    } catch (error) {
      this.loading = null;
      this.find(".empty").hidden = false;
      setText(this.find(".empty"), this.word("no_charts"));
      console.warn(error);
    }
  }

  startCharts() {
    if (!this.charts) return;
    for (const name of QUANTITIES) {
      const levels = new Set(this.runs.map((run) => run[`guess_${name}`]));
      const guess = levels.size === 1 ? [...levels][0] : null;
      this.charts[name].start(this.runs, { ...this.choice, colours: this.colours, guess });
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
      this.timer = 0;
      if (this.gone) return;
      const began = performance.now();
      this.eachChart((chart) => chart.redraw());
      this.write();
      this.slow = performance.now() - began;
    }, DRAW_MS + 2 * this.slow); // at most a third of the time is ours
  }

  /** The table beside the curves follows the runs to their ends. @param {string} id */
  compareState(id) {
    const state = chorus().voice(id).status?.state;
    if (state && ENDED.includes(state)) this.announcer.compare(id, state, this.known.get(id));
  }

  drawKeys() {
    const list = this.find(".keys");
    const items = fitChildren(list, this.runs.length, () => copyOf(this.template));
    this.runs.forEach((run, i) => {
      const button = find(items[i], "button");
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
      setText(find(buttons[i], ".value"), last ? this.word("accuracy_loss", { accuracy: percent(last.valid_accuracy), loss: threeFigures(last.valid_loss) }) : "");
      setText(find(buttons[i], ".state"), now === "running" ? this.word("epoch_n", { epoch: voice.status?.epoch ?? "–" }) : ENDED.includes(now) ? "" : this.word(`state_${now}`));
      buttons[i].title = this.word(`press_${valid_name}`);
      setData(buttons[i], { state: now, n: voice.length, accuracy: last?.valid_accuracy ?? "" });
    });
    const lost = this.runs.some(({ voice }) => voice.link === "lost");
    setText(this.find(".link"), lost ? this.word("lost") : "");
    setData(this.root, { n: this.runs.reduce((sum, { voice }) => sum + voice.length, 0) });
    this.summarise();
  }

  /** One sentence, at most every five seconds. */
  summarise() {
    if (this.summaryTimer) return;
    this.summaryTimer = setTimeout(() => {
      this.summaryTimer = 0;
      const sentence = this.sentence();
      setText(this.find(".unseen"), sentence);
      for (const name of QUANTITIES) {
        const label = this.word(`chart_${this.choice.unit}`, { title: this.word(name), sentence });
        this.find(`[data-chart="${name}"] .plot`).setAttribute("aria-label", label);
      }
    }, this.said ? SUMMARY_MS : 600);
    this.said = true;
  }

  sentence() {
    const told = this.runs.map(({ name, voice, valid_name }) => {
      const last = voice.lastEpoch;
      if (!last) return this.word("nothing_yet", { name });
      return this.word(`says_${valid_name}`, { name, accuracy: percent(last.valid_accuracy), loss: threeFigures(last.valid_loss) });
    });
    return told.length ? `${told.join("; ")}.` : this.word("none_chosen");
  }
}

export default keepView(".overlay", Overlay);
