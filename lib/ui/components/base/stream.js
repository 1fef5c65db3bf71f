// One live stream of events per run and page, shared by every component that shows that run.
//
// Browsers allow six connections to a host, so components never open their own: the registry hangs on `window`,
// because each component is a module of its own. A stream keeps what it has received; it closes while the tab is
// hidden or nobody listens, and later asks only for the points it has not seen (`?from=N`).

/** @import { Epoch, Glimpse, Mark, RunStatus } from "./types.js" */

export const IDLE_MS = 1500; // a page switch unmounts the old page before it mounts the new one: wait before closing
const KEPT_IDLE = 4; // finished or left runs whose points are kept for a quick return
const LOST_MS = 2000; // short gaps are nobody's concern
export const RETRY_MS = [500, 1000, 2000, 4000, 8000]; // when the browser itself has given up (an error status)
export const STAY_MS = 60000; // the server pauses runs that nobody has open; a hidden tab says that it is there
export const ENDED = ["finished", "stopped", "failed"];
export const LISTS = /** @type {const} */ (["epochs", "marks", "checks"]);

/** @typedef {typeof LISTS[number]} List */

/** JSON from a server that may let a NaN through; NaN is not JSON, and one bad number must not stop the curve. @param {string} text */
export function parseEvent(text) {
  try {
    return JSON.parse(text);
  } catch {
    return JSON.parse(text.replace(/-?\b(NaN|Infinity)\b/g, "null"));
  }
}

export class RunStream {
  /** @param {string} id */
  constructor(id) {
    this.id = id;
    /** @type {Set<(kind: string) => unknown>} */
    this.listeners = new Set();
    this.link = "idle"; // idle, open, lost or gone
    this.failures = 0;
    /** @type {EventSource | null} */
    this.source = null;
    this.idleTimer = this.retryTimer = this.lostTimer = 0;
    /** @type {number[]} */
    this.x = []; // epochs, as a float
    /** @type {(number | null)[]} */
    this.loss = [];
    /** @type {(number | null)[]} */
    this.accuracy = [];
    /** @type {Epoch[]} */
    this.epochs = [];
    /** @type {Mark[]} */
    this.marks = [];
    /** @type {[epochs: number, loss: number | null, accuracy: number | null][]} */
    this.checks = []; // validation on a sample between epochs
    /** @type {RunStatus | null} */
    this.status = null;
    /** @type {Glimpse | null} */
    this.glimpse = null;
  }

  get length() {
    return this.x.length;
  }

  get ended() {
    return this.status !== null && ENDED.includes(this.status.state);
  }

  /** Everything known of validation, in order: whole epochs (0 is the untrained net) and the samples between them. */
  get validation() {
    const samples = this.checks.map(([epoch, valid_loss, valid_accuracy]) => ({ epoch, valid_loss, valid_accuracy }));
    const whole = this.epochs.map((epoch) => ({ ...epoch, whole: true }));
    return [...samples, ...whole].sort((a, b) => a.epoch - b.epoch);
  }

  /** The newest validation values. */
  get lastEpoch() {
    return this.validation.findLast((epoch) => epoch.valid_accuracy != null || epoch.valid_loss != null) ?? null;
  }

