// The net that somebody trains on Start: how much it reads, two small curves and eight pictures, in one low card.
// Everything that moves comes from the run's stream; the server page is told when the state changes, and only then.

import { Announcer } from "../base/announcer.js";
import { Chart } from "../base/chart.js";
import { find, setData, setText } from "../base/dom.js";
import { clock, percent } from "../base/numbers.js";
import { indexOf, roundUp, thin } from "../base/points.js";
import { runStream } from "../base/stream.js";
import { Strip } from "../base/strip.js";
import { View, keepView } from "../base/view.js";

/** @import { Component, Found, Worded } from "../base/types.js" */
/** @import { Axis } from "../base/chart.js" */
/** @import { RunStream } from "../base/stream.js" */
/** @import { TestPicture } from "../base/strip.js" */

/**
 * @typedef {{id: string, name: string, state: string, epochs: number, classes: string[], pictures: TestPicture[],
 *   guess_accuracy: number, guess_loss: number, reads: number | null}} Run
 */
/** @typedef {{run: Run, glimpses: Worded}} FirstRunData */

const DRAW_MS = 80; // between two drawings
const MARGIN = { left: 40, right: 12, top: 8, bottom: 20 };
const MOST_POINTS = 400; // of a curve; of a longer one the lowest and the highest of each stretch
const EARLY = 0.02; // of a run: until then the axes end where the curve does
const CHARTS = /** @type {const} */ (["loss", "accuracy"]);

/** @extends {View<FirstRunData>} */
class FirstRun extends View {
  /** @type {RunStream | null} */ stream = null;
  /** @type {(() => void) | undefined} */ leave;
  timer = 0;
  drawnAt = 0;

  /** @param {HTMLElement} root @param {Component<FirstRunData>} component */
  constructor(root, component) {
    super(root, component);
    this.run = component.data.run;
    this.announcer = new Announcer((_id, state) => this.component.setTriggerValue("state", state));
    this.strip = new Strip(this.find(".strip"), find(this.parent, "template.glimpse"));
    this.charts = CHARTS.map((name) => {
      const svg = /** @type {SVGSVGElement} */ (this.root.querySelector(`[data-chart="${name}"] svg`));
      return { name, chart: new Chart(svg, () => this.drawCharts(), MARGIN) };
    });
    this.find(".draw").onclick = () => goToSheet();
  }

  /** @param {FirstRunData} data */
  update({ run, glimpses }) {
    const another = run.id !== this.run.id || !this.stream;
    if (another) this.announcer.destroy();
    this.announcer.hear(run.id, run.state);
    this.run = run;
    this.strip.show(run, glimpses);
    if (another) {
      this.leave?.();
      this.stream = runStream(run.id);
      this.leave = this.stream.listen((kind) => this.hear(kind));
      requestAnimationFrame(() => this.root.scrollIntoView({ block: "nearest", behavior: calm() ? "auto" : "smooth" }));
    } else this.stream?.open(); // a stopped run that was resumed
    this.draw();
  }

  destroy() {
    this.leave?.();
    this.announcer.destroy();
    clearTimeout(this.timer);
    for (const { chart } of this.charts) chart.destroy();
  }

  /** News are gathered: a slow machine draws less often rather than falling behind. @param {string} kind */
  hear(kind) {
    if (kind === "status" && this.stream?.status) this.announcer.compare(this.run.id, this.stream.status.state, this.run.state);
    this.timer ||= setTimeout(() => {
      this.timer = 0;
      this.drawnAt = performance.now();
      this.draw();
    }, Math.max(0, this.drawnAt + DRAW_MS - performance.now()));
  }

  get state() {
    return this.stream?.status?.state ?? this.run.state;
  }

  draw() {
    const { stream, root } = this;
    this.drawSays();
    this.drawCharts();
    this.strip.draw(stream?.glimpse?.answers ?? []);
    const progress = this.state === "finished" ? 1 : (stream?.status?.progress ?? 0);
    this.find(".bar i").style.transform = `scaleX(${progress})`;
    this.find(".bar").setAttribute("aria-valuenow", Math.round(100 * progress));
    setData(root, { n: stream?.length ?? 0, state: this.state });
  }

