// One picture on its way through the net: every layer's maps, painted in place whenever new numbers arrive.
const views = new WeakMap();
const PER_PAGE = 10; // two columns of five
const GAP = 5; // between tiles
const COLUMN_GAP = 18;
const BODY = 376; // height of the tiles: conv 8, pool 8, conv 10, pool 10 fit one screen
const TILE = { most: 92, least: 44 }; // smaller and nothing can be seen: then the layers scroll
const STRIP = { width: 56, cells: [12, 8, 6, 4, 3, 2, 1] }; // a vector: as large cells as fit this width
const NARROW = 860;
const MANY = 6; // layers from which the sides give way
const MOST_BARS = 10;

export default function (component) {
  const { parentElement, data, setStateValue } = component;
  const root = parentElement.querySelector(".maps");
  let view = views.get(parentElement);
  if (view?.root !== root) {
    view?.destroy();
    view = new FeatureMaps(root, parentElement);
    views.set(parentElement, view);
  }
  view.update(data, (selected) => setStateValue("selected", selected));
  return () => {
    view.destroy();
    views.delete(parentElement);
  };
}

class FeatureMaps {
  constructor(root, parent) {
    this.root = root;
    this.templates = { layer: parent.querySelector("template.layer"), bar: parent.querySelector("template.bar") };
    this.layers = [];
    this.selected = null; // {layer, index}
    this.pointed = null; // the same, under the pointer or the focus
    for (const bar of root.querySelectorAll(".gradient")) bar.style.background = gradient(VIRIDIS_ANCHORS);
    this.tip = this.find(".tip");
    this.observer = new ResizeObserver(() => this.arrange());
    this.observer.observe(root);
  }

  find(selector) {
    return this.root.querySelector(selector);
  }

  destroy() {
    this.observer.disconnect();
  }

  update(data, choose) {
    this.choose = choose;
    this.data = data;
    this.selected ??= data.selected ?? null;
    const shape = JSON.stringify(data.layers.map((layer) => [layer.name, layer.kind, layer.channels]));
    if (shape !== this.shape) this.build(data.layers);
    this.shape = shape;
    this.layers.forEach((layer, i) => layer.update(data.layers[i], data.normalise));
    this.drawPicture(data.picture);
    this.drawAnswer(data.answer);
    this.drawLegend(data);
    this.drawSelection();
    this.arrange();
  }

  build(layers) {
    const pages = new Map(this.layers.map((layer) => [layer.name, layer.page]));
    const kind = (layer) => (isVector(layer) ? StripLayer : MapLayer);
    this.layers = layers.map((layer) => new (kind(layer))(this, layer, pages.get(layer.name) ?? 0));
    this.find(".layers").replaceChildren(...this.layers.map((layer) => layer.element));
    this.pointed = null;
  }

  // ---- sizes --------------------------------------------------------------------------------------------------

  /** Tiles as large as height and width allow; below the least size the layers scroll between the two sides. */
  arrange() {
    const { root, layers } = this;
    const width = root.clientWidth;
    if (!width || !layers.length) return;
    root.classList.toggle("narrow", width < NARROW);
    root.classList.toggle("dense", layers.length >= MANY);
    const maps = layers.filter((layer) => layer instanceof MapLayer);
    const strips = layers.filter((layer) => layer instanceof StripLayer);
    const taken = strips.reduce((sum, strip) => sum + strip.arrange(BODY), 0) + COLUMN_GAP * (layers.length - 1) + 6;
    const room = (this.find(".layers").clientWidth - taken) / maps.length;
    for (const layer of maps) layer.arrange(Math.floor((room - GAP) / 2));
    root.classList.toggle("wide", maps.every((layer) => layer.width + 16 < room));
    const head = this.find(".layer header")?.offsetHeight;
    if (head) root.style.setProperty("--head", `${head}px`);
  }

  // ---- the two sides ------------------------------------------------------------------------------------------

  drawPicture(picture) {
    const image = this.find(".shown");
    const source = `data:image/png;base64,${picture.png}`;
    if (image.getAttribute("src") !== source) image.src = source;
    image.alt = picture.caption ?? "the picture";
    setText(this.find(".picture h3"), picture.title ?? "Your picture");
    setText(this.find(".picture .caption"), picture.caption ?? "");
    this.find(".picture .caption").title = picture.caption ?? "";
  }

