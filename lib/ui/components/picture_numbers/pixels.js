// A picture's pixels as one row of numbers, in torch's order: plane by plane, row by row.

/** Where a pixel is, all from 0. @typedef {{plane: number, row: number, column: number}} Pixel */

export class Pixels {
  /**
   * @param {Uint8Array} values
   * @param {[channels: number, height: number, width: number]} shape
   */
  constructor(values, [channels, height, width]) {
    this.values = values;
    this.channels = channels;
    this.height = height;
    this.width = width;
  }

  get size() {
    return this.height * this.width;
  }

  /** The pixel at a place of the row. @param {number} place @returns {Pixel} */
  at(place) {
    const within = place % this.size;
    return { plane: Math.floor(place / this.size), row: Math.floor(within / this.width), column: within % this.width };
  }

  /** @param {Pixel} pixel */
  placeOf({ plane, row, column }) {
    return plane * this.size + row * this.width + column;
  }

  /** @param {Pixel} pixel */
  has({ plane, row, column }) {
    return plane < this.channels && row >= 0 && column >= 0 && row < this.height && column < this.width;
  }

  /** Null beside the picture. @param {Pixel} pixel */
  valueAt(pixel) {
    return this.has(pixel) ? this.values[this.placeOf(pixel)] : null;
  }

  /** The lightest pixel, the first of several. */
  get brightest() {
    return this.at(this.values.reduce((best, value, i) => (value > this.values[best] ? i : best), 0));
  }

  /** `value` at a place, in the colour of its plane: red, green, blue. @param {number} place @param {number} value */
  colourOf(place, value) {
    if (this.channels === 1) return [value, value, value];
    const plane = Math.floor(place / this.size);
    return [0, 1, 2].map((colour) => (colour === plane ? value : 0));
  }

  /** One dot of a plane; `plane` null: all of them together. @param {number} dot @param {number | null} plane */
  dotOf(dot, plane) {
    if (this.channels === 1) return this.colourOf(dot, this.values[dot]);
    return [0, 1, 2].map((colour) => (plane === null || plane === colour ? this.values[colour * this.size + dot] : 0));
  }
}
