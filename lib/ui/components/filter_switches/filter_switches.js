// The filters of a layer as switches: a press mutes one, another lets it speak again.

import { copyOf, find, fitChildren, setData, setText } from "../base/dom.js";
import { threeFigures } from "../base/numbers.js";
import { DIVERGING, DIVERGING_ANCHORS, VIRIDIS, divergingIndex, gradient, paint } from "../base/palette.js";
import { View, keepView } from "../base/view.js";

/** @import { Component } from "../base/types.js" */
/** @typedef {{data: Float32Array, channels: number, size: number}} Filter */
/** @typedef {{bytes: Uint8Array, width: number, height: number}} Maps */
/** @typedef {{title: string, filters: Filter[], maps: Maps | null, muted: number[], edited: number[]}} FilterSwitchesData */
/** @typedef {Filter & {values: Float32Array}} Known */

/** @extends {View<FilterSwitchesData>} */
class FilterSwitches extends View {
  /** @type {Known[]} */ filters;
  /** @type {number} */ limit;

  /** @param {HTMLElement} root @param {Component<FilterSwitchesData>} component */
  constructor(root, component) {
    super(root, component);
    const { parent } = this;
    this.template = find(parent, "template.filter");
    this.grid = find(root, ".grid");
    find(root, ".gradient").style.background = gradient(DIVERGING_ANCHORS);
  }

  /** @param {FilterSwitchesData} data */
  update({ title, filters, maps, muted, edited }) {
    this.filters = filters.map((filter) => ({ ...filter, values: filter.data }));
    // Not Math.max(...): a later layer has more weights than a call may have arguments.
    this.limit = this.filters.reduce((most, { values }) => values.reduce((a, b) => Math.max(a, Math.abs(b)), most), 0);
    const channels = filters[0]?.channels ?? 1;
    setText(this.find("h2"), title);
    setText(this.find(".note"), channels > 1 ? this.word("mean_weights", { channels }) : "");
    this.find(".legend").hidden = channels > 1;
    setText(this.find(".low"), `−${threeFigures(this.limit)}`);
    setText(this.find(".high"), `+${threeFigures(this.limit)}`);
    const items = fitChildren(this.grid, filters.length, (index) => this.make(index));
    const bytes = maps?.bytes ?? new Uint8Array();
    this.filters.forEach((filter, i) => {
      const item = items[i];
      this.draw(item, i, muted.includes(i), edited.includes(i));
      this.drawWeights(find(item, "canvas.weights"), filter);
      this.drawMap(find(item, "canvas.map"), maps, bytes, i);
    });
  }

  /** @param {number} index */
  make(index) {
    const item = copyOf(this.template);
    item.onclick = () => {
      this.draw(item, index, item.getAttribute("aria-pressed") !== "true", false); // at once; the server's word follows
      this.component.setTriggerValue("toggled", { index });
    };
    return item;
  }

  /** @param {HTMLElement} item @param {number} index @param {boolean} silent @param {boolean} changed */
  draw(item, index, silent, changed) {
    item.setAttribute("aria-pressed", silent);
    setData(item, { index: index });
    const state = silent ? this.word("muted") : changed ? this.word("edited") : "";
    setText(find(item, ".label"), this.word("filter_n", { filter: index + 1 }));
    setText(find(item, ".state"), state);
    item.setAttribute("aria-label", this.word(changed ? "mute_filter_edited" : "mute_filter", { filter: index + 1 }));
    item.title = this.word(silent ? "press_speak" : "press_mute");
  }

  /** @param {HTMLCanvasElement} canvas @param {Known} filter */
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

  /** @param {HTMLCanvasElement} canvas @param {Maps | null} maps @param {Uint8Array} bytes @param {number} index */
  drawMap(canvas, maps, bytes, index) {
    canvas.hidden = !maps;
    if (!maps) return;
    const area = maps.width * maps.height;
    paint(canvas, maps.width, maps.height, bytes.subarray(index * area, (index + 1) * area), VIRIDIS);
  }
}

export default keepView(".switches", FilterSwitches);
