// How one number is made, under the pointer. Every panel below knows one kind of layer; this is what they share.

import { copyOf, find, setData, setText } from "../base/dom.js";
import { within } from "../base/keys.js";
import { plain, signed } from "../base/numbers.js";
import { NO_COLOURS, themeColours } from "../base/palette.js";
import { View, keepView } from "../base/view.js";
import { ConvolutionPanel } from "./convolution.js";
import { FlattenPanel } from "./flattened.js";
import { PoolingPanel } from "./pooling.js";
import { WeightedPanel } from "./weighted.js";

/** @import { Component } from "../base/types.js" */
/** @import { ConvolutionNumber } from "./convolution.js" */
/** @import { Cell } from "./field.js" */
/** @import { FlattenNumber } from "./flattened.js" */
/** @import { PoolingNumber } from "./pooling.js" */
/** @import { DenseNumber } from "./weighted.js" */
/** Number `index` of a layer, with all that it is made of. @typedef {ConvolutionNumber | PoolingNumber | FlattenNumber | DenseNumber} MadeNumber */
/** @typedef {{number: MadeNumber | null, step: number | null}} MadeData */
/** What a panel asks of the section around it. @typedef {Pick<Made, "move" | "refresh" | "colours" | "width" | "word">} Owner */
/** @typedef {Record<string, HTMLTemplateElement>} Templates */
/**
 * What a panel has shown, in full precision, and what it is called.
 * @typedef {{title: string, row: number, column: number, map?: number, position?: number, sum?: number, bias?: number, before?: number, value: number, probability?: number, product?: number, maximum?: number, average?: number}} Facts
 */
/**
 * One kind of layer: takes a number over, and shows how a position of `rows` × `columns` is made.
 * @typedef {{rows: number, columns: number, start: Cell, note: string, update(number: MadeNumber): void, label(): void, show(row: number, column: number, playing: boolean): Facts, positionOf?(turn: number): Cell}} Panel
 */


/** @type {Record<string, new (owner: Owner, templates: Templates, element: HTMLElement) => Panel>} */
const PANELS = { convolution: ConvolutionPanel, pooling: PoolingPanel, flatten: FlattenPanel, dense: WeightedPanel };
const FACTS = /** @type {const} */ (["row", "column", "map", "position", "sum", "bias", "before", "value", "probability", "product"]);
const PLAY_SECONDS = 18; // a whole map
const STEP_MS = { least: 16, most: 600 };
const QUIET_MS = 450; // without a move before the numbers are spoken

/** @extends {View<MadeData>} */
class Made extends View {
  /** @type {MadeNumber | undefined} */ number;
  /** @type {Panel} */ panel;
  /** @type {Facts} */ facts;
  /** @type {Cell} */ at = [0, 0];
  colours = NO_COLOURS;
  playing = 0;
  speaking = 0;

  /** @param {HTMLElement} root @param {Component<MadeData>} component */
  constructor(root, component) {
    super(root, component);
    /** @type {Templates} */
    this.templates = Object.fromEntries([...this.parent.querySelectorAll("template")].map((each) => [each.className, each]));
    this.button = this.find(".play");
    this.button.onclick = () => this.togglePlay();
    root.onkeydown = (event) => this.press(event);
    this.width = root.clientWidth;
    this.whenResized(root, () => {
      this.width = root.clientWidth;
      if (this.number) this.refresh();
    });
  }

  destroy() {
    this.stop();
    clearTimeout(this.speaking);
  }

