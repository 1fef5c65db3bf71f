// Actions on their way to the server: one at a time, because Streamlit keeps only the last trigger of a rerun, and an
// undo must not swallow the edit before it. A newer edit replaces an unsent older one.

/** @import { Layer } from "./kinds.js" */
/** @typedef {{type: "edit", layers: Layer[]} | {type: "preset", name: string} | {type: "undo" | "redo" | "mend"}} Action */
/** @typedef {ReturnType<typeof makeOutbox>} Outbox */

const ANSWER_DUE_MS = 2500;

/** @param {(action: Action) => void} emit */
export function makeOutbox(emit) {
  /** @type {Action[]} */
  const queue = [];
  /** @type {Action | null} */
  let flying = null;
  let timer = 0;
  let overdue = 0;

  const pump = () => {
    if (flying || !queue.length) return;
    flying = queue[0];
    queue.shift();
    overdue = setTimeout(answered, ANSWER_DUE_MS); // an answer may be lost, the next action must not be
    emit(flying);
  };
  const answered = () => {
    clearTimeout(overdue);
    flying = null;
    if (!timer) pump();
  };
  const flush = () => {
    clearTimeout(timer);
    timer = 0;
    pump();
  };

  return {
    /** Put an action in the queue; with a delay, wait for more edits before it leaves. @param {Action} action */
    push(action, delay = 0) {
      if (action.type === "edit" && queue.at(-1)?.type === "edit") queue.pop();
      queue.push(action);
      clearTimeout(timer);
      timer = 0;
      if (delay) timer = setTimeout(flush, delay);
      else pump();
    },
    flush,
    answered,
    /** True while the browser knows of edits that the server has not answered: its layers are then the newer ones. */
    isAhead: () => flying?.type === "edit" || queue.some((action) => action.type === "edit"),
    isWaiting: () => flying !== null,
    close: () => {
      clearTimeout(timer);
      clearTimeout(overdue);
    },
  };
}
