// Words of the field in a text: whole words, in their forms, the longest first.

import assert from "node:assert/strict";
import test from "node:test";
import { finderOf } from "../../lib/ui/components/term_cards/finder.js";

const found = (terms, lang, text) => finderOf(terms, lang)(text).map(({ term, start, end }) => [term, text.slice(start, end)]);
const ENGLISH = [
  { term: "batch", forms: ["batch"] },
  { term: "batch_size", forms: ["batch size"] },
  { term: "mcnemar", forms: ["McNemar's test"] },
  { term: "t_sne", forms: ["t-SNE"] },
];

test("the longest form wins, and a plural is the same word", () => {
  assert.deepEqual(found(ENGLISH, "en", "Batches; a batch  size of 32"), [["batch", "Batches"], ["batch_size", "batch  size"]]);
});

test("a part of a word is no word", () => {
  assert.deepEqual(found(ENGLISH, "en", "unbatched, batchwise, batch-free, 3batch"), []);
});

test("signs in a term mean themselves", () => {
  assert.deepEqual(found(ENGLISH, "en", "By McNemar's test, and T-SNE."), [["mcnemar", "McNemar's test"], ["t_sne", "T-SNE"]]);
});

test("words take the endings of their language", () => {
  const map = [{ term: "map", forms: ["carte de caractéristiques"] }];
  assert.deepEqual(found(map, "fr", "Cartes de caractéristiques"), [["map", "Cartes de caractéristiques"]]);
  const layer = [{ term: "layer", forms: ["Schicht"] }];
  assert.deepEqual(found(layer, "de", "mit zwei Schichten, Schichtung"), [["layer", "Schichten"]]);
  const net = [{ term: "neuron", forms: ["neurona"] }];
  assert.deepEqual(found(net, "es", "Las neuronas"), [["neuron", "neuronas"]]);
});

test("no terms find nothing", () => {
  assert.deepEqual(finderOf([], "en")("batch"), []);
});
