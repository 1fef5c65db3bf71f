// Words with numbers in them, in the form that goes with the number.

import assert from "node:assert/strict";
import test from "node:test";
import { clock, percent, plain, threeFigures } from "../../lib/ui/components/base/numbers.js";
import { formFor, say, share, spoken } from "../../lib/ui/components/base/words.js";

test("the forms of a word are counted as gettext counts them", () => {
  assert.deepEqual([0, 1, 2, 1000].map((count) => formFor("de", count, 2)), [1, 0, 1, 1]);
  assert.deepEqual([0, 1, 2, 1000].map((count) => formFor("fr", count, 2)), [0, 0, 1, 1]);
  assert.deepEqual([1, 2, 5, 22].map((count) => formFor("pl", count, 3)), [0, 1, 2, 1]);
});

test("numbers are in the page's language, whoever writes them", () => {
  const said = () => [percent(0.8694), share(0.8694), threeFigures(1986), threeFigures(2.31), plain(-0.5), clock(61)].map((text) => text.replace(/\s/g, " "));
  assert.deepEqual(said(), ["86.9 %", "86.9 %", "1,986", "2.31", "−0.500", "1:01"]);
  try {
    spoken.lang = "de";
    assert.deepEqual(said(), ["86,9 %", "86,9 %", "1.986", "2,31", "−0,500", "1:01"]);
    assert.equal(say({ lang: "de", words: { rate: "Lernrate {rate}" } }, "rate", { rate: 0.001 }), "Lernrate 0,001");
    spoken.lang = "fr";
    assert.equal(threeFigures(1986), "1\u202f986");
  } finally {
    spoken.lang = "en";
  }
});
