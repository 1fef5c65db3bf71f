// One picture on its way through the net: every layer's maps, painted in place whenever new numbers arrive.

import { find, setData, setText } from "../base/dom.js";
import { count } from "../base/numbers.js";
import { VIRIDIS_ANCHORS, gradient, paint } from "../base/palette.js";
import { View, keepView } from "../base/view.js";
import { tell } from "../base/voice.js";
import { Follower } from "../page_net/follow.js";
import { asBrightness } from "../page_net/maps.js";
import { Answer } from "./answer.js";
import { BODY, GAP, MapLayer } from "./layers.js";
import { Links } from "./links.js";
import { Picture } from "./picture.js";
import { STRIP, StripLayer, isVector } from "./strip.js";

/** @import { Component } from "../base/types.js" */

const COLUMN_GAP = 16;
const NARROW = 860;
const MANY = 6; // layers from which the sides give way
const TIGHT = 140; // pixels of a layer's width below which "1–10 of 256" and its arrows take two lines
const BESIDES = 600; // pixels of a screen that Look inside needs for its head, its controls and the arithmetic

/** @extends {View<FeatureMapsData>} */
class FeatureMaps extends View {
  /** @param {HTMLElement} root @param {Component<FeatureMapsData>} component */
  constructor(root, component) {
    super(root, component);
    const { parent } = this;
    this.templates = { layer: find(parent, "template.layer"), bar: find(parent, "template.bar") };
    this.layers = [];
    this.selected = null; // {layer, index}
    this.pointed = null; // the same, under the pointer or the focus
    for (const bar of root.querySelectorAll(".gradient")) bar.style.background = gradient(VIRIDIS_ANCHORS);
    this.tip = this.find(".tip");
    this.isRanked = false;
    this.links = new Links(this);
    this.picture = new Picture(this);
    this.answer = new Answer(this);
    this.follower = null; // of a pen, for a net that runs in the page
    for (const button of root.querySelectorAll(".order button")) button.onclick = () => this.rank(button.value === "active");
    this.whenResized(root, () => this.arrange());
  }

  /** @param {FeatureMapsData} data */
  update(data) {
    this.data = data;
    this.speak(data.worded);
    if (!this.has(this.selected)) this.selected = data.selected ?? null;
    this.links.update(data);
    const shape = JSON.stringify(data.layers.map((layer) => [layer.name, layer.kind, layer.channels]));
    const isNew = shape !== this.shape;
    if (isNew) this.build(data.layers);
    this.shape = shape;
    this.picture.say(data.picture);
    this.drawLegend(data);
    if (data.net) this.follow(data, isNew);
    else {
      this.follower?.end();
      this.follower = null;
      this.layers.forEach((layer, i) => layer.update(data.layers[i], data.normalise));
      this.picture.drawImage(data.picture);
      this.answer.draw(data.answer, data.opens);
      setData(this.root, { computed: "server" });
    }
    this.drawSelection();
    this.arrange();
  }

  /** The net runs in this page: its maps and its answer come from the picture, or from what is being drawn. @param {boolean} isNew */
  follow({ net, picture, layers, answer, normalise, opens }, isNew) {
    if (isNew) {
      const dark = ({ channels, height, width }) => ({ bytes: new Uint8Array(channels * height * width), low: [0], high: [0] });
      this.layers.forEach((layer, i) => layer.update({ ...layers[i], ...dark(layers[i]) }, normalise));
    }
    this.answer.draw(answer, opens);
    this.follower ??= new Follower((seen) => seen && this.drawSeen(seen), (error) => console.error(error));
    this.follower.update({ ...net, pixels: picture.pixels, turn: picture.turn });
  }

  /** @param {import("../page_net/follow.js").Seen} seen */
  drawSeen(seen) {
    const { layers, normalise, answer, opens, step } = this.data;
    const { answers, probabilities, isServers, net } = seen;
    if (!probabilities.every(Number.isFinite) || !layers.every(({ name }) => name in answers)) return; // no answer; or another net
    this.layers.forEach((layer, i) => {
      layer.update({ ...layers[i], ...asBrightness(answers[layer.name], normalise) }, normalise);
    });
    this.picture.drawPixels(seen);
    // To the last digit it is the server that says it, once it has the picture; of the moment that the maps are of.
    const isSaid = isServers && net.step === step;
    const own = isServers ? { ...answer, probabilities } : { ...answer, probabilities, truth: null, strange: false };
    this.answer.draw(isSaid ? answer : own, opens);
    this.links.follow(seen, layers.map(({ name }) => name));
    this.sayStep(net.step);
    setData(this.root, { computed: isSaid ? "both" : "page" });
    this.drawPointed();
  }

  destroy() {
    this.follower?.end();
  }

  /** Another net may have no such map: then what the page chose is chosen. @param {boolean} selected */
  has(selected) {
    if (selected?.layer === "answer") return selected.index < this.data.answer.classes.length;
    return this.data.layers.some(({ name, channels }) => name === selected?.layer && selected.index < channels);
  }

  /** The maps of every layer in the net's order, or the most active ones first. @param {boolean} isRanked */
  rank(isRanked) {
    this.isRanked = isRanked;
    for (const button of this.root.querySelectorAll(".order button")) {
      button.setAttribute("aria-pressed", String((button.value === "active") === isRanked));
    }
    for (const layer of this.layers) {
      layer.rank?.();
      layer.draw();
    }
    this.drawSelection();
  }

  build(layers) {
    const pages = new Map(this.layers.map((layer) => [layer.name, layer.page]));
    const kind = (layer) => (isVector(layer) ? StripLayer : MapLayer);
    this.layers = layers.map((layer) => new (kind(layer))(this, layer, pages.get(layer.name) ?? 0));
    this.find(".layers").replaceChildren(...this.layers.map((layer) => layer.element));
    this.pointed = null;
  }

