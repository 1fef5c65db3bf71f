// Says how long something will take. What the server page does not know yet is asked for here, so that the page need
// not run again for one sentence.

import { find, setData } from "../base/dom.js";
import { View, keepView } from "../base/view.js";

/** @import { Component } from "../base/types.js" */
/** @typedef {{text: string | null, help?: string, ask?: string, meanwhile: string}} SayerData */
/** @typedef {{text: string, help?: string, bad?: boolean}} Sentence */

const ASK_MS = 400;
const ASK_LATER_MS = 3000; // after an answer that failed

/** @extends {View<SayerData>} */
class Sayer extends View {
  /** @type {string | null | undefined} */ asked;
  /** @type {number} */ timer;

  /** @param {HTMLElement} root @param {Component<SayerData>} component */
  constructor(root, component) {
    super(root, component);
    this.says = find(root, ".says");
    this.why = find(root, ".why");
  }

  /** @param {SayerData} data */
  update({ text, help, ask, meanwhile }) {
    if (text !== null) {
      this.destroy();
      this.say({ text, help });
    } else if (this.asked !== ask) {
      this.destroy();
      this.asked = ask;
      this.say({ text: meanwhile });
      if (ask) this.ask(ask);
    }
  }

  destroy() {
    clearTimeout(this.timer);
    this.asked = null;
  }

  /** @param {string} address */
  async ask(address) {
    let pause = ASK_MS;
    try {
      const response = await fetch(address);
      const answer = response.ok ? await response.json() : {};
      if (this.asked !== address) return; // another sentence meanwhile
      if (answer.text) return this.say(answer);
    } catch {
      pause = ASK_LATER_MS; // no server just now: it is said elsewhere
    }
    if (this.asked === address) this.timer = setTimeout(() => this.ask(address), pause);
  }

  /** @param {Sentence} sentence */
  say({ text, help, bad }) {
    this.says.textContent = text;
    this.root.classList.toggle("bad", Boolean(bad));
    this.why.hidden = !help;
    setData(this.why, { help: help ?? "" });
    this.why.setAttribute("aria-label", help ?? "");
  }
}

export default keepView(".how-long", Sayer);
