// The bar of a class at the foot of every page, and the sentence over the page while everybody stops and looks.

import { find, setText } from "../base/dom.js";
import { stayInSession } from "../base/going.js";
import { View, keepView } from "../base/view.js";
import { hear, wishFor } from "../base/wishes.js";
import { voiceOf } from "../base/words.js";

/** @import { Component, Worded } from "../base/types.js" */
/** @typedef {Worded & {who: "student" | "teacher", name: string, token: string}} BarData */
/** @typedef {{name?: string, stopped: string | null, hand?: boolean, here?: number, needs?: number}} News */

const ACTIVE_MS = 30000; // between notes that somebody does something

/** @extends {View<BarData>} */
class Bar extends View {
  /** @type {EventSource | undefined} */ source;
  /** @type {Element | null | undefined} */ focused;

  /** @param {HTMLElement} root @param {Component<BarData>} component */
  constructor(root, component) {
    super(root, component);
    /** @type {News} */
    this.news = { stopped: null };
    this.noted = 0;
    this.failed = false;
    this.say = voiceOf(root, component.data);
    this.veil = this.find(".veil");
    this.hand = this.find("button.hand");
    this.stop = this.find("button.stop");
    this.link = this.find("a.wall");
    this.hand.onclick = () => this.wish({ wish: "hand", up: !this.news.hand });
    this.stop.onclick = () => this.wish({ wish: this.news.stopped === null ? "stop_and_look" : "go_on" });
    this.link.onclick = (event) => stayInSession(event, this.link);
    this.veil.onkeydown = (event) => event.key === "Tab" && event.preventDefault();
    this.onActive = () => this.noteActive();
    for (const input of ["pointerdown", "keydown"]) addEventListener(input, this.onActive, true);
    const place = this.parent.host.closest('[data-testid="stElementContainer"]');
    if (place) place.style.position = "absolute"; // it stands at the foot: no gap of an element here
  }

  destroy() {
    this.source?.close();
    for (const input of ["pointerdown", "keydown"]) removeEventListener(input, this.onActive, true);
  }

  /** @param {BarData} data */
  update(data) {
    this.data = data;
    this.say = voiceOf(this.root, data);
    this.source ??= hear(
      "voice",
      (news) => {
        this.news = news;
        this.failed = false;
        this.draw();
      },
      () => this.component.setTriggerValue("out", true), // no longer in: the page says why
    );
    this.draw();
  }

  draw() {
    const { data, news } = this;
    const teaches = data.who === "teacher";
    const stopped = news.stopped !== null;
    setText(find(this.root, ".name"), teaches ? "" : (news.name ?? data.name));
    this.hand.hidden = teaches;
    setText(this.hand, this.say(news.hand ? "hand_down" : "hand_up"));
    this.hand.setAttribute("aria-pressed", Boolean(news.hand));
    this.stop.hidden = !teaches;
    setText(this.stop, this.say(stopped ? "go_on_all" : "stop_all"));
    this.stop.setAttribute("aria-pressed", stopped);
    this.link.hidden = !teaches;
    const { here = 0, needs = 0 } = news;
    setText(this.link, this.say(needs ? "to_wall" : "to_wall_fine", { here, needs }));
    this.link.classList.toggle("needed", needs > 0);
    const state = this.failed ? this.say("failed") : teaches && stopped ? this.say("all_stopped") : news.hand ? this.say("hand_is_up") : "";
    setText(find(this.root, ".state"), state);
    this.cover(stopped && !teaches);
  }

  /** The sentence over the page: nothing below it can be pressed, and the focus comes back afterwards. @param {boolean} covered */
  cover(covered) {
    setText(find(this.root, ".sentence"), this.news.stopped || this.say("stopped"));
    if (covered === !this.veil.hidden) return;
    this.veil.hidden = !covered;
    if (covered) {
      this.focused = document.activeElement;
      this.veil.focus();
    } else if (this.focused instanceof HTMLElement) this.focused.focus();
  }

  /** @param {Record<string, unknown>} wish */
  async wish(wish) {
    this.failed = !(await wishFor(this.data.who, this.data.token, wish));
    this.draw();
  }

  noteActive() {
    const now = Date.now();
    if (this.data.who === "teacher" || now - this.noted < ACTIVE_MS) return;
    this.noted = now;
    void wishFor("student", this.data.token, { wish: "active" });
  }
}

export default keepView(".class-bar", Bar);
