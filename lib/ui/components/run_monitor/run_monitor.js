// The right-hand side of Train: figures, two live charts and what the net says about eight pictures.
// Everything that moves comes from the run's stream; `data` only says which run, and how it is called.

import { Announcer } from "../base/announcer.js";
import { CurveChart } from "../base/curves.js";
import { copyOf, find, setData, setText } from "../base/dom.js";
import { stayInSession } from "../base/going.js";
import { clock, count, localized, percent, threeFigures } from "../base/numbers.js";
import { themeColours, zoomOf } from "../base/palette.js";
import { loadPlotly } from "../base/plotly.js";
import { runStream } from "../base/stream.js";
import { Strip } from "../base/strip.js";
import { View, keepView } from "../base/view.js";
import { written } from "../base/words.js";
import { Ears } from "./ears.js";
import { turnWords, waitWords } from "./line.js";
import { Playback } from "./playback.js";
import { Replay } from "./replay.js";

/** @import { Component } from "../base/types.js" */

const NO_RUN = { id: null, state: "none", epochs: 5, classes: [], guess_accuracy: 0.1, guess_loss: Math.log(10) };
const SUMMARY_MS = 5000; // how often a screen reader is told
const CALM_MS = 150; // after a key or a click the page's answer comes first, and the charts wait ...
const PATIENCE_MS = 400; // ... but never longer than this
const STEADY = 10; // points averaged for the current training value, so that it can be read
const CHARTS = {
  accuracy: { scale: 100, top: 101, suffix: "\u00a0%", template: "%{y:.1f} %", labelAt: 0.3, show: percent },
  loss: { scale: 1, top: null, suffix: "", template: "%{y:.3~g}", labelAt: 0.8, show: threeFigures },
};
const INPUTS = ["keydown", "pointerdown", "input"];
const LINES = ["training", "validation", "guessing"];

/** @extends {View<MonitorData>} */
class Monitor extends View {
  /** @param {HTMLElement} root @param {Component<MonitorData>} component */
  constructor(root, component) {
    super(root, component);
    const { parent } = this;
    this.speak(component.data.worded);
    this.run = NO_RUN;
    this.magnified = 1;
    this.stream = null;
    this.charts = null;
    this.news = new Set();
    this.announcer = new Announcer((_id, state) => this.component.setTriggerValue("state", state));
    this.keyTemplate = find(parent, "template.key");
    this.values = {};
    for (const name of Object.keys(CHARTS)) this.addKeys(name);
    this.strip = new Strip(this.find(".strip"), find(parent, "template.glimpse"));
    this.replay = new Replay(this.find(".replay"), this.word);
    for (const link of root.querySelectorAll(".end a")) link.onclick = (event) => stayInSession(event, link);
    this.logButton = this.find("button.log:not(.listen)");
    this.ears = new Ears(this);
    this.logButton.onclick = () => this.toggleLog();
    this.lastInput = this.lastDrawn = 0;
    this.noteInput = () => (this.lastInput = performance.now());
    for (const name of INPUTS) document.addEventListener(name, this.noteInput, true);
    this.enlarge = () => this.repaint();
    window.addEventListener("gh:enlarged", this.enlarge);
  }

  /** Colours and sizes anew, where the page has others. */
  repaint() {
    const [colours, zoom] = [themeColours(this.root), zoomOf(this.root)];
    const repainted = JSON.stringify([colours, zoom]) !== JSON.stringify([this.colours, this.magnified]);
    [this.colours, this.magnified] = [colours, zoom];
    if (repainted) for (const chart of Object.values(this.charts ?? {})) chart.setColours(colours);
  }

  // ---- from the server page -----------------------------------------------------------------------------------

  /** @param {MonitorData} data */
  update(data) {
    this.speak(data.worded);
    this.glimpses = data.glimpses;
    const run = data.run ?? { ...NO_RUN, epochs: data.epochs };
    const another = run.id !== this.run.id;
    if (another) this.announcer.destroy();
    this.announcer.hear(run.id, run.state);
    this.run = run;
    this.repaint();
    this.label();
    if (another) this.follow();
    else if (this.stream) this.stream.open(); // a stopped run that was resumed
    if (!this.charts) this.loadCharts(data.plotly_url);
    else if (another) this.startCharts();
    else if (!run.id) for (const chart of Object.values(this.charts)) chart.setEpochs(run.epochs);
    // The page calls at every rerun: what comes from the stream is drawn already, and Plotly's time is the page's.
    if (another) this.drawAll();
    else this.draw(new Set(["status"]));
  }

