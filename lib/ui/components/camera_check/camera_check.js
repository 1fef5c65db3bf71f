// Ask the browser for a camera without the question that a person would have to answer.

import { keepView } from "../base/view.js";

export default (component) => keepView(component, "[data-testid='camera-check']", CameraCheck);

class CameraCheck {
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
