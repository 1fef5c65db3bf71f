import assert from "node:assert/strict";
import { test } from "node:test";
import { barsOf } from "../../lib/ui/components/flip_book/bars.js";

test("the classes in question stand first, then the likeliest others", () => {
  assert.deepEqual(barsOf([0.1, 0.5, 0.05, 0.3, 0.05], [2, null]), { best: 1, rows: [2, 1, 3, 0] });
  assert.deepEqual(barsOf([0.1, 0.9], [1, 1]), { best: 1, rows: [1, 0] });
  assert.deepEqual(barsOf([0.2, 0.8, 0], [0, 7]), { best: 1, rows: [0, 1, 2] });
});
