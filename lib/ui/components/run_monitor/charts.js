// The two live charts of a run, accuracy and loss, with their legends: they share the axis of epochs and what is zoomed.

import { CurveChart } from "../base/curves.js";
import { copyOf, find, setData, setText } from "../base/dom.js";
import { loadPlotly } from "../base/plotly.js";
import { SHOWN, validOf } from "./reading.js";

/** @import { CurveKind } from "../base/curves.js" */
/** @import { Colours } from "../base/palette.js" */
/** @import { Plot } from "../base/types.js" */
/** @import { Quantity, Reading } from "./reading.js" */
/** @typedef {"training" | "validation" | "guessing"} Line */
/** @typedef {Record<Quantity, CurveChart>} Drawn */

/** @type {Record<Quantity, CurveKind>} */
const KINDS = {
  accuracy: { scale: 100, top: 101, suffix: "\u00a0%", template: "%{y:.1f} %", labelAt: 0.3 },
  loss: { scale: 1, top: null, suffix: "", template: "%{y:.3~g}", labelAt: 0.8 },
};
export const QUANTITIES = /** @type {Quantity[]} */ (Object.keys(KINDS));
/** @type {Line[]} */
const LINES = ["training", "validation", "guessing"];

export class Charts {
  /** @type {Drawn | null} */ drawn = null; // null until Plotly is there
  /** @type {Promise<unknown> | null} */ loading = null;
  points = 0; // of each curve, as far as they are drawn
  gone = false;

  /**
   * @param {HTMLElement} root of the monitor
   * @param {HTMLElement} template of a line's key
   */
  constructor(root, template) {
    this.root = root;
    this.template = template;
    this.keys = { accuracy: this.keysOf("accuracy"), loss: this.keysOf("loss") };
    const log = find(root, "button.log:not(.listen)");
    log.onclick = () => {
      if (!this.drawn) return;
      const { loss } = this.drawn;
      loss.setLog(!loss.log);
      log.setAttribute("aria-pressed", String(loss.log));
    };
  }

  /** Where Plotly draws. @param {Quantity} name */
  box(name) {
    return /** @type {Plot} */ (find(this.root, `[data-chart="${name}"] .plot`));
  }

  /** @returns {CurveChart[]} */
  get all() {
    return this.drawn ? Object.values(this.drawn) : [];
  }

  /** Draw empty charts once Plotly is there, and call `ready`; where it cannot be had it is thrown. @param {string} url @param {() => unknown} ready */
  async load(url, ready) {
    if (this.drawn || this.loading) return;
    try {
      const coming = loadPlotly(url);
      this.loading = coming;
      const Plotly = await coming;
      if (this.gone) return;
      const chart = (/** @type {Quantity} */ name) => new CurveChart(Plotly, this.box(name), KINDS[name], (range) => this.zoom(range));
      this.drawn = { accuracy: chart("accuracy"), loss: chart("loss") };
      ready();
    } finally {
      this.loading = null;
    }
  }

  /** Begin with another run, or with the empty axes of none. @param {Reading} reading @param {Colours} colours */
  start({ run, stream, status, valid, word }, colours) {
    const rate = (/** @type {number} */ value) => word("rate_mark", { rate: value });
    const names = { training: word("training"), validation: word(valid), guessing: word("guessing"), epoch: word("epoch"), rate };
    for (const name of QUANTITIES) {
      const chart = this.drawn?.[name];
      const series = () => ({ x: stream?.x ?? [], y: stream?.[name] ?? [] });
      chart?.start({ epochs: status?.epochs ?? run.epochs, names, colours, series, guess: run[`guess_${name}`] });
      LINES.forEach((line, i) => chart?.setHidden(i, this.keys[name][line].hidden));
    }
  }

  /** What is new of the stream. @param {Reading} reading @param {Set<string>} news */
  draw({ stream, status }, news) {
    if (!this.drawn) return;
    if (news.has("reset") || news.has("points")) this.points = stream?.length ?? 0;
    if (!stream) return;
    for (const name of QUANTITIES) {
      const chart = this.drawn[name];
      if (status) chart.setEpochs(status.epochs);
      if (news.has("reset")) chart.redraw();
      else if (news.has("points")) chart.append();
      if (news.has("marks")) chart.setMarks(stream.marks);
      if (news.has("epochs") || news.has("checks")) {
        chart.setValidation(stream.validation.map((entry) => [entry.epoch, validOf(entry, name), "whole" in entry]));
      }
    }
  }

  /** The legends' lines in the page's words. @param {Reading} reading */
  label({ valid, word }) {
    for (const name of QUANTITIES) {
      for (const line of LINES) {
        const { button } = this.keys[name][line];
        const called = word(line === "validation" ? valid : line);
        setText(find(button, ".name"), called);
        button.title = word("show_or_hide", { line: called });
      }
    }
  }

  /** The newest values, in the legends. @param {Reading} reading */
  drawValues(reading) {
    for (const name of QUANTITIES) {
      const { training, validation } = this.keys[name];
      setText(training.value, SHOWN[name](reading.training(name)));
      setText(validation.value, SHOWN[name](reading.validation(name)));
    }
  }

  /** @param {[number, number] | null} range */
  zoom(range) {
    for (const chart of this.all) chart.zoom(range);
  }

  /** @param {Colours} colours */
  setColours(colours) {
    for (const chart of this.all) chart.setColours(colours);
  }

  destroy() {
    this.gone = true;
    for (const chart of this.all) chart.destroy();
  }

  /** A switch for each line, with its newest value beside it. @param {Quantity} chart */
  keysOf(chart) {
    const place = find(this.root, `[data-chart="${chart}"] .keys`);
    const made = LINES.map((line, index) => {
      const button = copyOf(this.template);
      const key = { button, value: find(button, ".value"), hidden: false };
      setData(button, { line });
      find(button, ".swatch").classList.add(line);
      button.onclick = () => {
        key.hidden = !key.hidden;
        button.setAttribute("aria-pressed", String(!key.hidden));
        this.drawn?.[chart].setHidden(index, key.hidden);
      };
      place.append(button);
      return key;
    });
    return { training: made[0], validation: made[1], guessing: made[2] };
  }
}
