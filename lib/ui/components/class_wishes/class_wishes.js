// Buttons that wish something of the class: each is a POST with the page's token, and the page runs again after it.

import { childrenOf, fitChildren, newButton, setText } from "../base/dom.js";
import { View, keepView } from "../base/view.js";
import { refusalOf } from "../base/wishes.js";

/** @import { Component } from "../base/types.js" */
/** @typedef {{label: string, wish: Record<string, unknown>, look: string, pressed: boolean | null, sure: string}} Wish */
/** @typedef {{token: string, buttons: Wish[], label: string, failed: string, refusals: Record<string, string>}} WishesData */

/** @extends {View<WishesData>} */
class Wishes extends View {
  /** @param {HTMLElement} root @param {Component<WishesData>} component */
  constructor(root, component) {
    super(root, component);
    this.done = 0;
    /** The button that asks whether it is meant. @type {HTMLElement | null} */
    this.asks = null;
  }

  /** @param {WishesData} data */
  update(data) {
    this.data = data;
    this.root.setAttribute("aria-label", data.label);
    fitChildren(this.find(".row"), data.buttons.length, newButton);
    this.draw();
  }

  draw() {
    const nodes = /** @type {HTMLButtonElement[]} */ (childrenOf(this.find(".row")));
    nodes.forEach((node, at) => {
      const { label, look, pressed, sure } = this.data.buttons[at];
      setText(node, this.asks === node ? sure : label);
      node.className = look;
      if (pressed === null) node.removeAttribute("aria-pressed");
      else node.setAttribute("aria-pressed", String(pressed));
      node.onclick = () => void this.press(node, at);
    });
  }

  /** @param {HTMLButtonElement} node @param {number} at */
  async press(node, at) {
    const { wish, sure } = this.data.buttons[at];
    const asked = this.asks === node;
    this.asks = sure && !asked ? node : null;
    this.draw();
    if (this.asks) return;
    node.disabled = true;
    const refusal = await refusalOf("teacher", this.data.token, wish);
    node.disabled = false;
    const trouble = this.find(".trouble");
    setText(trouble, refusal && (this.data.refusals[refusal] ?? this.data.failed));
    trouble.hidden = refusal === "";
    if (!refusal) this.component.setTriggerValue("done", Date.now());
  }
}

export default keepView(".class-wishes", Wishes);
