const AGAIN_MS = [2000, 4000, 8000, 16000, 30000];

/** Tells the page on the server what it does not know yet, until it does: a word is lost while the server is away. */
export class Announcer {
  /** @param {(id: string, state: string) => void} tell */
  constructor(tell) {
    this.tell = tell;
    /** @type {Map<string, {state: string, timer: number}>} */
    this.told = new Map();
  }

  /**
   * The state of run `id` is `state`; the page says `known` of it.
   * @param {string} id
   * @param {string} state
   * @param {string | null | undefined} known
   */
  compare(id, state, known) {
    if (state === known) this.forget(id);
    else if (this.told.get(id)?.state !== state) this.say(id, state);
  }

  /** The page says `known` of run `id` now. @param {string} id @param {string} known */
  hear(id, known) {
    if (this.told.get(id)?.state === known) this.forget(id);
  }

  /** @param {string} id @param {string} state */
  say(id, state, times = 0) {
    this.forget(id);
    const pause = AGAIN_MS[Math.min(times, AGAIN_MS.length - 1)];
    this.told.set(id, { state, timer: setTimeout(() => this.say(id, state, times + 1), pause) });
    this.tell(id, state);
  }

  /** @param {string} id */
  forget(id) {
    clearTimeout(this.told.get(id)?.timer);
    this.told.delete(id);
  }

  destroy() {
    for (const id of [...this.told.keys()]) this.forget(id);
  }
}
