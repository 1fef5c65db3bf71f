// Ask the browser for a camera without the question that a person would have to answer.

import { View, keepView } from "../base/view.js";

/** @extends {View<null>} */
class CameraCheck extends View {
  /** @type {boolean} */ gone;

  /** @type {string | undefined} */
  told;

  async update() {
    const found = await look();
    if (this.told === found || this.gone) return;
    this.told = found;
    this.component.setStateValue("found", found);
  }

  destroy() {
    this.gone = true;
  }
}

async function look() {
  if (!window.isSecureContext) return "insecure";
  if (!navigator.mediaDevices?.getUserMedia) return "unsupported";
  const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  return devices.some(({ kind }) => kind === "videoinput") ? "here" : "missing";
}

export default keepView("[data-testid='camera-check']", CameraCheck);
