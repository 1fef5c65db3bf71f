// What is pointed at among the maps, or focused: its numbers beside it, its lines, and itself large beside the picture.

import { find, setText } from "../base/dom.js";
import { paint } from "../base/palette.js";

/** @import { FeatureMaps, Shown } from "./feature_maps.js" */
/** @import { Place } from "./types.js" */

export class Pointer {
  /** @type {Place | null} */ place = null;

  /** @param {FeatureMaps} owner */
  constructor(owner) {
    this.owner = owner;
    this.tip = owner.find(".tip");
    this.large = owner.find(".large");
  }

  /**
   * A map or unit is pointed at, in that box of the screen.
   * @param {Shown} layer
   * @param {number} index
   * @param {DOMRect} box
   */
  point(layer, index, box) {
    this.place = { layer: layer.name, index };
    const { title, numbers } = layer.describe(index);
    this.tip.hidden = false;
    setText(find(this.tip, "b"), title);
    setText(find(this.tip, "span"), numbers);
    this.placeTip(box);
    this.owner.links.show(this.owner.layers.indexOf(layer), index);
    this.drawLarge();
  }

  away() {
    this.place = null;
    this.tip.hidden = true;
    this.owner.links.hide();
    this.drawLarge();
  }

  /** The numbers of what is chosen or pointed at have changed. */
  draw() {
    const layer = this.owner.layerOf(this.place);
    if (layer && this.place) setText(find(this.tip, "span"), layer.describe(this.place.index).numbers);
    this.drawLarge();
  }

  /** @param {DOMRect} box */
  placeTip(box) {
    const { root } = this.owner;
    const home = root.getBoundingClientRect();
    const zoom = home.width / root.offsetWidth; // a projector shows larger pixels
    const { width, height } = this.tip.getBoundingClientRect();
    const left = Math.min(Math.max(box.left + box.width / 2 - width / 2 - home.left, 4), home.width - width - 4);
    const above = box.top - home.top - height - 7;
    this.tip.style.left = `${left / zoom}px`;
    this.tip.style.top = `${(above < 0 ? box.bottom - home.top + 7 : above) / zoom}px`;
  }

  /** The map pointed at, else the chosen one, as large as the picture. */
  drawLarge() {
    const shown = this.place ?? this.owner.selected;
    const layer = this.owner.layerOf(shown);
    const known = layer && shown ? layer.describe(shown.index) : null;
    this.large.classList.toggle("empty", !known);
    setText(find(this.large, "b"), known?.title ?? "");
    setText(find(this.large, "span"), known?.lines ?? this.owner.word("point_at"));
    const canvas = find(this.large, "canvas");
    if (layer && shown) layer.paint(canvas, shown.index);
    else paint(canvas, 1, 1, [0], new Uint32Array(1));
  }
}
