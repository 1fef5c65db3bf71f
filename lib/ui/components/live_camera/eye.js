// The camera: the middle of what it sees, so many times a second, and why there is none.

import { context2d } from "../base/palette.js";

export const A_SECOND = 15; // pictures

/** @typedef {"insecure" | "unsupported" | "missing" | "refused" | "taken"} Why */

/** Which word says why a camera did not open. @param {unknown} error @returns {Why} */
export function whyNot(error) {
  const name = error instanceof Error ? error.name : "";
  if (["NotFoundError", "OverconstrainedError", "DevicesNotFoundError"].includes(name)) return "missing";
  if (["NotAllowedError", "SecurityError", "PermissionDeniedError"].includes(name)) return "refused";
  return "taken";
}

/** Whether a page may ask for a camera at all. @returns {Why | null} */
export function askable() {
  if (!window.isSecureContext) return "insecure";
  if (!navigator.mediaDevices?.getUserMedia) return "unsupported";
  return null;
}

/**
 * The largest part of the middle of a picture that has this shape: where it begins, and its sides.
 * @param {number} width @param {number} height @param {number} shape width over height
 */
export function middleOf(width, height, shape) {
  const [wide, high] = width / height > shape ? [height * shape, height] : [width, width / shape];
  return { x: (width - wide) / 2, y: (height - high) / 2, width: wide, height: high };
}

/** A camera that is on until `close`. */
export class Eye {
  /** @param {HTMLVideoElement} video @param {() => unknown} look called for every picture, `A_SECOND` times a second at most */
  constructor(video, look) {
    this.video = video;
    this.look = look;
    this.canvas = document.createElement("canvas");
    /** @type {MediaStream | null} */
    this.stream = null;
    this.timer = 0;
  }

  /** Rejects where there is no camera. */
  async open() {
    this.stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 640 } }, audio: false });
    this.video.srcObject = this.stream;
    await this.video.play();
    this.timer = setInterval(() => this.video.videoWidth && !document.hidden && this.look(), 1000 / A_SECOND);
  }

  /** The middle of what it sees now. @param {number} width @param {number} height pixels of what is returned */
  picture(width, height) {
    const { x, y, width: wide, height: high } = middleOf(this.video.videoWidth, this.video.videoHeight, width / height);
    Object.assign(this.canvas, { width, height });
    const context = context2d(this.canvas, { willReadFrequently: true });
    context.imageSmoothingQuality = "high";
    context.drawImage(this.video, x, y, wide, high, 0, 0, width, height);
    return context.getImageData(0, 0, width, height);
  }

  close() {
    clearInterval(this.timer);
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = this.video.srcObject = null;
  }
}
