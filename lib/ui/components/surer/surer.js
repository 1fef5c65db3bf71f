// A net made surer by multiplying its scores: no answer changes, the loss does.

import { Chart, draggable } from "../base/chart.js";
import { setData, setText } from "../base/dom.js";
import { View, keepView, remembered } from "../base/view.js";
import { share, written } from "../base/words.js";

/** @import { Component, Worded } from "../base/types.js" */
/** @typedef {Worded & {title: string, hint: string, scales: number[], losses: {"cross-entropy": number[], mse: number[]}, accuracy: number}} SurerData */

/** @extends {View<SurerData>} */
class Surer extends View {
  /** @type {number} */ trained;
  /** @type {number} */ lowest;
  /** @type {Chart} */ chart;

  /** @param {HTMLElement} root @param {Component<SurerData>} component */
  constructor(root, component) {
    super(root, component);
    this.state = remembered("surer", { at: /** @type {number | null} */ (null) });
    this.slider = this.find(".slide input");
    this.slider.oninput = () => this.go(Number(this.slider.value));
    this.find(".trained").onclick = () => this.go(this.trained);
    this.find(".lowest").onclick = () => this.go(this.lowest);
  }

  destroy() {
    this.chart?.destroy();
  }

  /** @param {SurerData} data */
  update(data) {
    this.speak(data);
    this.data = data;
    const { scales, losses } = data;
    this.trained = scales.findIndex((scale) => Math.abs(scale - 1) < 1e-9);
    this.lowest = losses["cross-entropy"].indexOf(Math.min(...losses["cross-entropy"]));
    this.slider.max = String(scales.length - 1);
    this.slider.setAttribute("aria-label", this.word("sure_slider"));
    setText(this.find("h2"), data.title);
    setText(this.find(".hint"), data.hint);
    if (!this.chart) {
      const svg = this.find("svg");
      this.chart = new Chart(svg, () => this.draw());
      draggable(svg, this.chart, (x) => this.go(this.nearest(x)), () => {});
    }
    this.show();
  }

  get at() {
    return Math.min(this.state.at ?? this.trained, this.data.scales.length - 1);
  }

  /** @param {number} scale */
  nearest(scale) {
    const far = (/** @type {number} */ each) => Math.abs(Math.log(each / scale));
    return this.data.scales.reduce((best, each, i) => (far(each) < far(this.data.scales[best]) ? i : best), 0);
  }

  /** @param {number} at */
  go(at) {
    this.state.at = at;
    this.show();
  }

  show() {
    const { scales, losses, accuracy } = this.data;
    const { at } = this;
    this.slider.value = String(at);
    const scale = written(scales[at], 2);
    setText(this.find("output"), scale);
    this.slider.setAttribute("aria-valuetext", scale);
    const ce = losses["cross-entropy"];
    setText(this.find('[data-testid="surer-accuracy"]'), share(accuracy));
    setText(this.find('[data-testid="surer-ce"]'), written(ce[at], 3));
    setText(this.find('[data-testid="surer-se"]'), written(losses.mse[at], 3));
    const name = at === this.trained ? "sure_said_1" : at > this.trained ? "sure_said_more" : "sure_said_less";
    const values = { accuracy: share(accuracy), before: written(ce[this.trained], 3), after: written(ce[at], 3) };
    setText(this.find(".said"), this.word(name, values));
    const best = written(scales[this.lowest], 2);
    this.find("svg").setAttribute("aria-label", this.word("sure_chart", { best, accuracy: share(accuracy) }));
    setData(this.root, { scale: scales[at], ce: ce[at], se: losses.mse[at], accuracy });
    this.draw();
  }

  draw() {
    const { scales, losses } = this.data;
    const ce = losses["cross-entropy"];
    const all = [...ce, ...losses.mse].filter((loss) => loss > 0);
    const [lowest, highest] = [0.8 * Math.min(...all), 1.3 * Math.max(...all)];
    const write = (/** @type {number} */ value) => written(value, 4, 0);
    const x = { from: scales[0], to: scales[scales.length - 1], log: true, title: this.word("sure_axis"), write };
    if (!this.chart.begin(x, { from: lowest, to: highest, log: true, title: this.word("loss"), write })) return;
    const { at } = this;
    this.chart.line([[scales[at], lowest], [scales[at], highest]], "faint");
    this.chart.line(scales.map((scale, i) => [scale, losses.mse[i]]), "");
    this.chart.line(scales.map((scale, i) => [scale, ce[i]]), "warm");
    this.chart.dot(scales[at], losses.mse[at], "");
    this.chart.dot(scales[at], ce[at], "warm");
  }
}

export default keepView(".surer", Surer);
