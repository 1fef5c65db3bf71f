// Pictures to leaf through with a slider, and what a net says to each of them.

import { cloned, find, fitChildren, setData, setPicture, setText } from "../base/dom.js";
import { percent } from "../base/numbers.js";
import { View, keepView } from "../base/view.js";
import { barsOf } from "./bars.js";

/** @import { Component } from "../base/types.js" */
/** @typedef {{png?: string, shares: number[]}} Frame */
/** @typedef {{title: string, sentence: string, frames: Frame[], first: number | null}} Column */
/** @typedef {{slider: string, stops: string[], columns: Column[], classes: string[], from: number | null, to: number | null, start: number}} FlipData */

/** @extends {View<FlipData>} */
class FlipBook extends View {
  /** @param {HTMLElement} root @param {Component<FlipData>} component */
  constructor(root, component) {
    super(root, component);
    this.at = component.data.start;
    this.slider = this.find(".slide input");
    this.slider.oninput = () => {
      this.at = Number(this.slider.value);
      this.show();
    };
  }

  /** @param {FlipData} data */
  update(data) {
    this.data = data;
    this.at = Math.min(this.at, data.stops.length - 1);
    this.slider.max = String(data.stops.length - 1);
    this.slider.setAttribute("aria-label", data.slider);
    setText(this.find(".slide span"), data.slider);
    this.show();
  }

  show() {
    const { stops, columns } = this.data;
    this.slider.value = String(this.at);
    this.slider.setAttribute("aria-valuetext", stops[this.at]);
    setText(this.find("output"), stops[this.at]);
    setData(this.root, { at: this.at });
    const places = fitChildren(this.find(".columns"), columns.length, () => cloned(this.parent, "column"));
    columns.forEach((column, i) => this.draw(/** @type {HTMLElement} */ (places[i]), column));
  }

  /** @param {HTMLElement} place @param {Column} column */
  draw(place, column) {
    const { classes, from, to } = this.data;
    const frame = column.frames[Math.min(this.at, column.frames.length - 1)];
    const { best, rows } = barsOf(frame.shares, [from, to]);
    setText(find(place, "h2"), column.title);
    setText(find(place, ".sentence"), column.sentence);
    const image = find(place, "img");
    if (frame.png) setPicture(image, frame.png);
    image.alt = `${column.title}: ${classes[best]}`;
    place.classList.toggle("fooled", from !== null && best !== from);
    setData(place, { answer: classes[best], share: frame.shares[best], first: column.first });
    setText(find(place, ".answer"), `${classes[best]} ${percent(frame.shares[best])}`);
    const bars = fitChildren(find(place, ".bars"), rows.length, () => cloned(this.parent, "bar"));
    rows.forEach((index, i) => {
      const bar = /** @type {HTMLElement} */ (bars[i]);
      bar.classList.toggle("best", index === best);
      setText(find(bar, "span"), classes[index]);
      setText(find(bar, "em"), percent(frame.shares[index]));
      find(bar, "b").style.width = `${100 * frame.shares[index]}%`;
    });
  }
}

export default keepView(".flip", FlipBook);
