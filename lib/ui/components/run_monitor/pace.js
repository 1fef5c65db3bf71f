// How often what comes from a stream is drawn: once a frame, after what a person has just asked for, and never all the time.

const CALM_MS = 150; // after a key or a click the page's answer comes first, and the charts wait ...
const PATIENCE_MS = 400; // ... but never longer than this
const INPUTS = ["keydown", "pointerdown", "input"];

export class Pace {
  /** @param {(news: Set<string>) => unknown} draw what is new since it drew last */
  constructor(draw) {
    this.draw = draw;
    /** @type {Set<string>} */
    this.news = new Set();
    this.lastInput = this.lastDrawn = this.busyUntil = 0;
    this.timer = this.frame = 0;
    this.noteInput = () => void (this.lastInput = performance.now());
    for (const name of INPUTS) document.addEventListener(name, this.noteInput, true);
  }

  /** News are gathered and drawn once per frame; a slow machine draws less often rather than falling behind. @param {string} kind */
  hear(kind) {
    this.news.add(kind);
    if (this.frame || this.timer) return;
    const calm = Math.min(this.lastInput + CALM_MS, this.lastDrawn + PATIENCE_MS);
    const pause = Math.max(this.busyUntil, calm) - performance.now();
    const next = () => {
      this.timer = 0;
      this.frame = requestAnimationFrame(() => this.drawNews());
    };
    if (pause > 0) this.timer = setTimeout(next, pause);
    else next();
  }

  drawNews() {
    this.frame = 0;
    const news = this.news;
    this.news = new Set();
    const began = performance.now();
    this.draw(news);
    this.lastDrawn = performance.now();
    this.busyUntil = this.lastDrawn + 2 * (this.lastDrawn - began); // at most a third of the time is ours
  }

  end() {
    for (const name of INPUTS) document.removeEventListener(name, this.noteInput, true);
    cancelAnimationFrame(this.frame);
    clearTimeout(this.timer);
  }
}
