// Lines from the map under the pointer to what feeds it and to what it feeds, the stronger the thicker.

import { find, fitChildren, setData, svgNode } from "../base/dom.js";
import { feeding } from "../page_net/feeding.js";

/** @import { Links as Fed } from "../page_net/feeding.js" */
/** @import { Seen } from "../page_net/follow.js" */
/** @import { FeatureMaps } from "./feature_maps.js" */
/** @import { FeatureMapsData } from "./types.js" */
/** @typedef {[index: number, strength: number]} Line to or from a map or unit; the strength from 0 to 1 */

const MOST_FROM_A_MAP = 24; // lines to the numbers that a map is flattened to
const UNKNOWN = 0.4; // strength where it is not sent

export class Links {
  /** @type {number[]} */ sizes = []; // maps or units of every layer

  /** @param {FeatureMaps} owner */
  constructor(owner) {
    this.owner = owner;
    this.sheet = /** @type {SVGSVGElement} */ (/** @type {Element} */ (owner.find(".links")));
  }

  /** How what stands at a place hangs on what stands before it; null where that is not known. @type {(place: number) => Fed | null} */
  linksOf = () => null;

  /** @param {FeatureMapsData} data */
  update({ layers, answer }) {
    // What stands at place i hangs on what stands at i - 1; the answer is the last place, the picture is before the first.
    this.sizes = layers.map((layer) => layer.channels);
    const links = [...layers, answer].map((place) => place.links ?? null);
    this.linksOf = (place) => links[place];
  }

  /** A net in the page is asked when somebody points. @param {Seen} seen @param {string[]} names */
  follow({ net, answers }, names) {
    /** @type {Map<number, Fed | null>} */
    const found = new Map();
    const last = net.layers[net.layers.length - 1].name;
    this.linksOf = (place) => {
      if (!found.has(place)) found.set(place, feeding(net, answers, names[place] ?? last, names[place - 1] ?? null));
      return found.get(place) ?? null;
    };
  }

  /** @param {number} place @param {number} index */
  show(place, index) {
    const [into, out] = [this.into(place, index), this.outOf(place, index)];
    const here = this.boxOf(place, index);
    const lines = [
      ...into.map(([source, strength]) => ({ from: this.boxOf(place - 1, source), to: here, strength })),
      ...out.map(([target, strength]) => ({ from: here, to: this.boxOf(place + 1, target), strength })),
    ];
    const home = this.owner.root.getBoundingClientRect();
    // Narrow screens put the picture and the answer above the layers: lines only ever go forwards.
    const paths = lines.flatMap(({ from, to, strength }) =>
      from && to && to.left >= from.right - 1 ? [{ d: pathOf(home, from, to), strength }] : []);
    fitChildren(this.sheet, paths.length, () => svgNode("path"));
    for (const [i, path] of this.sheet.querySelectorAll("path").entries()) {
      const { d, strength } = paths[i];
      path.setAttribute("d", d);
      path.style.strokeWidth = String(0.75 + 2.25 * strength);
      path.style.opacity = String(0.12 + 0.78 * strength);
    }
    setData(this.sheet, { lines: paths.length });
  }

  hide() {
    this.sheet.replaceChildren();
    setData(this.sheet, { lines: 0 });
  }

  /** What of the place before feeds it. @param {number} place @param {number} index @returns {Line[]} */
  into(place, index) {
    const links = this.linksOf(place);
    if (!links) return [];
    if (place === 0) return links.kind === "inputs" || links.kind === "flatten" ? [] : [[0, 1]];
    const channels = this.sizes[place - 1];
    switch (links.kind) {
      case "kernels":
        return Array.from({ length: channels }, (_, i) => [i, links.strengths[index * channels + i] / 255]);
      case "all":
        return Array.from({ length: channels }, (_, i) => [i, UNKNOWN]);
      case "same":
        return [[index, 1]];
      case "flatten":
        return [[Math.floor(index / links.area), 1]];
      default:
        return Array.from({ length: links.each }, (_, i) => [links.positions[index * links.each + i], links.strengths[index * links.each + i] / 255]);
    }
  }

  /** What of the place behind it feeds. @param {number} place @param {number} index @returns {Line[]} */
  outOf(place, index) {
    const links = place > this.sizes.length - 1 ? null : this.linksOf(place + 1);
    if (!links) return [];
    const channels = this.sizes[place];
    const behind = Array.from({ length: this.sizes[place + 1] ?? 0 }, (_, i) => i);
    switch (links.kind) {
      case "kernels":
        return behind.map((i) => [i, links.strengths[i * channels + index] / 255]);
      case "all":
        return behind.map((i) => [i, UNKNOWN]);
      case "same":
        return [[index, 1]];
      case "flatten": {
        const each = Math.max(1, Math.ceil(links.area / MOST_FROM_A_MAP));
        const count = Math.ceil(links.area / each);
        return Array.from({ length: count }, (_, i) => [index * links.area + i * each, UNKNOWN]);
      }
      default:
        return behindOf(links, index);
    }
  }

  /**
   * Where one end of a line is on the screen; null if it is on another page or scrolled away.
   * @param {number} place
   * @param {number} index
   * @returns {DOMRect | null}
   */
  boxOf(place, index) {
    const { layers } = this.owner;
    if (place < 0) return find(this.owner.root, ".shown:not([hidden])").getBoundingClientRect();
    if (place === layers.length) return this.owner.answer.boxOf(index);
    const box = layers[place].boxOf(index);
    const frame = this.owner.find(".layers").getBoundingClientRect();
    return box && box.left >= frame.left - 1 && box.right <= frame.right + 1 ? box : null;
  }
}

/** The units that an input is among the strongest of. @param {Fed & {kind: "inputs"}} links @param {number} index @returns {Line[]} */
function behindOf({ each, positions, strengths }, index) {
  const found = [...positions.keys()].filter((place) => positions[place] === index);
  return found.map((place) => [Math.floor(place / each), strengths[place] / 255]);
}

/** A soft curve from the right side of one box to the left side of another. @param {DOMRect} home @param {DOMRect} from @param {DOMRect} to */
function pathOf(home, from, to) {
  const [x1, y1] = [from.right - home.left, from.top + from.height / 2 - home.top];
  const [x2, y2] = [to.left - home.left, to.top + to.height / 2 - home.top];
  const bend = Math.max(8, (x2 - x1) / 2);
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}
