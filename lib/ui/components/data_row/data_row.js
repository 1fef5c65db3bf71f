// The data sets as a row of pictures, one chosen: the browser's own radio buttons, with a picture each.

import { cloned, find, fitChildren, setData, setText } from "../base/dom.js";
import { View, keepView } from "../base/view.js";
import { TILES } from "./tiles.js";

/** @import { Component } from "../base/types.js" */
/** @typedef {{name: string, title: string, here: boolean}} Choice */
/** @typedef {{label: string, choices: Choice[], chosen: string}} DataRowData */

/** @extends {View<DataRowData>} */
class DataRow extends View {
  /** @param {DataRowData} data */
  update({ label, choices, chosen }) {
    setText(this.find("legend"), label);
    const tiles = fitChildren(this.find(".tiles"), choices.length, () => cloned(this.parent, "tile"));
    choices.forEach((choice, i) => this.draw(tiles[i], choice, choice.name === chosen));
  }

  /** @param {HTMLElement} tile @param {Choice} choice @param {boolean} isChosen */
  draw(tile, { name, title, here }, isChosen) {
    const [input, picture] = [find(tile, "input"), find(tile, ".picture")];
    tile.title = title;
    setData(tile, { testid: "data-tile", name });
    input.setAttribute("aria-label", title);
    input.value = name;
    input.checked = isChosen;
    input.onchange = () => this.component.setTriggerValue("chosen", name);
    picture.classList.toggle("away", !here);
    picture.style.backgroundImage = here && TILES[name] ? `url(${TILES[name]})` : "";
    setText(picture, here ? (TILES[name] ? "" : (title.match(/\p{L}|\p{N}/u)?.[0] ?? "?")) : "↓");
  }
}

export default keepView(".data-row", DataRow);
