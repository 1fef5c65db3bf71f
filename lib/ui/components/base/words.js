// The words of a part of the page in the page's language, and numbers as that language writes them.

import { setText } from "./dom.js";
import { NBSP, isNumber, spoken } from "./numbers.js";

export { spoken };

/** @import { Worded } from "./types.js" */

/**
 * Write what `data-say` and `data-aria` name in `root` and below it, and numbers in this language from now on.
 * @param {HTMLElement} root
 * @param {Worded} worded
 */
export function speak(root, worded) {
  root.lang = spoken.lang = worded.lang;
  for (const node of root.querySelectorAll("[data-say]")) setText(node, say(worded, node.dataset.say ?? ""));
  for (const node of [root, ...root.querySelectorAll("[data-aria]")]) {
    if (node.dataset.aria) node.setAttribute("aria-label", say(worded, node.dataset.aria));
  }
}

// As gettext numbers the forms of a word, for the whole numbers that a language tells apart.
const FORMS = ["zero", "one", "two", "few", "many", "other"];

/** Which of so many `forms` of a word goes with a number. @param {string} lang @param {number} count @param {number} forms */
export function formFor(lang, count, forms) {
  const rules = new Intl.PluralRules(lang);
  const kinds = FORMS.filter((kind) => rules.resolvedOptions().pluralCategories.some((each) => each === kind));
  return Math.min(kinds.indexOf(rules.select(count)), forms - 1); // gettext knows no form for fractions or millions
}

/** A value in its place: numbers as the language writes them. @param {unknown} value @param {string} lang */
const placed = (value, lang) => {
  if (Number.isInteger(value)) return counted(value, lang);
  return isNumber(value) ? new Intl.NumberFormat(lang, { maximumSignificantDigits: 12 }).format(value) : String(value);
};

/** The sentence called `name`, with `values` in its places. @param {Worded} worded @param {string} name @param {Record<string, unknown>} values */
export function say({ lang, words }, name, values = {}) {
  if (!(name in words)) throw new Error(`there is no word ${name}`);
  const word = words[name];
  const form = Array.isArray(word) ? word[formFor(lang, Number(values.count), word.length)] : word;
  return form.replace(/\{(\w+)\}/g, (_, key) => placed(values[key], lang));
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
export function counted(value, lang = spoken.lang) {
  return isNumber(value) ? new Intl.NumberFormat(lang, { maximumFractionDigits: 0, useGrouping: true }).format(value) : "–";
}

/** 0.8694 -> "86.9 %" @param {unknown} value */
export function share(value, digits = 1) {
  return isNumber(value) ? `${written(100 * value, digits)}${NBSP}%` : "–";
}
