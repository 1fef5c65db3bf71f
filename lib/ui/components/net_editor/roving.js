// The list as one stop of the Tab key: arrows walk its lines, Enter goes into a line's settings, Escape comes back.

import { childrenOf } from "../base/dom.js";

const CONTROLS = ".settings :is(input, select), .buttons button";

/** What can be changed or pressed in a line. The button that mends a line stays a stop of its own. @param {HTMLElement} row */
export const controlsOf = (row) => /** @type {(HTMLInputElement | HTMLSelectElement | HTMLButtonElement)[]} */ ([...row.querySelectorAll(CONTROLS)]).filter((control) => !control.disabled && control.offsetParent);

/**
 * Let Tab reach one line, and the controls of the line that somebody has gone into.
 * @param {HTMLElement} list
 * @param {HTMLElement} stop the line that Tab comes to
 * @param {Element | null} focused
 */
export function rove(list, stop, focused) {
  for (const row of childrenOf(list)) {
    const isEntered = focused !== row && row.contains(focused);
    row.tabIndex = row === stop ? 0 : -1;
    for (const control of /** @type {NodeListOf<HTMLElement>} */ (row.querySelectorAll(CONTROLS))) control.tabIndex = isEntered ? 0 : -1;
  }
}

/**
 * Go where a key leads from a line or from within one; false: nowhere.
 * @param {KeyboardEvent} event
 * @param {HTMLElement} list
 * @param {HTMLElement} row
 */
export function walk(event, list, row) {
  const [rows, controls] = [childrenOf(list), controlsOf(row)];
  const at = controls.indexOf(/** @type {HTMLButtonElement} */ (event.target));
  const isButton = controls[at] instanceof HTMLButtonElement; // in a field these keys move the caret or the value
  const line = rows.indexOf(row);
  /** @type {Record<string, HTMLElement | undefined>} */
  const fromLine = { ArrowUp: rows[line - 1], ArrowDown: rows[line + 1], Home: rows[0], End: rows.at(-1), Enter: controls[0], F2: controls[0], ArrowRight: controls[0] };
  const target = event.target === row ? fromLine[event.key]
    : event.key === "Escape" ? row
    : isButton && event.key === "ArrowLeft" ? (controls[at - 1] ?? row)
    : isButton && event.key === "ArrowRight" ? controls[at + 1]
    : undefined;
  target?.focus();
  if (target instanceof HTMLInputElement) target.select();
  return Boolean(target);
}