  drawAnswer({ classes, probabilities, truth }) {
    const winner = probabilities.indexOf(Math.max(...probabilities));
    let shown = classes.map((_, i) => i);
    if (shown.length > MOST_BARS) {
      shown = shown.sort((a, b) => probabilities[b] - probabilities[a]).slice(0, MOST_BARS);
    }
    const list = this.find(".bars");
    while (list.children.length > shown.length) list.lastChild.remove();
    while (list.children.length < shown.length) list.append(this.templates.bar.content.firstElementChild.cloneNode(true));
    shown.forEach((index, row) => {
      const bar = list.children[row];
      setText(bar.querySelector(".name"), classes[index]);
      setText(bar.querySelector(".share"), percent(probabilities[index]));
      bar.querySelector("i").style.transform = `scaleX(${probabilities[index]})`;
      bar.className = `${index === winner ? "first" : ""} ${index === truth ? "truth" : ""}`;
      bar.title = index === truth ? `${classes[index]}: the true class` : classes[index];
      Object.assign(bar.dataset, { class: classes[index], probability: probabilities[index] });
    });
    this.drawVerdict(classes, winner, truth);
  }

  drawVerdict(classes, winner, truth) {
    const verdict = this.find(".verdict");
    const known = truth != null;
    verdict.className = `verdict ${known ? (winner === truth ? "right" : "wrong") : ""}`;
    const right = winner === truth ? "✓ Right" : "✕ Wrong";
    setText(verdict, known ? `${right}: the true class is ${classes[truth]}.` : "");
  }

  drawLegend({ normalise, step }) {
    const each = normalise === "layer" ? "one scale per layer" : "each map on its own scale";
    setText(this.find(".legend .says"), `activation, ${each}`);
    setText(this.find(".step"), step == null ? "" : `at iteration ${count(step)}`);
    this.root.dataset.step = step ?? "";
  }

  // ---- pointing and choosing ----------------------------------------------------------------------------------

  /** `tile` is pointed at (null: none any more): say its numbers beside it and show it large. */
  point(layer, index, tile, box = tile?.getBoundingClientRect()) {
    this.pointed = tile ? { layer: layer.name, index } : null;
    this.tip.hidden = !tile;
    if (tile) {
      const { title, numbers } = layer.describe(index);
      setText(this.tip.querySelector("b"), title);
      setText(this.tip.querySelector("span"), numbers);
      this.placeTip(box);
    }
    this.drawLarge();
  }

  placeTip(box) {
    const home = this.root.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.tip;
    const left = Math.min(Math.max(box.left + box.width / 2 - width / 2 - home.left, 4), home.width - width - 4);
    const above = box.top - home.top - height - 7;
    this.tip.style.left = `${left}px`;
    this.tip.style.top = `${above < 0 ? box.bottom - home.top + 7 : above}px`;
  }

  select(layer, index) {
    this.selected = { layer: layer.name, index };
    this.choose(this.selected);
    this.drawSelection();
  }

  drawSelection() {
    for (const layer of this.layers) layer.mark(this.selected?.layer === layer.name ? this.selected.index : null);
    this.drawLarge();
    if (this.pointed && !this.tip.hidden) {
      const layer = this.layers.find((candidate) => candidate.name === this.pointed.layer);
      setText(this.tip.querySelector("span"), layer.describe(this.pointed.index).numbers);
    }
  }

  /** The map pointed at, else the chosen one, as large as the picture. */
  drawLarge() {
    const shown = this.pointed ?? this.selected;
    const layer = this.layers.find((candidate) => candidate.name === shown?.layer);
    const known = layer && shown.index < layer.data.channels;
    const figure = this.find(".large");
    figure.classList.toggle("empty", !known);
    const { title, lines } = known ? layer.describe(shown.index) : { title: "", lines: "Point at a map to see it large." };
    setText(figure.querySelector("b"), title);
    setText(figure.querySelector("span"), lines);
    const canvas = figure.querySelector("canvas");
    if (known) layer.paint(canvas, shown.index);
    else paint(canvas, 1, 1, [0], [0]);
  }
}

/** What a layer of maps and a layer of single numbers have in common. */
class Layer {
  constructor(owner, data, page) {
    Object.assign(this, { owner, data, page });
    this.name = data.name;
    this.element = owner.templates.layer.content.firstElementChild.cloneNode(true);
    this.element.dataset.layer = data.name;
    this.tiles = this.find(".tiles");
    for (const bar of this.element.querySelectorAll(".gradient")) bar.style.background = gradient(VIRIDIS_ANCHORS);
  }

  find(selector) {
    return this.element.querySelector(selector);
  }

  update(data, normalise) {
    this.data = data;
    this.bytes = bytesOf(data.data);
    setText(this.find("h3"), data.name);
    setText(this.find(".caption"), data.caption);
    this.element.setAttribute("aria-label", `${data.name}: ${data.caption}`);
    const scale = this.find(".scale");
    scale.hidden = normalise !== "layer";
    setText(scale.firstElementChild, threeFigures(data.low[0]));
    setText(scale.lastElementChild, threeFigures(data.high[0]));
  }

