// The maps that a filter makes: each with its scale, and one number at a time with the pixels that it is made of.

import { childrenOf, copyOf, find, fitChildren, setData, setText } from "../base/dom.js";
import { placeIn } from "../base/drag.js";
import { arrowWay, within } from "../base/keys.js";
import { DIVERGING, DIVERGING_ANCHORS, VIRIDIS, VIRIDIS_ANCHORS, divergingIndex, gradient, paint } from "../base/palette.js";
import { signedShort } from "./slide.js";

/** @import { Say } from "../base/types.js" */
/** @import { Raster } from "./slide.js" */
/** A map in view; `pooled` is one made of the map at `of`. @typedef {{map: Raster, title: string, of: number, pooled: boolean}} Shown */
/** A number of a map. @typedef {{which: number, row: number, column: number}} Spot */

export class Maps {
  /** @type {Shown[]} */ shown = [];
  /** @type {Spot | null} */ at = null;

  /**
   * @param {HTMLElement} place
   * @param {HTMLElement} template of one map
   * @param {(spot: Spot | null) => unknown} pointed hears of the number that is pointed at
   * @param {Say} word
   */
  constructor(place, template, pointed, word) {
    this.place = place;
    this.template = template;
    this.pointed = pointed;
    this.word = word;
  }

  /** `signed`: negative numbers have colours of their own. @param {Shown[]} shown @param {number} columns @param {boolean} signed */
  draw(shown, columns, signed) {
    this.place.style.setProperty("--columns", columns);
    const figures = fitChildren(this.place, shown.length, (i) => this.figure(i));
    this.shown = shown;
    shown.forEach(({ map, title }, i) => {
      const { width, height, values } = map;
      const [low, high] = values.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [0, 0]);
      const most = signed ? Math.max(-low, high) : high;
      const index = (/** @type {number} */ value) => (signed ? divergingIndex(value, most) : most > 0 ? (255 * value) / most : 0);
      const part = (/** @type {string} */ selector) => find(figures[i], selector);
      paint(find(figures[i], "canvas"), width, height, Array.from(values, (value) => Math.round(index(value))), signed ? DIVERGING : VIRIDIS);
      setText(part("b"), title);
      setText(part("span"), `${width}×${height}`);
      setText(part(".low"), signed ? signedShort(-most) : "0");
      setText(part(".high"), signedShort(most));
      part(".gradient").style.background = gradient(signed ? DIVERGING_ANCHORS : VIRIDIS_ANCHORS);
      part(".stage").setAttribute("aria-label", this.word("up_to", { title, size: `${width}×${height}`, most: signedShort(most) }));
      setData(figures[i], { width, height });
    });
    this.point(this.at && shown[this.at.which] ? this.at : null);
  }

  /** @param {number} which */
  figure(which) {
    const figure = copyOf(this.template);
    const stage = find(figure, ".stage");
    stage.onpointermove = stage.onpointerdown = (event) => {
      const { width, height } = this.shown[which].map;
      const { x, y } = placeIn(stage, event);
      this.point({ which, row: Math.floor(y * height), column: Math.floor(x * width) });
    };
    stage.onpointerleave = stage.onblur = () => this.point(null);
    stage.onfocus = () => stage.matches(":focus-visible") && this.point({ which, row: 0, column: 0 });
    stage.onkeydown = (event) => {
      const step = arrowWay(event);
      if (!step) return;
      event.preventDefault();
      const { row, column } = this.at ?? { row: 0, column: 0 };
      this.point({ which, row: row + step[0], column: column + step[1] });
    };
    return figure;
  }

  /** Mark the number that is there, or the nearest; null ends it. @param {Spot | null} spot */
  point(spot) {
    const frames = childrenOf(this.place).map((figure) => find(figure, ".window"));
    for (const element of frames) element.hidden = true;
    this.at = null;
    if (spot) {
      const { map, pooled, of } = this.shown[spot.which];
      const [row, column] = [within(spot.row, 0, map.height - 1), within(spot.column, 0, map.width - 1)];
      this.at = { which: spot.which, row, column };
      frame(frames[spot.which], map, row, column, 1);
      if (pooled) frame(frames[of], this.shown[of].map, 2 * row, 2 * column, 2);
    }
    this.pointed(this.at);
  }

  /** @param {Spot} spot */
  valueAt({ which, row, column }) {
    const { width, values } = this.shown[which].map;
    return values[row * width + column];
  }
}

/**
 * Put a frame around a square of a picture, as far as it lies in it.
 * @param {HTMLElement} element
 * @param {{width: number, height: number}} picture
 * @param {number} row
 * @param {number} column
 * @param {number} side
 */
export function frame(element, { width, height }, row, column, side) {
  const [left, top] = [Math.max(0, column), Math.max(0, row)];
  const [right, bottom] = [Math.min(width, column + side), Math.min(height, row + side)];
  element.hidden = right <= left || bottom <= top;
  Object.assign(element.style, {
    left: `${(100 * left) / width}%`, width: `${(100 * (right - left)) / width}%`,
    top: `${(100 * top) / height}%`, height: `${(100 * (bottom - top)) / height}%`,
  });
}
