// The words of a part of the page in the page's language, and numbers as that language writes them.

import { setText } from "./dom.js";
import { NBSP, isNumber } from "./numbers.js";

/** @import { Worded } from "./types.js" */

/** @type {Worded} */
export const spoken = { lang: "en", words: {} };

/**
 * Take over {lang, words}, and write what `data-say` and `data-aria` name in `root` and below it.
 * @param {HTMLElement} root
 * @param {Worded} worded
 */
export function speak(root, { lang, words }) {
  [spoken.lang, spoken.words] = [lang, words];
  root.lang = lang;
  for (const node of root.querySelectorAll("[data-say]")) setText(node, say(node.dataset.say ?? ""));
  for (const node of [root, ...root.querySelectorAll("[data-aria]")]) {
    if (node.dataset.aria) node.setAttribute("aria-label", say(node.dataset.aria));
  }
}

/** The sentence called `name`, with `values` in its places. @param {string} name @param {Record<string, unknown>} values */
export function say(name, values = {}) {
  if (!(name in spoken.words)) throw new Error(`there is no word ${name}`);
  return spoken.words[name].replace(/\{(\w+)\}/g, (_, key) => String(values[key]));
}

/**
 * Words of its own, for a component that stands on pages beside others: `say` above speaks those that came last.
 * @param {HTMLElement} root where `data-say` and `data-aria` name some of them
 * @param {Worded} worded
 * @returns {(name: string, values?: Record<string, unknown>) => string}
 */
export function voiceOf(root, worded) {
  const [before, own] = [{ ...spoken }, { ...worded }];
  speak(root, own);
  Object.assign(spoken, before);
  return (name, values = {}) => {
    if (!(name in own.words)) throw new Error(`there is no word ${name}`);
    return own.words[name].replace(/\{(\w+)\}/g, (_, key) => String(values[key]));
  };
}

/** A number with at most `most` digits after the point and at least `least`; a power of ten where it is huge. @param {unknown} value */
export function written(value, most = 2, least = most, useGrouping = true) {
  if (!isNumber(value)) return "–";
  const size = Math.abs(value);
  const far = size >= 1e6;
  /** @type {Intl.NumberFormatOptions} */
  const options = far ? { notation: "scientific", maximumFractionDigits: 1 } : {};
  const digits = far ? {} : { minimumFractionDigits: least, maximumFractionDigits: most };
  const text = new Intl.NumberFormat(spoken.lang, { useGrouping, ...digits, ...options }).format(size).replace("E", " × 10^");
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
}

/** A negative number in brackets, as it stands in a formula after another sign. @param {number} value */
export function bracketed(value, most = 2, least = most) {
  const text = written(value, most, least);
  return text.startsWith("−") ? `(${text})` : text;
}

/** 34100 -> "34,100" @param {unknown} value */
export function counted(value) {
  return isNumber(value) ? new Intl.NumberFormat(spoken.lang, { maximumFractionDigits: 0 }).format(value) : "–";
}

/** 0.8694 -> "86.9 %" @param {unknown} value */
export function share(value, digits = 1) {
  return isNumber(value) ? `${written(100 * value, digits)}${NBSP}%` : "–";
}