  /** New numbers: of the same map they are shown where the pointer is, of another one where it is brightest. @param {MadeData} data */
  update({ number, step }) {
    this.root.classList.toggle("empty", !number);
    setData(this.root, { step: step ?? "" });
    if (!number) return;
    this.colours = themeColours(this.root);
    const isNewKind = this.number?.kind !== number.kind;
    const isNewLayer = isNewKind || this.number?.layer !== number.layer;
    const isNewNumber = isNewLayer || this.number?.index !== number.index;
    if (isNewKind) this.build(number.kind);
    if (isNewNumber) this.stop();
    this.number = number;
    this.panel.update(number);
    this.panel.label();
    setText(this.find(".note"), this.panel.note);
    setData(this.root, { kind: number.kind, layer: number.layer, index: number.index });
    const isOutside = this.at[0] >= this.panel.rows || this.at[1] >= this.panel.columns;
    const isOwnStart = number.kind === "dense" || number.kind === "flatten";
    if (isNewLayer || isOutside || (isNewNumber && isOwnStart)) this.at = this.panel.start;
    this.refresh();
  }

  /** @param {string} kind */
  build(kind) {
    const element = copyOf(this.templates[kind]);
    this.find(".body").replaceChildren(element);
    this.panel = new PANELS[kind](this, this.templates, element);
  }

  // ---- where we are -------------------------------------------------------------------------------------------

  /** The pointer, a finger or a key goes somewhere: that ends an animation. @param {number} row @param {number} column */
  move(row, column) {
    this.stop();
    if (row === this.at[0] && column === this.at[1]) return;
    this.at = [row, column];
    this.refresh();
    this.speakSoon();
  }

  refresh() {
    const { title, ...facts } = this.panel.show(...this.at, this.playing > 0);
    setText(this.find("h2"), title);
    for (const name of FACTS) {
      if (facts[name] === undefined) delete this.root.dataset[name];
      else setData(this.root, { [name]: facts[name] }); // in full precision, for whoever compares
    }
    this.facts = { title, ...facts };
  }

  speakSoon() {
    clearTimeout(this.speaking);
    this.speaking = setTimeout(() => setText(this.find(".live"), this.spoken()), QUIET_MS);
  }

  spoken() {
    const { sum, bias, value, maximum, average, product } = this.facts;
    const name = this.facts.title;
    if (maximum !== undefined && average !== undefined) return this.word("max_average", { name, maximum: plain(maximum), average: plain(average) });
    if (product !== undefined) return this.word("product_of_sum", { name, product: signed(product), sum: signed(sum), value: plain(value) });
    if (sum !== undefined) return this.word("sum_bias_value", { name, sum: signed(sum), bias: signed(bias), value: plain(value) });
    return `${name}: ${plain(value)}`;
  }

  // ---- playing ------------------------------------------------------------------------------------------------

  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.key !== " " || isButton(event.composedPath()[0])) return;
    event.preventDefault();
    event.stopPropagation();
    this.togglePlay();
  }

  togglePlay() {
    if (this.playing) this.stop();
    else this.play();
  }

  /** From the first position to the last, row by row; the map appears as it is made. */
  play() {
    const { panel } = this;
    const positions = panel.rows * panel.columns;
    const pace = within((PLAY_SECONDS * 1000) / positions, STEP_MS.least, STEP_MS.most);
    /** @type {number | null} */
    let began = null;
    const frame = (/** @type {number} */ now) => {
      began ??= now;
      const turn = Math.floor((now - began) / pace);
      if (turn >= positions) {
        this.stop();
        return;
      }
      const wide = this.panel.columns;
      this.at = this.panel.positionOf?.(turn) ?? [Math.floor(turn / wide), turn % wide];
      this.refresh();
      this.playing = requestAnimationFrame(frame);
    };
    this.playing = requestAnimationFrame(frame);
    this.showPlay();
  }

  stop() {
    if (!this.playing) return;
    cancelAnimationFrame(this.playing);
    this.playing = 0;
    this.showPlay();
    if (this.number) this.refresh();
  }

  showPlay() {
    const isPlaying = this.playing > 0;
    this.button.classList.toggle("playing", isPlaying);
    setText(find(this.button, "span"), this.word(isPlaying ? "pause" : "play"));
    setData(this.root, { playing: isPlaying });
  }
}

/** @param {EventTarget} target */
const isButton = (target) => target instanceof HTMLButtonElement;

export default keepView(".made", Made);
