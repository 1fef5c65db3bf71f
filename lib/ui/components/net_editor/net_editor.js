// The layer list: what a pointer and the keyboard do in it.

import { targetOf } from "../base/dom.js";
import { arrowWay } from "../base/keys.js";
import { View, keepView } from "../base/view.js";
import { Editor } from "./editing.js";
import { CLASS_LINE } from "./items.js";
import { learnKinds } from "./kinds.js";
import { makeMenu } from "./menu.js";
import { fitWords, hover, renderDrawing, renderStop } from "./rendering.js";
import { walk } from "./roving.js";

/** @import { NetEditorData } from "./editing.js" */
/** @import { Component } from "../base/types.js" */

// Widths in px from which settings go under the name: those of Conv, then all. Buttons for fingers take more room.
const STACKED_BELOW = { fine: 450, coarse: 600 };
const NARROW_BELOW = { fine: 395, coarse: 480 };

/** @extends {View<NetEditorData>} */
class NetEditor extends View {
  /** @type {{close(): void} | undefined} */ menu;
  menuLanguage = "";

  /** @param {HTMLElement} root @param {Component<NetEditorData>} component */
  constructor(root, component) {
    super(root, component);
    const editor = new Editor(root, (action) => this.component.setTriggerValue("action", action), (element, id) => this.watchLine(element, id), this.word);
    this.editor = editor;
    this.watchDrawing();
    this.find(".undo").onclick = () => editor.undo();
    this.find(".redo").onclick = () => editor.redo();
    editor.presets.onchange = () => editor.command({ type: "preset", name: editor.presets.value }, this.word("preset_loaded"));
    root.onkeydown = (event) => this.press(event);
    for (const change of ["focusin", "focusout"]) editor.list.addEventListener(change, () => renderStop(editor));
    const adding = this.find(".adding");
    this.closeOutside = (/** @type {PointerEvent} */ event) => event.composedPath().includes(adding) || this.menu?.close();
    document.addEventListener("pointerdown", this.closeOutside);
    this.whenResized(editor.svg, () => this.fit());
  }

  /** @param {NetEditorData} data */
  update(data) {
    const { editor } = this;
    if (this.menuLanguage !== data.worded.lang) {
      this.menuLanguage = data.worded.lang;
      learnKinds(data.kinds);
      this.menu = makeMenu(editor.addButton, this.find(".menu"), (kind) => editor.addLine(kind), this.word);
      editor.begin();
    }
    editor.receive(data);
  }

  destroy() {
    document.removeEventListener("pointerdown", this.closeOutside);
    this.editor.outbox.close();
    clearTimeout(this.editor.hintTimer);
  }

  fit() {
    const { editor } = this;
    const pointer = matchMedia("(pointer: coarse)").matches ? "coarse" : "fine";
    this.root.classList.toggle("stacked", editor.svg.clientWidth < STACKED_BELOW[pointer]);
    this.root.classList.toggle("narrow", editor.svg.clientWidth < NARROW_BELOW[pointer]);
    if (!editor.server) return;
    renderDrawing(editor);
    fitWords(editor);
  }

  /** @param {HTMLElement} element @param {string} id */
  watchLine(element, id) {
    element.addEventListener("focusin", () => this.editor.select(id));
    element.onpointerenter = () => hover(this.editor, Number(element.dataset.index));
    element.onpointerleave = () => hover(this.editor, NaN);
  }

  /** The drawing is a second way in: pointing marks the line, pressing selects it. */
  watchDrawing() {
    const { editor } = this;
    const indexAt = (/** @type {Event} */ event) => Number(targetOf(event).closest(".block")?.dataset.index ?? NaN) - 1;
    editor.svg.onpointermove = (event) => hover(editor, indexAt(event));
    editor.svg.onpointerleave = () => hover(editor, NaN);
    editor.svg.onmousedown = (event) => {
      // Not `click`: leaving a field redraws the blocks, and a click needs press and release on one element.
      event.preventDefault();
      const index = indexAt(event);
      if (!(index >= 0)) return;
      editor.finishTyping();
      const id = editor.items[index]?.id ?? CLASS_LINE;
      editor.select(id);
      editor.focusLine(id);
    };
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    // Streamlit's own one-letter shortcuts (r reruns) must not hear what is typed into a select.
    if (isPlain && key.length === 1) event.stopPropagation();
    if ((event.ctrlKey || event.metaKey) && (key === "z" || key === "y")) {
      event.preventDefault();
      event.stopPropagation();
      if (key === "y" || event.shiftKey) this.editor.redo();
      else this.editor.undo();
      return;
    }
    const row = targetOf(event).closest("li.row");
    if (row) this.pressInLine(event, row);
  }

  /** @param {KeyboardEvent} event @param {HTMLElement} row */
  pressInLine(event, row) {
    const { editor } = this;
    const step = arrowWay(event)?.[0];
    const index = Number(row.dataset.index);
    const isField = targetOf(event).matches("input, select");
    if (event.key === "Escape" && editor.dragging) editor.lines.get(editor.dragging)?.drag.cancel();
    else if (step && event.altKey && !targetOf(event).matches("select")) editor.moveLine(index, index + step);
    else if (["Delete", "Backspace"].includes(event.key) && !isField) editor.removeLine(index);
    else if (event.altKey || !walk(event, editor.list, row)) return;
    event.preventDefault();
  }
}

export default keepView(".net-editor", NetEditor);
