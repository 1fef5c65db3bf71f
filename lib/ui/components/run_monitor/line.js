// The words for a run that shares the training threads with others.

import { count } from "../base/numbers.js";

/** @import { RunStatus } from "../base/types.js" */

/**
 * How often the turn of a run comes while others have theirs; nothing while it is alone.
 * @param {RunStatus} status
 * @returns {string}
 */
export function turnWords({ state, waiting, turn_every, workers }) {
  if (state !== "running" || !waiting) return "";
  const others = `${count(waiting)} other${waiting === 1 ? "" : "s"}`;
  const shared = workers && workers > 1 ? ` on ${count(workers)} workers` : "";
  if (!turn_every) return `${others} in line${shared}`;
  return `your turn comes every ${turn_every.toFixed(1)} s, ${others}${shared}`;
}

/**
 * How many are ahead of a run that has not had its first turn.
 * @param {RunStatus} status
 * @returns {string}
 */
export function waitWords({ waiting }) {
  if (!waiting) return "starts in a moment";
  return waiting === 1 ? "waiting: 1 run is ahead" : `waiting: ${count(waiting)} runs are ahead`;
}
