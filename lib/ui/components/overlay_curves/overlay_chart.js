// One quantity of several runs over each other: two traces a run (validation, training), one level for guessing.

import { axisOf } from "../base/axis.js";
import { LiveChart } from "../base/live_chart.js";
import { isNumber } from "../base/numbers.js";
import { NO_COLOURS, letters, zoomOf } from "../base/palette.js";
import { asText } from "../base/plotly.js";
import { LOG_TICKS, roundUp, thin, times } from "../base/points.js";
import { plotlyDash } from "../base/series.js";

/** @import { Voice } from "../base/chorus.js" */
/** @import { OnZoom, Points } from "../base/live_chart.js" */
/** @import { Colours } from "../base/palette.js" */
/** @import { seriesStyle } from "../base/series.js" */
/** @import { Plot, PlotlyLibrary, Say } from "../base/types.js" */
/** A run that is drawn; `epochs` is how far the axis goes until its stream says otherwise. @typedef {{name: string, voice: Voice, style: ReturnType<typeof seriesStyle>, hidden: boolean, epochs: number}} Drawn */
/** @typedef {{quantity: "accuracy" | "loss", scale: number, suffix: string, template: string}} Kind */
/** @typedef {"train" | "valid"} Line */
/** What a person chooses: which lines of a run, and what x counts. @typedef {{lines: Line | "both", unit: string}} Choice */

const MOST_POINTS = 500; // of one trace: Plotly redraws all of it
const MARKERS_SHOWN = 14; // along a line, so that it can be told by its markers too
const EXPLODED = 1.6; // times the loss of guessing: the axis does not follow a loss beyond it

export class OverlayChart extends LiveChart {
  /**
   * `kind`: {quantity, scale, suffix, template}; `onZoom(range)` tells a zoom in x by the user, null: back to all.
   * @param {PlotlyLibrary} Plotly
   * @param {Plot} element
   * @param {Kind} kind
   * @param {OnZoom} onZoom
   * @param {Say} word
   */
  constructor(Plotly, element, kind, onZoom, word) {
    super(Plotly, element, onZoom);
    this.word = word;
    this.kind = kind;
    this.log = false;
    this.top = false;
    /** @type {Drawn[]} */
    this.runs = [];
    /** @type {Choice["lines"]} */
    this.lines = "valid";
    this.unit = "epochs";
    this.colours = NO_COLOURS;
    /** @type {number | null} */
    this.guess = null;
  }

  /** Draw `runs` from nothing. @param {Drawn[]} runs @param {Choice & {colours: Colours, guess: number | null}} options */
  start(runs, options) {
    Object.assign(this, { runs, ...options });
    this.begin(this.traces(), this.layout());
  }

  /** All traces with their points as they are now. */
  traces() {
    const traces = this.runs.flatMap((run) => [this.trace(run, "valid"), this.trace(run, "train")]);
    const level = this.guess === null ? [] : [this.guess * this.kind.scale, this.guess * this.kind.scale];
    const line = { color: this.colours.faint, width: 1.3 };
    const x = level.length ? [0, this.farthest()] : [];
    const guessing = { type: "scatter", mode: "lines", name: this.word("guessing"), x, y: level, line, hoverinfo: "skip", visible: true, opacity: 1 };
    return [...traces, guessing];
  }

  /** @param {Drawn} run @param {Line} which */
  trace({ voice, style, name, hidden }, which) {
    const { x, y } = this.points(voice, which);
    const faint = which === "train" && this.lines === "both";
    return {
      type: "scatter", mode: "lines+markers", name: asText(which === "train" ? this.word("trace_training", { name }) : name), x, y,
      visible: !hidden && (this.lines === "both" || this.lines === which),
      opacity: faint ? 0.45 : 1, cliponaxis: true, hovertemplate: this.word("value_at", { value: this.kind.template, place: "%{x:.4~g}" }),
      line: { color: style.colour, width: (faint ? 1.2 : 1.9) * zoomOf(this.element), dash: plotlyDash(style.dash) },
      marker: { color: style.colour, symbol: style.symbol, size: 7, maxdisplayed: MARKERS_SHOWN },
    };
  }

  /** @param {Voice} voice @param {Line} which @returns {Points} */
  points(voice, which) {
    const { quantity, scale } = this.kind;
    const place = axisOf(voice, this.unit);
    /** @type {Points} */
    const found = { x: [], y: [] };
    if (which === "train") thin(voice.x, voice[quantity], 0, voice.length, MOST_POINTS, found);
    else {
      const known = voice.validation.filter((entry) => entry[`valid_${quantity}`] != null);
      thin(known.map(({ epoch }) => epoch), known.map((entry) => entry[`valid_${quantity}`] ?? null), 0, known.length, MOST_POINTS, found);
    }
    return { x: found.x.map(place), y: times(scale, found.y) };
  }

