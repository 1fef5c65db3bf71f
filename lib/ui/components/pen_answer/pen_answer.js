// What a net in the page says of a drawing, in the place of the server's answer for as long as that lags behind.

import { cloned, find, fitChildren, setData, setText } from "../base/dom.js";
import { percent } from "../base/numbers.js";
import { paintPicture } from "../base/palette.js";
import { View, keepView } from "../base/view.js";
import { Follower } from "../page_net/follow.js";

/** @import { Component } from "../base/types.js" */
/** @import { Seen } from "../page_net/follow.js" */

/** @typedef {{net: {address: string, step: number | null, sheet: string}, classes: string[], caption: string, turn: number | null}} PenAnswerData */

/** @extends {View<PenAnswerData>} */
class PenAnswer extends View {
  /** @param {HTMLElement} root @param {Component<PenAnswerData>} component */
  constructor(root, component) {
    super(root, component);
    this.follower = new Follower((seen) => this.draw(seen), (error) => console.error(error));
  }

  /** @param {PenAnswerData} data */
  update(data) {
    this.data = data;
    this.follower.update({ ...data.net, pixels: null, turn: data.turn });
  }

  /** @param {Seen | null} seen */
  draw(seen) {
    const isAhead = Boolean(seen?.probabilities.every(Number.isFinite));
    this.root.hidden = !isAhead;
    if (!seen || !isAhead) return;
    const { classes, caption } = this.data;
    const { probabilities, net, pixels } = seen;
    const best = probabilities.indexOf(Math.max(...probabilities));
    setText(this.find(".gh-verdict b"), classes[best]);
    setText(this.find(".gh-verdict span"), percent(probabilities[best]));
    setData(this.find(".gh-verdict"), { class: classes[best] });
    const bars = this.find(".gh-bars");
    fitChildren(bars, classes.length, () => cloned(this.parent, "pen-bar")).forEach((row, index) => {
      setText(find(row, "span"), classes[index]);
      setText(find(row, "em"), percent(probabilities[index]));
      find(row, "i b").style.width = `${100 * probabilities[index]}%`;
      row.classList.toggle("best", index === best);
      setData(row, { class: classes[index], share: probabilities[index] });
    });
    bars.setAttribute("aria-label", this.word("most_likely", { name: classes[best], share: percent(probabilities[best]) }));
    paintPicture(this.find("canvas"), net.shape, pixels);
    this.find("canvas").setAttribute("aria-label", caption);
    setText(this.find("figcaption"), caption);
  }

  destroy() {
    this.follower.end();
  }
}

export default keepView(".pen-answer", PenAnswer);
