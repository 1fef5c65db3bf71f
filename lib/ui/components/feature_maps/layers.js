// One layer of `feature_maps`: its tiles, page, keyboard and numbers. `owner` is the card they all stand in.
const PER_PAGE = 10; // two columns of five
const GAP = 5; // between tiles
const BODY = 376; // height of the tiles: conv 8, pool 8, conv 10, pool 10 fit one screen
const TILE = { most: 92, least: 44 }; // smaller and nothing can be seen: then the layers scroll
const STRIP = { width: 66, cells: [12, 8, 6, 5, 4, 3, 2, 1] }; // a vector: as large cells as fit this width

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
    setText(scale.firstElementChild, data.low[0] === 0 ? "0" : threeFigures(data.low[0]));
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
    const last = Math.min(data.channels, (page + 1) * PER_PAGE);
    this.focused = Math.min(this.focused, last - 1 - page * PER_PAGE); // the last page may be shorter
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
    this.height = rows * (tile + GAP) - GAP;
    this.element.style.setProperty("--tile", `${tile}px`);
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
    const single = Math.min(STRIP.cells[0], Math.floor(height / channels));
    this.size = single >= 4 ? single : (STRIP.cells.find((cell) => columns(cell) * cell <= STRIP.width) ?? 1);
    this.columns = columns(this.size);
    this.rows = Math.ceil(channels / this.columns);
    // Few numbers make one thin column: a little wider than high, so that it can be pointed at.
    this.cellWidth = this.columns === 1 ? Math.max(this.size, 22) : this.size;
    this.width = this.columns * this.cellWidth;
    this.element.style.setProperty("--width", `${this.width}px`);
    this.element.style.setProperty("--height", `${this.rows * this.size}px`);
    this.draw();
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
