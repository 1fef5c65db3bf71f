// The pill in Streamlit's header: which run this is, how far it is, and a way to it from every page.

import { find, setData, setText } from "../base/dom.js";
import { stayInSession } from "../base/going.js";
import { percent } from "../base/numbers.js";
import { runStream } from "../base/stream.js";
import { View, keepView } from "../base/view.js";

/** @import { RunStream } from "../base/stream.js" */
/** @import { Component } from "../base/types.js" */
/** @typedef {{id: string, name: string, state: string}} Run */
/** @typedef {{run: Run | null, href: string}} PillData */

const SMALL_BELOW = 1000; // pixels of window: less room than that belongs to the navigation
const GAP = 10;

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
    this.leaveFlow(parent.host);
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

  /** The pill stands in the header: its place on the page should not take up the gap of an element. @param {Element} host */
  leaveFlow(host) {
    const container = host.closest('[data-testid="stElementContainer"]');
    if (container) container.style.position = "absolute";
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
    part("state", stateText(stream, state));
    part("score", score === null ? "" : percent(score));
    root.classList.toggle("scoreless", score === null);
    root.setAttribute("aria-label", [...root.querySelectorAll("span")].map((span) => span.textContent).join(", "));
    root.title = `${run.name}, ${stateText(stream, state)}`;
  }

  /** Beside Streamlit's menu. */
  place() {
    const header = document.querySelector('[data-testid="stHeader"]');
    const menu = header?.querySelector('[data-testid="stMainMenu"]')?.getBoundingClientRect();
    this.root.classList.toggle("small", window.innerWidth < SMALL_BELOW);
    const box = header?.getBoundingClientRect();
    const right = menu?.width ? window.innerWidth - menu.left + GAP : 2 * GAP;
    this.root.style.setProperty("--pill-right", `${right}px`);
    if (box?.height) this.root.style.setProperty("--pill-middle", `${box.top + box.height / 2}px`);
    this.makeRoom(header);
  }

  /** The navigation must end before the pill: its last entries then fold into "more". @param {HTMLElement | null} header */
  makeRoom(header) {
    const nav = header?.querySelector('[data-testid="stTopNav"]');
    if (this.nav && this.nav !== nav) this.nav.style.marginRight = "";
    this.nav = nav;
    if (!nav) return;
    const end = nav.getBoundingClientRect().right + (parseFloat(nav.style.marginRight) || 0);
    const room = this.run ? end - this.root.getBoundingClientRect().left + GAP : 0;
    nav.style.marginRight = room > 0 ? `${Math.ceil(room)}px` : "";
  }
}

/** @param {RunStream} stream @param {string} state */
function stateText({ status, link }, state) {
  if (link === "gone") return "no longer there";
  if (state !== "running") return state === "pending" ? "waiting" : state;
  return status ? `epoch ${status.epoch} of ${status.epochs}` : state;
}

export default keepView(".pill", Pill);