  /** How much it reads: at its end of the test pictures, before that of those that it is measured on meanwhile. */
  drawSays() {
    const { stream, state } = this;
    const { reads } = this.run;
    const now = stream?.lastEpoch?.valid_accuracy ?? null;
    const ended = reads !== null && state === "finished";
    const share = ended ? reads : now;
    setText(this.find(".says"), share === null ? this.word("starts_random") : this.word("it_reads", { share: percent(share) }));
    setText(this.find(".progress"), this.progressText());
    this.root.classList.toggle("read", ended);
    this.find(".draw").hidden = !ended;
    const told = ended ? `${this.word("has_ended", { name: this.run.name })} ` : "";
    if (ended || state !== "running") setText(this.find(".told"), told + (this.find(".says").textContent ?? ""));
  }

  progressText() {
    const { status, link } = this.stream ?? {};
    if (link === "gone") return this.word("gone");
    if (link === "lost") return this.word("lost");
    if (!status) return "";
    if (status.state === "pending") return this.word(status.waiting ? "others_ahead" : "soon");
    if (status.state === "finished") return this.word("took", { name: this.run.name, time: clock(status.seconds) });
    if (status.state !== "running") return status.message ?? this.word(`state_${status.state}`);
    const place = this.word("epoch_of", { epoch: status.epoch, epochs: status.epochs });
    return status.seconds_left == null ? place : `${place} · ${this.word("time_left", { time: clock(status.seconds_left) })}`;
  }

  drawCharts() {
    const { stream, run } = this;
    if (!stream) return;
    const end = this.last;
    for (const { name, chart } of this.charts ?? []) {
      const scale = name === "accuracy" ? 100 : 1;
      const [from, to] = [indexOf(stream.x, 0), indexOf(stream.x, end + 1e-9)];
      /** @type {{x: number[], y: (number | null)[]}} */
      const seen = { x: [], y: [] };
      thin(stream.x, stream[name], from, to, MOST_POINTS, seen);
      const checks = stream.validation.map((each) => [each.epoch, scaled(each[`valid_${name}`], scale)]);
      const guess = run[`guess_${name}`] * scale;
      const highest = Math.max(guess, ...seen.y.map((y) => scale * (y ?? 0)));
      /** @type {Axis} */
      const up = name === "accuracy" ? { from: 0, to: 100, ticks: 4, write: (value) => `${value}\u00a0%` } : { from: 0, to: roundUp(highest), ticks: 4 };
      if (!chart.begin({ from: 0, to: end, ticks: 8 }, up)) continue;
      chart.line([[0, guess], [end, guess]], "faint");
      chart.line(seen.x.map((x, i) => [x, scaled(seen.y[i], scale)]), "");
      chart.line(checks.filter(([x]) => (x ?? 0) <= end), "warm dashed");
    }
  }

  /** Where the axes end: with the run, and at first where the curve does. */
  get last() {
    const { stream, run } = this;
    const all = stream?.status?.epochs ?? run.epochs;
    const now = stream?.x.at(-1) ?? 0;
    return now > 0 && now < EARLY * all ? now : all;
  }
}

/** @param {number | null | undefined} value @param {number} scale */
const scaled = (value, scale) => (value == null ? null : value * scale);

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** To the sheet, which stands in a component of its own. */
function goToSheet() {
  const within = [...document.querySelectorAll(".st-key-drawing *")].find(({ shadowRoot }) => shadowRoot);
  const sheet = within?.shadowRoot?.querySelector('[data-testid="canvas-surface"]');
  if (!(sheet instanceof HTMLElement)) return;
  sheet.scrollIntoView({ block: "center", behavior: calm() ? "auto" : "smooth" });
  sheet.focus({ preventScroll: true });
}

export default keepView(".first-run", FirstRun);
