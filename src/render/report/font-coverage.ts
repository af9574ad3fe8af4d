// Which characters a TrueType font has a shape for, read from its cmap table (formats 4 and 12 of the OpenType spec).

export type Coverage = (codePoint: number) => boolean;

/** @throws RangeError when the file is cut short; a font without a table of these formats covers nothing */
export function fontCoverage(bytes: Uint8Array): Coverage {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const cmap = tableOffset(view, 'cmap');
  if (cmap === null) return () => false;
  const tables = Array.from({length: view.getUint16(cmap + 2)}, (_, k) => cmap + view.getUint32(cmap + 8 + k * 8));
  const full = tables.find(at => view.getUint16(at) === 12);
  const basic = tables.find(at => view.getUint16(at) === 4);
  const ranges = full === undefined ? (basic === undefined ? [] : basicRanges(view, basic)) : fullRanges(view, full);
  return codePoint => isIn(ranges, codePoint);
}

function tableOffset(view: DataView, name: string): number | null {
  for (let k = 0; k < view.getUint16(4); k++) {
    const at = 12 + k * 16;
    const tag = [0, 1, 2, 3].map(i => String.fromCharCode(view.getUint8(at + i))).join('');
    if (tag === name) return view.getUint32(at + 8);
  }
  return null;
}

type Range = [first: number, last: number];

function fullRanges(view: DataView, at: number): Range[] {
  return Array.from({length: view.getUint32(at + 12)}, (_, k): Range => {
    const group = at + 16 + k * 12;
    return [view.getUint32(group), view.getUint32(group + 4)];
  });
}

/** Segments in the order of their ends; one that maps a character to glyph 0 leaves it out. */
function basicRanges(view: DataView, at: number): Range[] {
  const count = view.getUint16(at + 6) / 2;
  const ranges: Range[] = [];
  for (let k = 0; k < count; k++) {
    const last = view.getUint16(at + 14 + k * 2);
    const first = view.getUint16(at + 16 + (count + k) * 2);
    const delta = view.getUint16(at + 16 + (2 * count + k) * 2);
    const offsetAt = at + 16 + (3 * count + k) * 2;
    const offset = view.getUint16(offsetAt);
    if (first === 0xffff) continue;
    if (offset === 0) {
      ranges.push([first, last]);
      continue;
    }
    for (let code = first; code <= last; code++) {
      const glyph = view.getUint16(offsetAt + offset + (code - first) * 2);
      if (glyph !== 0 && ((glyph + delta) & 0xffff) !== 0) ranges.push([code, code]);
    }
  }
  return ranges;
}

function isIn(ranges: readonly Range[], codePoint: number): boolean {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranges[middle]?.[1] ?? 0) < codePoint) low = middle + 1;
    else high = middle;
  }
  return (ranges[low]?.[0] ?? Number.POSITIVE_INFINITY) <= codePoint;
}
