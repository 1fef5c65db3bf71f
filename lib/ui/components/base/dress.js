// A component's first content and its look, put in by its own module: so they travel once, not with every update.
/** @import { Component } from "./types.js" */

const DRESSED = new WeakMap();

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
    }
    return mount(component);
  };
}
