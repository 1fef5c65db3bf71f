// One layer of `feature_maps`: its tiles, page, keyboard and numbers. `owner` is the card they all stand in.

import { copyOf, find, newButton, setData, setText } from "../base/dom.js";
import { threeFigures } from "../base/numbers.js";
import { VIRIDIS, VIRIDIS_ANCHORS, gradient, paint } from "../base/palette.js";

/** @import { Found } from "../base/types.js" */
/** @import { FeatureMaps } from "./feature_maps.js" */
/** @import { LayerData } from "./types.js" */

const PER_PAGE = 10; // two columns of five
export const GAP = 5; // between tiles
export const BODY = { most: 376, least: 290 }; // height of the tiles: conv 8, pool 8, conv 10, pool 10 fit one screen
const TILE = { most: 92, least: 36 }; // smaller and nothing can be seen: then the layers scroll

/** What a layer of maps and a layer of single numbers have in common. */
export class Layer {
  height = 0; // of its tiles, in pixels, and
  width = 0;
  isFilled = false; // whether any numbers have come

  /** @param {FeatureMaps} owner @param {LayerData} data @param {number} page of its maps, from 0 */
  constructor(owner, data, page) {
    this.owner = owner;
    this.data = data;
    this.page = page;
    this.name = data.name;
    this.element = copyOf(owner.templates.layer);
    setData(this.element, { layer: data.name });
    this.tiles = this.find(".tiles");
    for (const bar of this.element.querySelectorAll(".gradient")) bar.style.background = gradient(VIRIDIS_ANCHORS);
  }

  /** @template {string} S @param {S} selector @returns {Found<S>} */
  find(selector) {
    return find(this.element, selector);
  }

  /** @param {LayerData} data @param {string} normalise */
  update(data, normalise) {
    if (data.caption !== this.data.caption || !this.isFilled) {
      setText(this.find("h2"), data.name);
      setText(this.find(".caption"), data.caption);
      this.element.setAttribute("aria-label", `${data.name}: ${data.caption}`);
    }
    this.data = data;
    this.isFilled = true;
    this.find(".scale").hidden = normalise !== "layer";
    setText(this.find(".scale span:first-child"), data.low[0] === 0 ? "0" : threeFigures(data.low[0]));
    setText(this.find(".scale span:last-child"), threeFigures(data.high[0]));
  }

  /** @param {string} testid */
  addTile(testid) {
    const tile = this.tiles.appendChild(newButton());
    tile.className = "tile";
    setData(tile, { testid, layer: this.name });
    tile.append(document.createElement("canvas"));
    return tile;
  }

  /** Byte `value` of map `index` as the activation it stands for. @param {number} index @param {number} value */
  real(index, value) {
    const { low, high } = this.data;
    const at = low.length > 1 ? index : 0; // or all are on one scale
    return low[at] + (value / 255) * (high[at] - low[at]);
  }
}

export class MapLayer extends Layer {
  focused = 0; // the place whose tile the Tab key reaches
  isDrawn = false;

  /** @param {FeatureMaps} owner @param {LayerData} data @param {number} page */
  constructor(owner, data, page) {
    super(owner, data, page);
    this.buttons = Array.from({ length: Math.min(data.channels, PER_PAGE) }, (_, place) => this.addMap(place));
    this.pages = Math.ceil(data.channels / PER_PAGE);
    const [earlier, later] = this.element.querySelectorAll(".pager button");
    this.earlier = earlier;
    this.later = later;
    this.find(".pager").hidden = this.pages === 1;
    this.earlier.onclick = () => this.turn(this.page - 1);
    this.later.onclick = () => this.turn(this.page + 1);
    this.order = Array.from({ length: data.channels }, (_, index) => index);
  }

  /** @param {number} place */
  addMap(place) {
    const tile = this.addTile("map-tile");
    const index = () => this.order[this.page * PER_PAGE + place];
    tile.onpointerenter = () => this.owner.pointer.point(this, index(), tile.getBoundingClientRect());
    tile.onpointerleave = () => this.owner.pointer.away();
    tile.onfocus = () => tile.matches(":focus-visible") && this.owner.pointer.point(this, index(), tile.getBoundingClientRect());
    tile.onblur = () => this.owner.pointer.away();
    tile.onclick = () => this.owner.select({ layer: this.name, index: index() });
    tile.onkeydown = (event) => this.walk(event, place);
    return tile;
  }

  /** @param {LayerData} data @param {string} normalise */
  update(data, normalise) {
    super.update(data, normalise);
    if (this.page > this.pages - 1) [this.page, this.isDrawn] = [this.pages - 1, false];
    // Newer numbers do not pull a map away from under the pointer.
    const isFree = this.owner.isRanked && !this.tiles.matches(":hover, :focus-within");
    if (isFree) this.rank();
    if (isFree || !this.isDrawn) this.draw();
    else this.paintAll();
  }

