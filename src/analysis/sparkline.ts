// A histogram in one line of text.

const levels = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** One character a bin, its height in proportion to the largest count; an empty bin is `·`, a nearly empty one `▁`. */
export function sparkline(counts: readonly number[]): string {
  const most = counts.reduce((a, b) => Math.max(a, b), 0);
  return counts.map(n => (n > 0 ? (levels[Math.ceil((n / most) * levels.length) - 1] ?? '▁') : '·')).join('');
}