  /** How far the x axis goes: to the end of the longest run, or as far as the clock has come. */
  farthest() {
    const ends = this.runs.map(({ voice, epochs }) => {
      const all = voice.ended ? Math.max(voice.x.at(-1) ?? 0, voice.epochs.at(-1)?.epoch ?? 0) : voice.status?.epochs ?? epochs;
      if (this.unit === "seconds") return axisOf(voice, "seconds")(voice.x.at(-1) ?? 0) * 1.02;
      return axisOf(voice, this.unit)(all || epochs);
    });
    return Math.max(...ends, this.unit === "epochs" ? 1 : 0.5);
  }

  rangeY() {
    if (this.kind.quantity === "accuracy") return [this.top ? this.lowest() : 0, 101];
    const values = this.runs.filter(({ hidden }) => !hidden).flatMap(({ voice }) => [
      ...voice.loss, ...voice.validation.map((entry) => entry.valid_loss),
    ]);
    const known = values.filter(isNumber);
    const roof = EXPLODED * (this.guess ?? 2.3);
    const highest = Math.min(known.reduce((a, b) => Math.max(a, b), 0.1), roof);
    if (!this.log) return [0, 1.01 * roundUp(Math.max(highest, (this.guess ?? 0) * 1.06))]; // Plotly draws no line on the edge
    const lowest = known.reduce((a, b) => (b > 0 ? Math.min(a, b) : a), highest);
    return [Math.log10(lowest) - 0.1, Math.log10(highest) + 0.1];
  }

  /** Where the upper end begins: a little below the best moment of the run that did worst. */
  lowest() {
    const best = this.runs.filter(({ hidden }) => !hidden).map(({ voice }) =>
      voice.validation.reduce((most, entry) => Math.max(most, entry.valid_accuracy ?? 0), 0)
    );
    return Math.max(0, Math.floor((Math.min(1, ...best) - 0.12) * 20) * 5);
  }

  home() {
    /** @type {Record<string, number[]>} */
    const change = {};
    if (!this.zoomed.x) change["xaxis.range"] = [0, this.farthest()];
    if (!this.zoomed.y) change["yaxis.range"] = this.rangeY();
    return change;
  }

  layout() {
    const { colours } = this;
    const zoom = zoomOf(this.element);
    const font = { family: getComputedStyle(this.element).fontFamily, size: letters(11.5, zoom), color: colours.quiet };
    return {
      uirevision: "live", autosize: true, showlegend: false, hovermode: "closest", dragmode: "zoom", font,
      margin: { l: 46 * zoom, r: 10, t: 8, b: 34 * zoom }, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
      // Names whole: cut to Plotly's fifteen signs, runs with a beginning in common could not be told apart.
      hoverlabel: { bgcolor: colours.background, bordercolor: colours.line, font: { color: colours.text, size: letters(12, zoom) }, namelength: -1 },
      xaxis: {
        range: [0, this.farthest()], zeroline: false, showgrid: false, ticks: "outside", ticklen: 4, nticks: 7,
        tickcolor: colours.quiet, separatethousands: true, title: { text: this.word(`axis_${this.unit}`), standoff: 6, font: { size: letters(11.5, zoom) } },
      },
      yaxis: {
        range: this.rangeY(), type: this.log ? "log" : "linear", nticks: 6, zeroline: false, gridcolor: colours.line,
        ticksuffix: this.kind.suffix, tickvals: LOG_TICKS, tickmode: this.log ? "array" : "auto", separatethousands: true,
        exponentformat: "power", minexponent: 4, ticks: "outside", ticklen: 5, tickcolor: "rgba(0,0,0,0)",
      },
    };
  }

  /** Put everything in anew, keeping zoom and hover. */
  redraw() {
    const traces = this.traces();
    const [x, y] = [traces.map((trace) => trace.x), traces.map((trace) => trace.y)];
    const visible = traces.map((trace) => trace.visible);
    const opacity = traces.map((trace) => trace.opacity);
    this.plot("update", { x, y, visible, opacity }, this.home());
  }

  /** @param {Partial<Choice & {runs: Drawn[]}>} options */
  set(options) {
    Object.assign(this, options);
    this.redraw();
  }

  /** @param {string} unit */
  setUnit(unit) {
    this.unit = unit;
    this.zoomed.x = false;
    this.plot("relayout", { "xaxis.title.text": this.word(`axis_${unit}`) });
    this.redraw();
  }

  /** @param {boolean} log */
  setLog(log) {
    this.log = log;
    this.zoomed.y = false;
    const axis = { "yaxis.type": log ? "log" : "linear", "yaxis.tickmode": log ? "array" : "auto" };
    this.plot("relayout", { ...axis, ...this.home() });
  }

  /** Look at the upper end alone. @param {boolean} top */
  setTop(top) {
    this.top = top;
    this.zoomed.y = false;
    this.plot("relayout", this.home());
  }

  /** @param {[number, number] | null} range */
  zoom(range) {
    this.zoomed = range ? { ...this.zoomed, x: true } : { x: false, y: false };
    this.plot("relayout", { ...this.home(), ...(range ? { "xaxis.range": range } : {}) });
  }
}
