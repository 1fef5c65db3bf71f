// The pill in Streamlit's header: which run this is, how far it is, and a way to it from every page.

import { percent, setText } from "../base/numbers.js";
import { runStream } from "../base/stream.js";
import { keepView } from "../base/view.js";

const SMALL_BELOW = 1000; // pixels of window: less room than that belongs to the navigation
const GAP = 10;

export default (component) => keepView(component, ".pill", Pill);

class Pill {
  constructor(root, parent) {
    this.root = root;
    this.run = null;
    this.leaveFlow(parent.host);
    root.onclick = (event) => this.visit(event);
    this.onResize = () => this.place();
    window.addEventListener("resize", this.onResize);
    this.observer = new ResizeObserver(this.onResize);
    this.observer.observe(root);
    this.watchConnection(document.querySelector('[data-testid="stApp"]'));
  }

  /**
   * A server that was started anew knows nothing of this page, and would drop what is pressed first: let it run the page
   * when the connection is back. The pill does it because it is on every page.
   */
  watchConnection(app) {
    this.connection = new MutationObserver(() => {
      const isThere = app.dataset.testConnectionState === "CONNECTED";
      if (isThere && this.wasAway) this.component.setTriggerValue("back", true);
      this.wasAway = !isThere;
    });
    if (app) this.connection.observe(app, { attributeFilter: ["data-test-connection-state"] });
  }

  /** The pill stands in the header: its place on the page should not take up the gap of an element. */
  leaveFlow(host) {
    const container = host?.closest('[data-testid="stElementContainer"]');
    if (container) container.style.position = "absolute";
  }

  destroy() {
    this.leave?.();
    this.observer.disconnect();
    this.connection.disconnect();
    window.removeEventListener("resize", this.onResize);
    this.makeRoom(null);
  }

  update({ run, href }) {
    if (run?.id !== this.run?.id) {
      this.leave?.();
      this.stream = run ? runStream(run.id) : null;
      this.leave = this.stream?.listen((kind) => kind !== "points" && this.draw());
    }
    this.run = run;
    this.root.hidden = !run;
    this.root.href = href;
    this.draw();
    this.place();
  }

  draw() {
    if (!this.run) return;
    const { root, run, stream } = this;
    const state = stream.status?.state ?? run.state;
    const score = stream.lastEpoch?.valid_accuracy ?? null;
    const part = (name, text) => setText(root.querySelector(`.${name}`), text);
    root.dataset.state = state;
    part("name", run.name);
    part("state", this.stateText(state));
    part("score", score === null ? "" : percent(score));
    root.classList.toggle("scoreless", score === null);
    root.setAttribute("aria-label", [...root.querySelectorAll("span")].map((span) => span.textContent).join(", "));
    root.title = `${run.name}, ${this.stateText(state)}`;
  }

  stateText(state) {
    const { status, link } = this.stream;
    if (link === "gone") return "no longer there";
    if (state !== "running") return state === "pending" ? "waiting" : state;
    return status ? `epoch ${status.epoch} of ${status.epochs}` : state;
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

  /** The navigation must end before the pill: its last entries then fold into "more". */
  makeRoom(header) {
    const nav = header?.querySelector('[data-testid="stTopNav"]');
    if (this.nav && this.nav !== nav) this.nav.style.marginRight = "";
    this.nav = nav;
    if (!nav) return;
    const end = nav.getBoundingClientRect().right + (parseFloat(nav.style.marginRight) || 0);
    const room = this.run ? end - this.root.getBoundingClientRect().left + GAP : 0;
    nav.style.marginRight = room > 0 ? `${Math.ceil(room)}px` : "";
  }

  /** A plain link would load the page anew and lose the session: use the navigation's own link where there is one. */
  visit(event) {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const path = new URL(this.root.href).pathname;
    const links = [...document.querySelectorAll('[data-testid="stTopNavLink"]')];
    const link = links.find((candidate) => new URL(candidate.href).pathname === path);
    if (!link) return;
    event.preventDefault();
    link.click();
  }
}
