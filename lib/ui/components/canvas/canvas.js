// The drawing surface: strokes by mouse, pen, touch or keyboard, shown at once and sent as a small grey PNG.

import { find } from "../base/dom.js";
import { View, keepView } from "../base/view.js";
import { showSheet } from "../page_net/sheets.js";
import { encodeGreyPng } from "./png.js";
import { distance, paintStrokes, rasterize } from "./strokes.js";

const SEND_EVERY_MS = 120;
const REST_MS = 600; // after what the page has answered itself; the next stroke mostly begins sooner
const STEP = 0.03; // of the side, one arrow press
const BIG_STEP = 0.1;
const CLOSEST = 0.004; // nearer points add nothing but work
const THINNEST = 0.4; // of the brush the page asked for
const THICKEST = 2.2;

// Strokes by the page's key, for as long as the tab is open: a drawing outlives a switch of pages.
const DRAWINGS = new Map();

// ---- Drawing ------------------------------------------------------------------------------------------------------

const brushShare = (board) => Number(board.slider.value) / board.data.size;

function beginStroke(board, point) {
  board.stroke = { width: brushShare(board), points: [point] };
  board.drawing.strokes.push(board.stroke);
  board.drawing.cleared = null;
  clearTimeout(board.sendTimer);
  board.sendTimer = 0;
  touched(board);
}

function extendStroke(board, point) {
  if (distance(board.stroke.points.at(-1), point) < CLOSEST) return;
  board.stroke.points.push(point);
  touched(board);
}

function endStroke(board) {
  if (!board.stroke) return;
  board.stroke = null;
  board.pointer = null;
  showPen(board);
  sendSoon(board);
}

/** Take the last stroke back; right after Clear, bring everything back. */
function undo(board) {
  const { drawing } = board;
  const isRestoring = !drawing.strokes.length && drawing.cleared;
  if (!drawing.strokes.length && !isRestoring) return;
  board.stroke = null;
  board.pointer = null;
  if (isRestoring) {
    drawing.strokes = drawing.cleared;
    drawing.cleared = null;
  } else drawing.strokes.pop();
  announce(board, isRestoring ? "Drawing restored" : `Stroke removed, ${drawing.strokes.length} left`);
  touched(board);
  sendSoon(board);
}

function clear(board) {
  const { drawing } = board;
  if (!drawing.strokes.length) return;
  board.stroke = null;
  board.pointer = null;
  drawing.cleared = drawing.strokes;
  drawing.strokes = [];
  announce(board, "Cleared");
  touched(board);
  sendSoon(board);
}

// ---- Sending ------------------------------------------------------------------------------------------------------

/** Something changed: repaint with the next frame, send within the interval; not while the page itself follows. */
function touched(board) {
  board.unsent = true;
  board.drawing.turn += 1;
  schedulePaint(board);
  if (!board.sendTimer && !board.data.followed) sendAfter(board, SEND_EVERY_MS);
}

/** A stroke is done, or one is taken back: where the page has answered already, the server can wait for the next. */
function sendSoon(board) {
  if (board.data.followed) sendAfter(board, REST_MS);
  else sendNow(board);
}

/** @param {number} wait */
function sendAfter(board, wait) {
  clearTimeout(board.sendTimer);
  board.sendTimer = setTimeout(() => sendNow(board), wait);
}

async function sendNow(board) {
  clearTimeout(board.sendTimer);
  board.sendTimer = 0;
  if (!board.unsent) return;
  board.unsent = false;
  const message = ++board.messages;
  const { strokes, turn } = board.drawing;
  const count = strokes.length;
  const { size } = board.data;
  const png = count ? await encodeGreyPng(rasterize(strokes, size), size) : null;
  // Compressing takes a moment: an older picture must not arrive after a newer one.
  if (message === board.messages && !board.closed) board.emit({ png, strokes: count, turn });
}

// ---- Showing ------------------------------------------------------------------------------------------------------

