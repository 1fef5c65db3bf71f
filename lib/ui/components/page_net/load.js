// Nets by their address: fetched once for all components of a page, and again when they have learned.

import { readNet } from "./net.js";

/** @import { PageNet } from "./types.js" */

const EVERY_MS = 1000; // at most, however fast a net learns
const MOST_KEPT = 4;

/** @typedef {{net?: PageNet, asked: number, coming?: Promise<void>}} Kept */

/** @type {Map<string, Kept>} */
const NETS = new Map();

/** What is here of a net, of whatever step. @param {string} address */
export const netAt = (address) => NETS.get(address)?.net;

/**
 * Fetch a net if what is here is not of `step`; soon, if it was fetched a moment ago. Rejects if it does not come.
 * @param {string} address
 * @param {number | null} step
 * @returns {Promise<void>}
 */
export function fetchNet(address, step) {
  let kept = NETS.get(address);
  if (!kept) {
    kept = { asked: -Infinity };
    NETS.set(address, kept);
    const [oldest] = NETS.keys();
    if (NETS.size > MOST_KEPT) NETS.delete(oldest);
  }
  const here = kept;
  if (here.net && (step === null || here.net.step >= step)) return Promise.resolve();
  here.coming ??= fetched(address, here).finally(() => delete here.coming);
  return here.coming;
}

/** @param {string} address @param {Kept} kept */
async function fetched(address, kept) {
  const wait = kept.asked + EVERY_MS - performance.now();
  if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
  kept.asked = performance.now();
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`no net at ${address}: ${answer.status}`);
  kept.net = readNet(await answer.arrayBuffer());
}
