// Words of prose as numbers: TF-IDF of the most frequent terms.

import {z} from 'zod';
import type {TextColumn} from './raw-columns.ts';

export const textStepSchema = z.object({
  kind: z.literal('text'),
  name: z.string(),
  /** Sorted; `idf[k]` belongs to `terms[k]`. */
  terms: z.array(z.string()),
  idf: z.array(z.number()),
});
export type TextStep = z.output<typeof textStepSchema>;

/** Words of two and more letters, digits or underscores, in small letters (scikit-learn's token pattern). */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}_]{2,}/gu) ?? [];
}

/**
 * The `mostTerms` terms that occur most often in the chosen rows, with idf = ln((1 + n) / (1 + rows with the term)) + 1, as
 * scikit-learn's `TfidfVectorizer(max_features=mostTerms)`; a missing text is an empty one. Null when there is no word.
 */
export function fitText({name, codes, levels}: TextColumn, rows: Uint32Array, mostTerms: number): TextStep | null {
  const times = new Map<number, number>();
  for (const row of rows) {
    const code = codes[row] ?? -1;
    if (code >= 0) times.set(code, (times.get(code) ?? 0) + 1);
  }
  const occurrences = new Map<string, number>();
  const documents = new Map<string, number>();
  for (const [code, count] of times) {
    const words = wordsOf(levels[code] ?? '');
    for (const word of words) occurrences.set(word, (occurrences.get(word) ?? 0) + count);
    for (const word of new Set(words)) documents.set(word, (documents.get(word) ?? 0) + count);
  }
  const terms = [...occurrences]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, mostTerms)
    .map(([term]) => term)
    .sort((a, b) => (a < b ? -1 : 1));
  if (terms.length === 0) return null;
  const idf = terms.map(term => Math.log((1 + rows.length) / (1 + (documents.get(term) ?? 0))) + 1);
  return {kind: 'text', name, terms, idf};
}

/** One column a term: count · idf, every row scaled to length 1 (all 0 without a known term). */
export function textFeatures({terms, idf}: TextStep, {codes, levels}: TextColumn, rows: Uint32Array): Float64Array[] {
  const places = new Map(terms.map((term, k) => [term, k]));
  const known = new Map<number, [place: number, weight: number][]>();
  const weightsOf = (code: number) => {
    const found = known.get(code);
    if (found) return found;
    const counts = new Map<number, number>();
    for (const word of wordsOf(levels[code] ?? '')) {
      const place = places.get(word);
      if (place !== undefined) counts.set(place, (counts.get(place) ?? 0) + 1);
    }
    const weights = [...counts].map(([place, count]): [number, number] => [place, count * (idf[place] ?? 1)]);
    const length = Math.hypot(...weights.map(([, weight]) => weight));
    const scaled = weights.map(([place, weight]): [number, number] => [place, weight / length]);
    known.set(code, scaled);
    return scaled;
  };
  const columns = terms.map(() => new Float64Array(rows.length));
  rows.forEach((row, i) => {
    const code = codes[row] ?? -1;
    if (code < 0) return;
    for (const [place, weight] of weightsOf(code)) {
      const column = columns[place];
      if (column) column[i] = weight;
    }
  });
  return columns;
}
