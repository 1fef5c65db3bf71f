// One picture on its way through the net: every layer's maps, painted in place whenever new numbers arrive.

import { find, setData, setText } from "../base/dom.js";
import { count } from "../base/numbers.js";
import { VIRIDIS_ANCHORS, gradient } from "../base/palette.js";
import { View, keepView } from "../base/view.js";
import { tell } from "../base/voice.js";
import { Follower } from "../page_net/follow.js";
import { asBrightness } from "../page_net/maps.js";
import { Answer } from "./answer.js";
import { BODY, GAP, MapLayer } from "./layers.js";
import { Links } from "./links.js";
import { Picture } from "./picture.js";
import { Pointer } from "./pointer.js";
import { STRIP, StripLayer, isVector } from "./strip.js";

/** @import { Component } from "../base/types.js" */
/** @import { Seen } from "../page_net/follow.js" */
/** @import { FeatureMapsData, LayerData, Place } from "./types.js" */
/** @typedef {MapLayer | StripLayer} Shown */

const COLUMN_GAP = 16;
const NARROW = 860;
const MANY = 6; // layers from which the sides give way
const TIGHT = 140; // pixels of a layer's width below which "1–10 of 256" and its arrows take two lines
const BESIDES = 600; // pixels of a screen that Look inside needs for its head, its controls and the arithmetic

/** @extends {View<FeatureMapsData>} */
export class FeatureMaps extends View {
  /** @type {Shown[]} */ layers = [];
  /** @type {Place | null} */ selected = null;
  /** @type {Follower | null} */ follower = null; // of a pen, for a net that runs in the page
  isRanked = false;
  shape = "";

  /** @param {HTMLElement} root @param {Component<FeatureMapsData>} component */
  constructor(root, component) {
    super(root, component);
    const { parent } = this;
    this.templates = { layer: find(parent, "template.layer"), bar: find(parent, "template.bar") };
    for (const bar of root.querySelectorAll(".gradient")) bar.style.background = gradient(VIRIDIS_ANCHORS);
    this.links = new Links(this);
    this.pointer = new Pointer(this);
    this.picture = new Picture(this);
    this.answer = new Answer(this);
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
    if (data.net) this.follow(data, data.net, isNew);
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

  /**
   * The net runs in this page: its maps and its answer come from the picture, or from what is being drawn.
   * @param {FeatureMapsData} data
   * @param {NonNullable<FeatureMapsData["net"]>} net
   * @param {boolean} isNew
   */
  follow({ picture, layers, answer, normalise, opens }, net, isNew) {
    if (isNew) {
      const dark = (/** @type {LayerData} */ { channels, height, width }) => ({ bytes: new Uint8Array(channels * height * width), low: [0], high: [0] });
      this.layers.forEach((layer, i) => layer.update({ ...layers[i], ...dark(layers[i]) }, normalise));
    }
    this.answer.draw(answer, opens);
    this.follower ??= new Follower((seen) => seen && this.drawSeen(seen), (error) => console.error(error));
    this.follower.update({ ...net, pixels: picture.pixels ?? null, turn: picture.turn ?? null });
  }

  /** @param {Seen} seen */
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
    this.pointer.draw();
  }

  destroy() {
    this.follower?.end();
  }

  /** Another net may have no such map: then what the page chose is chosen. @param {Place | null} selected */
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
      if (layer instanceof MapLayer) layer.rank();
      layer.draw();
    }
    this.drawSelection();
  }

  /** @param {LayerData[]} layers */
  build(layers) {
    this.pointer.away();
    const pages = new Map(this.layers.map((layer) => [layer.name, layer.page]));
    this.layers = layers.map((layer) => new (isVector(layer) ? StripLayer : MapLayer)(this, layer, pages.get(layer.name) ?? 0));
    this.find(".layers").replaceChildren(...this.layers.map((layer) => layer.element));
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
    const track = (/** @type {Shown} */ layer) => (layer instanceof MapLayer ? `minmax(${layer.width}px, 1fr)` : `${stripWidth}px`);
    this.find(".layers").style.gridTemplateColumns = layers.map(track).join(" ");
    const head = this.find(".layer header").offsetHeight;
    if (head) root.style.setProperty("--head", `${head}px`);
  }

  // ---- the two sides ------------------------------------------------------------------------------------------

  /** @param {FeatureMapsData} data */
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

  // ---- choosing -----------------------------------------------------------------------------------------------

  /** @param {Place} place */
  select(place) {
    this.selected = place;
    this.component.setStateValue("selected", place);
    this.drawSelection();
  }

  drawSelection() {
    for (const layer of this.layers) layer.mark(this.selected?.layer === layer.name ? this.selected.index : null);
    this.answer.mark(this.selected?.layer === "answer" ? this.selected.index : null);
    this.pointer.draw();
  }

  /** The layer where that place is, while it has it. @param {Place | null} place */
  layerOf(place) {
    return this.layers.find(({ name, data }) => place?.layer === name && place.index < data.channels);
  }
}

export default keepView(".maps", FeatureMaps);
