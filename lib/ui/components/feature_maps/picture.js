// The picture that `feature_maps` begins with: sent as an image, or the numbers themselves where a net runs in the page.

import { setText } from "../base/dom.js";
import { paintPicture } from "../base/palette.js";

/** @import { View } from "../base/view.js" */
/** @import { Seen } from "../page_net/follow.js" */
/** @import { PictureData } from "./types.js" */

export class Picture {
  /** @param {View<unknown>} owner */
  constructor(owner) {
    this.word = owner.word;
    this.image = owner.find("img.shown");
    this.canvas = owner.find("canvas.shown");
    this.title = owner.find(".picture h2");
    this.caption = owner.find(".picture .caption");
  }

  /** @param {PictureData} picture */
  say({ title, caption }) {
    setText(this.title, title ?? this.word("your_picture"));
    setText(this.caption, caption ?? "");
    this.caption.title = caption ?? "";
    const said = caption ?? this.word("the_picture");
    this.image.alt = said;
    this.canvas.setAttribute("aria-label", said);
  }

  /** @param {PictureData} picture */
  drawImage({ png }) {
    const source = `data:image/png;base64,${png}`;
    if (this.image.getAttribute("src") !== source) this.image.src = source;
    this.show(this.image);
  }

  /** At once: an image would come a moment later than its maps. @param {Seen} seen */
  drawPixels({ net, pixels }) {
    paintPicture(this.canvas, net.shape, pixels);
    this.show(this.canvas);
  }

  /** @param {HTMLElement} shown */
  show(shown) {
    for (const each of [this.image, this.canvas]) each.hidden = each !== shown;
  }
}
