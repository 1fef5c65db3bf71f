// A wall of small pictures with a net's answers. The pictures stay, the words change.

import { cloned, find, fitChildren, setData, setPicture, setText } from "../base/dom.js";
import { percent } from "../base/numbers.js";
import { View, keepView } from "../base/view.js";

/** @import { Say } from "../base/types.js" */
/** @typedef {{title: string, note: string, tiles: Tile[]}} PictureWallData */

/** @typedef {{png: string, name: string, answer: string, share: number, refused?: boolean}} Tile */

const SURE = 0.9; // from here on an answer is marked as certain

/** @extends {View<PictureWallData>} */
class PictureWall extends View {
  /** @param {PictureWallData} data */
  update(data) {
    const { root } = this;
    setText(find(root, "h2"), data.title);
    setText(find(root, ".note"), data.note);
    root.setAttribute("aria-label", data.title);
    const list = find(root, "ol");
    const items = fitChildren(list, data.tiles.length, () => cloned(this.parent, "tile"));
    data.tiles.forEach((tile, i) => draw(items[i], tile, this.word));
  }
}

/** @param {HTMLElement} item @param {Tile} tile @param {Say} word */
function draw(item, { png, name, answer, share, refused }, word) {
  const image = find(item, "img");
  setPicture(image, png);
  image.alt = name;
  const said = refused ? word("none") : answer; // of these; the whole sentence is in the title
  setText(find(item, ".answer"), said);
  setText(find(item, ".share"), percent(share));
  item.className = refused ? "refused" : share > SURE ? "sure" : "";
  const answered = word("answered", { name, answer, share: percent(share) });
  item.title = refused ? word("refused", { answered }) : answered;
  setData(item, { answer: said, share });
}

export default keepView(".wall", PictureWall);
