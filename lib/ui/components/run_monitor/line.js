// The words for a run that shares the training threads with others.

import { count } from "../base/numbers.js";
import { written } from "../base/words.js";

/** @import { RunStatus, Say } from "../base/types.js" */

/**
 * How often the turn of a run comes while others have theirs; nothing while it is alone.
 * @param {RunStatus} status
 * @param {Say} word of the monitor
 * @returns {string}
 */
export function turnWords({ state, waiting, turn_every, workers }, word) {
  if (state !== "running" || !waiting) return "";
  const others = word("others", { count: waiting });
  const place = turn_every ? word("turn", { seconds: written(turn_every, 1), others }) : word("in_line", { others });
  return workers && workers > 1 ? word("on_workers", { place, workers: count(workers) }) : place;
}

/**
 * How many are ahead of a run that has not had its first turn.
 * @param {RunStatus} status
 * @param {Say} word of the monitor
 * @returns {string}
 */
export function waitWords({ waiting }, word) {
  return waiting ? word("ahead", { count: waiting }) : word("soon");
}
