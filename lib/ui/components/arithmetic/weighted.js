// A dense unit or an answer: every input times its weight, the largest products first, plus bias, activation.

import { find, fitChildren, setData, setText } from "../base/dom.js";
import { plain, signed } from "../base/numbers.js";
import { DIVERGING, divergingIndex } from "../base/palette.js";
import { numbersOf } from "./field.js";
import { Total, barRow, fillRow } from "./lists.js";
import { Mosaic, MosaicField } from "./mosaic.js";
import { SoftmaxTable } from "./softmax.js";

/** @import { Facts, Owner, Templates } from "./arithmetic.js" */
/** @import { Cell, Sent } from "./field.js" */
/** @import { Stack } from "./flattened.js" */
/** @import { Softmax } from "./softmax.js" */
/**
 * `says` is what the activation does to a sum above zero, and to any other; the maps behind the inputs, where there are.
 * @typedef {{kind: "dense", layer: string, index: number, sourceLayer: string | null, inputs: Sent, weights: Sent, bias: number, says: string[], after: number, stack: Stack | null, softmax: Softmax | null}} DenseNumber
 */

const LISTED = 8;

export class WeightedPanel {
  /** @type {DenseNumber} */ number;
  /** @type {number[]} */ order = []; // positions, the largest products first
  values = new Float32Array();
  weights = new Float32Array();
  products = new Float64Array();
  mosaic = new Mosaic(0, null);
  sum = 0;
  most = 0;
  rows = 1;

  /** @param {Owner} owner @param {Templates} templates @param {HTMLElement} element */
  constructor(owner, templates, element) {
    const part = (/** @type {string} */ selector) => find(element, selector);
    this.owner = owner;
    this.find = part;
    this.list = part(".largest ol");
    this.inputs = new MosaicField(templates.field, part(".slot.stack"), (position) => owner.move(0, position));
    this.total = new Total(templates.total, part(".total"), owner.word);
    this.softmax = new SoftmaxTable(part(".softmax"), owner.word);
  }

  /** @param {DenseNumber} number */
  update(number) {
    this.number = number;
    [this.values] = numbersOf(number.inputs);
    [this.weights] = numbersOf(number.weights);
    this.products = Float64Array.from(this.values, (value, i) => value * this.weights[i]);
    this.sum = this.products.reduce((total, product) => total + product, 0);
    this.order = Array.from(this.products, (_, i) => i)
      .sort((a, b) => Math.abs(this.products[b]) - Math.abs(this.products[a]) || a - b);
    this.most = Math.abs(this.products[this.order[0]]);
    this.mosaic = new Mosaic(this.values.length, number.stack?.shape ?? null);
    this.inputs.lay(this.mosaic, (i) => divergingIndex(this.products[i], this.most), DIVERGING);
    this.softmax.update(number.softmax, number.index);
    this.drawList();
  }

  /** @returns {Cell} */
  get start() {
    return [0, this.order[0]];
  }

  get columns() {
    return this.values.length;
  }

  /** While it plays the largest products come first. @param {number} turn @returns {Cell} */
  positionOf(turn) {
    return [0, this.order[turn]];
  }

  drawList() {
    const listed = this.order.slice(0, LISTED);
    const rest = this.order.length - listed.length;
    // The product under the pointer, the largest ones, and what all others come to.
    const items = fitChildren(this.list, 1 + listed.length + (rest > 0 ? 1 : 0), barRow);
    listed.forEach((position, i) => {
      this.fillProduct(items[i + 1], position);
      const button = find(items[i + 1], "button");
      button.onclick = button.onpointerenter = () => this.owner.move(0, position);
    });
    if (rest > 0) {
      const others = this.sum - listed.reduce((total, i) => total + this.products[i], 0);
      const item = items[items.length - 1];
      const name = this.owner.word("others", { count: rest });
      fillRow(item, { name, value: others, most: 0 });
      item.className = "rest";
      find(item, "button").disabled = true;
    }
    const { layer, softmax } = this.number;
    setText(this.find(".largest .says"), this.owner.word(softmax ? "counts_most_answer" : "counts_most", { layer }));
  }

  /** @param {HTMLElement} item @param {number} position */
  fillProduct(item, position) {
    const { number, mosaic, values, weights, products, most } = this;
    fillRow(item, {
      name: mosaic.say(position, number.sourceLayer, number.stack?.layer, this.owner.word),
      detail: `${plain(values[position])} × ${signed(weights[position])}`,
      value: products[position],
      most,
    });
    item.className = "";
    find(item, "button").disabled = false;
    setData(item, { position, value: products[position] });
  }

  /** @param {unknown} _ @param {number} position @returns {Facts} */
  show(_, position) {
    const { number, values, weights, products, mosaic, order, sum } = this;
    this.inputs.markPosition(position);
    const [pointed, ...items] = this.list.children;
    this.fillProduct(pointed, position);
    pointed.className = "pointed";
    order.slice(0, LISTED).forEach((shown, i) => items[i].classList.toggle("chosen", shown === position));
    const answer = number.softmax;
    const { word } = this.owner;
    const name = answer ? answer.classes[number.index] : "";
    const says = answer ? Array(2).fill(word("logit_of", { name })) : number.says;
    const facts = this.total.show({ products: values.length, sum, bias: number.bias, says, value: number.after });
    const title = answer ? word("answer_of", { name }) : word("unit_title", { layer: number.layer, unit: number.index + 1 });
    const place = mosaic.placeOf(position);
    const made = { input: values[position], weight: weights[position], product: products[position], position };
    const probability = answer ? { probability: answer.probabilities[number.index] } : {};
    return { ...facts, ...made, ...probability, row: place.row, column: place.column, map: place.map, title };
  }

  get note() {
    return this.owner.word(this.number.softmax ? "each_answer" : "each_unit", { weights: this.values.length });
  }

  label() {
    const { stack, sourceLayer } = this.number;
    const { word } = this.owner;
    const maps = stack?.layer ? word("the_maps_of", { layer: stack.layer }) : word("the_picture");
    const from = stack ? maps : word("the_units_of", { layer: sourceLayer });
    this.inputs.say(word("products_place", { from }), word("products_keys", { from }));
  }
}
