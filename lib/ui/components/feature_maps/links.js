// Lines from the map under the pointer to what feeds it and to what it feeds, the stronger the thicker.

import { setData } from "../base/dom.js";
import { feeding } from "../page_net/feeding.js";

const SVG = "http://www.w3.org/2000/svg";
const MOST_FROM_A_MAP = 24; // lines to the numbers that a map is flattened to
const UNKNOWN = 0.4; // strength where it is not sent

export class Links {
  constructor(owner) {
    this.owner = owner;
    this.sheet = owner.find("svg.links");
  }

  update({ layers, answer }) {
    // What stands at place i hangs on what stands at i - 1; the answer is the last place, the picture is before the first.
    this.sizes = layers.map((layer) => layer.channels);
    const links = [...layers, answer].map((place) => place.links ?? null);
    this.linksOf = (place) => links[place];
  }

  /** A net in the page is asked when somebody points. @param {import("../page_net/follow.js").Seen} seen @param {string[]} names */
  follow({ net, answers }, names) {
    const found = new Map();
    this.linksOf = (place) => {
      if (!found.has(place)) found.set(place, feeding(net, answers, names[place] ?? net.layers.at(-1).name, names[place - 1] ?? null));
      return found.get(place);
    };
  }

  /** @param {number} place @param {number} index */
  show(place, index) {
    const [into, out] = [this.into(place, index), this.outOf(place, index)];
    const lines = [
      ...into.map(([source, strength]) => [this.boxOf(place - 1, source), this.boxOf(place, index), strength]),
      ...out.map(([target, strength]) => [this.boxOf(place, index), this.boxOf(place + 1, target), strength]),
    ];
    const home = this.owner.root.getBoundingClientRect();
    // Narrow screens put the picture and the answer above the layers: lines only ever go forwards.
    const seen = lines.filter(([from, to]) => from && to && to.left >= from.right - 1);
    fitPaths(this.sheet, seen.length);
    seen.forEach(([from, to, strength], i) => drawLine(this.sheet.children[i], home, from, to, strength));
    setData(this.sheet, { lines: seen.length });
  }

  hide() {
    this.sheet.replaceChildren();
    setData(this.sheet, { lines: 0 });
  }

  /** [[index in the place before, strength 0..1], ...] @param {number} place @param {number} index */
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

  /** [[index in the place behind, strength 0..1], ...] @param {number} place @param {number} index */
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
   */
  boxOf(place, index) {
    const { layers } = this.owner;
    if (place < 0) return this.owner.find(".shown:not([hidden])").getBoundingClientRect();
    if (place === layers.length) return this.owner.answer.boxOf(index);
    const box = layers[place].boxOf(index);
    const frame = this.owner.find(".layers").getBoundingClientRect();
    return box && box.left >= frame.left - 1 && box.right <= frame.right + 1 ? box : null;
  }
}

/** The units that an input is among the strongest of. @param {Inputs} links @param {number} index @returns {Line[]} */
function behindOf({ each, positions, strengths }, index) {
  const found = [...positions.keys()].filter((place) => positions[place] === index);
  return found.map((place) => [Math.floor(place / each), strengths[place] / 255]);
}

/**
 * A soft curve from the right side of one box to the left side of another.
 * @param {number} from
 * @param {number} to
 * @param {number} strength
 */
function drawLine(path, home, from, to, strength) {
  const [x1, y1] = [from.right - home.left, from.top + from.height / 2 - home.top];
  const [x2, y2] = [to.left - home.left, to.top + to.height / 2 - home.top];
  const bend = Math.max(8, (x2 - x1) / 2);
  path.setAttribute("d", `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`);
  path.style.strokeWidth = 0.75 + 2.25 * strength;
  path.style.opacity = 0.12 + 0.78 * strength;
}

/** @param {HTMLCanvasElement} sheet @param {number} length */
function fitPaths(sheet, length) {
  while (sheet.children.length > length) sheet.lastChild.remove();
  while (sheet.children.length < length) sheet.append(document.createElementNS(SVG, "path"));
}
