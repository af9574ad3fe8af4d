// Corrects p-values for having looked at many.

export type Correction = 'benjamini-hochberg' | 'holm' | 'bonferroni';

/**
 * Adjusted p-values in the order given (statsmodels' multipletests: fdr_bh, holm, bonferroni). NaN stays NaN and does not
 * count as a test. The input is left as it is.
 */
export function adjustPValues(p: readonly number[], correction: Correction = 'benjamini-hochberg'): number[] {
  const order = p.map((_, i) => i).filter(i => !Number.isNaN(p[i]));
  order.sort((a, b) => (p[a] ?? 0) - (p[b] ?? 0));
  const count = order.length;
  const adjusted = p.map(() => Number.NaN);
  switch (correction) {
    case 'bonferroni':
      for (const i of order) adjusted[i] = Math.min(1, (p[i] ?? 0) * count);
      return adjusted;
    case 'holm': {
      let most = 0;
      order.forEach((i, rank) => {
        most = Math.max(most, Math.min(1, (p[i] ?? 0) * (count - rank)));
        adjusted[i] = most;
      });
      return adjusted;
    }
    case 'benjamini-hochberg': {
      let least = 1;
      for (let rank = count - 1; rank >= 0; rank--) {
        const i = order[rank] ?? 0;
        least = Math.min(least, ((p[i] ?? 0) * count) / (rank + 1));
        adjusted[i] = least;
      }
      return adjusted;
    }
  }
}
