// Curves for the ear: a loss is a pitch, the higher the larger, so that learning is a tone that falls.

/** @import { Points } from "./live_chart.js" */

export const SECONDS = 2; // one whole curve
const LOWEST_HZ = 220;
const OCTAVES = 2.5;
const NOTES = 80; // in one curve: more are not told apart
const QUIET = { training: 0.1, validation: 0.07, guessing: 0.025 };
/** @type {Record<string, OscillatorType>} */
const TIMBRES = { training: "sine", validation: "triangle", guessing: "sine" };

/**
 * From the smallest to the largest of some losses that are positive; a flat curve still has two ends.
 * @param {(number | null | undefined)[]} values
 * @returns {[number, number]}
 */
export function rangeOf(values) {
  const found = values.filter((value) => value != null && Number.isFinite(value) && value > 0).map(Number);
  if (!found.length) return [0.1, 1];
  const [low, high] = [found.reduce((a, b) => Math.min(a, b)), found.reduce((a, b) => Math.max(a, b))];
  return high > low ? [low, high] : [low / 2, low * 2];
}

/** A loss as a pitch in hertz: its logarithm between the ends becomes octaves. @param {number} loss @param {[number, number]} range */
export function pitchOf(loss, [low, high]) {
  const share = Math.log(Math.max(loss, 1e-12) / low) / Math.log(high / low);
  return LOWEST_HZ * 2 ** (OCTAVES * Math.min(1, Math.max(0, share)));
}

/**
 * A curve as notes: seconds from its beginning, and the pitch there; null where there is no number.
 * @param {Points} points x ascends
 * @param {[number, number]} range of losses
 * @param {[number, number]} span of x, which takes `seconds`
 * @returns {{at: number, pitch: number | null}[]}
 */
export function notesOf({ x, y }, range, [from, to], seconds = SECONDS) {
  const step = Math.max(1, Math.ceil(x.length / NOTES));
  const notes = [];
  for (let i = 0; i < x.length; i += step) {
    const stretch = y.slice(i, i + step).filter((value) => value != null && Number.isFinite(value)).map(Number);
    const mean = stretch.length ? stretch.reduce((a, b) => a + b, 0) / stretch.length : null;
    notes.push({ at: to > from ? (seconds * (x[i] - from)) / (to - from) : 0, pitch: mean === null ? null : pitchOf(mean, range) });
  }
  return notes;
}

/** Whether this browser can make a sound at all. */
export const canSound = () => typeof window !== "undefined" && "AudioContext" in window;

/** One tone for each line, from one `AudioContext`. */
export class Tones {
  constructor() {
    this.context = new AudioContext();
    this.tones = new Map(Object.entries(TIMBRES).map(([line, type]) => [line, this.tone(type)]));
  }

  /** @param {OscillatorType} type */
  tone(type) {
    const [oscillator, gain] = [this.context.createOscillator(), this.context.createGain()];
    oscillator.type = type;
    gain.gain.value = 0;
    oscillator.connect(gain).connect(this.context.destination);
    oscillator.start();
    return { oscillator, gain };
  }

  /** Play a line's notes from now on. @param {keyof typeof QUIET} line @param {{at: number, pitch: number | null}[]} notes */
  play(line, notes) {
    const tone = this.tones.get(line);
    if (!tone) return;
    const begin = this.context.currentTime + 0.05;
    tone.oscillator.frequency.cancelScheduledValues(begin);
    tone.gain.gain.cancelScheduledValues(begin);
    for (const { at, pitch } of notes) {
      tone.gain.gain.setTargetAtTime(pitch === null ? 0 : QUIET[line], begin + at, 0.01);
      if (pitch !== null) tone.oscillator.frequency.setTargetAtTime(pitch, begin + at, 0.015);
    }
  }

  /** Fall silent after so many seconds. @param {number} seconds */
  rest(seconds) {
    for (const { gain } of this.tones.values()) gain.gain.setTargetAtTime(0, this.context.currentTime + 0.05 + seconds, 0.03);
  }

  end() {
    void this.context.close();
  }
}