function schedulePaint(board) {
  board.frame ||= requestAnimationFrame(() => {
    board.frame = 0;
    paint(board);
  });
}

function paint(board) {
  const { sheet, surface, drawing } = board;
  const side = Math.max(1, Math.round(surface.clientWidth * (window.devicePixelRatio || 1)));
  if (sheet.width !== side || sheet.height !== side) {
    sheet.width = side;
    sheet.height = side;
  }
  const context = sheet.getContext("2d");
  context.clearRect(0, 0, side, side);
  paintStrokes(context, drawing.strokes, side);
  board.empty.hidden = drawing.strokes.length > 0;
  board.undoButton.disabled = !drawing.strokes.length && !drawing.cleared;
  board.clearButton.disabled = !drawing.strokes.length;
  tell(board);
}

/** Say what lies on the sheet to whoever follows it on this page: in this very frame. */
function tell({ data: { key, size }, drawing: { strokes, turn } }) {
  const read = () => ({ width: size, height: size, pixels: rasterize(strokes, size) });
  showSheet(key, { turn, strokes: strokes.length, read });
}

/** The keyboard's pen: a ring the size of the brush, filled while it is down. */
function showPen(board) {
  const { pen, surface } = board;
  pen.hidden = !surface.classList.contains("keyboard");
  const size = Math.max(8, brushShare(board) * surface.clientWidth);
  Object.assign(pen.style, {
    left: `${board.at[0] * 100}%`,
    top: `${board.at[1] * 100}%`,
    width: `${size}px`,
    height: `${size}px`,
  });
  pen.classList.toggle("down", Boolean(board.stroke));
}

/** @param {string} message */
function announce(board, message) {
  board.live.textContent = message;
}

// ---- Pointer ------------------------------------------------------------------------------------------------------

/** @param {PointerEvent} event */
function pointOf(board, event) {
  const box = board.sheet.getBoundingClientRect();
  const share = (/** @type {number} */ position, /** @type {number} */ from, /** @type {number} */ length) => Math.min(1, Math.max(0, (position - from) / length));
  return [share(event.clientX, box.left, box.width), share(event.clientY, box.top, box.height)];
}

/** @param {PointerEvent} event */
function onPointerDown(board, event) {
  if (event.button || board.pointer !== null) return; // other buttons, second fingers
  event.preventDefault();
  board.surface.focus({ preventScroll: true });
  setKeyboard(board, false);
  endStroke(board);
  board.surface.setPointerCapture(event.pointerId);
  board.pointer = event.pointerId;
  beginStroke(board, pointOf(board, event));
}

/** @param {PointerEvent} event */
function onPointerMove(board, event) {
  if (event.pointerId !== board.pointer || !board.stroke) return;
  const events = event.getCoalescedEvents?.() ?? [];
  for (const each of events.length ? events : [event]) extendStroke(board, pointOf(board, each));
}

/** @param {PointerEvent} event */
function onPointerEnd(board, event) {
  if (event.pointerId !== board.pointer) return;
  endStroke(board);
  board.pointer = null; // also after an undo in mid-stroke
}

// ---- Keyboard -----------------------------------------------------------------------------------------------------

/** @param {boolean} isOn */
function setKeyboard(board, isOn) {
  board.root.classList.toggle("by-keyboard", isOn);
  board.surface.classList.toggle("keyboard", isOn);
  showPen(board);
}

/** @param {boolean} isBig */
function movePen(board, [dx, dy], isBig) {
  const step = isBig ? BIG_STEP : STEP;
  const clamp = (value) => Math.min(1, Math.max(0, value));
  board.at = [clamp(board.at[0] + dx * step), clamp(board.at[1] + dy * step)];
  if (board.stroke) extendStroke(board, board.at);
}

function togglePen(board) {
  if (board.stroke) endStroke(board);
  else beginStroke(board, board.at);
  announce(board, board.stroke ? "Pen down" : "Pen up");
}

const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

