// A pointer that drags, on an element that is only pretended.

import assert from "node:assert/strict";
import test from "node:test";
import { placeIn, whenDragged } from "../../lib/ui/components/base/drag.js";

class Surface extends EventTarget {
  captured = new Set();

  setPointerCapture(id) {
    this.captured.add(id);
  }

  hasPointerCapture(id) {
    return this.captured.has(id);
  }

  say(name, more) {
    this.dispatchEvent(Object.assign(new Event(name), { pointerId: 1, button: 0, ...more }));
  }
}

test("a pointer is heard from its press on, and not while it only hovers", () => {
  const surface = new Surface();
  const heard = [];
  whenDragged(surface, ({ clientX }) => heard.push(clientX));
  surface.say("pointermove", { clientX: 1 });
  surface.say("pointerdown", { clientX: 2, button: 2 });
  surface.say("pointermove", { clientX: 3 });
  assert.deepEqual(heard, [], "hovering and the other button drag nothing");
  surface.say("pointerdown", { clientX: 4 });
  surface.say("pointermove", { clientX: 5 });
  surface.captured.clear(); // as browsers do when the button is let go
  surface.say("pointermove", { clientX: 6 });
  assert.deepEqual(heard, [4, 5]);
});

test("a place is a share of the element, beyond its edges too", () => {
  const element = { getBoundingClientRect: () => ({ left: 10, top: 20, width: 200, height: 50 }) };
  assert.deepEqual(placeIn(element, { clientX: 110, clientY: 20 }), { x: 0.5, y: 0 });
  assert.deepEqual(placeIn(element, { clientX: -10, clientY: 95 }), { x: -0.1, y: 1.5 });
});
