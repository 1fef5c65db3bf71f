// The wall of a class: a tile a student over one connection, in the order that the server gives them.

import { cloned, find, fitChildren, newButton, setText } from "../base/dom.js";
import { View, keepView } from "../base/view.js";
import { hear, refusalOf } from "../base/wishes.js";
import { Tile } from "./tile.js";

/** @import { Component, Worded } from "../base/types.js" */
/** @import { TileData } from "./tile.js" */
/** @typedef {Worded & {token: string}} WallData */
/** @typedef {{order: string[], tiles: TileData[], door: string, stopped: string | null, removed: {key: string, name: string}[]}} News */

/** @extends {View<WallData>} */
class Wall extends View {
  /** @type {EventSource | undefined} */ source;

  /** @param {HTMLElement} root @param {Component<WallData>} component */
  constructor(root, component) {
    super(root, component);
    /** @type {Map<string, TileData>} */
    this.known = new Map();
    /** @type {Map<string, Tile>} */
    this.tiles = new Map();
    /** @type {string | null} */
    this.stopped = null;
    this.trouble = "";
    this.speak(component.data);
    this.list = this.find("ol");
    this.sentence = this.find("form input");
    for (const button of this.doors()) button.onclick = () => this.wish({ wish: "set_door", door: button.dataset.door });
    this.find("form").onsubmit = (event) => {
      event.preventDefault();
      this.wish(this.stopped === null ? { wish: "stop_and_look", sentence: this.sentence.value } : { wish: "go_on" });
    };
    this.onPress = (/** @type {Event} */ event) => this.closeOthers(event.composedPath());
    document.addEventListener("pointerdown", this.onPress, true);
  }

  destroy() {
    this.source?.close();
    document.removeEventListener("pointerdown", this.onPress, true);
  }

  doors() {
    return [...this.root.querySelectorAll("button")].filter((button) => button.dataset.door);
  }

  /** @param {WallData} data */
  update(data) {
    this.data = data;
    this.speak(data);
    this.sentence.placeholder = this.word("sentence_example");
    if (!this.source) {
      this.source = hear("wall", (news) => this.take(news), () => location.reload());
      this.source.addEventListener("error", () => this.complain(this.word("lost")));
    }
    setText(this.find("form button"), this.word(this.stopped === null ? "stop_all" : "go_on_all"));
  }

  /** @param {News} news */
  take({ order, tiles, door, stopped, removed }) {
    this.complain("");
    for (const tile of tiles) this.known.set(tile.key, tile);
    for (const [key, tile] of this.tiles) {
      if (order.includes(key)) continue;
      tile.item.remove();
      this.tiles.delete(key);
      this.known.delete(key);
    }
    for (const { key } of tiles) if (order.includes(key)) this.drawTile(key);
    this.arrange(order);
    this.drawRemoved(removed);
    this.stopped = stopped;
    this.root.classList.toggle("stopped", stopped !== null);
    setText(this.find("form button"), this.word(stopped === null ? "stop_all" : "go_on_all"));
    this.sentence.disabled = stopped !== null;
    for (const button of this.doors()) button.setAttribute("aria-pressed", button.dataset.door === door);
    this.find(".nobody").hidden = order.length > 0;
    const all = order.map((key) => this.known.get(key)).filter((tile) => tile !== undefined && !tile.waiting);
    const here = all.filter((tile) => tile?.here).length;
    const training = all.filter((tile) => tile?.run?.state === "running").length;
    setText(this.find(".counts"), this.word("counts", { here, all: all.length, training }));
  }

  /** @param {string} key */
  drawTile(key) {
    const data = this.known.get(key);
    if (!data) return;
    let tile = this.tiles.get(key);
    if (!tile) {
      tile = new Tile(cloned(this.root, "tile"), (act, whose) => this.wish({ wish: act, key: whose }));
      this.tiles.set(key, tile);
    }
    tile.draw(data, this.word);
  }

  /** Who was taken out, and may come in again with one press. @param {{key: string, name: string}[]} removed */
  drawRemoved(removed) {
    const place = this.find(".removed");
    place.hidden = removed.length === 0;
    const buttons = fitChildren(find(place, ".who"), removed.length, newButton);
    buttons.forEach((button, at) => {
      setText(button, this.word("let_in_again", { name: removed[at].name }));
      button.onclick = () => void this.wish({ wish: "admit", key: removed[at].key });
    });
  }

  /** Only what stands elsewhere is moved: a tile that somebody is at keeps the focus, and nothing else is laid out anew. @param {string[]} order */
  arrange(order) {
    if ([...this.tiles.values()].some((tile) => !tile.acts.hidden)) return; // not under somebody's pointer
    order.forEach((key, place) => {
      const item = this.tiles.get(key)?.item;
      if (item && this.list.children[place] !== item) this.list.insertBefore(item, this.list.children[place] ?? null);
    });
  }

  /** @param {EventTarget[]} path */
  closeOthers(path) {
    for (const tile of this.tiles.values()) if (!tile.acts.hidden && !path.includes(tile.item)) tile.open(false);
  }

  /** @param {Record<string, unknown>} wish */
  async wish(wish) {
    const refusal = await refusalOf("teacher", this.data.token, wish);
    this.complain(refusal && this.word(refusal === "four_are_shown" ? refusal : "failed_wish"));
  }

  /** @param {string} text */
  complain(text) {
    const place = this.find(".trouble");
    setText(place, text);
    place.hidden = text === "";
  }
}

export default keepView(".class-wall", Wall);
