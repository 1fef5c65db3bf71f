// Words of the field, explained where they stand: on hover, on a tap, or by the list at the end of the page.

import { find, fitChildren, newButton, setText } from "../base/dom.js";
import { View, keepView } from "../base/view.js";
import { finderOf } from "./finder.js";
import { boxAt, textsBelow } from "./page_text.js";

/** @import { Component, Worded } from "../base/types.js" */
/** @typedef {{worded: Worded, page: string, address: string}} TermData */
/** @typedef {{term: string, name: string, english: string, is: string, see: string, href: string, forms: string[], only: string[]}} Card */

const REST_MS = 300; // a pointer that only passes by opens nothing
const SETTLE_MS = 500; // after a change of the page, before it is read again
const MARK = "gh-term"; // of the look, in frame.css and base.css

/** @extends {View<TermData>} */
class TermCards extends View {
  /** @type {Card[]} */ cards = [];
  /** @type {Map<string, Range>} */ marks = new Map();
  /** @type {ReturnType<typeof finderOf>} */ finder = () => [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */ resting;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ settling;
  /** @type {HTMLElement | null} */ opener = null;
  shown = "";
  /** What Escape has closed under a pointer that still rests there: it stays closed until the pointer has left. */
  dismissed = "";
  loaded = "";

  /** @param {HTMLElement} root @param {Component<TermData>} component */
  constructor(root, component) {
    super(root, component);
    this.card = this.find(".term-card");
    this.list = this.find("details");
    this.list.ontoggle = () => this.read();
    this.onMove = (/** @type {PointerEvent} */ event) => this.rest(event);
    this.onClick = (/** @type {MouseEvent} */ event) => this.press(event);
    this.onKey = (/** @type {KeyboardEvent} */ event) => this.key(event);
    this.onScroll = () => this.opener || this.close();
    document.addEventListener("pointermove", this.onMove, { passive: true });
    document.addEventListener("click", this.onClick);
    document.addEventListener("keydown", this.onKey, { capture: true }); // a control that has the focus may keep its keys
    document.addEventListener("scroll", this.onScroll, { passive: true, capture: true });
    this.watch = new MutationObserver(() => this.settle());
    const page = document.querySelector('[data-testid="stMain"]');
    if (page) this.watch.observe(page, { childList: true, subtree: true, characterData: true });
  }

  destroy() {
    clearTimeout(this.resting);
    clearTimeout(this.settling);
    this.watch.disconnect();
    document.removeEventListener("pointermove", this.onMove);
    document.removeEventListener("click", this.onClick);
    document.removeEventListener("keydown", this.onKey, { capture: true });
    document.removeEventListener("scroll", this.onScroll, { capture: true });
    CSS.highlights?.delete(MARK);
  }

  /** @param {TermData} data */
  async update(data) {
    this.data = data;
    this.speak(data.worded);
    const wanted = `${data.address} ${data.page}`;
    if (this.loaded !== wanted) {
      this.loaded = wanted;
      const answer = await fetch(data.address);
      if (!answer.ok) return; // the page reads as before, only without its words explained
      const cards = /** @type {Card[]} */ (await answer.json());
      if (this.loaded !== wanted) return; // another page or language meanwhile
      this.cards = cards.filter(({ only }) => !only.length || only.includes(data.page));
      this.finder = finderOf(this.cards, data.worded.lang);
    }
    this.settle();
  }

  /** Read the page once it stands still for a moment. */
  settle() {
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.read(), SETTLE_MS);
  }

  /** Mark the first place of each term, and list them. */
  read() {
    const page = document.querySelector('[data-testid="stMain"]');
    if (!page) return;
    this.marks = new Map();
    for (const text of textsBelow(page)) {
      for (const { term, start, end } of this.finder(text.data)) {
        if (this.marks.has(term)) continue;
        const range = new Range();
        range.setStart(text, start);
        range.setEnd(text, end);
        if (range.getClientRects().length) this.marks.set(term, range);
      }
    }
    if (CSS.highlights) CSS.highlights.set(MARK, new Highlight(...this.marks.values()));
    this.root.dataset.found = String(this.marks.size);
    this.drawList();
  }

