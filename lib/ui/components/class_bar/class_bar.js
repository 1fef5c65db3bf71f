// The bar of a class at the foot of every page, and the sentence over the page while everybody stops and looks.

import { find, fitChildren, newButton, setText } from "../base/dom.js";
import { View, keepView } from "../base/view.js";
import { hear, whereabouts, wishFor } from "../base/wishes.js";

/** @import { Component, Worded } from "../base/types.js" */
/** @typedef {Worded & {who: "student" | "teacher", name: string, token: string, sent: number, rules: string, back: boolean, desk: boolean}} BarData */
/** @typedef {{name?: string, stopped: string | null, hand?: boolean, here?: number, needs?: number, sent?: number, rules?: string, follows?: boolean, follow?: number, question?: Question | null}} News */
/** @typedef {{key: string, kind: string, text: string, options: string[], answer: number | null, rate: string, optimizer: string}} Question */

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
    this.speak(component.data);
    this.veil = this.find(".veil");
    this.hand = this.find("button.hand");
    this.stop = this.find("button.stop");
    this.link = this.find("a.wall");
    this.back = this.find("button.back");
    this.leave = this.find("button.leave");
    this.send = this.find("button.send");
    this.lead = this.find("button.lead");
    this.wanted = ""; // what the page was asked to run again for
    this.led = ""; // where the class was led last
    this.sentSaid = 0;
    this.back.onclick = () => component.setTriggerValue("back", true);
    this.leave.onclick = () => this.wish({ wish: "leave_teacher" });
    this.send.onclick = () => void this.sendPage();
    this.lead.onclick = () => this.wish({ wish: "lead", on: !this.news.follow, ...whereabouts() });
    this.hand.onclick = () => this.wish({ wish: "hand", up: !this.news.hand });
    this.stop.onclick = () => this.wish({ wish: this.news.stopped === null ? "stop_and_look" : "go_on" });
    this.link.onclick = (event) => {
      if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return; // a tab of its own
      event.preventDefault();
      component.setTriggerValue("wall", true);
    };
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
    this.speak(data);
    this.source ??= hear(
      "voice",
      (news) => {
        this.news = news;
        this.failed = false;
        this.draw();
        this.comeAlong();
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
    setText(this.hand, this.word(news.hand ? "hand_down" : "hand_up"));
    this.hand.setAttribute("aria-pressed", Boolean(news.hand));
    this.stop.hidden = !teaches;
    setText(this.stop, this.word(stopped ? "go_on_all" : "stop_all"));
    this.stop.setAttribute("aria-pressed", stopped);
    this.link.hidden = !teaches;
    this.back.hidden = teaches || !data.back || Boolean(news.follows);
    setText(this.back, this.word("back"));
    this.leave.hidden = teaches || !news.follows;
    setText(this.leave, this.word("leave"));
    this.send.hidden = !teaches || data.desk;
    this.lead.hidden = this.send.hidden && !(teaches && news.follow); // who still follows can be left from everywhere
    setText(this.send, this.word(Date.now() < this.sentSaid ? "sent" : "send"));
    setText(this.lead, news.follow ? this.word("lead_end", { seconds: news.follow }) : this.word("lead"));
    this.lead.setAttribute("aria-pressed", Boolean(news.follow));
    const { here = 0, needs = 0 } = news;
    setText(this.link, this.word(needs ? "to_wall" : "to_wall_fine", { here, needs }));
    this.link.classList.toggle("needed", needs > 0);
    const state = this.failed ? this.word("failed") : teaches && stopped ? this.word("all_stopped") : news.hand ? this.word("hand_is_up") : this.quietState();
    setText(find(this.root, ".state"), state);
    find(this.root, ".state").classList.toggle("calm", state === this.quietState());
    this.ask(teaches ? null : (news.question ?? null));
    this.cover(stopped && !teaches);
  }

  /** The question of the class above the bar; what she answered can be changed while it is open. @param {Question | null} question */
  ask(question) {
    const place = this.find(".question");
    place.hidden = question === null;
    if (!question) return;
    const { kind, text, options, answer, key } = question;
    setText(find(place, "p"), kind === "run" ? this.word("ask_run", { ...question }) : text);
    const buttons = fitChildren(find(place, ".options"), options.length, newButton);
    buttons.forEach((button, choice) => {
      setText(button, kind === "run" ? this.word(`outcome_${options[choice]}`) : options[choice]);
      button.setAttribute("aria-pressed", String(answer === choice));
      button.onclick = () => void this.wish({ wish: "answer", key, choice });
    });
    setText(find(place, "span"), this.word(answer === null ? "ask_nameless" : "ask_answered"));
  }

  /** What stands beside the name while nothing is more pressing. */
  quietState() {
    if (this.news.follows) return this.word("follows");
    return this.data.who === "student" && this.data.back ? this.word("sent_here") : "";
  }

  /** Go where the teacher sends, or let the class come along where she goes. */
  comeAlong() {
    const { data, news } = this;
    if (data.who === "student") {
      const wanted = `${news.sent} ${news.rules}`;
      if (((news.sent ?? 0) <= data.sent && news.rules === data.rules) || wanted === this.wanted) return;
      this.wanted = wanted;
      this.component.setTriggerValue("out", wanted);
      return;
    }
    if (data.desk) return; // nobody follows to a page that is hers alone
    const at = JSON.stringify(whereabouts());
    if (news.follow && this.led && at !== this.led) this.wish({ wish: "went", ...whereabouts() });
    this.led = news.follow ? at : "";
  }

  async sendPage() {
    await this.wish({ wish: "send", ...whereabouts() });
    if (!this.failed) this.sentSaid = Date.now() + 3000;
    this.draw();
  }

  /** The sentence over the page: nothing below it can be pressed, and the focus comes back afterwards. @param {boolean} covered */
  cover(covered) {
    setText(find(this.root, ".sentence"), this.news.stopped || this.word("stopped"));
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
