// A button in Streamlit's header: the address of what is on the screen into the clipboard, with one press.

import { find, setText } from "../base/dom.js";
import { headerPlace, isSmall, leaveFlow } from "../base/header.js";
import { View, keepView } from "../base/view.js";

/** @import { Component, Worded } from "../base/types.js" */
/** @typedef {Worded & {controls: string[], projector: boolean}} CopyData */

/** @extends {View<CopyData>} */
class CopyLink extends View {
  /** @param {HTMLElement} root @param {Component<CopyData>} component */
  constructor(root, component) {
    super(root, component);
    this.button = this.find("button.copy");
    this.panel = this.find(".panel");
    this.link = find(root, "input.link");
    this.speak(component.data);
    leaveFlow(this.parent.host);
    this.button.onclick = () => (this.panel.hidden ? this.open() : this.close());
    this.find(".large").onclick = () => {
      this.enlarge(!this.data.projector); // charts look how large they are to be when the page answers
      this.component.setTriggerValue("projector", true);
    };
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
    this.speak(data);
    document.documentElement.lang = data.lang; // this component is on every page
    document.documentElement.style.setProperty("--gh-more-pages", JSON.stringify(this.word("more_pages")));
    this.button.title = this.word("copy");
    this.enlarge(data.projector);
    this.find("details").hidden = data.controls.length === 0;
    this.stand();
  }

  /** The whole page, for a room: frame/projector.css has how. @param {boolean} wanted */
  enlarge(wanted) {
    const large = this.find(".large");
    large.setAttribute("aria-pressed", String(wanted));
    large.title = this.word("projector_says");
    this.button.hidden = wanted;
    const { classList } = document.documentElement;
    if (classList.contains("gh-projector") === wanted) return;
    classList.toggle("gh-projector", wanted);
    for (const news of ["resize", "gh:enlarged"]) window.dispatchEvent(new Event(news));
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
    setText(this.find(".told"), this.word(done ? "copied" : "by_hand"));
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
