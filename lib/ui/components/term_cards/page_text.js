// The texts of a page that a person reads, in it and in its components; what is pressed or typed is left alone.

const LEFT_ALONE = "script, style, template, svg, code, pre, a, button, input, textarea, select, summary, nav, [role=button], [role=tab], [role=radio], [role=option], [contenteditable], [aria-hidden=true]:not([data-testid=stWidgetLabel] *), [hidden], .term-cards, .unseen";

/**
 * Every text below `root`, also in the shadow roots of components.
 * @param {Node} root
 * @returns {Generator<Text>}
 */
export function* textsBelow(root) {
  for (const child of root.childNodes) {
    if (child instanceof Text) {
      if (child.data.trim().length > 1) yield child;
    } else if (child instanceof Element && !child.matches(LEFT_ALONE)) {
      if (child.shadowRoot) yield* textsBelow(child.shadowRoot);
      yield* textsBelow(child);
    }
  }
}

/** The box of a text that is at a place of the window, if one is. @param {Range} range @param {number} x @param {number} y */
export function boxAt(range, x, y) {
  const boxes = [...range.getClientRects()];
  return boxes.find(({ left, right, top, bottom }) => x >= left - 1 && x <= right + 1 && y >= top - 2 && y <= bottom + 2);
}