  /** What follows from the run's description alone. */
  label() {
    const { run } = this;
    const valid = run.valid_name ?? "validation"; // or "test"
    setText(this.find('[data-testid="tile-accuracy"] .name'), this.word(`${valid}_accuracy`));
    setText(this.find('[data-testid="tile-loss"] .name'), this.word(`${valid}_loss`));
    setText(this.find(".loss-name"), run.loss_name ?? "");
    for (const button of this.root.querySelectorAll("[data-line]")) {
      const line = this.word(button.dataset.line === "validation" ? valid : button.dataset.line);
      setText(find(button, ".name"), line);
      button.title = this.word("show_or_hide", { line });
    }
    const empty = this.find(".empty");
    empty.hidden = run.id !== null;
    setText(empty, this.word("press_train"));
    this.strip.show(run, this.glimpses);
    this.drawLeads();
  }

  /** What a run that has ended says first, and where it leads on: as large as nothing else on the page. */
  drawLeads() {
    const { run } = this;
    const ended = this.state === "finished" && run.reads != null && !this.stream?.isBack;
    this.root.classList.toggle("read", ended);
    this.find(".end").hidden = !ended;
    if (!ended) return;
    setText(this.find(".reads"), this.word("reads", { share: percent(run.reads) }));
    setText(this.find(".facts"), this.word("ended_at", { place: this.placeText() ?? "–", time: clock(this.took()) }));
    for (const link of this.root.querySelectorAll(".end a")) {
      link.hidden = !run.leads.includes(link.dataset.page);
      link.href = `/${link.dataset.page}?run=${run.id}`;
    }
  }

  /** "3 of 5", or where the clock ended it in mid-epoch. */
  placeText() {
    const status = this.stream?.status;
    const cut = this.ended && this.stream?.isBack === false && this.stream.epochs.at(-1)?.epoch;
    return cut % 1 ? localized(cut.toFixed(2)) : status && this.word("place", { epoch: status.epoch, epochs: status.epochs });
  }

  follow() {
    this.leave?.();
    this.stream = this.run.id === null ? null : new Playback(runStream(this.run.id));
    this.replay.follow(this.stream);
    this.leave = this.stream?.listen((kind) => this.hear(kind));
  }

  /** @param {string} url */
  async loadCharts(url) {
    try {
      const Plotly = await (this.loading ??= loadPlotly(url));
      if (this.gone || this.charts) return;
      this.charts = {};
      for (const [name, kind] of Object.entries(CHARTS)) {
        const box = this.find(`[data-chart="${name}"] .plot`);
        this.charts[name] = new CurveChart(Plotly, box, kind, (range) => this.zoom(range));
      }
      this.startCharts();
      this.drawAll();
    } catch (error) {
      this.loading = null;
      this.find(".empty").hidden = false;
      setText(this.find(".empty"), this.word("no_charts"));
      console.warn(error);
    }
  }

  startCharts() {
    const { run, stream, colours } = this;
    const valid = this.word(run.valid_name ?? "validation");
    const names = { training: this.word("training"), validation: valid, guessing: this.word("guessing"), epoch: this.word("epoch"), rate: (/** @type {number} */ rate) => this.word("rate_mark", { rate }) };
    const common = { epochs: stream?.status?.epochs ?? run.epochs, names, colours };
    for (const [name, chart] of Object.entries(this.charts)) {
      const series = () => ({ x: stream?.x ?? [], y: stream?.[name] ?? [] });
      chart.start({ ...common, series, guess: run[`guess_${name}`] });
      LINES.forEach((line, i) => chart.setHidden(i, this.values[name][line].hidden));
    }
  }

  destroy() {
    window.removeEventListener("gh:enlarged", this.enlarge);
    this.gone = true;
    this.ears.hush();
    this.leave?.();
    this.announcer.destroy();
    this.replay.follow(null);
    for (const name of INPUTS) document.removeEventListener(name, this.noteInput, true);
    cancelAnimationFrame(this.frame);
    clearTimeout(this.timer);
    clearTimeout(this.summaryTimer);
    for (const chart of Object.values(this.charts ?? {})) chart.destroy();
  }

  // ---- from the stream ----------------------------------------------------------------------------------------

