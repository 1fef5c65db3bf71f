// A kernel slides over a picture, against sums over a picture that is padded by hand.

import assert from "node:assert/strict";
import test from "node:test";
import { KERNELS, pool, resized, signedShort, slide, slidePlan } from "../../lib/ui/components/filter_bench/slide.js";

const picture = (width, height) => ({ width, height, values: Float32Array.from({ length: width * height }, (_, i) => ((7 * i) % 11) / 4) });

/** The sum at one place, on a picture with a wide frame of zeros around it. */
function sumAt({ width, height, values }, kernel, size, top, left) {
  const frame = 8;
  const wide = Array.from({ length: height + 2 * frame }, () => Array(width + 2 * frame).fill(0));
  values.forEach((value, i) => (wide[Math.floor(i / width) + frame][(i % width) + frame] = value));
  return kernel.reduce((sum, weight, i) => sum + weight * wide[top + frame + Math.floor(i / size)][left + frame + (i % size)], 0);
}

test("every sum is that of the pixels under the kernel", () => {
  for (const [width, height] of [[7, 6], [8, 8], [5, 9]]) {
    for (const size of [3, 5]) {
      for (const stride of [1, 2, 3]) {
        for (const padding of ["same", "valid"]) {
          const kernel = Array.from({ length: size * size }, (_, i) => ((5 * i) % 7) - 3);
          const one = picture(width, height);
          const map = slide(one, kernel, { size, stride, padding });
          const [down, across] = [height, width].map((side) => slidePlan(side, size, stride, padding));
          assert.equal(map.width, padding === "same" ? Math.ceil(width / stride) : Math.floor((width - size) / stride) + 1);
          assert.equal(map.values.length, map.width * map.height);
          map.values.forEach((value, i) => {
            const [row, column] = [Math.floor(i / map.width), i % map.width];
            const expected = sumAt(one, kernel, size, row * stride - down.before, column * stride - across.before);
            assert.ok(Math.abs(value - expected) < 1e-4);
          });
        }
      }
    }
  }
});

test("pooling takes the largest or the mean of whole blocks", () => {
  const map = { width: 5, height: 3, values: Float32Array.from([1, 2, 3, 4, 99, 5, 6, 7, 8, 99, 99, 99, 99, 99, 99]) };
  assert.deepEqual(pool(map, "max", 2), { width: 2, height: 1, values: Float32Array.of(6, 8) });
  assert.deepEqual(pool(map, "average", 2), { width: 2, height: 1, values: Float32Array.of(3.5, 5.5) });
});

test("a kernel grows by zeros around it and shrinks to its middle", () => {
  const small = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  const large = resized(small, 3, 5);
  assert.deepEqual(large.slice(6, 9), [1, 2, 3]);
  assert.equal(large.reduce((a, b) => a + b), 45);
  assert.deepEqual(resized(large, 5, 3), small);
});

test("every kernel to begin with has its size, and says what it is for", () => {
  for (const [name, kernels] of Object.entries(KERNELS)) {
    for (const size of [3, 5]) assert.equal(kernels[size].length, size * size, name);
  }
  const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
  for (const size of [3, 5]) {
    for (const name of ["vertical", "horizontal", "empty"]) assert.ok(Math.abs(sum(KERNELS[name][size])) < 1e-9, `${name} sees no even surface`);
    for (const name of ["blur", "sharpen"]) assert.ok(Math.abs(sum(KERNELS[name][size]) - 1) < 1e-9, `${name} keeps the brightness`);
  }
});

test("weights are written short", () => {
  assert.deepEqual([0.1111, -1, 0, 2.5].map((value) => signedShort(value)), ["0.11", "−1", "0", "2.5"]);
  assert.equal(signedShort(-0.12345, 4), "−0.1235");
});
