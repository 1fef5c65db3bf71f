// The filters of a layer as switches: a press mutes one, another lets it speak again.

import { setText, threeFigures } from "../base/numbers.js";
import { DIVERGING, DIVERGING_ANCHORS, VIRIDIS, bytesOf, divergingIndex, gradient, paint } from "../base/palette.js";
import { keepView } from "../base/view.js";

export default (component) => keepView(component, ".switches", FilterSwitches);

class FilterSwitches {
  constructor(root, parent) {
    Object.assign(this, { root, template: parent.querySelector("template.filter") });
    this.grid = root.querySelector(".grid");
    root.querySelector(".gradient").style.background = gradient(DIVERGING_ANCHORS);
  }

  update({ title, filters, maps, muted, edited }) {
    this.filters = filters.map((filter) => ({ ...filter, values: new Float32Array(bytesOf(filter.data).buffer) }));
    // Not Math.max(...): a later layer has more weights than a call may have arguments.
    this.limit = this.filters.reduce((most, { values }) => values.reduce((a, b) => Math.max(a, Math.abs(b)), most), 0);
    const channels = filters[0]?.channels ?? 1;
    setText(this.root.querySelector("h3"), title);
    const many = `weights: the mean over ${channels} input maps, each filter on its own scale`;
    setText(this.root.querySelector(".note"), channels > 1 ? many : "");
    this.root.querySelector(".legend").hidden = channels > 1;
    setText(this.root.querySelector(".low"), `−${threeFigures(this.limit)}`);
    setText(this.root.querySelector(".high"), `+${threeFigures(this.limit)}`);
    while (this.grid.children.length > filters.length) this.grid.lastChild.remove();
    while (this.grid.children.length < filters.length) this.grid.append(this.make(this.grid.children.length));
    const bytes = maps ? bytesOf(maps.data) : null;
    this.filters.forEach((filter, i) => {
      const item = this.grid.children[i];
      this.draw(item, i, muted.includes(i), edited.includes(i));
      this.drawWeights(item.querySelector(".weights"), filter);
      this.drawMap(item.querySelector(".map"), maps, bytes, i);
    });
  }

  make(index) {
    const item = this.template.content.firstElementChild.cloneNode(true);
    item.onclick = () => {
      this.draw(item, index, item.getAttribute("aria-pressed") !== "true", false); // at once; the server's word follows
      this.component.setTriggerValue("toggled", { index });
    };
    return item;
  }

  draw(item, index, silent, changed) {
    item.setAttribute("aria-pressed", silent);
    item.dataset.index = index;
    const state = silent ? "muted" : changed ? "edited" : "";
    setText(item.querySelector(".label"), `filter ${index + 1}`);
    setText(item.querySelector(".state"), state);
    item.setAttribute("aria-label", `mute filter ${index + 1}${changed ? ", edited" : ""}`);
    item.title = silent ? "Press to let it speak again" : "Press to mute it: its map becomes zero";
  }

  drawWeights(canvas, { values, channels, size }) {
    const area = size * size;
    const mean = Array.from({ length: area }, (_, place) => {
      let sum = 0;
      for (let channel = 0; channel < channels; channel++) sum += values[channel * area + place];
      return sum / channels;
    });
    // A mean over many channels is small: its own scale keeps the pattern visible.
    const limit = channels > 1 ? mean.reduce((a, b) => Math.max(a, Math.abs(b)), 0) : this.limit;
    paint(canvas, size, size, mean.map((value) => divergingIndex(value, limit)), DIVERGING);
  }

  drawMap(canvas, maps, bytes, index) {
    canvas.hidden = !maps;
    if (!maps) return;
    const area = maps.width * maps.height;
    paint(canvas, maps.width, maps.height, bytes.subarray(index * area, (index + 1) * area), VIRIDIS);
  }
}
