// Where a run's points lie on an axis of epochs, of iterations or of seconds. Needs nothing but a stream.

/** @import { RunStream } from "./stream.js" */

/** Seconds of training and validation at so many epochs: known at each epoch's end and now, straight lines between. @param {RunStream} stream */
function secondsKnots(stream) {
  let last = [0, 0];
  const knots = [last];
  for (const { epoch, seconds } of stream.epochs) {
    if (epoch > 0) knots.push((last = [epoch, last[1] + (seconds ?? 0)]));
  }
  const now = [stream.x.at(-1) ?? 0, stream.status?.seconds ?? 0];
  if (now[0] > last[0] && now[1] > last[1]) knots.push(now);
  return knots;
}

/**
 * A function from epochs to the unit: "epochs", "iterations" or "seconds".
 * @param {RunStream} stream
 * @param {string} unit
 * @returns {(epochs: number) => number}
 */
export function axisOf(stream, unit) {
  if (unit === "iterations") {
    const steps = stream.status?.steps_per_epoch ?? 0;
    return (epoch) => epoch * steps;
  }
  if (unit !== "seconds") return (epoch) => epoch;
  const knots = secondsKnots(stream);
  return (epoch) => {
    let i = 1;
    while (i < knots.length - 1 && knots[i][0] < epoch) i++;
    const [[x0, y0], [x1, y1]] = [knots[i - 1], knots[i] ?? knots[i - 1]];
    return x1 > x0 ? y0 + ((epoch - x0) * (y1 - y0)) / (x1 - x0) : y0;
  };
}
