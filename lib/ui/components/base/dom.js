// Finding and making the elements of a component.

/** @import { Found, Written } from "./types.js" */

/**
 * The element below `root` that `selector` names; a component's own content has it.
 * @template {string} S
 * @param {ParentNode} root
 * @param {S} selector
 * @returns {Found<S>}
 */
export function find(root, selector) {
  const found = root.querySelector(selector);
  if (!found) throw new Error(`there is no ${selector}`);
  return found;
}

/** The children of an element, all of them elements of HTML. @param {ParentNode} parent */
export const childrenOf = (parent) => /** @type {HTMLElement[]} */ ([...parent.children]);

/** What an event of an element happened to. @param {Event} event */
export const targetOf = (event) => /** @type {HTMLElement} */ (event.target);

/** A copy of what the first child of a template is. @param {ParentNode} parent @param {string} name */
export const cloned = (parent, name) => copyOf(find(parent, `template.${name}`));

/** A copy of what the first child of a template is. @param {HTMLElement} template */
export function copyOf(template) {
  const [first] = /** @type {HTMLTemplateElement} */ (template).content.children;
  return /** @type {HTMLElement} */ (first.cloneNode(true));
}

/** A copy of a template in the place of `slot`, whose other classes it takes over. @param {HTMLElement} template @param {HTMLElement} slot */
export function fillSlot(template, slot) {
  const copy = copyOf(template);
  slot.replaceWith(copy);
  copy.classList.add(...[...slot.classList].filter((name) => name !== "slot"));
  return copy;
}

/**
 * As many children as needed, which are returned; those that are there stay, and keep the focus.
 * @template {Element} E
 * @param {Element} parent
 * @param {number} length
 * @param {(index: number) => E} make
 */
export function fitChildren(parent, length, make) {
  while (parent.children.length > length) parent.lastElementChild?.remove();
  while (parent.children.length < length) parent.append(make(parent.children.length));
  return /** @type {E[]} */ (/** @type {unknown} */ ([...parent.children]));
}

/**
 * Set text only where it changed: most updates change nothing, and a selection or a screen reader is left alone.
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Show a PNG, which is only set where it changed.
 * @param {HTMLImageElement} image
 * @param {string} png in base 64
 */
export const setPicture = (image, png) => setSource(image, `data:image/png;base64,${png}`);

/** Show what lies at an address, which is only set where it changed. @param {HTMLImageElement} image @param {string} source */
export function setSource(image, source) {
  if (image.getAttribute("src") !== source) image.src = source;
}

/**
 * A piece of SVG with what it holds.
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, Written>} attributes
 * @param {(Node | string)[]} children
 */
export function svgNode(tag, attributes = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  setAttributes(node, attributes);
  node.append(...children);
  return node;
}

/** A button that only does what it is told. */
export const newButton = () => Object.assign(document.createElement("button"), { type: "button" });

/** A row of a table: what it is about, and so many numbers. @param {number} numbers */
export function newRow(numbers) {
  const row = document.createElement("tr");
  row.append(Object.assign(document.createElement("th"), { scope: "row" }));
  for (let i = 0; i < numbers; i++) row.insertCell();
  return row;
}

/** @param {Element} element @param {Record<string, Written>} attributes */
export function setAttributes(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}

/**
 * Write numbers and words down as data of an element, where they changed: most are what they were.
 * @param {HTMLElement | SVGElement} element
 * @param {Record<string, Written | null | undefined>} values
 */
export function setData(element, values) {
  for (const [name, value] of Object.entries(values)) {
    const text = String(value ?? "");
    if (element.dataset[name] !== text) element.dataset[name] = text;
  }
}
