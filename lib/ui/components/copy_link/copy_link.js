// A button in Streamlit's header: the address of what is on the screen into the clipboard, with one press.

import { find, setText } from "../base/dom.js";
import { headerPlace, isSmall, leaveFlow } from "../base/header.js";
import { View, keepView } from "../base/view.js";

/** @import { Component, Worded } from "../base/types.js" */
/** @typedef {Worded & {controls: string[]}} CopyData */

/** @extends {View<CopyData>} */
class CopyLink extends View {
  /** @param {HTMLElement} root @param {Component<CopyData>} component */
  constructor(root, component) {
    super(root, component);
    this.button = this.find("button.copy");
    this.panel = this.find(".panel");
    this.link = find(root, "input.link");
    leaveFlow(this.parent.host);
    this.button.onclick = () => (this.panel.hidden ? this.open() : this.close());
    this.find(".again").onclick = () => this.copy();
    this.find(".done").onclick = () => this.close();
    this.find(".controls").onchange = () => this.copy();
    root.onkeydown = (event) => {
      event.stopPropagation(); // plain letters are Streamlit's shortcuts
      if (event.key === "Escape" && !this.panel.hidden) this.close();
    };
    this.place = () => this.stand();
    this.outside = (/** @type {Event} */ event) => {
      if (!event.composedPath().includes(root)) this.fold();
    };
    window.addEventListener("resize", this.place);
    document.addEventListener("pointerdown", this.outside);
  }

  destroy() {
    window.removeEventListener("resize", this.place);
    document.removeEventListener("pointerdown", this.outside);
  }

  /** @param {CopyData} data */
  update(data) {
    this.data = data;
    this.write(data);
    this.button.title = data.words.copy;
    this.find("details").hidden = data.controls.length === 0;
    this.stand();
  }

  /**
   * Its words by itself: `speak` has one language and one set of words for all of a page, which are another's here.
   * @param {Worded} worded
   */
  write({ lang, words }) {
    const { root } = this;
    root.lang = lang;
    for (const node of root.querySelectorAll("[data-say]")) setText(node, words[node.dataset.say ?? ""]);
    for (const node of root.querySelectorAll("[data-aria]")) node.setAttribute("aria-label", words[node.dataset.aria ?? ""]);
  }

  /** Beside Streamlit's menu. */
  stand() {
    const { right, middle } = headerPlace();
    this.root.classList.toggle("small", isSmall());
    this.root.style.setProperty("--right", `${right}px`);
    if (middle) this.root.style.setProperty("--middle", `${middle}px`);
  }

  open() {
    const hidden = new URL(location.href).searchParams.get("hide")?.split(/[ ,]+/) ?? [];
    this.find(".controls").replaceChildren(...this.data.controls.map((name) => tick(name, hidden.includes(name))));
    this.panel.hidden = false;
    this.button.setAttribute("aria-expanded", "true");
    this.copy();
  }

  /** Its words for the controls go as well: a page has each of them once. */
  fold() {
    this.panel.hidden = true;
    this.find(".controls").replaceChildren();
    this.button.setAttribute("aria-expanded", "false");
  }

  close() {
    this.fold();
    this.button.focus();
  }

  /** The address with what is ticked left out. */
  get address() {
    const address = new URL(location.href);
    const hidden = [...this.root.querySelectorAll(".controls input")].filter((box) => box.checked).map((box) => box.value);
    if (this.data.controls.length === 0) return address.href;
    if (hidden.length) address.searchParams.set("hide", hidden.join(","));
    else address.searchParams.delete("hide");
    return address.href.replaceAll("%2C", ",");
  }

  /** Without HTTPS a browser gives no clipboard, except to this machine: then as it was done before there was one. */
  async copy() {
    this.link.value = this.address;
    let done = false;
    try {
      await navigator.clipboard.writeText(this.link.value);
      done = true;
    } catch {
      this.link.focus();
      this.link.select();
      done = document.execCommand("copy");
    }
    setText(this.find(".told"), this.data.words[done ? "copied" : "by_hand"]);
  }
}

/** @param {string} name @param {boolean} checked */
function tick(name, checked) {
  const label = document.createElement("label");
  const box = Object.assign(document.createElement("input"), { type: "checkbox", value: name, checked });
  label.append(box, name.replaceAll("_", " "));
  return label;
}

export default keepView(".copy-link", CopyLink);
