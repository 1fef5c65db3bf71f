// A wall of small pictures with a net's answers. The pictures stay, the words change.
const SURE = 0.9; // from here on an answer is marked as certain

export default function (component) {
  const { parentElement, data } = component;
  const root = parentElement.querySelector(".wall");
  const template = parentElement.querySelector("template.tile").content.firstElementChild;
  setText(root.querySelector("h3"), data.title);
  setText(root.querySelector(".note"), data.note);
  root.setAttribute("aria-label", data.title);
  const list = root.querySelector("ol");
  while (list.children.length > data.tiles.length) list.lastElementChild.remove();
  while (list.children.length < data.tiles.length) list.append(template.cloneNode(true));
  data.tiles.forEach((tile, i) => draw(list.children[i], tile));
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
