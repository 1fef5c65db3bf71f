// The picture that `feature_maps` begins with: sent as an image, or the numbers themselves where a net runs in the page.

import { setText } from "../base/dom.js";
import { context2d } from "../base/palette.js";

export class Picture {
  constructor(owner) {
    this.image = owner.find("img.shown");
    this.canvas = owner.find("canvas.shown");
    this.title = owner.find(".picture h3");
    this.caption = owner.find(".picture .caption");
  }

  say({ title, caption }) {
    setText(this.title, title ?? "Your picture");
    setText(this.caption, caption ?? "");
    this.caption.title = caption ?? "";
    this.image.alt = caption ?? "the picture";
    this.canvas.setAttribute("aria-label", caption ?? "the picture");
  }

  drawImage({ png }) {
    const source = `data:image/png;base64,${png}`;
    if (this.image.getAttribute("src") !== source) this.image.src = source;
    this.show(this.image);
  }

  /** At once: an image would come a moment later than its maps. @param {import("../page_net/follow.js").Seen} seen */
  drawPixels({ net: { shape }, pixels }) {
    const [channels, height, width] = shape;
    const { canvas } = this;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const image = new ImageData(width, height);
    const area = width * height;
    for (let at = 0; at < area; at++) {
      for (let colour = 0; colour < 3; colour++) image.data[4 * at + colour] = pixels[channels === 3 ? colour * area + at : at];
      image.data[4 * at + 3] = 255;
    }
    context2d(canvas).putImageData(image, 0, 0);
    this.show(canvas);
  }

  /** @param {HTMLElement} shown */
  show(shown) {
    for (const each of [this.image, this.canvas]) each.hidden = each !== shown;
  }
}
