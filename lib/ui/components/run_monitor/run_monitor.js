// The right-hand side of Train: figures, two live charts and what the net says about eight pictures.
// Everything that moves comes from the run's stream; `data` only says which run, and how it is called.

import { Announcer } from "../base/announcer.js";
import { find, setData, setText } from "../base/dom.js";
import { stayInSession } from "../base/going.js";
import { clock, percent } from "../base/numbers.js";
import { themeColours, zoomOf } from "../base/palette.js";
import { runStream } from "../base/stream.js";
import { Strip } from "../base/strip.js";
import { View, keepView } from "../base/view.js";
import { Charts, QUANTITIES } from "./charts.js";
import { Ears } from "./ears.js";
import { Pace } from "./pace.js";
import { Playback } from "./playback.js";
import { Reading } from "./reading.js";
import { Replay } from "./replay.js";

/** @import { Component, Worded } from "../base/types.js" */
/** @import { Run } from "./reading.js" */
/** @typedef {{run: Run | null, before: Run | null, plotly_url: string, glimpses: Worded, worded: Worded}} MonitorData */

/** @type {Run} */
const NO_RUN = { id: null, state: "none", epochs: 5, classes: [], guess_accuracy: 0.1, guess_loss: Math.log(10) };
const TILES = ["accuracy", "loss", "epoch", "speed", "time"];
const SUMMARY_MS = 5000; // how often a screen reader is told
const EVERYTHING = ["reset", "points", "epochs", "checks", "marks", "status", "glimpse", "link"];

/** @extends {View<MonitorData>} */
class Monitor extends View {
  run = NO_RUN;
  /** @type {Playback | null} */ stream = null;
  /** @type {(() => void) | undefined} */ leave;
  summaryTimer = 0;
  saidEnd = false;

  /** @param {HTMLElement} root @param {Component<MonitorData>} component */
  constructor(root, component) {
    super(root, component);
    const { parent } = this;
    this.speak(component.data.worded);
    this.colours = themeColours(root);
    this.magnified = zoomOf(root);
    this.announcer = new Announcer((_id, state) => this.component.setTriggerValue("state", state));
    this.charts = new Charts(root, find(parent, "template.key"));
    this.strip = new Strip(this.find(".strip"), find(parent, "template.glimpse"));
    this.replay = new Replay(this.find(".replay"), this.word);
    this.ends = [...root.querySelectorAll(".end a")];
    for (const link of this.ends) link.onclick = (event) => stayInSession(event, link);
    this.ears = new Ears(root, this.charts, () => this.reading);
    this.pace = new Pace((news) => this.draw(news));
    this.enlarge = () => this.repaint();
    window.addEventListener("gh:enlarged", this.enlarge);
  }

  /** What there is to say of the run now. */
  get reading() {
    return new Reading(this.run, this.stream, this.word);
  }

  /** Colours and sizes anew, where the page has others. */
  repaint() {
    const [colours, zoom] = [themeColours(this.root), zoomOf(this.root)];
    const repainted = JSON.stringify([colours, zoom]) !== JSON.stringify([this.colours, this.magnified]);
    [this.colours, this.magnified] = [colours, zoom];
    if (repainted) this.charts.setColours(colours);
  }

  // ---- from the server page -----------------------------------------------------------------------------------

  /** @param {MonitorData} data */
  update(data) {
    this.speak(data.worded);
    const run = data.run ?? data.before ?? NO_RUN;
    const another = run.id !== this.run.id;
    if (another) this.announcer.destroy();
    if (run.id !== null) this.announcer.hear(run.id, run.state);
    this.run = run;
    this.repaint();
    this.label(data.glimpses);
    if (another) this.follow();
    else if (this.stream) this.stream.open(); // a stopped run that was resumed
    if (!this.charts.drawn) this.loadCharts(data.plotly_url);
    else if (another) this.charts.start(this.reading, this.colours);
    else if (run.id === null) for (const chart of this.charts.all) chart.setEpochs(run.epochs);
    // The page calls at every rerun: what comes from the stream is drawn already, and Plotly's time is the page's.
    this.draw(new Set(another ? EVERYTHING : ["status"]));
  }

