// A pointer that presses and drags, and where in an element it is.

/**
 * Hear a pointer from where it presses on `element` until it lets go, beyond the element too.
 * @param {GlobalEventHandlers & Element} element
 * @param {(event: PointerEvent) => unknown} hear
 */
export function whenDragged(element, hear) {
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    element.setPointerCapture(event.pointerId);
    hear(event);
  });
  element.addEventListener("pointermove", (event) => element.hasPointerCapture(event.pointerId) && hear(event));
}

/**
 * Where a pointer is in an element: 0 at its left or upper edge, 1 at the other one, more or less beyond them.
 * @param {Pick<Element, "getBoundingClientRect">} element
 * @param {{clientX: number, clientY: number}} pointer
 */
export function placeIn(element, { clientX, clientY }) {
  const { left, top, width, height } = element.getBoundingClientRect();
  return { x: (clientX - left) / width, y: (clientY - top) / height };
}

/**
 * How large an element is in its own pixels, as all that is drawn in it counts them: a projector shows them larger.
 * @param {Element} element
 */
export const sizeOf = ({ clientWidth: width, clientHeight: height }) => ({ width, height });

/** Where a pointer is in an element, in its own pixels. @param {Element} element @param {{clientX: number, clientY: number}} pointer */
export function pointIn(element, pointer) {
  const { x, y } = placeIn(element, pointer);
  return { x: x * element.clientWidth, y: y * element.clientHeight };
}