/** @param {KeyboardEvent} event */
function onKeydown(board, event) {
  const isUndo = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !event.shiftKey;
  if (!isUndo && (event.ctrlKey || event.metaKey || event.altKey)) return;
  // Plain letters are Streamlit's shortcuts (r reruns); someone drawing does not mean them.
  event.stopPropagation();
  if (isUndo) undo(board);
  else if (event.target !== board.surface || board.pointer !== null) return;
  else if (ARROWS[event.key]) movePen(board, ARROWS[event.key], event.shiftKey);
  else if (event.key === " ") {
    if (!event.repeat) togglePen(board);
  } else if (event.key === "Delete" || event.key === "Backspace") clear(board);
  else return;
  event.preventDefault();
  if (event.target === board.surface) setKeyboard(board, true);
}

// ---- Mounting -----------------------------------------------------------------------------------------------------

function wire(board) {
  const { surface, slider } = board;
  surface.onpointerdown = (event) => onPointerDown(board, event);
  surface.onpointermove = (event) => onPointerMove(board, event);
  surface.onpointerup = surface.onpointercancel = surface.onlostpointercapture = (event) => onPointerEnd(board, event);
  surface.onfocus = () => setKeyboard(board, surface.matches(":focus-visible"));
  surface.onblur = () => {
    if (board.pointer === null) {
      endStroke(board);
      sendNow(board); // who turns to something else has rested
    }
    setKeyboard(board, false);
  };
  surface.oncontextmenu = (event) => event.preventDefault(); // a long press draws
  slider.oninput = () => slider.style.setProperty("--share", brushShare(board));
  board.undoButton.onclick = () => undo(board);
  board.clearButton.onclick = () => clear(board);
  board.root.onkeydown = (event) => onKeydown(board, event);
  board.resized = new ResizeObserver(() => schedulePaint(board));
  board.resized.observe(surface);
}

/** @param {HTMLElement} root @param {string} key */
function createBoard(root, key) {
  const part = (/** @type {string} */ selector) => find(root, selector);
  const isNew = !DRAWINGS.has(key);
  if (isNew) DRAWINGS.set(key, { strokes: [], cleared: null, turn: 0 });
  const board = {
    root: part(".drawing"),
    surface: part(".surface"),
    sheet: part("canvas"),
    empty: part(".empty"),
    pen: part(".pen"),
    slider: part("input"),
    undoButton: part(".undo"),
    clearButton: part(".clear"),
    live: part(".live"),
    drawing: DRAWINGS.get(key),
    stroke: null,
    pointer: null,
    at: [0.5, 0.5],
    data: null,
    // The server forgets a drawing when its page is left: tell it again what is on the paper.
    unsent: !isNew && DRAWINGS.get(key).strokes.length > 0,
    messages: 0,
  };
  wire(board);
  return board;
}

/** Take the page's wishes in; the drawing itself belongs to the browser. */
function receive(board, data) {
  const before = board.data;
  board.data = data;
  board.surface.setAttribute("aria-label", data.label);
  if (before?.brush !== data.brush || before?.size !== data.size) {
    Object.assign(board.slider, {
      min: Math.max(1, data.brush * THINNEST),
      max: data.brush * THICKEST,
      step: "any",
      value: data.brush,
    });
    board.unsent ||= Boolean(before && board.drawing.strokes.length); // another size: another PNG
  }
  schedulePaint(board);
  if (board.unsent && !board.sendTimer && !board.stroke) sendNow(board);
}

function closeBoard(board) {
  board.closed = true;
  clearTimeout(board.sendTimer);
  cancelAnimationFrame(board.frame);
  board.resized.disconnect();
}

/** @extends {View<CanvasData>} */
class Canvas extends View {
  /** @param {CanvasData} data */
  update(data) {
    this.board ??= createBoard(this.parent, data.key);
    this.board.emit = (drawing) => this.component.setStateValue("drawing", drawing);
    receive(this.board, data);
  }

  destroy() {
    if (this.board) closeBoard(this.board);
  }
}

export default keepView(".drawing", Canvas);
