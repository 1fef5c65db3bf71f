// How a live chart of one quantity looks: its three traces and its axes, as Plotly wants them.

import { letters } from "./palette.js";
import { asText } from "./plotly.js";
import { LOG_TICKS, epochTicks } from "./points.js";

/** @import { Colours } from "./palette.js" */

/** What its lines and its x axis are called. @typedef {{training: string, validation: string, guessing: string, epoch: string, rate: (rate: number) => string}} LineNames */

/** The dots of validation, in pixels: smaller where there are many. @param {number} epochs */
export const dotSize = (epochs) => (epochs > 25 ? 3 : 5);

/**
 * Training, validation and guessing, the first two without points yet.
 * @param {{template: string, names: LineNames, epochs: number, guess: number, colours: Colours, zoom: number}} what
 */
export function curveTraces({ template, names, epochs, guess, colours, zoom }) {
  const shared = { type: "scatter", hovertemplate: template };
  return [
    { ...shared, name: asText(names.training), mode: "lines+markers", x: [], y: [], line: { color: colours.accent, width: 1.8 * zoom }, marker: { color: colours.accent, size: 4 * zoom } },
    {
      ...shared, name: asText(names.validation), mode: "lines+markers", x: [], y: [], cliponaxis: false,
      hovertemplate: `${template} (${asText(names.epoch)} %{x:.3~r})`,
      line: { color: colours.warm, width: 1.8 * zoom, dash: "5px,3.5px" },
      marker: { color: colours.warm, size: dotSize(epochs) },
    },
    {
      ...shared, name: asText(names.guessing), mode: "lines", hoverinfo: "skip", hovertemplate: null,
      x: [0, epochs], y: [guess, guess], line: { color: colours.faint, width: 1.3 * zoom },
    },
  ];
}

/** What a chart keeps free for its numbers. @param {number} zoom */
export const marginsOf = (zoom) => ({ l: 46 * zoom, r: 10, t: 8, b: 22 * zoom });

/** @param {string} family of the font @param {number} epochs @param {number[]} range of y @param {string} suffix of its numbers @param {string} epoch the word @param {number} zoom */
export function curveLayout(family, epochs, range, suffix, epoch, zoom) {
  return {
    uirevision: "live", autosize: true, showlegend: false, hovermode: "x unified", dragmode: "zoom", font: { family, size: letters(11.5, zoom) },
    margin: marginsOf(zoom), paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
    xaxis: {
      range: [0, epochs], tick0: 0, dtick: epochTicks([0, epochs]), nticks: 8, zeroline: false,
      showgrid: false, showline: false, ticks: "outside", ticklen: 4, fixedrange: false,
      tickprefix: `${epoch} `, showtickprefix: "first",
      unifiedhovertitle: { text: `${epoch} %{x:.2f}` }, showspikes: false,
    },
    yaxis: {
      range, type: "linear", nticks: 6, zeroline: false, ticksuffix: suffix,
      exponentformat: "power", minexponent: 4, separatethousands: true, fixedrange: false,
      ticks: "outside", ticklen: 5, tickcolor: "rgba(0,0,0,0)", tickvals: LOG_TICKS, tickmode: "auto",
    },
  };
}
