// Losses and their pulls, against slopes measured by moving the score a little.

import assert from "node:assert/strict";
import test from "node:test";
import { LOSSES, lossesAt, pullsAt, sse, withOutput } from "../../lib/ui/components/loss_lab/losses.js";

const PICTURES = [
  { outputs: [0.37, 0.5, 0.13], label: 0 },
  { outputs: [0.12, 0.8, 0.08], label: 1 },
  { outputs: [0.3, 0.25, 0.45], label: 2 },
];

const softmax = (scores) => {
  const powers = scores.map(Math.exp);
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
};

test("outputs always add up to one, and the others keep their proportions", () => {
  for (const value of [0, 0.2, 0.99, 1]) {
    const outputs = withOutput([0.37, 0.5, 0.13], 1, value);
    assert.equal(outputs[1], value);
    assert.ok(Math.abs(outputs.reduce((a, b) => a + b) - 1) < 1e-12);
    if (value < 1) assert.ok(Math.abs(outputs[0] / outputs[2] - 0.37 / 0.13) < 1e-9);
  }
  assert.deepEqual(withOutput([0, 1, 0], 1, 0.5), [0.25, 0.5, 0.25], "who had all of it shares equally");
});

test("the losses are those of the formulas", () => {
  assert.ok(Math.abs(sse(PICTURES[0]) - (0.63 ** 2 + 0.5 ** 2 + 0.13 ** 2)) < 1e-12);
  const losses = lossesAt(PICTURES, 0, 0.37);
  assert.ok(Math.abs(losses.sse - sse(PICTURES[0])) < 1e-12);
  assert.ok(Math.abs(losses.mse - PICTURES.reduce((total, each) => total + sse(each), 0) / 3) < 1e-12);
  assert.ok(Math.abs(losses.ce + Math.log(0.37)) < 1e-12);
  assert.equal(lossesAt(PICTURES, 0, 0).ce, Infinity);
});

test("a pull is the slope of its loss to the score of the right class", () => {
  const small = 1e-5;
  for (const [at, { outputs, label }] of PICTURES.entries()) {
    const moved = (by) => {
      const scores = outputs.map((p, i) => Math.log(p) + (i === label ? by : 0));
      const changed = PICTURES.map((each, i) => (i === at ? { label, outputs: softmax(scores) } : each));
      return lossesAt(changed, at, changed[at].outputs[label]);
    };
    const [more, less, pulls] = [moved(small), moved(-small), pullsAt(PICTURES, at, outputs[label])];
    for (const loss of LOSSES) assert.ok(Math.abs(Math.abs(more[loss] - less[loss]) / (2 * small) - pulls[loss]) < 1e-7, loss);
  }
});
