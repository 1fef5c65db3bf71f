// One polite voice: what it says, when, and in which words.

import assert from "node:assert/strict";
import test from "node:test";
import { PAUSE_MS, Pacer } from "../../lib/ui/components/base/voice.js";
import { spoken } from "../../lib/ui/components/base/numbers.js";
import { sayingOf, wordsOf } from "../catalogue.js";
import { toldOf, trendOf, walked } from "../../lib/ui/components/run_monitor/ears.js";

test("a curve that tells something ten times a second is heard every five seconds, with its newest sentence", () => {
  const pacer = new Pacer();
  const heard = [];
  for (let now = 0; now < 20_000; now += 100) {
    pacer.offer("curve", `at ${now}`);
    const sentence = pacer.next(now);
    if (sentence) heard.push([now, sentence]);
  }
  assert.deepEqual(heard, [0, 5000, 10_000, 15_000].map((now) => [now, `at ${now}`]));
  assert.equal(PAUSE_MS, 5000);
});

test("no part of the page drowns another, and nothing is said twice", () => {
  const pacer = new Pacer(10);
  const heard = [];
  for (let now = 0; now <= 40; now += 10) {
    pacer.offer("curve", `curve ${now}`);
    pacer.offer("maps", "maps");
    heard.push(pacer.next(now));
  }
  assert.deepEqual(heard, ["curve 0", "maps", "curve 20", "curve 30", "curve 40"]);
  assert.equal(pacer.wait(40), null);
});

test("what comes by itself waits for an answer that was asked for", () => {
  const pacer = new Pacer(10);
  pacer.hold(0);
  pacer.offer("curve", "news");
  assert.equal(pacer.next(9), null);
  assert.equal(pacer.wait(4), 6);
  assert.equal(pacer.next(10), "news");
});

test("less than half a point is no change", () => {
  assert.equal(trendOf([0.1, 0.9, 0.91]), "rising");
  assert.equal(trendOf([0.9, 0.89]), "falling");
  assert.equal(trendOf([0.9, 0.902]), "level");
  assert.equal(trendOf([0.9, null]), "level");
});

test("the curve is told in every language", () => {
  const told = { en: "Epoch 3 of 5, validation 91.0\u00a0%, rising.", de: "Epoche 3 von 5, Validierung 91,0\u00a0%, steigend.", es: "Época 3 de 5, validación 91,0\u00a0%, subiendo.", fr: "Époque 3 sur 5, validation 91,0\u00a0%, en hausse." };
  for (const [lang, sentence] of Object.entries(told)) {
    spoken.lang = lang;
    const [word, { validation }] = [sayingOf("run_monitor", lang), wordsOf("run_monitor", lang)];
    assert.equal(toldOf(word, { epoch: 3, epochs: 5, what: validation, accuracies: [0.8, 0.91] }), sentence);
  }
  spoken.lang = "en";
});

test("keys walk along a curve to its ends and not beyond", () => {
  assert.equal(walked("Home", 40, 500), 0);
  assert.equal(walked("End", 40, 500), 499);
  assert.equal(walked("ArrowRight", 40, 500), 50);
  assert.equal(walked("ArrowLeft", 4, 500), 0);
  assert.equal(walked("PageDown", 450, 500), 499);
  assert.equal(walked("ArrowRight", 0, 3), 1);
  assert.equal(walked("a", 0, 3), null);
  assert.equal(walked("End", 0, 0), null);
});