  /** News are gathered and drawn once per frame; a slow machine draws less often rather than falling behind. @param {string} kind */
  hear(kind) {
    this.news.add(kind);
    if (kind === "status") this.compareState();
    if (this.frame || this.timer) return;
    const calm = Math.min(this.lastInput + CALM_MS, this.lastDrawn + PATIENCE_MS);
    const pause = Math.max(this.busy ?? 0, calm) - performance.now();
    const draw = () => {
      this.timer = null;
      this.frame = requestAnimationFrame(() => this.drawNews());
    };
    if (pause > 0) this.timer = setTimeout(draw, pause);
    else draw();
  }

  drawNews() {
    this.frame = null;
    const news = this.news;
    this.news = new Set();
    const began = performance.now();
    this.draw(news);
    this.lastDrawn = performance.now();
    const spent = this.lastDrawn - began;
    this.busy = this.lastDrawn + 2 * spent; // at most a third of the time is ours
  }

  drawAll() {
    this.draw(new Set(["reset", "points", "epochs", "checks", "marks", "status", "glimpse", "link"]));
  }

  /** The page's buttons follow the run. */
  compareState() {
    this.announcer.compare(this.run.id, this.stream.status.state, this.run.state);
  }

  draw(news) {
    if (this.charts) this.drawCharts(news);
    this.drawValues();
    this.drawTiles();
    this.drawLeads();
    this.drawNote();
    this.replay.draw();
    if (news.has("glimpse")) {
      const { stream } = this;
      this.strip.draw(stream?.glimpse?.answers ?? [], Boolean(stream?.isBack && stream.unkept));
    }
    this.summarise();
    this.ears.hear();
    const { root, stream } = this;
    setData(root, { n: stream?.length ?? 0, state: this.state, epoch: stream?.status?.epoch ?? 0 });
  }

  get state() {
    return this.stream?.status?.state ?? this.run.state;
  }

  get ended() {
    return ["finished", "stopped", "failed"].includes(this.state);
  }

  drawCharts(news) {
    const { stream } = this;
    if (!stream) return;
    for (const [name, chart] of Object.entries(this.charts)) {
      if (stream.status) chart.setEpochs(stream.status.epochs);
      if (news.has("reset")) chart.redraw();
      else if (news.has("points")) chart.append();
      if (news.has("marks")) chart.setMarks(stream.marks);
      if (news.has("epochs") || news.has("checks")) {
        chart.setValidation(stream.validation.map((entry) => [entry.epoch, validOf(entry, name), entry.whole]));
      }
    }
  }

  zoom(range) {
    for (const chart of Object.values(this.charts)) chart.zoom(range);
  }

  drawValues() {
    for (const [name, { show }] of Object.entries(CHARTS)) {
      const values = this.values[name];
      setText(values.training.value, show(this.currentTraining(name)));
      setText(values.validation.value, show(validOf(this.stream?.lastEpoch, name)));
    }
  }

  /** The mean of the last points while it runs; of the whole last epoch afterwards. @param {string} name */
  currentTraining(name) {
    const last = this.stream?.epochs.at(-1)?.[`train_${name}`];
    if (this.ended && last != null && !this.stream.isBack) return last;
    const recent = (this.stream?.[name] ?? []).slice(-STEADY).filter((value) => value != null);
    return recent.length ? recent.reduce((sum, value) => sum + value, 0) / recent.length : null;
  }

  drawTiles() {
    const { status, lastEpoch } = this.stream ?? {};
    this.tile("accuracy", percent(lastEpoch?.valid_accuracy));
    this.tile("loss", threeFigures(lastEpoch?.valid_loss));
    this.tile("epoch", this.placeText() || "–");
    this.tile("speed", count(steady(status?.samples_per_second)));
    const spent = this.word(this.stream?.isBack ? "so_far" : "took");
    this.tile("time", clock(this.ended ? this.took() : status?.seconds_left), this.ended ? spent : this.word("time_left"));
    const progress = status?.progress ?? 0;
    this.find(".bar i").style.transform = `scaleX(${progress})`;
    this.find(".bar").setAttribute("aria-valuenow", Math.round(100 * progress));
  }

  /** @param {string} name @param {string} text */
  tile(name, text, label) {
    const tile = this.find(`[data-testid="tile-${name}"]`);
    setText(find(tile, "b"), text);
    if (label) setText(find(tile, ".name"), label);
  }

