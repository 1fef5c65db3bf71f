import assert from "node:assert/strict";
import { test } from "node:test";
import { sayingOf } from "../catalogue.js";
import { turnWords, waitWords } from "../../lib/ui/components/run_monitor/line.js";

const word = sayingOf("run_monitor");

const running = { state: "running", epoch: 1, epochs: 5, step: 9, seconds: 1, progress: 0.1, learning_rate: 0.1 };

test("a run that is alone says nothing of turns", () => {
  assert.equal(turnWords({ ...running, waiting: 0, turn_every: null, workers: 1 }, word), "");
});

test("one among thirty says how often its turn comes", () => {
  const shared = { ...running, waiting: 29, turn_every: 1.24, workers: 1 };
  assert.equal(turnWords(shared, word), "your turn comes every 1.2 s, 29 others");
  assert.equal(turnWords({ ...shared, workers: 2 }, word), "your turn comes every 1.2 s, 29 others on 2 workers");
  assert.equal(turnWords({ ...shared, turn_every: null }, word), "29 others in line");
  assert.equal(turnWords({ ...shared, waiting: 1 }, word), "your turn comes every 1.2 s, 1 other");
});

test("only a run that trains has turns", () => {
  assert.equal(turnWords({ ...running, state: "paused", waiting: 3, turn_every: 0.4, workers: 1 }, word), "");
});

test("one that waits says how many are ahead", () => {
  assert.deepEqual(
    [0, 1, 29].map((waiting) => waitWords({ ...running, state: "pending", waiting }, word)),
    ["starts in a moment", "waiting: 1 run is ahead", "waiting: 29 runs are ahead"],
  );
});
