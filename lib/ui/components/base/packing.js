// What the page hands to a component: plain data, or a head with the bytes of arrays behind it (lib.ui.components.packing).

const KINDS = { u1: Uint8Array, u2: Uint16Array, u4: Uint32Array, f4: Float32Array };
const LENGTH = 4; // bytes that say how long the head is

/**
 * The data with its arrays in their places; what is no bytes is given back as it is.
 * @param {unknown} data
 */
export function unpacked(data) {
  if (!(data instanceof Uint8Array)) return data;
  const length = new DataView(data.buffer, data.byteOffset, LENGTH).getUint32(0, true);
  const arrays = LENGTH + length;
  const fill = (/** @type {string} */ _name, /** @type {any} */ value) => {
    if (!Array.isArray(value?.$array)) return value;
    const [kind, first, count] = /** @type {[keyof typeof KINDS, number, number]} */ (value.$array);
    const Kind = KINDS[kind];
    const from = arrays + first;
    return new Kind(data.slice(from, from + count * Kind.BYTES_PER_ELEMENT).buffer); // a copy begins where any kind may
  };
  return JSON.parse(new TextDecoder().decode(data.subarray(LENGTH, arrays)), fill);
}
