import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {createArena} from '../../src/models/kernel/arena.ts';
import {type Kernel, plainKernel} from '../../src/models/kernel/plain.ts';
import {Mt19937} from '../../src/models/mt19937.ts';

it('the committed WebAssembly is what its source compiles to', () => {
  const compiled = execFileSync(process.execPath, ['scripts/kernel.mjs', '--print'], {encoding: 'utf8'});
  expect(readFileSync('src/models/kernel/wasm-text.ts', 'utf8')).toBe(compiled);
}, 60_000);

const bytes = 400_000;
const rowCount = 500;
const at = {rows: 2048, pairs: 8192, near: 24_576, codes: 40_960, sums: 49_152, counts: 65_536, other: 69_632};
const places = {edges: 90_112, total: 94_208, best: 94_272, scratch: 98_304, values: 106_496, out: 114_688};
const scoring = {codes: 131_072, used: 140_000, masks: 143_360, values: 163_840, scores: 180_224};

/** Two memories with the same made-up data: what WebAssembly and plain code leave there must be equal to the last bit. */
function both() {
  const {kernel, buffer} = createArena(bytes);
  const plainBuffer = new ArrayBuffer(Math.ceil(bytes / 16) * 16);
  for (const each of [buffer, plainBuffer]) {
    const [doubles, words] = [new Float64Array(each), new Uint32Array(each)];
    const same = new Mt19937(3);
    words.set(same.permutation(rowCount), at.rows / 4);
    for (let i = 0; i < rowCount; i++) {
      doubles[at.pairs / 8 + 2 * i] = same.nextDouble() - 0.5;
      doubles[at.pairs / 8 + 2 * i + 1] = same.nextDouble() / 4;
      // Few values, so that bins are shared; some are missing (0), and the last feature never is.
      const code = () => same.nextInterval(12);
      words[at.codes / 4 + i] = code() | (code() << 8) | (code() << 16) | ((code() + 1) << 24);
      doubles[places.values / 8 + i] = i % 9 === 0 ? Number.NaN : same.nextDouble() * 40 - 10;
    }
    words.set([12, 12, 12, 13], places.edges / 4);
  }
  const plain = plainKernel(plainBuffer);
  return {
    run(work: (kernel: Kernel) => unknown) {
      const [ours, theirs] = [work(kernel), work(plain)];
      expect(ours).toEqual(theirs);
      expect(Buffer.from(buffer, 0, bytes).equals(Buffer.from(plainBuffer, 0, bytes))).toBe(true);
      return ours;
    },
    view: <T>(make: (buffer: ArrayBuffer) => T) => [make(buffer), make(plainBuffer)] as const,
  };
}