  addTile() {
    const tile = this.tiles.appendChild(document.createElement("button"));
    tile.type = "button";
    tile.className = "tile";
    tile.dataset.testid = "map-tile";
    tile.dataset.layer = this.name;
    tile.appendChild(document.createElement("canvas"));
    return tile;
  }

  /** Byte `value` of map `index` as the activation it stands for. */
  real(index, value) {
    const { low, high } = this.data;
    return low[index] + (value / 255) * (high[index] - low[index]);
  }
}

class MapLayer extends Layer {
  constructor(owner, data, page) {
    super(owner, data, page);
    this.buttons = Array.from({ length: Math.min(data.channels, PER_PAGE) }, (_, place) => this.addMap(place));
    this.pages = Math.ceil(data.channels / PER_PAGE);
    const [earlier, later] = this.element.querySelectorAll(".pager button");
    this.find(".pager").hidden = this.pages === 1;
    earlier.onclick = () => this.turn(this.page - 1);
    later.onclick = () => this.turn(this.page + 1);
    this.focused = 0;
  }

  addMap(place) {
    const tile = this.addTile();
    const index = () => this.page * PER_PAGE + place;
    tile.onpointerenter = () => this.owner.point(this, index(), tile);
    tile.onpointerleave = () => this.owner.point(this, 0, null);
    tile.onfocus = () => tile.matches(":focus-visible") && this.owner.point(this, index(), tile);
    tile.onblur = () => this.owner.point(this, 0, null);
    tile.onclick = () => this.owner.select(this, index());
    tile.onkeydown = (event) => this.walk(event, place);
    return tile;
  }

  update(data, normalise) {
    super.update(data, normalise);
    this.page = Math.min(this.page, this.pages - 1);
    this.draw();
  }

  draw() {
    const { page, pages, data } = this;
    this.buttons.forEach((tile, place) => {
      const index = page * PER_PAGE + place;
      const there = index < data.channels;
      tile.classList.toggle("gone", !there);
      tile.tabIndex = place === this.focused ? 0 : -1;
      tile.dataset.index = index;
      if (!there) return;
      this.paint(tile.firstElementChild, index);
      tile.setAttribute("aria-label", `${this.name}, map ${index + 1}`);
    });
    const last = Math.min(data.channels, (page + 1) * PER_PAGE);
    setText(this.find(".pager span"), `${page * PER_PAGE + 1}–${last} of ${data.channels}`);
    const [earlier, later] = this.element.querySelectorAll(".pager button");
    earlier.disabled = page === 0;
    later.disabled = page === pages - 1;
  }

  paint(canvas, index) {
    const { width, height } = this.data;
    const size = width * height;
    paint(canvas, width, height, this.bytes.subarray(index * size, (index + 1) * size), VIRIDIS);
  }

  mark(index) {
    for (const tile of this.buttons) tile.setAttribute("aria-pressed", String(Number(tile.dataset.index) === index));
  }

  describe(index) {
    const size = this.data.width * this.data.height;
    const map = this.bytes.subarray(index * size, (index + 1) * size);
    let [low, high, sum] = [255, 0, 0];
    for (const value of map) {
      low = Math.min(low, value);
      high = Math.max(high, value);
      sum += value;
    }
    const [min, mean, max] = [low, sum / size, high].map((value) => threeFigures(this.real(index, value)));
    const title = `${this.name}, map ${index + 1}`;
    if (min === max) return { title, numbers: `${min} everywhere`, lines: `${min} everywhere` };
    return { title, numbers: `min ${min} · mean ${mean} · max ${max}`, lines: `${min} to ${max}, mean ${mean}` };
  }

  turn(page) {
    if (page < 0 || page >= this.pages) return false;
    this.page = page;
    this.draw();
    this.owner.drawSelection();
    return true;
  }

  /** Arrow keys go from map to map and on to the next page; Page Up and Page Down turn pages. */
  walk(event, place) {
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -2, ArrowDown: 2, PageUp: -PER_PAGE, PageDown: PER_PAGE };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    const index = this.page * PER_PAGE + place + step;
    if (index < 0 || index >= this.data.channels) return;
    this.focused = index % PER_PAGE;
    this.page = Math.floor(index / PER_PAGE);
    this.draw();
    this.owner.drawSelection();
    const tile = this.buttons[this.focused];
    tile.focus();
    this.owner.point(this, index, tile);
  }

  arrange(widest) {
    const rows = Math.ceil(this.buttons.length / 2);
    const tallest = Math.floor((BODY - (rows - 1) * GAP) / rows);
    const tile = Math.max(TILE.least, Math.min(TILE.most, widest, tallest));
    this.width = 2 * tile + GAP;
    this.element.style.setProperty("--tile", `${tile}px`);
    this.element.style.setProperty("--width", `${this.width}px`);
  }
}

