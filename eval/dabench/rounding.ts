// Rounds results for an answer the way data scientists' tools do.

/**
 * `value` at `digits` decimals: scaled, rounded to the nearest integer with ties to even, scaled back, as numpy.round.
 * NaN and the infinities stay as they are.
 */
export function roundHalfEven(value: number, digits: number): number {
  const scale = 10 ** digits;
  const scaled = value * scale;
  // Beyond 2^52 every double is an integer already.
  if (!Number.isFinite(scaled) || Math.abs(scaled) >= 2 ** 52) return value;
  const below = Math.floor(scaled);
  const above = scaled - below;
  const isUp = above > 0.5 || (above === 0.5 && below % 2 !== 0);
  return (isUp ? below + 1 : below) / scale;
}
