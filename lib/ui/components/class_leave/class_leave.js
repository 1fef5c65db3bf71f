// "I am somebody else": a plain form, because its answer sets a cookie and opens the page anew.

import { setText } from "../base/dom.js";
import { View, keepView } from "../base/view.js";

/** @typedef {{label: string, explains: string, token: string}} LeaveData */

/** @extends {View<LeaveData>} */
class Leave extends View {
  /** @param {LeaveData} data */
  update({ label, explains, token }) {
    setText(this.find("button"), label);
    setText(this.find("p"), explains);
    this.find("input").value = token;
  }
}

export default keepView(".class-leave", Leave);
