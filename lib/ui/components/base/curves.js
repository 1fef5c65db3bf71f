// A live chart of one quantity of a run: training (every point), validation (every epoch), guessing (a level).
//
// Plotly redraws a whole trace on every update, so what it holds is bounded: newest points as they are, older ones
// thinned to the lowest and highest of each stretch (nothing visible is lost), all of them again where one zooms in.

import { curveLayout, curveTraces, dotSize, marginsOf } from "./curve_look.js";
import { LiveChart } from "./live_chart.js";
import { NO_COLOURS, letters, zoomOf } from "./palette.js";
import { epochTicks, indexOf, reachOf, roundUp, thin, times } from "./points.js";

/** @import { Colours } from "./palette.js" */
/** @import { OnZoom, Points } from "./live_chart.js" */
/** @import { Mark, Plot, PlotlyLibrary } from "./types.js" */

const SHOWN_RAW = 1200; // up to here a stretch is drawn point by point
const SHOWN_MAX = 2400; // beyond this many points in the trace: thin again
const [TRAINING, VALIDATION, GUESSING] = [0, 1, 2];
const FEW = 30; // points up to which each is also a dot: one alone is no line
const LABEL_GAP = 0.14; // learning-rate labels nearer than this share of the width would overlap: the last one stays

/**
 * What a chart shows: by what its numbers are multiplied, a fixed top of the axis or null, and where labels of marks
 * have room (0..1).
 * @typedef {{scale: number, top: number | null, suffix: string, template: string, labelAt: number}} CurveKind
 */

export class CurveChart extends LiveChart {
  /**
   * @param {PlotlyLibrary} Plotly
   * @param {Plot} element an empty box of fixed height
   * @param {CurveKind} kind
   * @param {OnZoom} onZoom
   */
  constructor(Plotly, element, kind, onZoom) {
    super(Plotly, element, onZoom);
    this.kind = kind;
    this.log = false;
    this.epochs = 5;
    this.highest = this.guess = this.seen = this.shown = this.reached = 0;
    /** @type {number | undefined} */
    this.lowest = undefined;
    /** @type {Mark[]} */
    this.marks = [];
    /** @type {import("./curve_look.js").LineNames} */ this.names = { training: "", validation: "", guessing: "", epoch: "", rate: String };
    /** @type {() => Points} */
    this.series = () => ({ x: [], y: [] });
    /** @type {Colours} */
    this.colours = NO_COLOURS;
  }

  /**
   * Draw from nothing: at first, and for another run. `series()` gives {x, y} of all training points.
   * @param {{series: () => Points, epochs: number, guess: number, names: import("./curve_look.js").LineNames, colours: Colours}} what
   */
  start({ series, epochs, guess, names, colours }) {
    this.series = series;
    this.epochs = epochs;
    this.names = names;
    this.colours = colours;
    this.guess = this.kind.scale * guess;
    [this.highest, this.lowest, this.seen, this.marks] = [0, undefined, 0, []];
    this.begin(this.traces(), this.layout());
    this.setColours(colours);
    this.redraw();
  }

  traces() {
    return curveTraces({ template: this.kind.template, names: this.names, epochs: this.epochs, guess: this.guess, colours: this.colours, zoom: zoomOf(this.element) });
  }

  layout() {
    return curveLayout(getComputedStyle(this.element).fontFamily, this.epochs, this.homeY(), this.kind.suffix, this.names.epoch, zoomOf(this.element));
  }

  /** Everything of the layout that depends on the theme. */
  paintwork() {
    const { text, quiet, line, background } = this.colours;
    const zoom = zoomOf(this.element);
    return {
      "font.color": quiet,
      "font.size": letters(11.5, zoom),
      margin: marginsOf(zoom),
      "xaxis.tickcolor": quiet,
      "xaxis.gridcolor": line,
      "yaxis.gridcolor": line,
      hoverlabel: { bgcolor: background, bordercolor: line, font: { color: text, size: letters(12, zoom) } },
      shapes: this.markLines(),
      annotations: this.markLabels(),
    };
  }

  /** @param {Colours} colours */
  setColours(colours) {
    this.colours = colours;
    const { accent, warm, faint } = colours;
    const zoom = zoomOf(this.element);
    this.plot(
      "update",
      { "line.width": [1.8 * zoom, 1.8 * zoom, 1.3 * zoom], "line.color": [accent, warm, faint], "marker.color": [accent, warm, faint] },
      this.paintwork(),
      [TRAINING, VALIDATION, GUESSING]
    );
  }

  /** The range of x in view. @returns {[number, number]} */
  view() {
    return this.element.layout?.xaxis.range ?? [0, this.epochs];
  }

  /** Where the x axis ends by itself. */
  get reach() {
    return reachOf(this.series().x.at(-1) ?? 0, this.epochs);
  }

  homeY() {
    if (this.kind.top) return [0, this.kind.top];
    if (this.log) return [Math.log10(this.lowest ?? 0.01) - 0.1, Math.log10(Math.max(this.highest, this.guess)) + 0.1];
    return [0, roundUp(Math.max(this.highest, this.guess * 1.06))];
  }

  /** Put all points in anew, thinned outside the view more than in it. */
  redraw() {
    const { x, y } = this.series();
    const { scale } = this.kind;
    const [left, right] = this.view();
    const [from, to] = [Math.max(0, indexOf(x, left) - 1), Math.min(x.length, indexOf(x, right) + 1)];
    const out = { x: [], y: [] };
    thin(x, y, 0, from, SHOWN_RAW / 6, out);
    thin(x, y, from, to, SHOWN_RAW, out);
    thin(x, y, to, x.length, SHOWN_RAW / 6, out);
    this.note(y, this.seen);
    this.seen = x.length;
    this.shown = out.x.length;
    this.reached = this.reach;
    this.plot("update", { x: [out.x], y: [times(scale, out.y)], mode: [x.length > FEW ? "lines" : "lines+markers"] }, this.home(), [TRAINING]);
  }

