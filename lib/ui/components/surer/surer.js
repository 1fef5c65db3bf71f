// A net made surer by multiplying its scores: no answer changes, the loss does.

import { Chart, draggable } from "../base/chart.js";
import { setText } from "../base/numbers.js";
import { keepView, remembered } from "../base/view.js";
import { say, share, speak, written } from "../base/words.js";

export default (component) => keepView(component, ".surer", Surer);

class Surer {
  constructor(root) {
    this.root = root;
    this.state = remembered("surer", { at: null });
    this.slider = this.find(".slide input");
    this.slider.oninput = () => this.go(Number(this.slider.value));
    this.find(".trained").onclick = () => this.go(this.trained);
    this.find(".lowest").onclick = () => this.go(this.lowest);
  }

  find(selector) {
    return this.root.querySelector(selector);
  }

  destroy() {
    this.chart?.destroy();
  }

  update(data) {
    speak(this.root, data);
    this.data = data;
    const { scales, losses } = data;
    this.trained = scales.findIndex((scale) => Math.abs(scale - 1) < 1e-9);
    this.lowest = losses["cross-entropy"].indexOf(Math.min(...losses["cross-entropy"]));
    this.slider.max = scales.length - 1;
    this.slider.setAttribute("aria-label", say("sure_slider"));
    setText(this.find("h3"), data.title);
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

  nearest(scale) {
    const far = (each) => Math.abs(Math.log(each / scale));
    return this.data.scales.reduce((best, each, i) => (far(each) < far(this.data.scales[best]) ? i : best), 0);
  }

  go(at) {
    this.state.at = at;
    this.show();
  }

  show() {
    const { scales, losses, accuracy } = this.data;
    const { at } = this;
    this.slider.value = at;
    const scale = written(scales[at], 2);
    setText(this.find("output"), scale);
    this.slider.setAttribute("aria-valuetext", scale);
    const ce = losses["cross-entropy"];
    setText(this.find('[data-testid="surer-accuracy"]'), share(accuracy));
    setText(this.find('[data-testid="surer-ce"]'), written(ce[at], 3));
    setText(this.find('[data-testid="surer-se"]'), written(losses.mse[at], 3));
    const name = at === this.trained ? "sure_said_1" : at > this.trained ? "sure_said_more" : "sure_said_less";
    const values = { accuracy: share(accuracy), before: written(ce[this.trained], 3), after: written(ce[at], 3) };
    setText(this.find(".said"), say(name, values));
    const best = written(scales[this.lowest], 2);
    this.find("svg").setAttribute("aria-label", say("sure_chart", { best, accuracy: share(accuracy) }));
    Object.assign(this.root.dataset, { scale: scales[at], ce: ce[at], se: losses.mse[at], accuracy });
    this.draw();
  }

  draw() {
    const { scales, losses } = this.data;
    const ce = losses["cross-entropy"];
    const all = [...ce, ...losses.mse].filter((loss) => loss > 0);
    const [lowest, highest] = [0.8 * Math.min(...all), 1.3 * Math.max(...all)];
    const write = (value) => written(value, 4, 0);
    const x = { from: scales[0], to: scales.at(-1), log: true, title: say("sure_axis"), write };
    if (!this.chart.begin(x, { from: lowest, to: highest, log: true, title: say("loss"), write })) return;
    const { at } = this;
    this.chart.line([[scales[at], lowest], [scales[at], highest]], "faint");
    this.chart.line(scales.map((scale, i) => [scale, losses.mse[i]]), "");
    this.chart.line(scales.map((scale, i) => [scale, ce[i]]), "warm");
    this.chart.dot(scales[at], losses.mse[at], "");
    this.chart.dot(scales[at], ce[at], "warm");
  }
}
