// Where words of the field stand in a text: whole words only, in the forms that a language gives them.

/** @typedef {{term: string, forms: string[]}} Sought */

// What a word of a term may end with where there are several of it, or in another case.
/** @type {Record<string, string>} */
const ENDINGS = { en: "(?:e?s)?", de: "(?:e[nrs]?|[ns])?", es: "(?:e?s)?", fr: "[sx]?" };

/** @param {string} text */
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** A form as a pattern: any space between its words, an ending at each. @param {string} form @param {string} ending */
const patternOf = (form, ending) => form.split(/\s+/).map((word) => escaped(word) + (/\p{L}$/u.test(word) ? ending : "")).join("\\s+");

/**
 * What finds these terms in texts of a language; the longest form wins: “batch size” is no “batch”.
 * @param {Sought[]} terms
 * @param {string} lang
 */
export function finderOf(terms, lang) {
  const ending = ENDINGS[lang] ?? "";
  const all = terms.flatMap(({ term, forms }) => forms.map((form) => ({ term, form })));
  all.sort((a, b) => b.form.length - a.form.length);
  if (!all.length) return () => [];
  const one = all.map(({ form }) => `(${patternOf(form, ending)})`).join("|");
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}_-])(?:${one})(?![\\p{L}\\p{N}_-])`, "giu");
  /** @param {string} text */
  return (text) =>
    [...text.matchAll(pattern)].map((found) => {
      const at = found.findIndex((group, i) => i > 0 && group !== undefined) - 1;
      return { term: all[at].term, start: found.index, end: found.index + found[0].length };
    });
}
