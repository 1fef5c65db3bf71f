// Words with numbers in them, in the form that goes with the number.

import assert from "node:assert/strict";
import test from "node:test";
import { formFor } from "../../lib/ui/components/base/words.js";

test("the forms of a word are counted as gettext counts them", () => {
  assert.deepEqual([0, 1, 2, 1000].map((count) => formFor("de", count, 2)), [1, 0, 1, 1]);
  assert.deepEqual([0, 1, 2, 1000].map((count) => formFor("fr", count, 2)), [0, 0, 1, 1]);
  assert.deepEqual([1, 2, 5, 22].map((count) => formFor("pl", count, 3)), [0, 1, 2, 1]);
});
