// A component's first content and its look, put in by its own module: so they travel once, not with every update.

import { unpacked } from "./packing.js";

/** @import { Component, Worded } from "./types.js" */

const DRESSED = new WeakMap();
/** @type {WeakMap<Node, string>} */
const SPOKEN = new WeakMap(); // the language that a place's words are in

/**
 * `mount` as Streamlit calls it, in a place that has been given `html` and the rules `css` before.
 * @param {(component: Component<never>) => unknown} mount
 * @param {string} html
 * @param {string} css
 */
export function dressed(mount, html, css) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return (/** @type {Component<never>} */ component) => {
    const place = component.parentElement;
    if (DRESSED.get(place) !== mount) {
      const content = document.createElement("div");
      content.innerHTML = html; // our own file, nothing that a person typed
      const root = /** @type {ShadowRoot} */ (place.getRootNode());
      // A component that stands in the page itself comes again and again to the same root.
      if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
      place.append(content);
      DRESSED.set(place, mount);
      SPOKEN.delete(place);
    }
    const data = unpacked(component.data);
    const { worded } = /** @type {{worded?: Worded}} */ (data ?? {});
    if (worded && SPOKEN.get(place) !== worded.lang) {
      tell(place, worded);
      SPOKEN.set(place, worded.lang);
    }
    return mount(Object.create(component, { data: { value: data } }));
  };
}

/**
 * Write the words that `data-told`, and `data-told-title` and so on for attributes, name: once in each language, for
 * the component may say something else there later.
 * @param {ParentNode} place
 * @param {Worded} worded
 */
function tell(place, worded) {
  for (const template of place.querySelectorAll("template")) tell(template.content, worded);
  for (const node of place.querySelectorAll("[data-told]")) node.textContent = word(worded, node.getAttribute("data-told"));
  for (const name of ["aria-label", "title", "placeholder"]) {
    for (const node of place.querySelectorAll(`[data-told-${name}]`)) {
      node.setAttribute(name, word(worded, node.getAttribute(`data-told-${name}`)));
    }
  }
}

/** @param {Worded} worded @param {string | null} name */
function word({ words }, name) {
  const found = words[name ?? ""];
  if (typeof found !== "string") throw new Error(`there is no word ${name}`);
  return found;
}
