// Reordering with the pointer: the grabbed line follows it, the others make room, nothing changes until it is let go.

/** @typedef {{from: number, to: number, elements: HTMLElement[], boxes: DOMRect[], y: number}} Grabbed */

/**
 * Wire one handle. `lines()` gives the movable lines' elements in order; `start()` may refuse by returning false;
 * `finish(from, to)` gets equal indices when nothing moved.
 * @param {HTMLElement} handle
 * @param {HTMLElement} line
 * @param {{lines: () => HTMLElement[], start: () => boolean, finish: (from: number, to: number) => unknown}} hooks
 */
export function makeDraggable(handle, line, { lines, start, finish }) {
  /** @type {Grabbed | null} */
  let drag = null;

  // A line gives way once the leading edge of the grabbed one has passed its middle.
  const target = (/** @type {Grabbed} */ { boxes, from }, /** @type {number} */ offset) => {
    const edge = offset < 0 ? boxes[from].top + offset : boxes[from].bottom + offset;
    return boxes.filter((box, i) => i !== from && box.top + box.height / 2 < edge).length;
  };
  const shift = (/** @type {Grabbed} */ grabbed, /** @type {number} */ offset) => {
    const { from, boxes, elements } = grabbed;
    grabbed.to = target(grabbed, offset);
    elements.forEach((element, i) => {
      const room = boxes[from].height;
      const makesRoom = i > from && i <= grabbed.to ? -room : i < from && i >= grabbed.to ? room : 0;
      element.style.transform = i === from ? `translateY(${offset}px)` : makesRoom ? `translateY(${makesRoom}px)` : "";
    });
  };
  const end = (/** @type {boolean} */ keep) => {
    if (!drag) return;
    const { from, to, elements } = drag;
    drag = null;
    for (const element of elements) {
      element.style.transform = "";
      element.classList.remove("making-room", "dragged");
    }
    finish(from, keep ? to : from);
  };

  handle.onpointerdown = (event) => {
    if (event.button || !event.isPrimary || !start()) return;
    event.preventDefault();
    const elements = lines();
    const from = elements.indexOf(line);
    drag = { from, to: from, elements, boxes: elements.map((element) => element.getBoundingClientRect()), y: event.clientY };
    elements.forEach((element) => element.classList.add(element === line ? "dragged" : "making-room"));
    handle.setPointerCapture(event.pointerId);
  };
  handle.onpointermove = (event) => {
    if (drag) shift(drag, event.clientY - drag.y);
  };
  handle.onpointerup = () => end(true);
  handle.onpointercancel = () => end(false);
  handle.onlostpointercapture = () => end(false);
  return { cancel: () => end(false) };
}
