// A wall of small pictures with a net's answers. The pictures stay, the words change.

import { percent, setText } from "../base/numbers.js";
import { cloned, fitChildren, keepView } from "../base/view.js";

const SURE = 0.9; // from here on an answer is marked as certain

export default (component) => keepView(component, ".wall", PictureWall);

class PictureWall {
  constructor(root, parent) {
    Object.assign(this, { root, parent });
  }

  update(data) {
    const { root } = this;
    setText(root.querySelector("h3"), data.title);
    setText(root.querySelector(".note"), data.note);
    root.setAttribute("aria-label", data.title);
    const list = root.querySelector("ol");
    fitChildren(list, data.tiles.length, () => cloned(this.parent, "tile"));
    data.tiles.forEach((tile, i) => draw(list.children[i], tile));
  }
}

function draw(item, { png, name, answer, share, refused }) {
  const image = item.querySelector("img");
  const source = `data:image/png;base64,${png}`;
  if (image.getAttribute("src") !== source) image.src = source;
  image.alt = name;
  const said = refused ? "none" : answer; // of these; the whole sentence is in the title
  setText(item.querySelector(".answer"), said);
  setText(item.querySelector(".share"), percent(share));
  item.className = refused ? "refused" : share > SURE ? "sure" : "";
  item.title = `${name}, answered “${answer}” with ${percent(share)}${refused ? "; below the threshold, so: none of these" : ""}`;
  Object.assign(item.dataset, { answer: said, share });
}
