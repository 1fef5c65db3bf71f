import assert from "node:assert/strict";
import { test } from "node:test";

import { Drawing } from "../../lib/ui/components/canvas/drawing.js";
import { Sender } from "../../lib/ui/components/canvas/sender.js";

/** @param {number} strokes */
function drawn(strokes) {
  const drawing = new Drawing();
  for (let i = 0; i < strokes; i++) {
    const stroke = drawing.begin(0.1, [0.1 * i, 0]);
    drawing.extend(stroke, [0.1 * i, 0.5]);
  }
  return drawing;
}

test("strokes are taken back one by one, from the last", () => {
  const drawing = drawn(3);
  assert.equal(drawing.undo(), "removed");
  assert.deepEqual(drawing.strokes.map(({ points }) => points[0][0]), [0, 0.1]);
  assert.deepEqual([drawing.undo(), drawing.undo(), drawing.undo()], ["removed", "removed", null]);
  assert.ok(drawing.isEmpty && !drawing.canUndo);
});

test("right after clearing, everything comes back; once something is drawn, nothing does", () => {
  const drawing = drawn(2);
  assert.ok(drawing.clear() && drawing.isEmpty && drawing.canUndo);
  assert.equal(drawing.clear(), false);
  assert.equal(drawing.undo(), "restored");
  assert.equal(drawing.strokes.length, 2);
  drawing.clear();
  drawing.begin(0.1, [0, 0]);
  assert.equal(drawing.undo(), "removed");
  assert.equal(drawing.undo(), null);
});

test("points closer than can be seen add nothing, and are no change", () => {
  const drawing = new Drawing();
  const stroke = drawing.begin(0.1, [0.5, 0.5]);
  const { turn } = drawing;
  assert.equal(drawing.extend(stroke, [0.501, 0.5]), false);
  assert.deepEqual([stroke.points.length, drawing.turn], [1, turn]);
  assert.equal(drawing.extend(stroke, [0.52, 0.5]), true);
  assert.deepEqual([stroke.points.length, drawing.turn], [2, turn + 1]);
});

test("every change has a number of its own", () => {
  const drawing = drawn(2);
  const turns = [drawing.turn];
  for (const change of [() => drawing.undo(), () => drawing.clear(), () => drawing.undo(), () => drawing.begin(0.1, [0, 0])]) {
    change();
    turns.push(drawing.turn);
  }
  assert.deepEqual(turns, [...new Set(turns)].sort((a, b) => a - b));
});

test("the server hears of a drawing that grows after a moment, and at once when the pen rests", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  /** @type {number[]} */
  const heard = [];
  const drawing = new Drawing();
  const sender = new Sender(drawing, false, ({ turn }) => heard.push(turn));
  drawing.undo();
  sender.touch();
  t.mock.timers.tick(119);
  assert.equal(sender.isWaiting, true);
  assert.deepEqual(heard, []);
  sender.rest(); // empty paper has no picture to compress
  return Promise.resolve().then(() => {
    assert.deepEqual(heard, [0]);
    t.mock.timers.tick(1_000);
    return Promise.resolve().then(() => assert.deepEqual(heard, [0])); // nothing new, nothing said
  });
});

test("where the page answers itself the server waits for the next stroke; a closed one says nothing", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  /** @type {number[]} */
  const heard = [];
  const sender = new Sender(new Drawing(), false, ({ turn }) => heard.push(turn));
  sender.followed = true;
  sender.touch();
  assert.equal(sender.isWaiting, false);
  sender.rest();
  t.mock.timers.tick(500);
  sender.hold(); // the next stroke begins
  t.mock.timers.tick(5_000);
  assert.deepEqual(heard, []);
  sender.rest();
  sender.close();
  t.mock.timers.tick(5_000);
  assert.deepEqual(heard, []);
});