describe('WebAssembly and plain code give the same bits', () => {
  it('counting, subtracting and looking for a split', () => {
    const {run, view} = both();
    const fill = (kernel: Kernel, end: number, sums: number, counts: number) => {
      kernel.gather(at.rows, 0, end, at.pairs, at.near);
      kernel.fill(at.codes, at.rows, 0, end, at.near, sums, counts);
    };
    run(kernel => fill(kernel, rowCount, at.sums, at.counts));
    run(kernel => fill(kernel, 200, at.other, at.other + 16_384));
    run(kernel => kernel.subtract(at.sums, at.counts, at.other, at.other + 16_384, 1024));
    for (const each of view(buffer => buffer)) {
      const [doubles, words] = [new Float64Array(each), new Uint32Array(each)];
      let [gradient, hessian] = [0, 0];
      for (let bin = 0; bin < 256; bin++) {
        gradient += doubles[at.sums / 8 + 2 * bin] ?? 0;
        hessian += doubles[at.sums / 8 + 2 * bin + 1] ?? 0;
      }
      doubles.set([gradient, hessian], places.total / 8);
      words[places.total / 4 + 4] = 300;
    }
    for (const features of [4, 3, 2, 1]) {
      for (const each of view(buffer => new Float64Array(buffer))) each[places.best / 8] = 1e-10;
      run(kernel => kernel.scan(at.sums, at.counts, features, places.edges, places.total, 10, 0.5, places.best));
      expect(view(buffer => new Float64Array(buffer))[0][places.best / 8]).toBeGreaterThan(0.01);
    }
  });

  it('dividing rows, with what is missing on either side', () => {
    const {run} = both();
    for (const missingLeft of [0, 1])
      for (const feature of [0, 3]) {
        const middle = run(kernel =>
          kernel.partition(at.codes + feature, 5, missingLeft, at.rows, 20, 480, places.scratch),
        );
        expect(middle).toBeGreaterThan(100);
        expect(middle).toBeLessThan(400);
      }
  });

  it('turning values into codes: at an edge is below it, NaN is 0, ∞ is above all', () => {
    const {run, view} = both();
    for (const doubles of view(buffer => new Float64Array(buffer))) {
      doubles.fill(Number.POSITIVE_INFINITY, places.edges / 8, places.edges / 8 + 256);
      doubles.set([-5, 0, 0.25, 7, 29], places.edges / 8);
      doubles.set([Number.NaN, -5, -4.9, 0, 29, 30, Number.POSITIVE_INFINITY, -1e300], places.values / 8);
    }
    run(kernel => kernel.encode(places.values, rowCount, places.edges, places.out, 3));
    const codes = view(buffer => new Uint8Array(buffer))[0].filter(
      (_, i) => i >= places.out && i < places.out + 24 && (i - places.out) % 3 === 0,
    );
    expect(Array.from(codes)).toEqual([0, 1, 2, 2, 5, 6, 6, 1]);
  });

  it('scoring four trees by masks', () => {
    const {run, view} = both();
    for (const each of view(buffer => buffer)) {
      const same = new Mt19937(5);
      const [doubles, words, codes] = [new Float64Array(each), new Uint32Array(each), new Uint8Array(each)];
      for (let i = 0; i < 600; i++) codes[scoring.codes + i] = same.nextInterval(255);
      words.set([0, 2, 5], scoring.used / 4);
      // The last leaf always stays.
      for (let i = 0; i < 3 * 1024; i++) words[scoring.masks / 4 + i] = (same.nextUint32() | 0x80000000) >>> 0;
      for (let i = 0; i < 128; i++) doubles[scoring.values / 8 + i] = same.nextDouble();
    }
    const [a, b] = [scoring.scores, scoring.scores + 800];
    run(kernel =>
      kernel.scoreByMasks(scoring.codes, 100, 6, scoring.used, 3, scoring.masks, scoring.values, a, b, a, b),
    );
    const scores = view(buffer => new Float64Array(buffer))[0].subarray(a / 8, a / 8 + 200);
    expect(new Set(scores).size).toBeGreaterThan(100);
  });
});

it('sums of products: WebAssembly and plain code give the same bits', () => {
  const {run, view} = both();
  for (const doubles of view(buffer => new Float64Array(buffer))) {
    const same = new Mt19937(5);
    for (let i = 0; i < 40; i++) doubles[at.codes / 8 + i] = same.nextDouble() - 0.5;
  }
  run(kernel => kernel.products(at.codes, at.codes, 10, 80, 4, places.out));
  const [doubles] = view(buffer => new Float64Array(buffer));
  const column = (j: number) => Array.from(doubles.subarray(at.codes / 8 + 10 * j, at.codes / 8 + 10 * j + 10));
  const dot = column(3).reduce((sum, value, i) => sum + value * (column(1)[i] ?? 0), 0);
  expect(doubles[places.out / 8 + 4 * 3 + 1]).toBeCloseTo(dot, 12);
});

it('walking a tree: WebAssembly and plain code reach the same leaves', () => {
  const {run, view} = both();
  // Feature 0 up to code 3 goes left; on the right feature 1 up to code 5, and what is missing, goes left.
  const nodes = [(1 << 8) | 3, 2, 0, 1, (1 << 16) | 6, 4, 0, 3, 0, 4];
  for (const each of view(buffer => buffer)) {
    const same = new Mt19937(5);
    new Uint32Array(each).set(nodes, scoring.masks / 4);
    for (let i = 0; i < 40; i++) new Uint8Array(each)[scoring.codes + i] = same.nextInterval(9);
  }
  run(kernel => {
    kernel.walk(scoring.masks, 100, scoring.codes, 13, 2, scoring.scores);
    for (const each of view(buffer => new Uint32Array(buffer)))
      each.fill(0, scoring.scores / 4 + 13, scoring.scores / 4 + 16);
  });
  const [codes] = view(buffer => new Uint8Array(buffer, scoring.codes, 26));
  const wanted = Array.from({length: 13}, (_, i) => {
    const [a = 0, b = 0] = [codes[2 * i], codes[2 * i + 1]];
    return a >= 1 && a <= 3 ? 101 : b <= 5 ? 103 : 104;
  });
  const [reached] = view(buffer => new Uint32Array(buffer, scoring.scores, 13));
  expect(Array.from(reached)).toEqual(wanted);
  expect(new Set(wanted).size).toBe(3);
});

it('an arena larger than what its offsets reach is refused', () => {
  expect(() => createArena(2 ** 32)).toThrow(/4\.0 GB, more than 4 GB/);
});
