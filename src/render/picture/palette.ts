// Few colours that stand for all of a picture's, by median cut. Charts are flat: the most frequent colour of each box
// stands for it, so that backgrounds and bars keep their exact colour and only the soft edges of letters move.

/** A colour as red × 65,536 + green × 256 + blue. */
export type Palette = {colors: readonly number[]; indexOf: ReadonlyMap<number, number>};

type Counted = {color: number; count: number};

/** At most `most` ≥ 2 colours for the colours of `rgba`; alpha is not looked at. */
export function paletteOf(rgba: Uint8Array, most: number): Palette {
  const counts = new Map<number, number>();
  for (let at = 0; at + 3 < rgba.length; at += 4) {
    const color = colorAt(rgba, at);
    counts.set(color, (counts.get(color) ?? 0) + 1);
  }
  const boxes: Counted[][] = [[...counts].map(([color, count]) => ({color, count}))];
  while (boxes.length < most) {
    const widest = boxes.reduce((best, box, index) => (spread(box) > spread(boxes[best] ?? []) ? index : best), 0);
    const box = boxes[widest] ?? [];
    if (box.length < 2) break;
    boxes.splice(widest, 1, ...halves(box));
  }
  const indexOf = new Map<number, number>();
  const colors = boxes.map((box, index) => {
    for (const {color} of box) indexOf.set(color, index);
    return box.reduce((best, each) => (each.count > best.count ? each : best), {color: 0, count: 0}).color;
  });
  return {colors, indexOf};
}

export function colorAt(rgba: Uint8Array, at: number): number {
  return ((rgba[at] ?? 0) << 16) | ((rgba[at + 1] ?? 0) << 8) | (rgba[at + 2] ?? 0);
}

/** Red, green and blue, 0 to 255. */
export function channels(color: number): [number, number, number] {
  return [color >> 16, (color >> 8) & 255, color & 255];
}

type Extent = {channel: number; range: number};
const extents = new WeakMap<Counted[], Extent>();

/** The channel in which the colours of a box differ most. */
function extentOf(box: Counted[]): Extent {
  const known = extents.get(box);
  if (known) return known;
  const low = [255, 255, 255];
  const high = [0, 0, 0];
  for (const {color} of box)
    channels(color).forEach((value, channel) => {
      low[channel] = Math.min(low[channel] ?? value, value);
      high[channel] = Math.max(high[channel] ?? value, value);
    });
  const ranges = high.map((value, channel) => value - (low[channel] ?? value));
  const range = Math.max(...ranges);
  const extent = {channel: ranges.indexOf(range), range};
  extents.set(box, extent);
  return extent;
}

function spread(box: Counted[]): number {
  return box.length < 2 ? 0 : extentOf(box).range;
}

/** Two boxes of the same breadth in their widest channel, both with a colour at least. */
function halves(box: Counted[]): [Counted[], Counted[]] {
  const {channel} = extentOf(box);
  const value = ({color}: Counted) => channels(color)[channel] ?? 0;
  const sorted = box.toSorted((a, b) => value(a) - value(b));
  const low = value(sorted[0] ?? {color: 0, count: 0});
  const high = value(sorted.at(-1) ?? {color: 0, count: 0});
  const middle = (low + high) / 2;
  const cut = sorted.findIndex(each => value(each) > middle);
  return [sorted.slice(0, cut), sorted.slice(cut)];
}
