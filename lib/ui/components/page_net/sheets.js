// What is drawn on the canvases of this page, for whoever follows a pen: by the canvas' name.

/** @import { Grey } from "./types.js" */

/** @typedef {{turn: number, strokes: number, read: () => Grey}} Sheet */

/** @type {Map<string, Sheet>} */
const SHEETS = new Map();
/** @type {Set<(name: string) => unknown>} */
const LISTENERS = new Set();

/** What lies on a sheet now; `turn` counts its changes. @param {string} name @param {Sheet} sheet */
export function showSheet(name, sheet) {
  SHEETS.set(name, sheet);
  for (const listener of [...LISTENERS]) listener(name);
}

/** @param {string} name */
export const sheetOf = (name) => SHEETS.get(name);

/** Call `listener(name)` for every change, until the returned function is called. @param {(name: string) => unknown} listener */
export function listenToSheets(listener) {
  LISTENERS.add(listener);
  return () => void LISTENERS.delete(listener);
}