/** A vector (dense, flatten): one cell a number, column after column, on the layer's own scale. */
class StripLayer extends Layer {
  constructor(owner, data, page) {
    super(owner, data, page);
    this.element.classList.add("strip");
    this.find(".pager").hidden = true;
    this.tile = this.addTile();
    this.cell = this.tile.appendChild(document.createElement("i"));
    this.cell.className = "cell";
    this.cell.hidden = true;
    this.unit = 0;
    this.tile.onpointermove = (event) => this.point(this.unitAt(event));
    this.tile.onpointerleave = () => this.owner.point(this, 0, null);
    this.tile.onfocus = () => this.tile.matches(":focus-visible") && this.point(this.unit);
    this.tile.onblur = () => this.owner.point(this, 0, null);
    this.tile.onclick = () => this.owner.select(this, this.unit);
    this.tile.onkeydown = (event) => this.walk(event);
  }

  update(data, normalise) {
    super.update(data, normalise);
    this.tile.setAttribute("aria-label", `${data.name}, ${data.channels} numbers`);
    this.draw();
  }

  /** The largest cells with which all numbers fit `height` and the strip's width. */
  arrange(height) {
    const { channels } = this.data;
    const columns = (cell) => Math.ceil(channels / Math.floor(height / cell));
    this.size = STRIP.cells.find((cell) => columns(cell) * cell <= STRIP.width) ?? 1;
    this.rows = Math.min(channels, Math.floor(height / this.size));
    this.columns = Math.ceil(channels / this.rows);
    // Few numbers make one thin column: a little wider than high, so that it can be pointed at.
    this.cellWidth = this.columns === 1 ? Math.max(this.size, 22) : this.size;
    this.width = this.columns * this.cellWidth;
    this.element.style.setProperty("--width", `${this.width}px`);
    this.element.style.setProperty("--height", `${this.rows * this.size}px`);
    this.element.style.width = `${Math.max(this.width, STRIP.width)}px`;
    this.draw();
    return Math.max(this.width, STRIP.width);
  }

  draw() {
    if (!this.rows || !this.bytes) return;
    const { rows, columns, data, bytes } = this;
    const cells = new Uint16Array(rows * columns).fill(256);
    for (let i = 0; i < data.channels; i++) cells[(i % rows) * columns + Math.floor(i / rows)] = bytes[i];
    paint(this.tile.firstElementChild, columns, rows, cells, VIRIDIS); // 256 is in no table: nothing is painted there
  }

  unitAt({ clientX, clientY }) {
    const box = this.tile.getBoundingClientRect();
    const column = Math.floor(((clientX - box.left) / box.width) * this.columns);
    const row = Math.floor(((clientY - box.top) / box.height) * this.rows);
    return this.inside(Math.max(0, column) * this.rows + Math.max(0, Math.min(row, this.rows - 1)));
  }

  inside(unit) {
    return Math.max(0, Math.min(unit, this.data.channels - 1));
  }

  point(unit) {
    this.unit = unit;
    this.tile.dataset.index = unit;
    const box = this.tile.getBoundingClientRect();
    const [column, row] = [Math.floor(unit / this.rows), unit % this.rows];
    const [left, top] = [column * this.cellWidth, row * this.size];
    const around = new DOMRect(box.left + left, box.top + top, this.cellWidth, this.size);
    this.owner.point(this, unit, this.tile, around);
  }

  walk(event) {
    const step = { ArrowUp: -1, ArrowDown: 1, ArrowLeft: -this.rows, ArrowRight: this.rows }[event.key];
    if (!step) return;
    event.preventDefault();
    this.point(this.inside(this.unit + step));
  }

  mark(unit) {
    this.tile.setAttribute("aria-pressed", String(unit !== null));
    this.cell.hidden = unit === null;
    if (unit === null) return;
    const [column, row] = [Math.floor(unit / this.rows), unit % this.rows];
    Object.assign(this.cell.style, {
      left: `${column * this.cellWidth}px`, top: `${row * this.size}px`,
      width: `${this.cellWidth}px`, height: `${this.size}px`,
    });
  }

  paint(canvas, unit) {
    paint(canvas, 1, 1, [this.bytes[unit]], VIRIDIS);
  }

  describe(unit) {
    const value = threeFigures(this.real(Math.min(unit, this.data.low.length - 1), this.bytes[unit]));
    return { title: `${this.name}, unit ${unit + 1}`, numbers: value, lines: value };
  }
}

function isVector(layer) {
  return layer.width * layer.height === 1 && (layer.kind === "dense" || layer.kind === "flatten");
}
