// The pictures of one cell. What stays keeps its element, so that a live net changes words and not pictures.

import { count, percent, setText } from "../base/numbers.js";
import { cloned, fitChildren, keepView } from "../base/view.js";

export default (component) => keepView(component, ".cell-pictures", CellPictures);

class CellPictures {
  constructor(root, parent) {
    Object.assign(this, { root, parent });
    root.querySelector(".clear").onclick = () => this.component.setTriggerValue("cleared", true);
    root.querySelector("ol").onclick = (event) => {
      const tile = event.target.closest("button")?.closest("li");
      if (tile && this.opens) this.component.setTriggerValue("opened", { place: Number(tile.dataset.place) });
    };
  }

  update(data) {
    const { root } = this;
    this.opens = data.opens;
    setText(root.querySelector("h3"), data.title);
    setText(root.querySelector(".note"), data.note);
    setText(root.querySelector(".empty"), data.tiles.length ? "" : data.empty);
    root.setAttribute("aria-label", data.title);
    root.querySelector(".legend").hidden = !data.tiles.some(({ right }) => right.length > 1);
    root.querySelector(".clear").hidden = !data.clears;
    const list = root.querySelector("ol");
    fitChildren(list, data.tiles.length, () => cloned(this.parent, "tile"));
    data.tiles.forEach((tile, i) => draw(list.children[i], tile, data));
    root.dataset.n = data.tiles.length;
  }
}

function draw(item, { place, png, name, truth, answer, share, right, says }, { opens, moments }) {
  const image = item.querySelector("img");
  const source = `data:image/png;base64,${png}`;
  if (image.getAttribute("src") !== source) image.src = source;
  image.alt = name;
  const button = item.querySelector("button");
  button.disabled = !opens;
  button.title = opens ? `${name}: open in Look inside` : name;
  setText(item.querySelector(".answer"), `${answer} · ${percent(share)}`);
  item.querySelector(".answer").title = `answered ${answer}, ${percent(share)} sure`;
  setText(item.querySelector(".truth"), truth && `is ${truth}`);
  setText(item.querySelector(".says"), says);
  drawStory(item.querySelector(".story"), right, moments);
  Object.assign(item.dataset, { place, share, says });
}

/** One little box for each kept moment: right or wrong. */
function drawStory(story, right, moments) {
  story.hidden = right.length < 2;
  while (story.children.length > right.length) story.lastElementChild.remove();
  while (story.children.length < right.length) story.append(document.createElement("i"));
  right.forEach((hit, i) => {
    const box = story.children[i];
    box.className = hit ? "right" : "wrong";
    box.title = `iteration ${count(moments[i])}: ${hit ? "right" : "wrong"}`;
  });
  story.setAttribute("aria-label", `right at ${right.filter(Boolean).length} of ${right.length} kept moments`);
}
