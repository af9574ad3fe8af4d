// Finds a minimum without derivatives, for a handful of parameters.

/** The simplex method of Nelder and Mead (1965); the parameters are of the size of 1. A value that is not finite counts as too large. */
export function nelderMead(
  objective: (at: Float64Array) => number,
  start: readonly number[],
  {step = 0.5, tolerance = 1e-9, mostCalls = 200 * start.length} = {},
): {at: Float64Array; value: number} {
  const n = start.length;
  let calls = 0;
  const evaluate = (at: Float64Array) => {
    calls++;
    const value = objective(at);
    return {at, value: Number.isFinite(value) ? value : Number.MAX_VALUE};
  };
  const simplex = Array.from({length: n + 1}, (_, i) =>
    evaluate(Float64Array.from(start, (value, j) => value + (j === i - 1 ? step : 0))),
  );
  const sort = () => simplex.sort((a, b) => a.value - b.value);
  sort();
  while (calls < mostCalls) {
    const [best, worst] = [simplex[0], simplex[n]];
    if (!best || !worst || n === 0) break;
    const width = simplex.reduce(
      (most, {at}) => Math.max(most, ...at.map((value, j) => Math.abs(value - (best.at[j] ?? 0)))),
      0,
    );
    if (worst.value - best.value <= tolerance * (Math.abs(best.value) + tolerance) && width < 1e-4) break;
    const centre = Float64Array.from(
      start,
      (_, j) => simplex.slice(0, n).reduce((sum, {at}) => sum + (at[j] ?? 0), 0) / n,
    );
    const along = (t: number) => evaluate(centre.map((value, j) => value + t * ((worst.at[j] ?? 0) - value)));
    const second = simplex[n - 1]?.value ?? worst.value;
    const reflected = along(-1);
    if (reflected.value < best.value) {
      const expanded = along(-2);
      simplex[n] = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < second) simplex[n] = reflected;
    else {
      const contracted = reflected.value < worst.value ? along(-0.5) : along(0.5);
      if (contracted.value < Math.min(reflected.value, worst.value)) simplex[n] = contracted;
      else
        for (let i = 1; i <= n; i++)
          simplex[i] = evaluate((simplex[i]?.at ?? best.at).map((value, j) => ((best.at[j] ?? 0) + value) / 2));
    }
    sort();
  }
  return simplex[0] ?? evaluate(Float64Array.from(start));
}
