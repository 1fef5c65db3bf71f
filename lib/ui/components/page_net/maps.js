// Numbers of a layer as brightness, as `lib.ui.components.feature_maps.encode_maps` does it.

/**
 * Bytes for a layer's maps or its row, with the ends of each map's scale, or of the one. `normalise`: "map" stretches each map
 * between its own ends, "layer" all between the layer's; a row is always on the layer's scale.
 * @param {{shape: number[], values: Float32Array}} answer
 * @param {string} normalise
 */
export function asBrightness({ shape, values }, normalise) {
  const [channels, height = 1, width = 1] = shape;
  const isShared = shape.length === 1 || normalise === "layer";
  const area = height * width;
  const bytes = new Uint8Array(values.length);
  const all = isShared ? endsOf(values, 0, values.length) : null;
  const [low, high] = all ? all.map((end) => Float32Array.of(end)) : [new Float32Array(channels), new Float32Array(channels)];
  for (let map = 0; map < channels; map++) {
    const [least, most] = all ?? endsOf(values, map * area, (map + 1) * area);
    if (!all) [low[map], high[map]] = [least, most];
    const gain = most > least ? 255 / (most - least) : 0;
    for (let at = map * area; at < (map + 1) * area; at++) bytes[at] = Math.round((values[at] - least) * gain);
  }
  return { channels, height, width, bytes, low, high };
}

/** @param {Float32Array} values @param {number} from @param {number} to */
function endsOf(values, from, to) {
  let [least, most] = [values[from], values[from]];
  for (let at = from + 1; at < to; at++) {
    if (values[at] < least) least = values[at];
    else if (values[at] > most) most = values[at];
  }
  return [least, most];
}
