// A button that is disabled loses the focus. The dialog keeps it meanwhile, and the button gets it back.

import { targetOf } from "../base/dom.js";
import { View, keepView } from "../base/view.js";

/** @import { Component } from "../base/types.js" */

/** @extends {View<null>} */
class DialogFocus extends View {
  /** @type {HTMLButtonElement} */ last;

  /** @param {HTMLElement} root @param {Component<null>} component */
  constructor(root, component) {
    super(root, component);
    const { parent } = this;
    const { host } = parent;
    this.dialog = host.closest('[role="dialog"]');
    if (!this.dialog) return;
    const box = host.closest('[data-testid="stElementContainer"]');
    if (box) box.style.position = "absolute"; // takes up no gap
    this.remember = (/** @type {FocusEvent} */ event) => {
      if (event.target !== this.dialog) this.last = /** @type {HTMLButtonElement} */ (targetOf(event));
    };
    this.dialog.addEventListener("focusin", this.remember);
    this.sleepers = new MutationObserver(() => this.restore());
    this.sleepers.observe(this.dialog, { subtree: true, attributes: true, attributeFilter: ["disabled"] });
  }

  update() {}

  restore() {
    const now = /** @type {HTMLButtonElement | null} */ (document.activeElement);
    const lost = now === document.body || now === this.dialog || now?.disabled;
    if (lost && this.last?.isConnected) (this.last.disabled ? this.dialog : this.last)?.focus({ preventScroll: true });
  }

  destroy() {
    if (this.remember) this.dialog?.removeEventListener("focusin", this.remember);
    this.sleepers?.disconnect();
  }
}

export default keepView(".keeper", DialogFocus);
