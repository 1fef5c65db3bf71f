// A net that follows the pen: asked in the page for every change of a drawing, else about the picture the page names.

import { fetchNet, netAt } from "./load.js";
import { ask } from "./net.js";
import { prepared } from "./prepare.js";
import { listenToSheets, sheetOf } from "./sheets.js";

/** @import { PageNet, Said } from "./types.js" */

/**
 * Which net (`step`: at least so far), which canvas, and what the server knows: the picture and of which turn it is.
 * @typedef {{address: string, step: number | null, sheet: string | null, pixels: Uint8Array | null, turn: number | null}} Followed
 */

/** @typedef {Said & {net: PageNet, pixels: Uint8Array, isServers: boolean}} Seen `isServers`: the very picture that the server has */

export class Follower {
  /**
   * @param {(seen: Seen | null) => unknown} draw null: there is no picture that is ahead of the server
   * @param {(error: unknown) => unknown} missed the net does not come
   */
  constructor(draw, missed) {
    this.draw = draw;
    this.missed = missed;
    /** @type {Followed | null} */
    this.followed = null;
    this.isOver = false;
    this.stop = listenToSheets((name) => name === this.followed?.sheet && this.look());
  }

  /** @param {Followed} followed */
  update(followed) {
    this.followed = followed;
    this.look();
    const { address, step } = followed;
    const before = netAt(address);
    fetchNet(address, step).then(
      () => !this.isOver && netAt(address) !== before && this.look(),
      (error) => !this.isOver && this.missed(error),
    );
  }

  /** Ask the net that is here. */
  look() {
    const net = this.followed && netAt(this.followed.address);
    if (!this.followed || !net) return;
    const own = this.ownPixels(net, this.followed);
    const pixels = own ?? this.followed.pixels;
    this.draw(pixels && { ...ask(net, pixels), net, pixels, isServers: own === null });
  }

  /** What is drawn and the server has not got yet; null where its own picture is the newest. @param {PageNet} net @param {Followed} followed */
  ownPixels(net, { sheet: name, turn }) {
    const sheet = name === null ? undefined : sheetOf(name);
    return sheet?.strokes && sheet.turn !== turn ? prepared(sheet.read(), net) : null;
  }

  end() {
    this.isOver = true;
    this.stop();
  }
}
