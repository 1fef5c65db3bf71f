// The steps from a picture to the numbers that a net gets. Each has a switch; new pictures change in place.

import { setText } from "../base/numbers.js";
import { keepView } from "../base/view.js";

export default (component) => keepView(component, ".preparation", Preparation);

class Preparation {
  constructor(root, parent) {
    Object.assign(this, { root, template: parent.querySelector("template.step") });
    this.list = root.querySelector("ol");
    this.back = root.querySelector(".back");
    this.back.onclick = () => {
      this.choose([], "All steps are back.");
      this.list.querySelector("button:not(:disabled)")?.focus(); // this button disappears
    };
  }

  update({ steps }) {
    // Later the person's own choice counts: an echo of an earlier one must not undo it.
    this.off ??= steps.filter(({ on, fixed }) => !on && !fixed).map(({ name }) => name);
    while (this.list.children.length > steps.length) this.list.lastElementChild.remove();
    while (this.list.children.length < steps.length) this.list.append(this.make());
    steps.forEach((step, i) => this.draw(this.list.children[i], step, i));
    this.mark();
  }

  make() {
    const item = this.template.content.firstElementChild.cloneNode(true);
    item.querySelector("button").onclick = () => {
      const { step, title } = item.dataset;
      const isOff = this.off.includes(step);
      const off = isOff ? this.off.filter((name) => name !== step) : [...this.off, step];
      this.choose(off, `${title}: ${isOff ? "back" : "left out"}.`);
    };
    return item;
  }

  draw(item, { name, title, png, sentence, idle, fixed }, place) {
    Object.assign(item.dataset, { step: name, title });
    item.classList.toggle("fixed", Boolean(fixed));
    item.classList.toggle("idle", Boolean(idle));
    const image = item.querySelector("img");
    const source = `data:image/png;base64,${png}`;
    if (image.getAttribute("src") !== source) image.src = source;
    image.alt = `After step ${place + 1}, ${title}`;
    setText(item.querySelector("b"), `${place + 1} ${title}`);
    setText(item.querySelector("p"), sentence);
    item.querySelector("button").disabled = Boolean(fixed);
  }

  /** Show at once what was chosen; the pictures follow when the server has made them. */
  choose(off, said) {
    this.off = off;
    this.mark();
    setText(this.root.querySelector(".live"), said);
    this.component.setStateValue("off", off);
  }

  mark() {
    for (const item of this.list.children) {
      const isOff = this.off.includes(item.dataset.step);
      item.classList.toggle("off", isOff);
      const button = item.querySelector("button");
      button.setAttribute("aria-checked", !isOff);
      if (!button.disabled) button.title = isOff ? "Press to put this step back" : "Press to leave this step out";
    }
    this.back.disabled = !this.off.length;
    this.root.dataset.off = this.off.join(" ");
  }
}