  /** What each tile shows, and nothing else of it: as often as a pen moves. */
  paintAll() {
    const first = this.page * PER_PAGE;
    this.order.slice(first, first + PER_PAGE).forEach((index, place) => this.paint(find(this.buttons[place], "canvas"), index));
  }

  /** In the net's order, or the most active first: by the mean size of a map's numbers. */
  rank() {
    this.order.sort((a, b) => a - b);
    if (!this.owner.isRanked) return;
    const activity = this.order.map((index) => this.activity(index));
    this.order.sort((a, b) => activity[b] - activity[a] || a - b);
  }

  /** The bytes of one map. @param {number} index */
  mapOf(index) {
    const size = this.data.width * this.data.height;
    return this.data.bytes.subarray(index * size, (index + 1) * size);
  }

  /** @param {number} index */
  activity(index) {
    const map = this.mapOf(index);
    return map.reduce((sum, value) => sum + Math.abs(this.real(index, value)), 0) / map.length;
  }

  /** Where a map is on the screen; null while another page is shown. @param {number} index */
  boxOf(index) {
    const place = this.order.indexOf(index) - this.page * PER_PAGE;
    return this.buttons[place]?.getBoundingClientRect() ?? null;
  }

  draw() {
    this.isDrawn = true;
    const { page, pages, data } = this;
    const last = Math.min(data.channels, (page + 1) * PER_PAGE);
    this.focused = Math.min(this.focused, last - 1 - page * PER_PAGE); // the last page may be shorter
    this.buttons.forEach((tile, place) => {
      const there = page * PER_PAGE + place < data.channels;
      const index = there ? this.order[page * PER_PAGE + place] : -1;
      tile.classList.toggle("gone", !there);
      tile.tabIndex = place === this.focused ? 0 : -1;
      setData(tile, { index });
      if (!there) return;
      this.paint(find(tile, "canvas"), index);
      tile.setAttribute("aria-label", this.owner.word("map_of", { layer: this.name, place: index + 1 }));
    });
    setText(this.find(".pager span"), this.owner.word("shown_of", { first: page * PER_PAGE + 1, last, all: data.channels }));
    this.earlier.disabled = page === 0;
    this.later.disabled = page === pages - 1;
  }

  /** @param {HTMLCanvasElement} canvas @param {number} index */
  paint(canvas, index) {
    paint(canvas, this.data.width, this.data.height, this.mapOf(index), VIRIDIS);
  }

  /** @param {number | null} index */
  mark(index) {
    for (const tile of this.buttons) tile.setAttribute("aria-pressed", String(Number(tile.dataset.index) === index));
  }

  /** @param {number} index */
  describe(index) {
    const map = this.mapOf(index);
    let [low, high, sum] = [255, 0, 0];
    for (const value of map) {
      low = Math.min(low, value);
      high = Math.max(high, value);
      sum += value;
    }
    const [min, mean, max] = [low, sum / map.length, high].map((value) => threeFigures(this.real(index, value)));
    const { word } = this.owner;
    const title = word("map_of", { layer: this.name, place: index + 1 });
    if (min === max) return { title, numbers: word("everywhere", { value: min }), lines: word("everywhere", { value: min }) };
    return { title, numbers: word("least_mean_most", { min, mean, max }), lines: word("spread", { min, mean, max }) };
  }

  /** @param {number} page */
  turn(page) {
    if (page < 0 || page >= this.pages) return;
    this.page = page;
    this.draw();
    this.owner.drawSelection();
  }

  /**
   * Arrow keys go from map to map and on to the next page; Page Up and Page Down turn pages.
   * @param {KeyboardEvent} event
   * @param {number} place
   */
  walk(event, place) {
    /** @type {Record<string, number>} */
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -2, ArrowDown: 2, PageUp: -PER_PAGE, PageDown: PER_PAGE };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    const next = this.page * PER_PAGE + place + step;
    if (next < 0 || next >= this.data.channels) return;
    this.focused = next % PER_PAGE;
    this.page = Math.floor(next / PER_PAGE);
    this.draw();
    this.owner.drawSelection();
    const tile = this.buttons[this.focused];
    tile.focus();
    this.owner.pointer.point(this, this.order[next], tile.getBoundingClientRect());
  }

  /** @param {number} widest */
  arrange(widest) {
    const rows = Math.ceil(this.buttons.length / 2);
    const tallest = Math.floor((this.owner.body - (rows - 1) * GAP) / rows);
    const tile = Math.max(TILE.least, Math.min(TILE.most, widest, tallest));
    this.width = 2 * tile + GAP;
    this.height = rows * (tile + GAP) - GAP;
    this.element.style.setProperty("--tile", `${tile}px`);
  }
}