  /** Append what the stream has and the chart has not. */
  append() {
    const { x, y } = this.series();
    const fresh = x.length - this.seen;
    if (fresh < 0) this.seen = 0;
    if (fresh < 0 || this.shown + fresh > SHOWN_MAX) return this.redraw();
    if (fresh === 0) return undefined;
    const [newX, newY] = [x.slice(this.seen), times(this.kind.scale, y.slice(this.seen))];
    if (this.seen <= FEW && x.length > FEW) return this.redraw();
    const moves = this.note(y, this.seen) || this.reach !== this.reached;
    this.reached = this.reach;
    this.seen = x.length;
    this.shown += fresh;
    this.plot("extendTraces", { x: [newX], y: [newY] }, [TRAINING]);
    if (moves) this.plot("relayout", this.home());
    return undefined;
  }

  /** Remember the ends of what was drawn; true when the axis must grow. @param {(number | null)[]} y @param {number} from */
  note(y, from) {
    const before = String(this.homeY());
    for (let i = from; i < y.length; i++) this.stretch(y[i]);
    return String(this.homeY()) !== before;
  }

  /** @param {number | null | undefined} value */
  stretch(value) {
    if (value == null) return;
    this.highest = Math.max(this.highest, value);
    if (value > 0) this.lowest = Math.min(this.lowest ?? value, value);
  }

  /** The ranges of an unzoomed chart; a zoomed axis keeps what the user chose. */
  home() {
    const change = {};
    if (!this.zoomed.x) Object.assign(change, { "xaxis.range": [0, this.reach] }, this.ticks([0, this.reach]));
    if (!this.zoomed.y) change["yaxis.range"] = this.homeY();
    return change;
  }

  /** `list`: [[epoch, value or null], ...] of the validation set. @param {[epoch: number, value: number | null, whole?: boolean][]} list */
  setValidation(list) {
    const known = list.filter(([, value]) => value != null);
    const [x, y] = [known.map(([epoch]) => epoch), times(this.kind.scale, known.map(([, value]) => value))];
    for (const [, value] of known) this.stretch(value);
    // A dot for each whole epoch; the samples between them are only the line.
    const dot = dotSize(this.epochs);
    const size = known.map(([, , whole]) => (whole ? dot : 0));
    this.plot("update", { x: [x], y: [y], "marker.size": [size] }, this.home(), [VALIDATION]);
  }

  /** @param {number} epochs */
  setEpochs(epochs) {
    if (epochs === this.epochs) return;
    this.epochs = epochs;
    const layout = { ...this.home(), ...(this.zoomed.x ? this.ticks(this.view()) : {}) };
    this.plot("update", { x: [[0, epochs]] }, layout, [GUESSING]);
  }

  /** @param {[number, number]} range */
  ticks(range) {
    const step = epochTicks(range);
    return { "xaxis.dtick": step, "xaxis.tickmode": step ? "linear" : "auto" };
  }

  /** Show `range` in x (null: everything, in y too), chosen here or in the chart beside. @param {[number, number] | null} range */
  zoom(range) {
    this.zoomed = range ? { ...this.zoomed, x: true } : { x: false, y: false };
    const shown = range ?? [0, this.reach];
    const change = { ...this.home(), ...this.ticks(shown), "xaxis.range": shown };
    this.plot("relayout", change);
    this.setMarks(this.marks);
    this.redraw();
  }

  /** @param {Mark[]} marks */
  setMarks(marks) {
    this.marks = marks;
    this.plot("relayout", { shapes: this.markLines(), annotations: this.markLabels() });
  }

  markLines() {
    const line = { color: this.colours.warm, width: 1 };
    return (this.marks ?? []).map(({ at }) => ({
      type: "line", xref: "x", yref: "paper", x0: at, x1: at, y0: 0, y1: 1, line, layer: "below",
    }));
  }

  markLabels() {
    const [left, right] = this.view();
    const place = (/** @type {Mark} */ { at }) => (at - left) / (right - left);
    const marks = (this.marks ?? []).filter((mark) => place(mark) >= 0 && place(mark) <= 1);
    const apart = marks.filter((mark, i) => !marks[i + 1] || place(marks[i + 1]) - place(mark) > LABEL_GAP);
    return apart.map((mark) => ({
      text: this.names.rate(mark.learning_rate), xref: "x", yref: "paper", x: mark.at, y: this.kind.labelAt, showarrow: false,
      xanchor: place(mark) > 1 - LABEL_GAP ? "right" : "left", xshift: place(mark) > 1 - LABEL_GAP ? -3 : 3,
      font: { color: this.colours.warm, size: letters(11.5, zoomOf(this.element)) }, bgcolor: this.colours.background, borderpad: 1,
    }));
  }

  /** @param {number} line @param {boolean} hidden */
  setHidden(line, hidden) {
    this.plot("restyle", { visible: !hidden }, [line]);
  }

  /** @param {boolean} log */
  setLog(log) {
    this.log = log;
    this.zoomed.y = false;
    const axis = { "yaxis.type": log ? "log" : "linear", "yaxis.tickmode": log ? "array" : "auto" };
    this.plot("relayout", { ...axis, ...this.home() });
  }
}