  took() {
    const seconds = (this.stream?.epochs ?? []).map((epoch) => epoch.seconds ?? 0);
    return this.stream?.status?.seconds ?? (seconds.reduce((sum, value) => sum + value, 0) || null);
  }

  drawNote() {
    const { status, link } = this.stream ?? {};
    const gone = link === "gone";
    const message = gone ? this.word("gone") : status?.message;
    const bad = gone || status?.state === "failed";
    this.find(".note").classList.toggle("warn", Boolean(message) && bad);
    this.find(".note").classList.toggle("told", Boolean(message) && !bad);
    setText(this.find(".note .says"), message || this.progressText());
    setText(this.find(".note .link"), link === "lost" ? this.word("lost") : "");
  }

  progressText() {
    const status = this.stream?.status;
    if (!status) return "";
    if (status.state === "pending") return waitWords(status, this.word);
    if (status.state === "finished") return this.word("finished_after", { steps: count(status.step) });
    const faster = status.speedup ? "in_bfloat16_faster" : "in_bfloat16";
    const times = written(status.speedup, 1);
    const parts = [this.iterationText(status), this.word(status.precision === "bf16" ? faster : "in_float32", { times })];
    if (this.run.schedule !== "constant") parts.push(this.word("rate", { rate: Number(status.learning_rate.toPrecision(3)) }));
    const place = parts.join(" · ");
    if (status.state !== "running") return this.word("at", { state: this.word(status.state), place });
    const turns = turnWords(status, this.word);
    return turns ? `${place} · ${turns}` : place;
  }

  iterationText({ step, steps_per_epoch: perEpoch, epochs }) {
    if (!perEpoch) return this.word("iteration", { step: count(step) });
    return this.word("iteration_of", { step: count(step), all: count(perEpoch * epochs) });
  }

  // ---- legends and switches -----------------------------------------------------------------------------------

  addKeys(chart) {
    this.values[chart] = {};
    for (const [index, line] of LINES.entries()) {
      const button = copyOf(this.keyTemplate);
      const entry = { value: find(button, ".value"), hidden: false };
      setData(button, { line: line });
      find(button, ".swatch").classList.add(line);
      button.onclick = () => {
        entry.hidden = !entry.hidden;
        button.setAttribute("aria-pressed", String(!entry.hidden));
        this.charts?.[chart].setHidden(index, entry.hidden);
      };
      this.values[chart][line] = entry;
      this.find(`[data-chart="${chart}"] .keys`).append(button);
    }
  }

  toggleLog() {
    if (!this.charts) return;
    const { loss } = this.charts;
    loss.setLog(!loss.log);
    this.logButton.setAttribute("aria-pressed", String(loss.log));
  }

  // ---- for screen readers -------------------------------------------------------------------------------------

  /** One sentence, at most every five seconds, and once more at the end. */
  summarise() {
    const finished = this.ended && !this.saidEnd;
    if (!finished && this.summaryTimer) return;
    this.saidEnd = this.ended;
    clearTimeout(this.summaryTimer);
    this.summaryTimer = setTimeout(() => {
      this.summaryTimer = null;
      if (this.stream) this.summarise();
    }, SUMMARY_MS);
    const sentence = this.sentence();
    setText(this.find(".unseen"), sentence);
    for (const name of Object.keys(CHARTS)) {
      this.find(`[data-chart="${name}"] .plot`).setAttribute("aria-label", `${this.word(`${name}_by_epoch`)}. ${sentence}`);
    }
  }

  sentence() {
    const { status, lastEpoch } = this.stream ?? {};
    if (!status) return this.word("no_run");
    const place = this.word("place", { epoch: status.epoch, epochs: status.epochs });
    const start = this.word("summary", { name: this.run.name, state: this.word(status.state), place });
    if (!lastEpoch) return `${start}.`;
    return this.word("summary_result", {
      start,
      what: this.word(`${this.run.valid_name ?? "validation"}_accuracy`),
      accuracy: percent(lastEpoch.valid_accuracy),
      loss: threeFigures(lastEpoch.valid_loss),
      guess: percent(this.run.guess_accuracy),
    });
  }
}

/** Three figures are known of a speed; the rest would only flicker. @param {number} speed */
function steady(speed) {
  return speed == null ? null : Number(speed.toPrecision(3));
}

/** @param {string} name */
function validOf(epoch, name) {
  return epoch?.[`valid_${name}`] ?? null;
}

export default keepView(".monitor", Monitor);
