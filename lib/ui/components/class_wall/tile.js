// One student's tile: what it says is set only where it changed, so that thirty of them cost little.

import { find, setData, setText, svgNode } from "../base/dom.js";
import { clock, percent } from "../base/numbers.js";

/** @typedef {{shown: boolean, name: string, state: string, held: boolean, epoch: number, epochs: number, accuracy: number | null, left: number | null, curve: [number, number][], guess: number}} TileRun */
/** @typedef {{code: string} & Record<string, string | number>} Need */
/** @typedef {{key: string, name: string, waiting: boolean, here: boolean, page: string, hand: boolean, need: Need | null, run: TileRun | null}} TileData */
/** @import { Say } from "../base/types.js" */

export class Tile {
  /** @param {HTMLElement} item @param {(act: string, key: string) => void} wish */
  constructor(item, wish) {
    this.item = item;
    this.wish = wish;
    this.drawn = "";
    /** @type {TileData | null} */
    this.data = null;
    this.acts = find(item, ".acts");
    this.more = find(item, "button.more");
    this.more.onclick = () => this.open(this.acts.hidden);
    item.onkeydown = (event) => {
      if (event.key !== "Escape" || this.acts.hidden) return;
      this.open(false);
      this.more.focus();
    };
  }

  /** @param {TileData} data @param {Say} say */
  draw(data, say) {
    this.data = data;
    this.say = say;
    const { item } = this;
    const { run } = data;
    setData(item, { key: data.key, state: run?.state ?? "", need: data.need?.code ?? "" });
    item.classList.toggle("needs", data.need !== null || data.waiting);
    item.classList.toggle("shown", Boolean(run?.shown));
    item.classList.toggle("absent", !data.here && !data.waiting);
    setText(find(item, ".name"), data.name);
    setText(find(item, ".score"), run?.accuracy == null ? "" : percent(run.accuracy));
    setText(find(item, ".need"), data.waiting ? say("waits") : data.need ? needSentence(data.need, say) : "");
    setText(find(item, ".line"), data.waiting ? "" : lineOf(data, say));
    this.more.setAttribute("aria-label", say("more", { name: data.name }));
    this.drawCurve(run, say);
    if (!this.acts.hidden) this.fill();
  }

  /** @param {TileRun | null} run @param {Say} say */
  drawCurve(run, say) {
    const path = run ? run.curve.map(([x, y], at) => `${at ? "L" : "M"}${x},${100 - y}`).join("") : "";
    const drawn = `${path}/${run?.guess}`;
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const svg = find(this.item, "svg");
    const name = this.data?.name ?? "";
    svg.setAttribute("aria-label", say("curve", { name, accuracy: run?.accuracy == null ? "–" : percent(run.accuracy) }));
    const parts = [];
    if (run) {
      const y = 100 - run.guess;
      parts.push(svgNode("line", { class: "guess", x1: 0, x2: 100, y1: y, y2: y }), svgNode("path", { class: "curve", d: path }));
    }
    svg.replaceChildren(...parts);
  }

  /** @param {boolean} wanted */
  open(wanted) {
    if (wanted) this.fill();
    this.acts.hidden = !wanted;
    this.more.setAttribute("aria-expanded", wanted);
    if (wanted) find(this.acts, "button").focus();
  }

  fill() {
    const names = this.names();
    if (names.join() === this.acts.dataset.names) return;
    setData(this.acts, { names: names.join() });
    this.acts.replaceChildren(...names.map((name) => this.button(name)));
  }

  names() {
    const { data } = this;
    if (!data || data.waiting) return ["let_in", "refuse"];
    const open = data.run && ["running", "pending", "paused"].includes(data.run.state);
    const runs = open ? [data.run?.held ? "free" : "pause", "stop"] : [];
    const show = data.run ? [data.run.shown ? "show_no_more" : "show"] : [];
    return [...(data.hand ? ["lower_hand"] : []), ...show, ...runs, "remove"];
  }

  /** @param {string} name */
  button(name) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = this.say?.(name) ?? "";
    button.classList.toggle("grave", ["remove", "refuse", "stop"].includes(name));
    setData(button, { act: name });
    button.onclick = () => {
      if (name === "remove" && !button.dataset.sure) {
        setData(button, { sure: "asked" });
        button.textContent = this.say?.("remove_sure") ?? "";
        return;
      }
      this.open(false);
      this.more.focus();
      if (this.data) this.wish(WISHES[name] ?? name, this.data.key);
    };
    return button;
  }
}

/** @type {Record<string, string>} */
const WISHES = { let_in: "admit", refuse: "remove", show_no_more: "show" };

/** @param {Need} need @param {Say} say */
function needSentence({ code, ...values }, say) {
  if (code === "doctor") return say(`doctor_${values.rule}`);
  return say(code === "hand" && values.minutes ? "hand_long" : code, values);
}

/** @param {TileData} data @param {Say} say */
function lineOf({ here, page, run }, say) {
  const parts = [];
  if (run) parts.push(say(run.held ? "held" : run.state));
  else parts.push(say("no_run"));
  if (run?.state === "running" && !run.held) {
    parts.push(run.left === null ? say("epoch", { epoch: run.epoch, epochs: run.epochs }) : say("left", { left: clock(run.left) }));
  }
  parts.push(here ? page : say("away"));
  return parts.filter(Boolean).join(" · ");
}
