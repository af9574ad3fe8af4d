// The inner loops of boosting and of scoring with trees, in AssemblyScript: `node scripts/kernel.mjs` makes WebAssembly of
// it. All arguments that name data are byte offsets in the one memory. What each does is documented at the same function of
// src/models/kernel/plain.ts, which does it without WebAssembly and must give the same bits.

export function gather(rows: usize, start: u32, end: u32, pairs: usize, near: usize): void {
  for (let p = start; p < end; p++)
    v128.store(near + ((<usize>p) << 4), v128.load(pairs + ((<usize>load<u32>(rows + ((<usize>p) << 2))) << 4)));
}

export function fill(codes: usize, rows: usize, start: u32, end: u32, near: usize, sums: usize, counts: usize): void {
  for (let p = start; p < end; p++) {
    const word = load<u32>(codes + ((<usize>load<u32>(rows + ((<usize>p) << 2))) << 2));
    const pair = v128.load(near + ((<usize>p) << 4));
    const a = word & 255;
    const b = ((word >>> 8) & 255) + 256;
    const c = ((word >>> 16) & 255) + 512;
    const d = (word >>> 24) + 768;
    let at = sums + ((<usize>a) << 4);
    v128.store(at, f64x2.add(v128.load(at), pair));
    at = sums + ((<usize>b) << 4);
    v128.store(at, f64x2.add(v128.load(at), pair));
    at = sums + ((<usize>c) << 4);
    v128.store(at, f64x2.add(v128.load(at), pair));
    at = sums + ((<usize>d) << 4);
    v128.store(at, f64x2.add(v128.load(at), pair));
    at = counts + ((<usize>a) << 2);
    store<u32>(at, load<u32>(at) + 1);
    at = counts + ((<usize>b) << 2);
    store<u32>(at, load<u32>(at) + 1);
    at = counts + ((<usize>c) << 2);
    store<u32>(at, load<u32>(at) + 1);
    at = counts + ((<usize>d) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
}

export function subtract(sums: usize, counts: usize, otherSums: usize, otherCounts: usize, bins: u32): void {
  for (let i: usize = 0; i < (<usize>bins) << 4; i += 16)
    v128.store(sums + i, f64x2.sub(v128.load(sums + i), v128.load(otherSums + i)));
  for (let i: usize = 0; i < (<usize>bins) << 2; i += 16)
    v128.store(counts + i, i32x4.sub(v128.load(counts + i), v128.load(otherCounts + i)));
}

export function scan(
  sums: usize,
  counts: usize,
  features: u32,
  edgeCounts: usize,
  total: usize,
  minLeafRows: u32,
  l2: f64,
  best: usize,
): void {
  const g = load<f64>(total);
  const h = load<f64>(total, 8);
  const n = load<u32>(total, 16);
  const before = (g * g) / (h + l2);
  let most = load<f64>(best);
  for (let feature: u32 = 0; feature < features; feature++) {
    const s = sums + ((<usize>feature) << 12);
    const c = counts + ((<usize>feature) << 10);
    const edgeCount = load<u32>(edgeCounts + ((<usize>feature) << 2));
    const hasMissing = load<u32>(c) > 0;
    for (let missingLeft: u32 = 0; missingLeft <= (hasMissing ? 1 : 0); missingLeft++) {
      let leftG = missingLeft ? load<f64>(s) : 0;
      let leftH = missingLeft ? load<f64>(s, 8) : 0;
      let left: u32 = missingLeft ? load<u32>(c) : 0;
      const last = hasMissing && !missingLeft ? edgeCount + 1 : edgeCount;
      for (let bin: u32 = 1; bin <= last; bin++) {
        const count = load<u32>(c + ((<usize>bin) << 2));
        if (count === 0) continue;
        leftG += load<f64>(s + ((<usize>bin) << 4));
        leftH += load<f64>(s + ((<usize>bin) << 4), 8);
        left += count;
        if (left < minLeafRows || leftH < 1e-3) continue;
        const rightG = g - leftG;
        const rightH = h - leftH;
        if (n - left < minLeafRows || rightH < 1e-3) break;
        const gain = (leftG * leftG) / (leftH + l2) + (rightG * rightG) / (rightH + l2) - before;
        if (gain > most) {
          most = gain;
          store<f64>(best, gain);
          store<f64>(best, leftG, 8);
          store<f64>(best, leftH, 16);
          store<u32>(best, left, 24);
          store<u32>(best, feature, 28);
          store<u32>(best, bin, 32);
          store<u32>(best, missingLeft, 36);
        }
      }
    }
  }
}

export function partition(
  codes: usize,
  bin: u32,
  missingLeft: u32,
  rows: usize,
  start: u32,
  end: u32,
  scratch: usize,
): u32 {
  const shift = 1 - missingLeft;
  const limit = bin + 1 - shift;
  let left = rows + ((<usize>start) << 2);
  let right = scratch;
  for (let p = rows + ((<usize>start) << 2), stop = rows + ((<usize>end) << 2); p < stop; p += 4) {
    const row = load<u32>(p);
    const goesLeft = <usize>(<u32>load<u8>(codes + ((<usize>row) << 2)) - shift < limit);
    store<u32>(left, row);
    store<u32>(right, row);
    left += goesLeft << 2;
    right += (1 - goesLeft) << 2;
  }
  memory.copy(left, scratch, right - scratch);
  return <u32>((left - rows) >> 2);
}

export function encode(values: usize, count: u32, edges: usize, codes: usize, stride: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    const value = load<f64>(values + ((<usize>i) << 3));
    let at: usize = 0;
    at += (<usize>(load<f64>(edges + (at << 3), 127 * 8) < value)) << 7;
    at += (<usize>(load<f64>(edges + (at << 3), 63 * 8) < value)) << 6;
    at += (<usize>(load<f64>(edges + (at << 3), 31 * 8) < value)) << 5;
    at += (<usize>(load<f64>(edges + (at << 3), 15 * 8) < value)) << 4;
    at += (<usize>(load<f64>(edges + (at << 3), 7 * 8) < value)) << 3;
    at += (<usize>(load<f64>(edges + (at << 3), 3 * 8) < value)) << 2;
    at += (<usize>(load<f64>(edges + (at << 3), 1 * 8) < value)) << 1;
    at += <usize>(load<f64>(edges + (at << 3)) < value);
    store<u8>(codes, <u8>(value <= Infinity ? at + 1 : 0));
    codes += stride;
  }
}

export function scoreByMasks(
  codes: usize,
  count: u32,
  width: u32,
  used: usize,
  usedCount: u32,
  masks: usize,
  values: usize,
  score0: usize,
  score1: usize,
  score2: usize,
  score3: usize,
): void {
  for (let i: u32 = 0; i < count; i++) {
    let leaves = i32x4.splat(-1);
    let table = masks;
    for (let u: usize = 0; u < usedCount; u++) {
      const code = <usize>load<u8>(codes + <usize>load<u32>(used + (u << 2)));
      leaves = v128.and(leaves, v128.load(table + (code << 4)));
      table += 4096;
    }
    codes += width;
    const at = (<usize>i) << 3;
    const leaf0 = <usize>ctz<i32>(i32x4.extract_lane(leaves, 0));
    const leaf1 = <usize>ctz<i32>(i32x4.extract_lane(leaves, 1));
    const leaf2 = <usize>ctz<i32>(i32x4.extract_lane(leaves, 2));
    const leaf3 = <usize>ctz<i32>(i32x4.extract_lane(leaves, 3));
    store<f64>(score0 + at, load<f64>(score0 + at) + load<f64>(values + (leaf0 << 3)));
    store<f64>(score1 + at, load<f64>(score1 + at) + load<f64>(values + (leaf1 << 3), 256));
    store<f64>(score2 + at, load<f64>(score2 + at) + load<f64>(values + (leaf2 << 3), 512));
    store<f64>(score3 + at, load<f64>(score3 + at) + load<f64>(values + (leaf3 << 3), 768));
  }
}

function step(nodes: usize, node: u32, codes: usize): u32 {
  const at = nodes + ((<usize>node) << 3);
  const split = load<u32>(at);
  const code = <u32>load<u8>(codes + <usize>(split >>> 16));
  return select<u32>(node + 1, load<u32>(at, 4), code - ((split >>> 8) & 1) < (split & 255));
}

export function walk(nodes: usize, root: u32, codes: usize, count: u32, width: u32, reached: usize): void {
  for (let i: u32 = 0; i < count; i += 8) {
    const c0 = codes + <usize>(i + 0) * <usize>width;
    const c1 = codes + <usize>(i + 1) * <usize>width;
    const c2 = codes + <usize>(i + 2) * <usize>width;
    const c3 = codes + <usize>(i + 3) * <usize>width;
    const c4 = codes + <usize>(i + 4) * <usize>width;
    const c5 = codes + <usize>(i + 5) * <usize>width;
    const c6 = codes + <usize>(i + 6) * <usize>width;
    const c7 = codes + <usize>(i + 7) * <usize>width;
    let n0: u32 = 0;
    let n1: u32 = 0;
    let n2: u32 = 0;
    let n3: u32 = 0;
    let n4: u32 = 0;
    let n5: u32 = 0;
    let n6: u32 = 0;
    let n7: u32 = 0;
    for (let moved: u32 = 1; moved; ) {
      moved = 0;
      const m0 = step(nodes, n0, c0);
      moved |= m0 ^ n0;
      n0 = m0;
      const m1 = step(nodes, n1, c1);
      moved |= m1 ^ n1;
      n1 = m1;
      const m2 = step(nodes, n2, c2);
      moved |= m2 ^ n2;
      n2 = m2;
      const m3 = step(nodes, n3, c3);
      moved |= m3 ^ n3;
      n3 = m3;
      const m4 = step(nodes, n4, c4);
      moved |= m4 ^ n4;
      n4 = m4;
      const m5 = step(nodes, n5, c5);
      moved |= m5 ^ n5;
      n5 = m5;
      const m6 = step(nodes, n6, c6);
      moved |= m6 ^ n6;
      n6 = m6;
      const m7 = step(nodes, n7, c7);
      moved |= m7 ^ n7;
      n7 = m7;
    }
    const out = reached + ((<usize>i) << 2);
    store<u32>(out, root + n0, 0);
    store<u32>(out, root + n1, 4);
    store<u32>(out, root + n2, 8);
    store<u32>(out, root + n3, 12);
    store<u32>(out, root + n4, 16);
    store<u32>(out, root + n5, 20);
    store<u32>(out, root + n6, 24);
    store<u32>(out, root + n7, 28);
  }
}

export function products(left: usize, right: usize, rows: u32, stride: u32, width: u32, sums: usize): void {
  const bytes = (<usize>rows) << 3;
  for (let a: u32 = 0; a < width; a += 2) {
    const x0 = left + <usize>a * <usize>stride;
    const x1 = x0 + <usize>stride;
    for (let b: u32 = 0; b <= a; b += 2) {
      const y0 = right + <usize>b * <usize>stride;
      const y1 = y0 + <usize>stride;
      let s00 = f64x2.splat(0);
      let s01 = f64x2.splat(0);
      let s10 = f64x2.splat(0);
      let s11 = f64x2.splat(0);
      for (let i: usize = 0; i < bytes; i += 16) {
        const u0 = v128.load(x0 + i);
        const u1 = v128.load(x1 + i);
        const v0 = v128.load(y0 + i);
        const v1 = v128.load(y1 + i);
        s00 = f64x2.add(s00, f64x2.mul(u0, v0));
        s01 = f64x2.add(s01, f64x2.mul(u0, v1));
        s10 = f64x2.add(s10, f64x2.mul(u1, v0));
        s11 = f64x2.add(s11, f64x2.mul(u1, v1));
      }
      const at = sums + ((<usize>a * <usize>width + <usize>b) << 3);
      const below = at + ((<usize>width) << 3);
      store<f64>(at, load<f64>(at) + f64x2.extract_lane(s00, 0) + f64x2.extract_lane(s00, 1));
      store<f64>(at, load<f64>(at, 8) + f64x2.extract_lane(s01, 0) + f64x2.extract_lane(s01, 1), 8);
      store<f64>(below, load<f64>(below) + f64x2.extract_lane(s10, 0) + f64x2.extract_lane(s10, 1));
      store<f64>(below, load<f64>(below, 8) + f64x2.extract_lane(s11, 0) + f64x2.extract_lane(s11, 1), 8);
    }
  }
}
