// The script that stands in every page, in a browser that is only a list of entries.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import vm from "node:vm";

const SCRIPT = readFileSync(new URL("../../lib/ui/frame/assets/history.js", import.meta.url), "utf8");
const VALUES = { NAMES: ["net", "lr"], PAGES: ["train", "data"], TURN: "turn", PLACE: "place" };

/** A browser at `start`, with the script in it. @param {string} start */
function browserAt(start) {
  const heard = new EventTarget();
  const entries = [{ href: new URL(start, "http://it"), state: null }];
  let at = 0;
  const put = (/** @type {boolean} */ isNew) => (/** @type {any} */ state, /** @type {string} */ _title, /** @type {string} */ address) => {
    const entry = { href: new URL(address, entries[at].href), state };
    if (isNew) entries.splice(++at, entries.length, entry);
    else entries[at] = entry;
  };
  const world = {
    ...VALUES, URL, Event, setTimeout, Number, console,
    PopStateEvent: class extends Event {},
    addEventListener: heard.addEventListener.bind(heard),
    dispatchEvent: heard.dispatchEvent.bind(heard),
    history: { pushState: put(true), replaceState: put(false), get state() { return entries[at].state; } },
    get location() { return entries[at].href; },
  };
  vm.runInNewContext(SCRIPT, world);
  /** @type {string[]} */
  const asked = []; // what Streamlit reads where the person goes back or forward
  heard.addEventListener("popstate", () => asked.push(world.location.search));
  return {
    history: world.history,
    asked,
    get bar() { return world.location.pathname + world.location.search; },
    get entries() { return entries.map(({ href }) => href.pathname + href.search); },
    touch: () => heard.dispatchEvent(new Event("pointerdown")),
    go(/** @type {number} */ by) {
      at += by;
      heard.dispatchEvent(new Event("popstate"));
    },
  };
}

/** One that has come from Start to Train and changed its net twice. */
function browserAtWork() {
  const browser = browserAt("/");
  browser.history.pushState({}, "", "/train");
  for (const net of ["a", "b", "c"]) {
    browser.history.pushState({}, "", `/train?net=${net}&place=train`);
    browser.touch();
  }
  return browser;
}

/** Streamlit has read the address so often, and the script has taken its own parts out of it. @param {ReturnType<typeof browserAt>} browser @param {number} times */
async function haveAsked(browser, times) {
  while (browser.asked.length < times || browser.bar.includes("turn=")) await pause(1);
}

test("every set-up has one entry, and the address of a page that has just opened none of its own", () => {
  assert.deepEqual(browserAtWork().entries, ["/", "/train?net=a", "/train?net=b", "/train?net=c"]);
});

test("an address that comes before its page waits for it", () => {
  const browser = browserAt("/?lang=en");
  browser.touch();
  browser.history.pushState({}, "", "/?net=a&lang=en&place=train"); // Streamlit is still at Start
  assert.equal(browser.bar, "/?lang=en");
  browser.history.pushState({}, "", "/train?net=a&lang=en&place=train");
  browser.history.pushState({}, "", "/train?net=b&lang=en&place=train"); // no hand on anything yet, and settled all the same
  assert.deepEqual(browser.entries, ["/?lang=en", "/train?net=a&lang=en", "/train?net=b&lang=en"]);
});

test("what a page writes that was left is lost", () => {
  const browser = browserAtWork();
  browser.history.pushState({}, "", "/data");
  browser.history.pushState({}, "", "/data?net=z&place=train");
  browser.history.replaceState({}, "", "/data?net=z&place=train");
  browser.history.pushState({}, "", "/data?view=rows&place=data");
  assert.equal(browser.bar, "/data?view=rows");
  browser.history.pushState({}, "", "/");
  browser.history.pushState({}, "", "/?lang=de&place=");
  assert.equal(browser.bar, "/?lang=de");
});

test("Back has a number that the page answers with, and nobody sees", async () => {
  const browser = browserAtWork();
  browser.go(-1);
  assert.deepEqual(browser.asked, ["?net=b&turn=1"]);
  await haveAsked(browser, 1);
  assert.equal(browser.bar, "/train?net=b");
  browser.history.replaceState({}, "", "/train?net=b&run=1&turn=1&place=train");
  assert.equal(browser.bar, "/train?net=b&run=1");
  browser.go(1);
  assert.equal(browser.asked.at(-1), "?net=c&turn=2");
});

test("what was written before Back does not undo it, and the question is put again", async () => {
  for (const way of /** @type {const} */ (["pushState", "replaceState"])) {
    const browser = browserAtWork();
    browser.go(-1);
    await haveAsked(browser, 1);
    browser.history[way]({}, "", "/train?net=d&place=train");
    await haveAsked(browser, 2);
    assert.deepEqual(browser.entries, ["/", "/train?net=a", "/train?net=b", "/train?net=c"]);
    assert.equal(browser.bar, "/train?net=b");
    assert.deepEqual(browser.asked, ["?net=b&turn=1", "?net=b&turn=1"]); // the same Back
    browser.touch();
    browser.history.pushState({}, "", "/train?net=e&turn=1&place=train");
    assert.deepEqual(browser.entries, ["/", "/train?net=a", "/train?net=b", "/train?net=e"]);
  }
});

test("a place on the page is no Back", async () => {
  const browser = browserAtWork();
  browser.go(0);
  await pause(5); // if there were anything to come
  assert.deepEqual([browser.asked, browser.bar], [["?net=c"], "/train?net=c"]);
});
