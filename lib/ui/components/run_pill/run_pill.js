// The pill in Streamlit's header: which run this is, how far it is, and a way to it from every page.

import { find, setData, setText } from "../base/dom.js";
import { stayInSession } from "../base/going.js";
import { endNavigation, headerPlace, isSmall, leaveFlow } from "../base/header.js";
import { percent } from "../base/numbers.js";
import { runStream } from "../base/stream.js";
import { View, keepView } from "../base/view.js";

/** @import { RunStream } from "../base/stream.js" */
/** @import { Component, Say } from "../base/types.js" */
/** @typedef {{id: string, name: string, state: string}} Run */
/** @typedef {{run: Run | null, href: string}} PillData */

/** @extends {View<PillData>} */
class Pill extends View {
  /** @type {MutationObserver} */ connection;
  /** @type {boolean} */ wasAway;
  /** @type {RunStream | null} */ stream;
  /** @type {(() => void) | undefined} */ leave;
  /** @type {HTMLElement | null | undefined} */ nav;

  /** @param {HTMLElement} root @param {Component<PillData>} component */
  constructor(root, component) {
    super(root, component);
    this.link = /** @type {HTMLAnchorElement} */ (root);
    const { parent } = this;
    /** @type {Run | null} */
    this.run = null;
    leaveFlow(parent.host);
    root.onclick = (event) => stayInSession(event, this.link);
    this.onResize = () => this.place();
    window.addEventListener("resize", this.onResize);
    this.whenResized(root, this.onResize);
    this.watchConnection(document.querySelector('[data-testid="stApp"]'));
  }

  /**
   * A server that was started anew knows nothing of this page, and would drop what is pressed first: let it run the page
   * when the connection is back. The pill does it because it is on every page.
   * @param {HTMLElement | null} app
   */
  watchConnection(app) {
    this.connection = new MutationObserver(() => {
      const isThere = app?.dataset.testConnectionState === "CONNECTED";
      if (isThere && this.wasAway) this.component.setTriggerValue("back", true);
      this.wasAway = !isThere;
    });
    if (app) this.connection.observe(app, { attributeFilter: ["data-test-connection-state"] });
  }

  destroy() {
    this.leave?.();
    this.connection.disconnect();
    window.removeEventListener("resize", this.onResize);
    this.makeRoom(null);
  }

  /** @param {PillData} data */
  update({ run, href }) {
    if (run?.id !== this.run?.id) {
      this.leave?.();
      this.stream = run ? runStream(run.id) : null;
      this.leave = this.stream?.listen((kind) => kind !== "points" && this.draw());
    }
    this.run = run;
    this.root.hidden = !run;
    this.link.href = href;
    this.draw();
    this.place();
  }

  draw() {
    const { root, run, stream } = this;
    if (!run || !stream) return;
    const state = stream.status?.state ?? run.state;
    const score = stream.lastEpoch?.valid_accuracy ?? null;
    const part = (/** @type {string} */ name, /** @type {string} */ text) => setText(find(root, `.${name}`), text);
    setData(root, { state });
    part("name", run.name);
    part("state", stateText(stream, state, this.word));
    part("score", score === null ? "" : percent(score));
    root.classList.toggle("scoreless", score === null);
    root.setAttribute("aria-label", [...root.querySelectorAll("span")].map((span) => span.textContent).join(" ").trim());
    root.title = `${run.name}, ${stateText(stream, state, this.word)}`;
  }

  /** Beside Copy link. */
  place() {
    const { header, pill, middle } = headerPlace();
    this.root.classList.toggle("small", isSmall());
    this.root.style.setProperty("--pill-right", `${pill}px`);
    if (middle) this.root.style.setProperty("--pill-middle", `${middle}px`);
    this.makeRoom(header);
  }

  /** The navigation must end before what stands there. @param {Element | null | undefined} header */
  makeRoom(header) {
    const nav = header?.querySelector('[data-testid="stTopNav"]') ?? null;
    if (this.nav && this.nav !== nav) this.nav.style.marginRight = "";
    this.nav = nav;
    if (!nav) return;
    const { pill } = headerPlace();
    endNavigation(nav, this.run ? pill + this.root.getBoundingClientRect().width : pill);
  }
}

/** @param {RunStream} stream @param {string} state @param {Say} word */
function stateText({ status, link }, state, word) {
  if (link === "gone") return word("gone");
  if (state === "running" && status) return word("epoch_of", { epoch: status.epoch, epochs: status.epochs });
  return word(`state_${state}`);
}

export default keepView(".pill", Pill);
