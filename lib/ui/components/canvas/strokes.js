// A drawing is a list of strokes, {width, points: [[x, y], ...]}, all in shares of the side: it looks the same at any size.

/** @typedef {[x: number, y: number]} Point */
/** @typedef {{width: number, points: Point[]}} Stroke */

/**
 * Paint `strokes` in white on a `side` x `side` context, smooth through the middles between the points.
 * @param {CanvasRenderingContext2D} context
 * @param {Stroke[]} strokes
 * @param {number} side
 */
export function paintStrokes(context, strokes, side) {
  context.lineCap = "round";
  context.lineJoin = "round";
  context.strokeStyle = "#fff";
  for (const { width, points } of strokes) {
    context.lineWidth = width * side;
    context.beginPath();
    tracePath(context, points.map(([x, y]) => [x * side, y * side]));
    context.stroke();
  }
}

/** @param {CanvasRenderingContext2D} context @param {Point[]} points */
function tracePath(context, points) {
  const [first, ...rest] = points;
  context.moveTo(...first);
  rest.slice(0, -1).forEach(([x, y], i) => {
    const [nextX, nextY] = rest[i + 1];
    context.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
  });
  const [x, y] = rest.at(-1) ?? first;
  context.lineTo(x + 0.01, y); // never of no length: a single point shall leave a round dot
}

/** @type {Map<number, CanvasRenderingContext2D>} */
const SHEETS = new Map();

/** A sheet of `size` x `size` that is read as often as it is painted. @param {number} size */
function sheetOf(size) {
  let context = SHEETS.get(size);
  if (!context) {
    const canvas = Object.assign(document.createElement("canvas"), { width: size, height: size });
    const made = canvas.getContext("2d", { willReadFrequently: true });
    if (!made) throw new Error("this browser draws nothing");
    context = made;
    SHEETS.set(size, context);
  }
  return context;
}

/** The grey values of the drawing at `size` x `size`. @param {Stroke[]} strokes @param {number} size */
export function rasterize(strokes, size) {
  const context = sheetOf(size);
  context.fillStyle = "#000";
  context.fillRect(0, 0, size, size);
  paintStrokes(context, strokes, size);
  const { data } = context.getImageData(0, 0, size, size);
  const pixels = new Uint8Array(size * size);
  for (let i = 0; i < pixels.length; i++) pixels[i] = data[i * 4];
  return pixels;
}

/** @param {Point} one @param {Point} other */
export const distance = ([x1, y1], [x2, y2]) => Math.hypot(x2 - x1, y2 - y1);
