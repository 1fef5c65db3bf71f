// Colours: the theme's as numbers, and the two scales of the product (activations, weights), the same everywhere.

// Before the theme has been asked.
export const NO_COLOURS = { accent: "", warm: "", text: "", quiet: "", faint: "", line: "", tint: "", background: "" };

/** @typedef {typeof NO_COLOURS} Colours */

/** The plain drawing context of a canvas. @param {HTMLCanvasElement} canvas @param {CanvasRenderingContext2DSettings} [settings] */
export function context2d(canvas, settings) {
  const context = canvas.getContext("2d", settings);
  if (!context) throw new Error("this browser gives no canvas to draw on");
  return context;
}

/** @type {CanvasRenderingContext2D | undefined} */
let pixel;

/** One pixel is the only sure way to have any CSS colour (color-mix() too) as red, green, blue. @param {string} css */
function toRgb(css) {
  pixel ??= context2d(Object.assign(document.createElement("canvas"), { width: 1, height: 1 }), { willReadFrequently: true });
  pixel.clearRect(0, 0, 1, 1);
  pixel.fillStyle = css;
  pixel.fillRect(0, 0, 1, 1);
  const [red, green, blue] = pixel.getImageData(0, 0, 1, 1).data;
  return `rgb(${red}, ${green}, ${blue})`;
}

/** The theme's colours below `root` as rgb() strings, for code that cannot read CSS variables. @param {HTMLElement} root */
export function themeColours(root) {
  const probe = root.appendChild(document.createElement("span"));
  probe.style.setProperty("transition", "none", "important"); // else it still has the colour before
  const colours = { ...NO_COLOURS };
  for (const name of /** @type {const} */ (["accent", "warm", "text", "quiet", "faint", "line", "tint"])) {
    probe.style.color = `var(--gh-${name})`;
    colours[name] = toRgb(getComputedStyle(probe).color);
  }
  probe.style.color = "var(--st-background-color)";
  colours.background = toRgb(getComputedStyle(probe).color);
  probe.remove();
  return colours;
}

// Eleven of viridis' published colours (matplotlib, CC0), evenly spaced; between them straight lines.
export const VIRIDIS_ANCHORS = [
  [68, 1, 84], [72, 36, 117], [65, 68, 135], [53, 95, 141], [42, 120, 142], [33, 145, 140],
  [34, 168, 132], [68, 191, 112], [122, 209, 81], [189, 223, 38], [253, 231, 37],
];
// Blue, near-white, orange: told apart with every common colour blindness; zero is exactly the middle.
export const DIVERGING_ANCHORS = [
  [24, 79, 149], [66, 125, 186], [150, 186, 221], [247, 247, 244], [238, 183, 150], [212, 121, 67], [163, 72, 20],
];

/** 256 colours along `anchors`, packed as a little-endian canvas wants them. @param {number[][]} anchors */
export function colourTable(anchors) {
  const table = new Uint32Array(256);
  for (let i = 0; i < 256; i++) {
    const place = (i / 255) * (anchors.length - 1);
    const low = Math.min(Math.floor(place), anchors.length - 2);
    const [r, g, b] = anchors[low].map((c, k) => Math.round(c + (anchors[low + 1][k] - c) * (place - low)));
    table[i] = (255 << 24) | (b << 16) | (g << 8) | r;
  }
  return table;
}

export const VIRIDIS = colourTable(VIRIDIS_ANCHORS);
export const DIVERGING = colourTable(DIVERGING_ANCHORS);

/** Red, green and blue of a table's colour. @param {number} packed */
export const rgbOf = (packed) => [packed & 255, (packed >> 8) & 255, (packed >> 16) & 255];

const light = (/** @type {number} */ part) => (part <= 10 ? part / 3294.6 : ((part / 255 + 0.055) / 1.055) ** 2.4);

/** Black or white, whichever reads better on a colour: at least 4.58 to 1, as WCAG counts. @param {number} red @param {number} green @param {number} blue */
export const inkOn = (red, green, blue) => (0.2126 * light(red) + 0.7152 * light(green) + 0.0722 * light(blue) > 0.179 ? "#000000" : "#ffffff");

/** The anchors as a CSS gradient, for legends. @param {number[][]} anchors */
export function gradient(anchors) {
  return `linear-gradient(to right, ${anchors.map((rgb) => `rgb(${rgb.join(" ")})`).join(", ")})`;
}

/** Which of a diverging table's 256 colours stands for `value` when ±`limit` are its ends. @param {number} value @param {number} limit */
export function divergingIndex(value, limit) {
  return limit > 0 ? Math.round(127.5 + 127.5 * Math.max(-1, Math.min(1, value / limit))) : 128;
}

/**
 * Paint `indices` (0..255) pixel by pixel; CSS enlarges the canvas without smoothing.
 * @param {HTMLCanvasElement} canvas
 * @param {number} width
 * @param {number} height
 * @param {ArrayLike<number>} indices
 * @param {Uint32Array} table
 */
export function paint(canvas, width, height, indices, table) {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = context2d(canvas);
  const image = context.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  for (let i = 0; i < pixels.length; i++) pixels[i] = table[indices[i]];
  context.putImageData(image, 0, 0);
}

/**
 * Paint dots row by row, each in its red, green, blue.
 * @param {HTMLCanvasElement} canvas
 * @param {number} width
 * @param {number} height
 * @param {(dot: number) => number[]} colourOf
 */
export function paintDots(canvas, width, height, colourOf) {
  Object.assign(canvas, { width, height });
  const context = context2d(canvas);
  const image = context.createImageData(width, height);
  for (let dot = 0; dot < width * height; dot++) image.data.set([...colourOf(dot), 255], 4 * dot);
  context.putImageData(image, 0, 0);
}

/**
 * Paint a picture as a net gets it, with values from 0 to 255: grey, or red, green and blue one after the other.
 * @param {HTMLCanvasElement} canvas
 * @param {[channels: number, height: number, width: number]} shape
 * @param {ArrayLike<number>} pixels
 */
export function paintPicture(canvas, [channels, height, width], pixels) {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const image = new ImageData(width, height);
  const area = width * height;
  for (let at = 0; at < area; at++) {
    for (let colour = 0; colour < 3; colour++) image.data[4 * at + colour] = pixels[channels === 3 ? colour * area + at : at];
    image.data[4 * at + 3] = 255;
  }
  context2d(canvas).putImageData(image, 0, 0);
}

/** @param {string} base64 */
export function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

/** How many times larger the page is drawn, for a projector; Plotly cannot follow a zoom and is enlarged by it. @param {Element} element */
export const zoomOf = (element) => Number(getComputedStyle(element).getPropertyValue("--gh-zoom")) || 1;

/** Letters of a chart by Plotly, in pixels: 20 of them reach the back row. @param {number} size @param {number} zoom */
export const letters = (size, zoom) => (zoom > 1 ? Math.max(20, size * zoom) : size);
