// The menu of layer kinds, and where a new layer goes.

import { arrowWay } from "../base/keys.js";
import { node } from "./fields.js";
import { KINDS } from "./kinds.js";

/** @import { Say } from "../base/types.js" */
/** @import { Layer, Limits } from "./kinds.js" */

/** @param {string} kind @param {Limits} limits */
export function newLayer(kind, limits) {
  /** @type {Layer} */
  const layer = { kind };
  for (const [name, limit] of Object.entries(limits[kind])) layer[name] = limit.default;
  return layer;
}

/**
 * After the selected line if `kind` can work there, otherwise the nearest place where it can.
 * @param {string} kind
 * @param {Layer[]} layers
 * @param {number} selected its index, or -1
 */
export function placeFor(kind, layers, selected) {
  const firstOf = (/** @type {(layer: Layer) => boolean} */ test) => {
    const index = layers.findIndex(test);
    return index < 0 ? layers.length : index;
  };
  // Maps live up to here: before Flatten or, without one, before the first Dense.
  const flattened = layers.findIndex((layer) => KINDS[layer.kind].endsMaps);
  const border = flattened >= 0 ? flattened : firstOf((layer) => KINDS[layer.kind].belongs === "last");
  const { belongs } = KINDS[kind];
  if (belongs === "among maps") return selected >= 0 && selected < border ? selected + 1 : border;
  const lastConv = layers.findLastIndex((layer) => KINDS[layer.kind].convolves);
  if (belongs === "after maps" && selected < 0 && lastConv >= 0) return lastConv + 1;
  if (belongs === "last") return selected >= border ? selected + 1 : layers.length;
  return selected >= 0 ? selected + 1 : layers.length;
}

/**
 * Fill and wire the menu, anew in another language; `choose(kind)` hears the choice.
 * @param {HTMLElement} button
 * @param {HTMLElement} menu
 * @param {(kind: string) => unknown} choose
 * @param {Say} word
 */
export function makeMenu(button, menu, choose, word) {
  const items = Object.keys(KINDS).map((kind) => {
    const item = node("button", { type: "button", role: "menuitem", tabIndex: -1, "data-testid": `add-${kind}` },
      node("b", {}, word(`kind_${kind}`)), node("span", { class: "quiet" }, word(`about_${kind}`)));
    item.onclick = () => {
      close();
      choose(kind);
    };
    return item;
  });
  menu.replaceChildren(...items);

  const show = (/** @type {boolean} */ open) => {
    menu.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
  };
  const close = () => show(false);
  button.onclick = () => {
    if (button.getAttribute("aria-disabled") === "true") return;
    const opening = menu.hidden;
    show(opening);
    if (opening) items[0].focus();
  };
  menu.onkeydown = (event) => {
    const at = items.indexOf(/** @type {HTMLButtonElement} */ (event.target));
    const way = arrowWay(event);
    if (way) items[(at + 2 * way[0] + way[1] + items.length) % items.length].focus(); // two columns
    else if (event.key === "Home") items[0].focus();
    else if (event.key === "End") items[items.length - 1].focus();
    else if (event.key === "Escape") {
      close();
      button.focus();
    } else return;
    event.preventDefault();
  };
  const leave = (/** @type {FocusEvent} */ event) => {
    const to = /** @type {Node | null} */ (event.relatedTarget);
    if (to && to !== button && !menu.contains(to)) close();
  };
  for (const item of items) item.addEventListener("focusout", leave);
  return { close };
}
