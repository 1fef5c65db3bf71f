// The pictures of one cell. What stays keeps its element, so that a live net changes words and not pictures.

import { cloned, find, fitChildren, setData, setPicture, setText, targetOf } from "../base/dom.js";
import { count, percent } from "../base/numbers.js";
import { View, keepView } from "../base/view.js";

/** @import { Component, Say } from "../base/types.js" */
/** @typedef {{place: number, png: string, name: string, truth: string, answer: string, share: number, right: boolean[], says: string}} Tile */
/** @typedef {{title: string, note: string, empty: string, tiles: Tile[], opens: boolean, clears: string, moments: number[]}} CellPicturesData */

/** @extends {View<CellPicturesData>} */
class CellPictures extends View {
  /** @type {boolean} */ opens;

  /** @param {HTMLElement} root @param {Component<CellPicturesData>} component */
  constructor(root, component) {
    super(root, component);
    find(root, ".clear").onclick = () => this.component.setTriggerValue("cleared", true);
    find(root, "ol").onclick = (event) => {
      const tile = targetOf(event).closest("button")?.closest("li");
      if (tile && this.opens) this.component.setTriggerValue("opened", { place: Number(tile.dataset.place) });
    };
  }

  /** @param {CellPicturesData} data */
  update(data) {
    const { root } = this;
    this.opens = data.opens;
    setText(find(root, "h2"), data.title);
    setText(find(root, ".note"), data.note);
    setText(find(root, ".empty"), data.tiles.length ? "" : data.empty);
    root.setAttribute("aria-label", data.title);
    find(root, ".legend").hidden = !data.tiles.some(({ right }) => right.length > 1);
    const clear = find(root, ".clear");
    clear.hidden = !data.clears;
    if (data.clears) setText(clear, this.word(data.clears));
    const list = find(root, "ol");
    const items = fitChildren(list, data.tiles.length, () => cloned(this.parent, "tile"));
    data.tiles.forEach((tile, i) => draw(items[i], tile, data, this.word));
    setData(root, { n: data.tiles.length });
  }
}

/** @param {HTMLElement} item @param {Tile} tile @param {CellPicturesData} data @param {Say} word */
function draw(item, { place, png, name, truth, answer, share, right, says }, { opens, moments }, word) {
  const image = find(item, "img");
  setPicture(image, png);
  image.alt = name;
  const button = find(item, "button");
  button.disabled = !opens;
  button.title = opens ? word("open_inside", { name }) : name;
  setText(find(item, ".answer"), `${answer} · ${percent(share)}`);
  find(item, ".answer").title = word("answered", { answer, share: percent(share) });
  setText(find(item, ".truth"), truth && word("is", { truth }));
  setText(find(item, ".says"), says);
  drawStory(find(item, ".story"), right, moments, word);
  setData(item, { place, share, says });
}

/** One little box for each kept moment: right or wrong. @param {HTMLElement} story @param {boolean[]} right @param {number[]} moments @param {Say} word */
function drawStory(story, right, moments, word) {
  story.hidden = right.length < 2;
  const boxes = fitChildren(story, right.length, () => document.createElement("i"));
  right.forEach((hit, i) => {
    const box = boxes[i];
    box.className = hit ? "right" : "wrong";
    box.title = word(hit ? "right_then" : "wrong_then", { step: count(moments[i]) });
  });
  story.setAttribute("aria-label", word("right_at", { hits: right.filter(Boolean).length, all: right.length }));
}

export default keepView(".cell-pictures", CellPictures);
