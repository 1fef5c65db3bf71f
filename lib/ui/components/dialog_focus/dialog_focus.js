// A button that is disabled loses the focus. The dialog keeps it meanwhile, and the button gets it back.

import { keepView } from "../base/view.js";

export default (component) => keepView(component, ".keeper", DialogFocus);

class DialogFocus {
  constructor(_root, parent) {
    const { host } = parent;
    this.dialog = host.closest('[role="dialog"]');
    if (!this.dialog) return;
    host.closest('[data-testid="stElementContainer"]').style.position = "absolute"; // takes up no gap
    this.remember = ({ target }) => {
      if (target !== this.dialog) this.last = target;
    };
    this.dialog.addEventListener("focusin", this.remember);
    this.sleepers = new MutationObserver(() => this.restore());
    this.sleepers.observe(this.dialog, { subtree: true, attributes: true, attributeFilter: ["disabled"] });
  }

  update() {}

  restore() {
    const now = document.activeElement;
    const lost = now === document.body || now === this.dialog || now.disabled;
    if (lost && this.last?.isConnected) (this.last.disabled ? this.dialog : this.last).focus({ preventScroll: true });
  }

  destroy() {
    this.dialog?.removeEventListener("focusin", this.remember);
    this.sleepers?.disconnect();
  }
}
