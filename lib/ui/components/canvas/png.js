// An 8-bit grey PNG written by hand: the canvas itself only writes colour, four times the bytes.

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** @param {Uint8Array} bytes */
function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = CRC_TABLE[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** Length, name, content, checksum: how every part of a PNG is wrapped. @param {string} name @param {ArrayLike<number>} content */
function pngChunk(name, content) {
  const chunk = new Uint8Array(content.length + 12);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, content.length);
  chunk.set([...name].map((letter) => letter.charCodeAt(0)), 4);
  chunk.set(content, 8);
  view.setUint32(content.length + 8, crc32(chunk.subarray(4, content.length + 8)));
  return chunk;
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
async function deflate(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** The base64 of the PNG whose grey values are `pixels`, row by row, `size` a row. @param {Uint8Array} pixels @param {number} size */
export async function encodeGreyPng(pixels, size) {
  const header = new Uint8Array(13);
  new DataView(header.buffer).setUint32(0, size);
  new DataView(header.buffer).setUint32(4, size);
  header.set([8, 0], 8); // 8 bits, grey
  const lines = new Uint8Array(size * (size + 1)); // each line starts with its filter: 0, none
  for (let y = 0; y < size; y += 1) lines.set(pixels.subarray(y * size, (y + 1) * size), y * (size + 1) + 1);
  const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
  const chunks = [pngChunk("IHDR", header), pngChunk("IDAT", await deflate(lines)), pngChunk("IEND", new Uint8Array())];
  const bytes = [signature, ...chunks].flatMap((part) => [...part]);
  return btoa(String.fromCharCode(...bytes));
}