  drawList() {
    const here = this.list.open ? this.cards.filter(({ term }) => this.marks.has(term)) : [];
    here.sort((a, b) => a.name.localeCompare(b.name, this.data.worded.lang));
    const buttons = fitChildren(this.find(".terms"), here.length, newButton);
    buttons.forEach((button, i) => {
      setText(button, here[i].name);
      button.dataset.term = here[i].term;
      button.setAttribute("aria-expanded", String(this.shown === here[i].term && this.opener === button));
      button.onfocus = () => this.open(here[i].term, button.getBoundingClientRect(), button);
      button.onclick = () => this.open(here[i].term, button.getBoundingClientRect(), button);
    });
  }

  /** The term whose mark is at a place of the window. @param {number} x @param {number} y */
  at(x, y) {
    for (const [term, range] of this.marks) {
      const box = boxAt(range, x, y);
      if (box) return { term, box };
    }
    return null;
  }

  /** @param {PointerEvent} event */
  rest({ clientX, clientY, pointerType }) {
    if (pointerType !== "mouse") return;
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      const found = this.at(clientX, clientY);
      if (found && found.term === this.dismissed) return;
      this.dismissed = "";
      if (found) this.open(found.term, found.box, null);
      else if (!this.opener && !this.isOver(clientX, clientY)) this.close();
    }, REST_MS);
  }

  /** @param {MouseEvent} event */
  press(event) {
    const path = event.composedPath();
    if (path.includes(this.root)) return;
    const found = path.some((node) => node instanceof Element && node.matches("a, button, input, summary")) ? null : this.at(event.clientX, event.clientY);
    if (found) this.open(found.term, found.box, null);
    else this.close();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.key !== "Escape" || !this.shown) return;
    const { opener } = this;
    if (!opener) this.dismissed = this.shown;
    this.close();
    opener?.focus();
    this.close(); // the focus opened it again
  }

  /** Whether the card is at a place of the window, or on the way to it. @param {number} x @param {number} y */
  isOver(x, y) {
    const { left, right, top, bottom } = this.card.getBoundingClientRect();
    return x >= left - 12 && x <= right + 12 && y >= top - 12 && y <= bottom + 12;
  }

  /** Show what a term means, below `box` or above it. @param {string} term @param {DOMRect} box @param {HTMLElement | null} opener */
  open(term, box, opener) {
    const said = this.cards.find((card) => card.term === term);
    if (!said || (this.shown === term && this.opener === opener)) return;
    this.shown = term;
    this.opener = opener;
    setText(find(this.card, ".name"), said.name);
    setText(find(this.card, ".english"), said.english);
    setText(find(this.card, ".is"), said.is);
    const link = find(this.card, "a.see");
    setText(link, said.see);
    link.href = this.kept(said.href);
    this.card.showPopover();
    const { width, height } = this.card.getBoundingClientRect();
    const top = box.bottom + 6 + height < innerHeight ? box.bottom + 6 : Math.max(6, box.top - height - 6);
    this.card.style.left = `${Math.max(12, Math.min(box.left, innerWidth - width - 12))}px`;
    this.card.style.top = `${top}px`;
    setText(this.find(".unseen"), opener ? `${said.name}: ${said.is}` : "");
    this.drawList();
  }

  close() {
    if (!this.shown) return;
    this.shown = "";
    this.opener = null;
    this.card.hidePopover();
    this.drawList();
  }

  /** A way that keeps the run in view and the language. @param {string} href */
  kept(href) {
    const way = new URL(href, location.origin);
    const here = new URL(location.href).searchParams;
    for (const name of ["run", "lang"]) {
      const value = here.get(name);
      if (value !== null) way.searchParams.set(name, value);
    }
    return `${way.pathname}${way.search}`;
  }
}

export default keepView(".term-cards", TermCards);
