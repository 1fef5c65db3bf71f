// The words of a component as its catalogue has them, for tests that read sentences.

import { readFileSync } from "node:fs";
import { say } from "../lib/ui/components/base/words.js";

/** @param {string} component @param {string} lang */
export function wordsOf(component, lang = "en") {
  const text = readFileSync(new URL(`../lib/ui/words/${lang}.po`, import.meta.url), "utf8");
  const entries = text.matchAll(new RegExp(`^msgid "${component}\\.(\\w+)"\\n(?:msgid_plural .*\\n)?((?:msgstr.*\\n)+)`, "gm"));
  const words = [...entries].map(([, name, lines]) => {
    const forms = [...lines.matchAll(/"(.*)"/g)].map(([, form]) => form);
    return [name, forms.length > 1 ? forms : forms[0]];
  });
  return Object.fromEntries(words);
}

/** @param {string} component @param {string} lang */
export function sayingOf(component, lang = "en") {
  const words = wordsOf(component, lang);
  return (/** @type {string} */ name, /** @type {Record<string, unknown>} */ values) => say({ lang, words }, name, values);
}
