// One polite voice for the whole page: what changes by itself is told to who does not see it, a sentence every five
// seconds at most, the newest of each part of the page and no part twice before the others have had their turn.

import { spoken } from "./numbers.js";

export const PAUSE_MS = 5000;

/** Which sentence comes next, and when; it knows neither page nor clock. */
export class Pacer {
  constructor(pause = PAUSE_MS) {
    this.pause = pause;
    this.freeAt = -Infinity;
    /** @type {Map<string, string>} */
    this.waiting = new Map(); // by part of the page, the longest waiting first
    /** @type {Map<string, string>} */
    this.said = new Map();
  }

  /** A part of the page has something to say: it takes the place of what it had not said yet. @param {string} part @param {string} sentence */
  offer(part, sentence) {
    if (!sentence || this.said.get(part) === sentence) this.waiting.delete(part);
    else this.waiting.set(part, sentence);
  }

  /** Milliseconds until something may be said; null while there is nothing to say. @param {number} now */
  wait(now) {
    return this.waiting.size ? Math.max(0, this.freeAt - now) : null;
  }

  /** What is to be said now, once. @param {number} now @returns {string | null} */
  next(now) {
    const [first] = this.waiting;
    if (!first || now < this.freeAt) return null;
    const [part, sentence] = first;
    this.waiting.delete(part);
    this.said.set(part, sentence);
    this.freeAt = now + this.pause;
    return sentence;
  }

  /** Something that was asked for is said at once; what comes by itself waits for it. @param {number} now */
  hold(now) {
    this.freeAt = now + this.pause;
  }
}

/** The page's own voice: one live region, outside of everything that is drawn anew. */
export class Voice {
  constructor() {
    this.pacer = new Pacer();
    this.region = document.createElement("p");
    this.region.setAttribute("role", "status");
    this.region.dataset.testid = "voice";
    this.region.style.cssText = "position: fixed; width: 1px; height: 1px; margin: 0; overflow: hidden; clip-path: inset(50%)";
    document.body.append(this.region);
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  /** @param {string} sentence */
  write(sentence) {
    this.region.lang = spoken.lang;
    this.region.textContent = sentence;
  }

  speak() {
    clearTimeout(this.timer);
    const sentence = this.pacer.next(performance.now());
    if (sentence) this.write(sentence);
    const pause = this.pacer.wait(performance.now());
    if (pause !== null) this.timer = setTimeout(() => this.speak(), pause);
  }
}

const voice = () => (window.glasshouseVoice ??= new Voice());

/** Tell what has changed by itself in a part of the page, when there is time for it. @param {string} part @param {string} sentence */
export function tell(part, sentence) {
  voice().pacer.offer(part, sentence);
  voice().speak();
}

/** Answer a key at once. @param {string} sentence */
export function reply(sentence) {
  voice().pacer.hold(performance.now());
  voice().write(sentence);
}
