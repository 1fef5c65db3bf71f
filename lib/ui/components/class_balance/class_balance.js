// Training pictures of each class: the bar is what there is, the slider on it what stays.

import { setText } from "../base/numbers.js";
import { cloned, fitChildren, keepView } from "../base/view.js";
import { counted, say, speak } from "../base/words.js";

export default (component) => keepView(component, ".class-balance", ClassBalance);

class ClassBalance {
  constructor(root, parent) {
    Object.assign(this, { root, parent });
    this.list = root.querySelector("ol");
    root.querySelector(".even").onclick = () => this.send(this.counts.map(() => 100));
  }

  update(data) {
    speak(this.root, data);
    const { classes, counts, keep, locked } = data;
    Object.assign(this, { classes, counts, locked });
    this.shares = counts.map((_, label) => keep.find(([each]) => each === label)?.[1] ?? 100);
    this.most = Math.max(1, ...counts);
    fitChildren(this.list, classes.length, (label) => this.newLine(label));
    classes.forEach((name, label) => this.drawLine(label, name));
    this.drawTotal();
  }

  newLine(label) {
    const line = cloned(this.parent, "line");
    const slider = line.querySelector("input");
    slider.oninput = () => this.slide(label, Number(slider.value));
    slider.onchange = () => this.send(this.shares);
    return line;
  }

  /** As `lib.data.balance.thinned` counts: at least one of what is kept at all; halves go to the even number. */
  kept(label) {
    const share = this.shares[label];
    const exact = (this.counts[label] * share) / 100;
    const down = Math.floor(exact);
    const half = exact - down === 0.5;
    const rounded = half ? down + (down % 2) : Math.round(exact);
    return Math.min(this.counts[label], Math.max(rounded, share > 0 ? 1 : 0));
  }

  drawLine(label, name) {
    const line = this.list.children[label];
    const [count, share] = [this.counts[label], this.shares[label]];
    setText(line.querySelector("b"), String(label));
    setText(line.querySelector(".name"), name);
    line.querySelector(".name").title = name;
    line.classList.toggle("starved", share < 100);
    const length = (100 * count) / this.most;
    line.querySelector(".all").style.width = `${length}%`;
    line.querySelector(".kept").style.width = `${(length * share) / 100}%`;
    const slider = line.querySelector("input");
    slider.style.width = `calc(${length}% + 16px)`;
    slider.hidden = this.locked;
    slider.value = share;
    const kept = this.kept(label);
    slider.setAttribute("aria-label", say("keep_of", { name }));
    slider.setAttribute("aria-valuetext", say("kept_text", { share, kept: counted(kept), count: counted(count) }));
    const before = Object.assign(document.createElement("i"), { textContent: share < 100 ? `${counted(count)} → ` : "" });
    line.querySelector(".count").replaceChildren(before, counted(kept));
    Object.assign(line.dataset, { label, count, kept });
  }

  drawTotal() {
    const all = this.counts.reduce((a, b) => a + b, 0);
    const kept = this.counts.reduce((sum, _, label) => sum + this.kept(label), 0);
    const name = kept === all ? "total_all" : "total_kept";
    setText(this.root.querySelector(".total"), say(name, { kept: counted(kept), count: counted(all) }));
    this.root.querySelector(".even").hidden = this.locked || kept === all;
  }

  slide(label, share) {
    const others = this.shares.some((each, i) => i !== label && each > 0 && this.counts[i] > 0);
    this.shares[label] = others ? share : Math.max(share, 1);
    this.drawLine(label, this.classes[label]);
    this.drawTotal();
  }

  send(shares) {
    const keep = shares.map((share, label) => [label, share]).filter(([, share]) => share < 100);
    this.component.setTriggerValue("keep", keep);
  }
}
