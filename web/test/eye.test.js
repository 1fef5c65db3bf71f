import assert from "node:assert/strict";
import { test } from "node:test";
import { middleOf, whyNot } from "../../lib/ui/components/live_camera/eye.js";

test("the middle of a camera's picture in the net's own shape", () => {
  assert.deepEqual(middleOf(640, 480, 1), { x: 80, y: 0, width: 480, height: 480 });
  assert.deepEqual(middleOf(480, 640, 1), { x: 0, y: 80, width: 480, height: 480 });
  assert.deepEqual(middleOf(640, 480, 2), { x: 0, y: 80, width: 640, height: 320 });
  assert.deepEqual(middleOf(100, 100, 0.5), { x: 25, y: 0, width: 50, height: 100 });
});

const named = (/** @type {string} */ name) => Object.assign(new Error(name), { name });

test("each way to have no camera has its word", () => {
  assert.equal(whyNot(named("NotFoundError")), "missing");
  assert.equal(whyNot(named("OverconstrainedError")), "missing");
  assert.equal(whyNot(named("NotAllowedError")), "refused");
  assert.equal(whyNot(named("NotReadableError")), "taken");
  assert.equal(whyNot("?"), "taken");
});