  /**
   * Call `listener(kind)` on news until the returned function is called; the listener draws what is there itself.
   * @param {(kind: string) => unknown} listener
   */
  listen(listener) {
    this.listeners.add(listener);
    clearTimeout(this.idleTimer);
    this.open();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.idleTimer = setTimeout(() => this.close(), IDLE_MS);
    };
  }

  /** @param {string} kind */
  tell(kind) {
    for (const listener of [...this.listeners]) listener(kind);
  }

  open() {
    if (this.source || this.link === "gone" || document.hidden || this.listeners.size === 0) return;
    clearTimeout(this.retryTimer);
    const url = `/api/runs/${encodeURIComponent(this.id)}/events${this.length ? `?from=${this.length}` : ""}`;
    const source = new EventSource(url);
    const on = (/** @type {string} */ name, /** @type {(data: any) => void} */ handle) =>
      source.addEventListener(name, (event) => {
        if (source !== this.source) return; // an event already queued when the stream was closed
        this.hasLink();
        handle(parseEvent(event.data));
      });
    this.source = source;
    source.onopen = () => this.hasLink();
    source.onerror = () => this.lostLink(source);
    on("points", (data) => this.addPoints(data));
    for (const name of LISTS) on(name, (data) => this.keepList(name, data));
    for (const name of /** @type {const} */ (["status", "glimpse"])) on(name, (data) => this.keep(name, data));
    on("gone", () => this.vanish());
  }

  close() {
    this.source?.close();
    this.source = null;
    clearTimeout(this.retryTimer);
    clearTimeout(this.lostTimer);
    this.lostTimer = 0;
    if (this.link !== "gone") this.link = "idle";
  }

  /** @template {"epochs" | "marks" | "checks" | "status" | "glimpse"} Name @param {Name} name @param {this[Name]} value */
  keep(name, value) {
    this[name] = value;
    this.tell(name);
  }

  /**
   * What is known of a list up to `from`, and what comes after.
   * @param {List} name
   * @param {{from: number} & Record<string, unknown[]>} news
   */
  keepList(name, news) {
    const list = /** @type {unknown[]} */ (this[name]).slice(0, news.from);
    this.keep(name, /** @type {never[]} */ ([...list, ...news[name]]));
  }

  /**
   * Append what is new: overlaps are cut off, a gap is asked for again, a shorter history replaces ours.
   * @param {{from: number, points: [number, number, number][]}} news
   */
  addPoints({ from, points }) {
    const end = from + points.length;
    if (from === 0 && end < this.length) this.truncate();
    if (from > this.length) {
      this.close();
      this.retry();
      return;
    }
    const fresh = points.slice(this.length - from);
    if (fresh.length === 0) return;
    for (const [x, loss, accuracy] of fresh) {
      this.x.push(x);
      this.loss.push(loss);
      this.accuracy.push(accuracy);
    }
    this.tell("points");
  }

  /** A run resumed from its last checkpoint knows fewer points than we do: what it says counts. */
  truncate() {
    this.x.length = this.loss.length = this.accuracy.length = 0;
    this.tell("reset");
  }

  /** A hidden tab reads no events but keeps its run going. */
  stayOn() {
    if (!document.hidden || this.listeners.size === 0 || this.ended || this.link === "gone") return;
    const address = `/api/runs/${encodeURIComponent(this.id)}/watch`;
    fetch(address, { method: "POST" }).catch(() => {}); // no server, no lease: nothing to say to a hidden tab
  }

  hasLink() {
    this.failures = 0;
    clearTimeout(this.lostTimer);
    this.lostTimer = 0;
    if (this.link === "open") return;
    this.link = "open";
    this.tell("link");
  }

  /** @param {EventSource} source */
  lostLink(source) {
    if (source !== this.source) return;
    if (this.ended) {
      this.close(); // the server hung up after the end; nothing more will come
      return;
    }
    this.lostTimer ||= setTimeout(() => {
      this.link = "lost";
      this.tell("link");
    }, LOST_MS);
    // While CONNECTING the browser retries by itself, with Last-Event-ID; after an error status it does not.
    if (source.readyState === EventSource.CLOSED) {
      this.source = null;
      this.retry();
    }
  }

  retry() {
    clearTimeout(this.retryTimer);
    this.retryTimer = setTimeout(() => this.open(), RETRY_MS[Math.min(this.failures++, RETRY_MS.length - 1)]);
  }

  vanish() {
    this.close();
    this.link = "gone";
    this.tell("link");
  }
}

/** The page's registry; the first component that asks for a stream makes it. */
function streams() {
  if (!window.glasshouseRunStreams) {
    /** @type {Map<string, RunStream>} */
    const all = (window.glasshouseRunStreams = new Map());
    document.addEventListener("visibilitychange", () => {
      for (const stream of all.values()) document.hidden ? stream.close() : stream.open();
    });
    setInterval(() => {
      for (const stream of all.values()) stream.stayOn();
    }, STAY_MS);
  }
  return window.glasshouseRunStreams;
}

/** The stream of run `id`, the same for every component of this page. @param {string} id */
export function runStream(id) {
  const all = streams();
  let stream = all.get(id);
  if (!stream) {
    const idle = [...all.values()].filter(({ listeners }) => listeners.size === 0);
    for (const old of idle.slice(0, Math.max(0, idle.length - KEPT_IDLE + 1))) {
      old.close();
      all.delete(old.id);
    }
    stream = new RunStream(id);
    all.set(id, stream);
  }
  return stream;
}
