// Accuracy over the angle, and over the size: a line for each net, guessing as a level.

import { cloned, find, fitChildren, setData, setText } from "../base/dom.js";
import { DIVERGING_ANCHORS, letters, themeColours, zoomOf } from "../base/palette.js";
import { asText, drawPlot, loadPlotly, purgePlot } from "../base/plotly.js";
import { View, keepView } from "../base/view.js";

/** @import { Component } from "../base/types.js" */
/** @import { Plot, PlotlyLibrary } from "../base/types.js" */
/** @import { Colours } from "../base/palette.js" */
/** @typedef {{name: string, title: string, sentence: string, x: number[], unit: string, tick: number}} Chart */
/** @typedef {{title: string, line: number, dotted: boolean, y: number[][]}} Line */
/** @typedef {{plotly: string, guess: number, charts: Chart[], lines: Line[]}} CurvesData */

/** @extends {View<CurvesData>} */
class Curves extends View {
  /** @type {boolean} */ closed;
  /** @type {Colours} */ colours;
  /** @type {PlotlyLibrary} */ Plotly;

  /** @param {HTMLElement} root @param {Component<CurvesData>} component */
  constructor(root, component) {
    super(root, component);
    this.whenResized(root, () => this.resize());
  }

  destroy() {
    this.closed = true;
    if (this.Plotly) for (const plot of this.plots()) purgePlot(this.Plotly, plot);
  }

  plots() {
    return /** @type {NodeListOf<Plot>} */ (this.root.querySelectorAll(".plot"));
  }

  resize() {
    if (this.Plotly) for (const plot of this.plots()) if (plot.layout) this.Plotly.Plots.resize(plot);
  }

  /** @param {CurvesData} data */
  async update(data) {
    this.data = data;
    const place = this.find(".charts");
    const figures = fitChildren(place, data.charts.length, () => cloned(this.parent, "chart"));
    data.charts.forEach(({ name, title, sentence }, i) => {
      const figure = figures[i];
      setData(figure, { name: name });
      setText(find(figure, "h2"), title);
      setText(find(figure, "figcaption"), sentence);
      find(figure, ".plot").setAttribute("aria-label", `${title}. ${sentence}`);
    });
    this.colours = themeColours(this.root);
    this.drawNames();
    try {
      this.Plotly = await loadPlotly(data.plotly);
    } catch {
      return; // the sentences say it too
    }
    if (!this.closed && this.data === data) this.draw(this.Plotly);
  }

  /** @param {number} line */
  colour(line) {
    return [this.colours.accent, this.colours.warm, `rgb(${DIVERGING_ANCHORS[1].join(",")})`][line];
  }

  drawNames() {
    const names = this.data.lines.map(({ title, line, dotted }) => {
      const [name, sample] = [document.createElement("span"), document.createElement("i")];
      sample.className = dotted ? "dotted" : "";
      sample.style.setProperty("--line", this.colour(line));
      name.append(sample, title);
      return name;
    });
    this.find(".names").replaceChildren(...names);
  }

  /** @param {PlotlyLibrary} Plotly */
  draw(Plotly) {
    const { charts, lines, guess } = this.data;
    const symbols = ["circle", "square", "diamond"];
    charts.forEach((chart, i) => {
      const { x } = chart;
      const plot = this.plots()[i];
      const traces = lines.map(({ title, line, dotted, y }) => ({
        type: "scatter", mode: "lines+markers", name: asText(title), x, y: y[i].map((share) => 100 * share),
        hovertemplate: "%{y:.1f} %", cliponaxis: false,
        line: { color: this.colour(line), width: 1.8 * zoomOf(this.root), dash: dotted ? "2px,3px" : "solid" },
        marker: { color: this.colour(line), size: 5.5, symbol: symbols[line] },
      }));
      const level = {
        type: "scatter", mode: "lines", name: asText(this.word("guessing")), x: [x[0], x.at(-1)], y: [100 * guess, 100 * guess],
        hoverinfo: "skip", line: { color: this.colours.faint, width: 1.3 },
      };
      const config = { displayModeBar: false, responsive: false, showTips: false };
      drawPlot(Plotly, "react", plot, [...traces, level], this.layout(chart), config);
    });
    setData(this.root, { drawn: lines.length });
  }

  /** @param {Chart} chart */
  layout({ x, unit, tick }) {
    const { quiet, line, text, background } = this.colours;
    const zoom = zoomOf(this.root);
    const font = { family: getComputedStyle(this.root).fontFamily, size: letters(11.5, zoom), color: quiet };
    return {
      autosize: true, showlegend: false, hovermode: "x unified", dragmode: false, font,
      margin: { l: 46 * zoom, r: 14, t: 8, b: 24 * zoom }, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
      hoverlabel: { bgcolor: background, bordercolor: line, font: { color: text, size: letters(12, zoom) }, namelength: -1 },
      xaxis: {
        range: [x[0] - tick / 8, x[x.length - 1] + tick / 8], ticksuffix: unit, tick0: 0, dtick: tick, zeroline: false,
        showgrid: false, fixedrange: true,
        ticks: "outside", ticklen: 4, tickcolor: quiet,
      },
      yaxis: { range: [0, 101], ticksuffix: "\u00a0%", zeroline: false, gridcolor: line, fixedrange: true, nticks: 5 },
    };
  }
}

export default keepView(".curves", Curves);