  /** What follows from the run's description alone. @param {Worded} glimpses the words of the strip */
  label(glimpses) {
    const { run, reading } = this;
    setText(this.find(".loss-name"), run.loss_name ?? "");
    this.charts.label(reading);
    const empty = this.find(".empty");
    empty.hidden = run.id !== null;
    setText(empty, this.word("press_train"));
    this.strip.show(run, glimpses);
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
      await this.charts.load(url, () => {
        this.repaint();
        this.charts.start(this.reading, this.colours);
        this.draw(new Set(EVERYTHING));
      });
    } catch (error) {
      this.find(".empty").hidden = false;
      setText(this.find(".empty"), this.word("no_charts"));
      console.warn(error);
    }
  }

  destroy() {
    window.removeEventListener("gh:enlarged", this.enlarge);
    this.ears.hush();
    this.leave?.();
    this.announcer.destroy();
    this.replay.follow(null);
    this.pace.end();
    clearTimeout(this.summaryTimer);
    this.charts.destroy();
  }

  // ---- from the stream ----------------------------------------------------------------------------------------

  /** @param {string} kind */
  hear(kind) {
    const { id, state } = this.run;
    if (kind === "status" && id !== null) this.announcer.compare(id, this.reading.state, state); // the page's buttons follow the run
    this.pace.hear(kind);
  }

  /** @param {Set<string>} news */
  draw(news) {
    const { reading, stream } = this;
    this.charts.draw(reading, news);
    this.charts.drawValues(reading);
    this.drawTiles(reading);
    this.drawLeads(reading);
    this.drawNote(reading);
    this.replay.draw();
    if (news.has("glimpse")) this.strip.draw(stream?.glimpse?.answers ?? [], Boolean(stream?.isBack && stream.unkept));
    this.summarise(reading);
    this.ears.hear();
    setData(this.root, { n: this.charts.points, state: reading.state, epoch: reading.status?.epoch ?? 0 });
  }

  /** What a run that has ended says first, and where it leads on: as large as nothing else on the page. @param {Reading} reading */
  drawLeads(reading) {
    const { run } = reading;
    const ended = reading.state === "finished" && run.reads != null && !reading.isBack;
    this.root.classList.toggle("read", ended);
    this.find(".end").hidden = !ended;
    if (!ended) return;
    setText(this.find(".reads"), this.word("reads", { share: percent(run.reads) }));
    setText(this.find(".facts"), this.word("ended_at", { place: reading.place || "–", time: clock(reading.took) }));
    for (const link of this.ends) {
      const page = link.dataset.page ?? "";
      link.hidden = !run.leads?.includes(page);
      link.href = `/${page}?run=${run.id}`;
    }
  }

  /** @param {Reading} reading */
  drawTiles({ tiles, status }) {
    TILES.forEach((place, i) => {
      setText(this.find(`[data-testid="tile-${place}"] .name`), tiles[i].name);
      setText(this.find(`[data-testid="tile-${place}"] b`), tiles[i].value);
    });
    const progress = status?.progress ?? 0;
    this.find(".bar i").style.transform = `scaleX(${progress})`;
    this.find(".bar").setAttribute("aria-valuenow", Math.round(100 * progress));
  }

  /** @param {Reading} reading */
  drawNote({ note, stream }) {
    for (const kind of ["warn", "told"]) this.find(".note").classList.toggle(kind, note.kind === kind);
    setText(this.find(".note .says"), note.text);
    setText(this.find(".note .link"), stream?.link === "lost" ? this.word("lost") : "");
  }

  /** One sentence for screen readers, at most every five seconds, and once more at the end. @param {Reading} reading */
  summarise(reading) {
    const finished = reading.ended && !this.saidEnd;
    if (!finished && this.summaryTimer) return;
    this.saidEnd = reading.ended;
    clearTimeout(this.summaryTimer);
    this.summaryTimer = setTimeout(() => {
      this.summaryTimer = 0;
      if (this.stream) this.summarise(this.reading);
    }, SUMMARY_MS);
    const { sentence } = reading;
    setText(this.find(".unseen"), sentence);
    for (const name of QUANTITIES) this.charts.box(name).setAttribute("aria-label", `${this.word(`${name}_by_epoch`)}. ${sentence}`);
  }
}

export default keepView(".monitor", Monitor);
