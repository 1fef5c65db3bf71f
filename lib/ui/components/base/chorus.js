// Many runs over one connection: browsers allow six to a server, and a comparison shows more. Needs stream.js.
//
// A Voice is a RunStream that is fed from here: what it keeps and how it takes in points is the same.

import { IDLE_MS, LISTS, RETRY_MS, RunStream, STAY_MS, parseEvent } from "./stream.js";

const GATHER_MS = 60; // components of one page join one after the other: connect once for all of them
const MOST_VOICES = 40; // as the server allows

export class Voice extends RunStream {
  /** @param {string} id @param {Chorus} chorus */
  constructor(id, chorus) {
    super(id);
    this.chorus = chorus;
  }

  open() {
    if (!this.isComplete) this.chorus.gather();
  }

  close() {} // the connection is not its own

  retry() {
    this.chorus.reconnect();
  }

  /** Nothing more will come. */
  get isComplete() {
    return this.ended || this.link === "gone";
  }
}

export class Chorus {
  constructor() {
    /** @type {Map<string, Voice>} */
    this.voices = new Map();
    this.failures = 0;
    /** @type {EventSource | null} */
    this.source = null;
    /** @type {Set<string> | null} */
    this.heard = null; // who is listened to
    this.gathering = this.retrying = 0;
    document.addEventListener("visibilitychange", () => (document.hidden ? this.hangUp() : this.gather()));
    setInterval(() => {
      for (const voice of this.voices.values()) voice.stayOn();
    }, STAY_MS);
  }

  /** The voice of run `id`, the same for everybody. @param {string} id */
  voice(id) {
    let found = this.voices.get(id);
    if (!found) {
      const idle = [...this.voices.values()].filter((voice) => voice.listeners.size === 0);
      for (const gone of idle.slice(0, Math.max(0, this.voices.size - MOST_VOICES + 1))) this.voices.delete(gone.id);
      found = new Voice(id, this);
      this.voices.set(id, found);
    }
    return found;
  }

  /**
   * Call `listener(id, kind)` on news of these runs until the returned function is called.
   * @param {string[]} ids
   * @param {(id: string, kind: string) => unknown} listener
   */
  listen(ids, listener) {
    const leave = ids.map((id) => this.voice(id).listen((kind) => listener(id, kind)));
    return () => {
      for (const each of leave) each();
      setTimeout(() => this.tidy(), IDLE_MS); // a rerun leaves and comes back
    };
  }

  /** Do not go on listening to what nobody shows: a run that is listened to is not paused. */
  tidy() {
    const idle = [...(this.heard ?? [])].some((id) => this.voices.get(id)?.listeners.size === 0);
    if (idle) this.connect();
  }

  get wanted() {
    return [...this.voices.values()].filter((voice) => voice.listeners.size > 0 && !voice.isComplete);
  }

  gather() {
    this.gathering ||= setTimeout(() => {
      this.gathering = 0;
      const ids = this.wanted.map((voice) => voice.id);
      if (ids.some((id) => !this.heard?.has(id)) || !this.source) this.connect();
    }, GATHER_MS);
  }

  reconnect() {
    this.hangUp();
    this.gather();
  }

  connect() {
    this.hangUp();
    const voices = this.wanted.slice(0, MOST_VOICES);
    if (document.hidden || voices.length === 0) return;
    const asked = voices.map((voice) => `${encodeURIComponent(voice.id)}:${voice.length}`);
    const source = new EventSource(`/api/runs/events?runs=${asked.join(",")}`);
    this.source = source;
    this.heard = new Set(voices.map((voice) => voice.id));
    source.onopen = () => {
      this.failures = 0;
      for (const voice of voices) voice.hasLink();
    };
    source.onerror = () => source === this.source && this.lost(voices);
    for (const voice of voices) this.follow(source, voice);
  }

  /** @param {EventSource} source @param {Voice} voice */
  follow(source, voice) {
    const on = (/** @type {string} */ name, /** @type {(data: any) => void} */ handle) =>
      source.addEventListener(`${voice.id}/${name}`, (event) => {
        if (source === this.source) handle(parseEvent(event.data));
      });
    on("points", (data) => voice.addPoints(data));
    for (const name of LISTS) on(name, (data) => voice.keepList(name, data));
    on("status", (data) => {
      voice.keep("status", data);
      if (this.wanted.length === 0) this.hangUp();
    });
    on("gone", () => {
      voice.link = "gone";
      voice.tell("link");
      if (this.wanted.length === 0) this.hangUp();
    });
  }

  /** Ask again from where each run is; the browser's own retry would ask for what it asked for at first. @param {Voice[]} voices */
  lost(voices) {
    this.hangUp();
    if (this.wanted.length === 0) return;
    const pause = RETRY_MS[Math.min(this.failures++, RETRY_MS.length - 1)];
    if (this.failures > 2) {
      for (const voice of voices) {
        voice.link = "lost";
        voice.tell("link");
      }
    }
    this.retrying = setTimeout(() => this.connect(), pause);
  }

  hangUp() {
    this.source?.close();
    this.source = null;
    this.heard = null;
    clearTimeout(this.retrying);
    clearTimeout(this.gathering);
    this.gathering = 0;
  }
}

/** The page's chorus; the first component that asks makes it. */
export function chorus() {
  return (window.glasshouseChorus ??= new Chorus());
}
