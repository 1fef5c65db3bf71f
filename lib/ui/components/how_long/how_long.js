// Says how long something will take. What the server page does not know yet is asked for here, so that the page need
// not run again for one sentence.

import { keepView } from "../base/view.js";

const ASK_MS = 400;
const ASK_LATER_MS = 3000; // after an answer that failed

export default (component) => keepView(component, ".how-long", Sayer);

class Sayer {
  constructor(root) {
    this.root = root;
    this.says = root.querySelector(".says");
    this.why = root.querySelector(".why");
  }

  update({ text, help, ask }) {
    if (text !== null) {
      this.destroy();
      this.say({ text, help });
    } else if (this.asked !== ask) {
      this.destroy();
      this.asked = ask;
      this.say({ text: "measuring this machine …" });
      this.ask(ask);
    }
  }

  destroy() {
    clearTimeout(this.timer);
    this.asked = null;
  }

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

  say({ text, help, bad }) {
    this.says.textContent = text;
    this.root.classList.toggle("bad", Boolean(bad));
    this.why.hidden = !help;
    this.why.dataset.help = help ?? "";
    this.why.setAttribute("aria-label", help ?? "");
  }
}
