// The net editor without a page: what is sent when, and where a new layer goes.

import assert from "node:assert/strict";
import test from "node:test";
import { matchItems, newItem } from "../../lib/ui/components/net_editor/items.js";
import { learnKinds } from "../../lib/ui/components/net_editor/kinds.js";
import { placeFor } from "../../lib/ui/components/net_editor/menu.js";
import { makeOutbox } from "../../lib/ui/components/net_editor/outbox.js";
import { estimate } from "../../lib/ui/components/net_editor/shapes.js";

const map = { belongs: "among maps", endsMaps: false, convolves: false };
learnKinds({
  conv2d: { ...map, convolves: true },
  max_pool2d: map,
  flatten: { ...map, endsMaps: true },
  dense: { ...map, belongs: "last" },
  dropout: { ...map, belongs: "anywhere" },
  batch_norm: { ...map, belongs: "after maps" },
});

const layers = (...kinds) => kinds.map((kind) => ({ kind }));

test("actions leave one at a time, and a newer edit replaces an older one that has not left", () => {
  const sent = [];
  const outbox = makeOutbox((action) => sent.push(action));
  outbox.push({ type: "edit", n: 1 });
  outbox.push({ type: "edit", n: 2 });
  outbox.push({ type: "edit", n: 3 });
  outbox.push({ type: "undo" });
  assert.deepEqual(sent, [{ type: "edit", n: 1 }]);
  assert.ok(outbox.isAhead() && outbox.isWaiting());
  outbox.answered();
  outbox.answered();
  assert.deepEqual(sent.slice(1), [{ type: "edit", n: 3 }, { type: "undo" }]);
  assert.ok(!outbox.isAhead() && outbox.isWaiting());
  outbox.answered();
  assert.ok(!outbox.isWaiting());
  outbox.close();
});

test("an edit that waits for more typing leaves when it may, and an answer that is lost holds nothing up", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const sent = [];
  const outbox = makeOutbox((action) => sent.push(action));
  outbox.push({ type: "edit", n: 1 }, 150);
  outbox.push({ type: "edit", n: 2 }, 150);
  t.mock.timers.tick(149);
  assert.deepEqual(sent, []);
  t.mock.timers.tick(1);
  assert.deepEqual(sent, [{ type: "edit", n: 2 }]);
  outbox.push({ type: "undo" });
  t.mock.timers.tick(2499);
  assert.equal(sent.length, 1);
  t.mock.timers.tick(1);
  assert.deepEqual(sent[1], { type: "undo" });
  outbox.close();
});

test("a new layer goes where it can work", () => {
  const net = layers("conv2d", "max_pool2d", "flatten", "dense", "dropout");
  assert.equal(placeFor("conv2d", net, -1), 2, "before the row of numbers begins");
  assert.equal(placeFor("conv2d", net, 0), 1, "after the selected one among the maps");
  assert.equal(placeFor("conv2d", net, 4), 2, "not among the numbers");
  assert.equal(placeFor("dense", net, 0), 5);
  assert.equal(placeFor("dense", net, 3), 4);
  assert.equal(placeFor("batch_norm", net, -1), 1, "after the last convolution");
  assert.equal(placeFor("dropout", net, 1), 2);
  assert.equal(placeFor("flatten", layers("conv2d", "dense"), -1), 1);
  assert.equal(placeFor("conv2d", [], -1), 0);
});

test("what comes out of a kind that the browser does not know is not known yet, never broken", () => {
  const dense = { kind: "dense", units: 4 };
  const { rows, brokenAt } = estimate([{ kind: "swirl" }, { kind: "flatten" }, dense], [1, 8, 8], 3);
  assert.equal(brokenAt, -1);
  assert.deepEqual(rows.map(({ shape }) => shape), [null, null, null, null]);
  assert.equal(estimate([dense], [1, 8, 8], 3).brokenAt, 0, "a row is needed, maps arrive");
});

test("a line keeps its id while its layer is the same one, also when others come, go or change", () => {
  const layer = (kind, units) => ({ kind, units });
  const items = [layer("conv2d", 8), layer("flatten", 0), layer("dense", 64), layer("dense", 32)].map(newItem);
  const ids = (layers) => matchItems(items, layers).map(({ id }) => items.findIndex((item) => item.id === id));
  const [conv, flat, wide, narrow] = items.map((item) => item.layer);
  assert.deepEqual(ids([conv, flat, wide, narrow]), [0, 1, 2, 3]);
  assert.deepEqual(ids([{ units: 8, kind: "conv2d" }, flat, wide, narrow]), [0, 1, 2, 3], "in whatever order its fields come");
  assert.deepEqual(ids([conv, flat, narrow]), [0, 1, 3], "one is gone");
  assert.deepEqual(ids([conv, layer("dropout", 0), flat, wide, narrow]), [0, -1, 1, 2, 3], "one is new");
  assert.deepEqual(ids([conv, flat, layer("dense", 65), narrow]), [0, 1, 2, 3], "one has changed");
  assert.deepEqual(ids([conv, layer("dropout", 0), wide, narrow]), [0, -1, 2, 3], "one has become another kind");
  assert.deepEqual(ids([]), []);
  const made = matchItems([], [conv, conv]);
  assert.notEqual(made[0].id, made[1].id);
  assert.notEqual(made[0].layer, conv, "an edit here changes nothing that came from the server");
});
