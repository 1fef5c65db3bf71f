// One life for every component: it begins at the first call, later calls bring it up to date, and it ends with its place.

import { find } from "./dom.js";
import { say, speak } from "./words.js";

/** @import { Component, Found, Say, Worded } from "./types.js" */

/**
 * What a component is made of: `constructor` once, `update` with all that the page says, `destroy` for what reaches
 * beyond `root` (streams, timers, listeners elsewhere; what is followed ends by itself). `component` speaks to the
 * server, with the last call's voice.
 * @template Data
 */
export class View {
  /**
   * @param {HTMLElement} root
   * @param {Component<Data>} component
   */
  constructor(root, component) {
    this.root = root;
    this.component = component;
    this.parent = component.parentElement;
    this.data = component.data;
    /** @type {ResizeObserver[]} */
    this.observers = [];
    this.listen(component.data);
  }

  /** Its words, which come with all that the page says (see `register`), unless it is handed others. @param {Data} data */
  listen(data) {
    const { worded, words } = /** @type {{worded?: Worded, words?: unknown}} */ (data ?? {});
    if (worded && !words && worded.lang !== this.worded?.lang) this.speak(worded);
  }

  /** @param {Data} _data @returns {void | Promise<unknown>} */
  update(_data) {}

  destroy() {}

  /**
   * Take over this component's own words: others on the page have theirs, and it is said much later which was meant.
   * @param {Worded} worded
   */
  speak({ lang, words }) {
    this.worded = { lang, words };
    speak(this.root, this.worded);
  }

  /** The sentence called `name` in the words that came last, with `values` in its places. @type {Say} */
  word = (name, values) => say(this.worded ?? { lang: "en", words: {} }, name, values);

  /** The element of this component that `selector` names. @template {string} S @param {S} selector @returns {Found<S>} */
  find(selector) {
    return find(this.root, selector);
  }

  /** Call `draw` whenever the size of `element` changes. @param {Element} element @param {() => unknown} draw */
  whenResized(element, draw) {
    const observer = new ResizeObserver(() => void draw());
    observer.observe(element);
    this.observers.push(observer);
  }

  end() {
    for (const observer of this.observers) observer.disconnect();
    this.destroy();
  }
}

/**
 * A place, and what is in it.
 * @typedef {{root: HTMLElement, pristine: HTMLElement, runs: number, view?: View<unknown>, notice?: HTMLElement | null}} Kept
 */

/** @type {WeakMap<ShadowRoot, Kept>} */
const VIEWS = new WeakMap();

/**
 * A component's default export: it keeps one view of the kind `Kind` in each place.
 *
 * Streamlit calls again, and cleans the first call up at any time, while the script still loads: a place has one view.
 * @template Data
 * @param {string} selector of its root
 * @param {new (root: HTMLElement, component: Component<Data>) => View<Data>} Kind
 */
export const keepView = (selector, Kind) => (/** @type {Component<Data>} */ component) => {
  const { parentElement } = component;
  const root = parentElement.querySelector(selector);
  if (!root) return undefined; // the page has gone on meanwhile
  let kept = VIEWS.get(parentElement);
  if (kept?.root !== root) {
    if (kept) endView(parentElement, kept);
    kept = { root, pristine: /** @type {HTMLElement} */ (root.cloneNode(true)), runs: 0 };
    VIEWS.set(parentElement, kept);
  }
  const [place, run] = [kept, ++kept.runs];
  try {
    place.view ??= new Kind(root, component);
    place.view.component = component;
    place.view.listen(component.data);
    Promise.resolve(place.view.update(component.data)).catch((error) => showBroken(place, error));
    mended(place);
  } catch (error) {
    showBroken(place, error);
  }
  return () => {
    // Streamlit also cleans up a call that a newer one has overtaken; only the last may end the view.
    if (run === place.runs && VIEWS.get(parentElement) === place) endView(parentElement, place);
  };
};

/** End a view, and leave its place as it was before: a next one finds nothing of it there. @param {ShadowRoot} parent @param {Kept} kept */
function endView(parent, kept) {
  VIEWS.delete(parent);
  try {
    kept.view?.end();
  } catch (error) {
    console.error(error);
  }
  mended(kept);
  kept.root.replaceWith(kept.pristine);
}

/**
 * One part that cannot be drawn is a sentence in its place; whoever looks after Glasshouse finds the rest in the console.
 * @param {Kept} kept
 * @param {unknown} error
 */
function showBroken(kept, error) {
  console.error(error);
  if (kept.notice) return;
  const words = window.glasshouseWords ?? {};
  const text = (words[document.documentElement.lang] ?? words.en)?.broken ?? "";
  kept.notice = Object.assign(document.createElement("p"), { className: "broken-view", textContent: text });
  kept.notice.setAttribute("role", "status");
  kept.root.before(kept.notice);
  kept.root.hidden = true;
}

/** @param {Kept} kept */
function mended(kept) {
  if (!kept.notice) return;
  kept.notice.remove();
  kept.notice = null;
  kept.root.hidden = kept.pristine.hidden;
}

/** @type {Map<string, object>} */
const SETTINGS = new Map();

/**
 * What a person has set in a widget, kept while another section is open: a copy of `start` at first.
 * @template {object} State
 * @param {string} name
 * @param {State} start
 */
export function remembered(name, start) {
  if (!SETTINGS.has(name)) SETTINGS.set(name, structuredClone(start));
  return /** @type {State} */ (SETTINGS.get(name));
}
