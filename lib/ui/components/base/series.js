// How several runs are told apart: by colour, by line and by marker, so that any one of the three is enough.

import { svgNode } from "./dom.js";

/** @import { Colours } from "./palette.js" */

// Blue, orange, green, purple and so on, in an order in which neighbours differ in lightness too; light and dark pages.
const SERIES = [
  { light: "#1f6fb4", dark: "#6db3f2", dash: "", symbol: "circle" },
  { light: "#c4511a", dark: "#f0905a", dash: "7,3", symbol: "square" },
  { light: "#2e7d4f", dark: "#5cb885", dash: "2,2.5", symbol: "diamond" },
  { light: "#7a4f8c", dark: "#c39ad6", dash: "8,3,2,3", symbol: "triangle-up" },
  { light: "#8a6d00", dark: "#d6b64a", dash: "12,3", symbol: "cross" },
  { light: "#b0306a", dark: "#f08db8", dash: "4,2,1,2,1,2", symbol: "x" },
  { light: "#0f7f86", dark: "#5cc7cd", dash: "1,2", symbol: "star" },
  { light: "#4d5b54", dark: "#9fb0a8", dash: "10,2,4,2", symbol: "triangle-down" },
];

/** @param {Colours} colours */
const isDark = (colours) => {
  const [red, green, blue] = (colours.background.match(/\d+/g) ?? []).map(Number);
  return red + green + blue < 384;
};

/**
 * Colour, dash (as SVG takes it) and marker of the series at `index`; `colours` are `themeColours`.
 * @param {number} index
 * @param {Colours} colours
 */
export function seriesStyle(index, colours) {
  const { light, dark, dash, symbol } = SERIES[index % SERIES.length];
  return { colour: isDark(colours) ? dark : light, dash, symbol };
}

/** Plotly wants "7px,3px", and a word for an unbroken line. @param {string} dash */
export const plotlyDash = (dash) => (dash ? dash.split(",").map((length) => `${length}px`).join(",") : "solid");

// The markers as paths around (0, 0), about 8 pixels across, as Plotly draws them.
/** @type {Record<string, string>} */
export const MARKERS = {
  circle: "M4,0A4,4 0 1 1 -4,0A4,4 0 1 1 4,0Z",
  square: "M-3.6,-3.6H3.6V3.6H-3.6Z",
  diamond: "M0,-5L5,0L0,5L-5,0Z",
  "triangle-up": "M0,-4.6L4.6,3.4H-4.6Z",
  "triangle-down": "M0,4.6L4.6,-3.4H-4.6Z",
  cross: "M-1.5,-4.6H1.5V-1.5H4.6V1.5H1.5V4.6H-1.5V1.5H-4.6V-1.5H-1.5Z",
  x: "M-4.4,-2.4L-2.4,-4.4L0,-2L2.4,-4.4L4.4,-2.4L2,0L4.4,2.4L2.4,4.4L0,2L-2.4,4.4L-4.4,2.4L-2,0Z",
  star: "M0,-5L1.3,-1.6L4.9,-1.5L2,0.7L3,4.1L0,2.1L-3,4.1L-2,0.7L-4.9,-1.5L-1.3,-1.6Z",
};

/** A piece of the line with its marker, for legends and tables. @param {number} index @param {Colours} colours */
export function swatch(index, colours) {
  const { colour, dash, symbol } = seriesStyle(index, colours);
  const picture = svgNode("svg", { width: 30, height: 12, viewBox: "0 -6 30 12", class: "swatch", "aria-hidden": true });
  picture.append(
    svgNode("line", { x1: 0, x2: 30, y1: 0, y2: 0, stroke: colour, "stroke-width": 2, "stroke-dasharray": dash }),
    svgNode("path", { d: MARKERS[symbol], fill: colour, transform: "translate(15 0)" })
  );
  return picture;
}