  // ---- sizes --------------------------------------------------------------------------------------------------

  /** Height for the tiles: with the arithmetic below them both shall fit one screen. */
  get body() {
    return this.data.opens ? Math.max(BODY.least, Math.min(BODY.most, window.innerHeight - BESIDES)) : BODY.most;
  }

  /** Tiles as large as height and width allow; below the least size the layers scroll between the two sides. */
  arrange() {
    const { root, layers } = this;
    const width = root.clientWidth;
    if (!width || !layers.length) return;
    root.classList.toggle("narrow", width < NARROW);
    root.classList.toggle("compact", width >= NARROW && this.body < BODY.most);
    const maps = layers.filter((layer) => layer instanceof MapLayer);
    const strips = layers.filter((layer) => layer instanceof StripLayer);
    root.classList.toggle("dense", maps.length >= MANY);
    const stripWidth = maps.length >= MANY ? STRIP.width : STRIP.roomy;
    const taken = strips.length * stripWidth + COLUMN_GAP * (layers.length - 1) + 6;
    const room = (this.find(".layers").clientWidth - taken) / maps.length;
    for (const layer of maps) layer.arrange(Math.floor((room - GAP) / 2));
    root.classList.toggle("tight", maps.some((layer) => layer.width < TIGHT));
    const height = Math.max(...maps.map((layer) => layer.height));
    for (const strip of strips) strip.arrange(maps.length ? height : this.body);
    const track = (layer) => (layer instanceof MapLayer ? `minmax(${layer.width}px, 1fr)` : `${stripWidth}px`);
    this.find(".layers").style.gridTemplateColumns = layers.map(track).join(" ");
    const head = this.find(".layer header")?.offsetHeight;
    if (head) root.style.setProperty("--head", `${head}px`);
  }

  // ---- the two sides ------------------------------------------------------------------------------------------

  drawLegend({ normalise, step, layers, opens, where, net }) {
    this.find(".order").hidden = !opens || !layers.some((layer) => layer.channels > 1 && !isVector(layer));
    const each = this.word(normalise === "layer" ? "scale_of_layer" : "scale_of_map");
    setText(this.find(".legend .says"), each);
    setText(this.find(".where"), where ?? "");
    if (!net) this.sayStep(step);
  }

  /** @param {number | null} step of the net whose maps are shown */
  sayStep(step) {
    setText(this.find(".step"), step == null ? "" : this.word("at", { step: count(step) }));
    const known = this.root.dataset.step;
    setData(this.root, { step: step ?? "" });
    if (known && known !== this.root.dataset.step) {
      tell("maps", [this.find(".step"), this.find(".verdict")].map(({ textContent }) => textContent).join(". "));
    }
  }

  // ---- pointing and choosing ----------------------------------------------------------------------------------

  /**
   * `tile` is pointed at (null: none any more): say its numbers beside it and show it large.
   * @param {number} index
   * @param {HTMLElement} tile
   */
  point(layer, index, tile, box = tile?.getBoundingClientRect()) {
    this.pointed = tile ? { layer: layer.name, index } : null;
    this.tip.hidden = !tile;
    if (tile) {
      const { title, numbers } = layer.describe(index);
      setText(find(this.tip, "b"), title);
      setText(find(this.tip, "span"), numbers);
      this.placeTip(box);
      this.links.show(this.layers.indexOf(layer), index);
    } else this.links.hide();
    this.drawLarge();
  }

  placeTip(box) {
    const home = this.root.getBoundingClientRect();
    const zoom = home.width / this.root.offsetWidth; // a projector shows larger pixels
    const { width, height } = this.tip.getBoundingClientRect();
    const left = Math.min(Math.max(box.left + box.width / 2 - width / 2 - home.left, 4), home.width - width - 4);
    const above = box.top - home.top - height - 7;
    this.tip.style.left = `${left / zoom}px`;
    this.tip.style.top = `${(above < 0 ? box.bottom - home.top + 7 : above) / zoom}px`;
  }

  /** @param {number} index */
  select(layer, index) {
    this.selected = { layer: layer.name, index };
    this.component.setStateValue("selected", this.selected);
    this.drawSelection();
  }

  drawSelection() {
    for (const layer of this.layers) layer.mark(this.selected?.layer === layer.name ? this.selected.index : null);
    this.answer.mark(this.selected?.layer === "answer" ? this.selected.index : null);
    this.drawPointed();
  }

  /** The numbers of what is chosen or pointed at. */
  drawPointed() {
    this.drawLarge();
    if (this.pointed && !this.tip.hidden) {
      const layer = this.layers.find((candidate) => candidate.name === this.pointed.layer);
      setText(find(this.tip, "span"), layer.describe(this.pointed.index).numbers);
    }
  }

  /** The map pointed at, else the chosen one, as large as the picture. */
  drawLarge() {
    const shown = this.pointed ?? this.selected;
    const layer = this.layers.find((candidate) => candidate.name === shown?.layer);
    const known = layer && shown.index < layer.data.channels;
    const figure = this.find(".large");
    figure.classList.toggle("empty", !known);
    const nothing = { title: "", lines: this.word("point_at") };
    const { title, lines } = known ? layer.describe(shown.index) : nothing;
    setText(find(figure, "b"), title);
    setText(find(figure, "span"), lines);
    const canvas = find(figure, "canvas");
    if (known) layer.paint(canvas, shown.index);
    else paint(canvas, 1, 1, [0], [0]);
  }
}

export default keepView(".maps", FeatureMaps);
