// Going down a curve without a page: shapes, slopes, what is in view, and what is said of a walk.

import assert from "node:assert/strict";
import test from "node:test";
import { OWN_CURVES, frameOf, shapeOf } from "../../lib/ui/components/descent/curves.js";
import { howItGoes, stepDown } from "../../lib/ui/components/descent/walk.js";

const POINTS = { name: "real", positions: [-1, -0.4, 0.1, 0.7, 1.2], losses: [2, 1.1, 0.6, 0.9, 1.8] };
const BOWL = { name: "bowl", from: -1, to: 2 };

test("a slope is how the loss changes, between points and beyond them", () => {
  for (const shape of [...Object.values(OWN_CURVES), shapeOf(POINTS)]) {
    for (let w = -1.63; w < 2; w += 0.11) {
      const measured = (shape.loss(w + 1e-6) - shape.loss(w - 1e-6)) / 2e-6;
      assert.ok(Math.abs(measured - shape.slope(w)) < 1e-4, `at ${w}`);
    }
  }
});

test("a curve through points goes through them", () => {
  const { loss } = shapeOf(POINTS);
  POINTS.positions.forEach((w, i) => assert.ok(Math.abs(loss(w) - POINTS.losses[i]) < 1e-12));
  assert.throws(() => shapeOf({ name: "no such" }), /no such/);
});

test("what is in view holds the whole curve", () => {
  for (const [name, shape] of Object.entries(OWN_CURVES)) {
    const frame = frameOf({ name, from: -1, to: 3 }, shape);
    for (let w = -1; w <= 3; w += 0.05) assert.ok(shape.loss(w) > frame.bottom && shape.loss(w) < frame.top);
    assert.ok(frame.flat > 0);
  }
  const cut = frameOf({ ...BOWL, top: 0.5 }, OWN_CURVES.bowl);
  assert.deepEqual([cut.bottom, cut.top], [0, 0.5]);
});

test("every walk is told as what it is", () => {
  const shape = OWN_CURVES.bowl;
  const frame = frameOf(BOWL, shape);
  const told = (rate, steps, start = 0) => {
    const walk = [{ w: start, velocity: 0 }];
    for (let i = 0; i < steps; i++) walk.push(stepDown(walk[i], shape.slope(walk[i].w), rate, 0));
    return howItGoes(walk, shape, BOWL, frame);
  };
  assert.equal(told(0.1, 0), "left", "the slope falls to the right");
  assert.equal(told(0.1, 0, 1.5), "right");
  assert.equal(told(0.5, 2), "flat", "a parabola is down after one step at the rate 1 / curvature, and rests after the next");
  assert.equal(told(0.95, 6), "bounces");
  assert.equal(told(1.05, 4), "grows");
  assert.equal(told(1.5, 20), "far");
  assert.equal(told(0.001, 15), "crawls");
});

test("momentum goes on where there is no slope any more", () => {
  assert.deepEqual(stepDown({ w: 1, velocity: 2 }, 0, 0.1, 0.5), { w: 0.9, velocity: 1 });
});
