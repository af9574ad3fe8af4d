// Which delimiters and quotes of a sample are worth a try, and how likely each is before anything was read.

import type {RowRules} from '../record.ts';

/** How likely a delimiter is on sight. */
const priors: Record<string, number> = {
  ',': 1,
  ';': 1,
  '\t': 1,
  '|': 0.96,
  '||': 0.97,
  '::': 0.8,
  '~': 0.85,
  '^': 0.85,
  '\u0001': 0.95,
  '\u001f': 0.95,
  '¦': 0.9,
  '§': 0.85,
  '#': 0.62,
  '&': 0.6,
  '!': 0.6,
  '*': 0.6,
  '@': 0.55,
  '=': 0.55,
  ':': 0.55,
  ' ': 0.5,
  '%': 0.5,
  $: 0.5,
  '+': 0.5,
  '/': 0.45,
  _: 0.42,
  '-': 0.42,
};

const rarePrior = 0.6;
const severalPrior = 0.85;
const linesTried = 200;

export type Candidate = {delimiter: string; runs: boolean; prior: number};

/** Every mark that may part the cells of `sample`, with its prior. */
export function delimitersOf(sample: string): Candidate[] {
  const lines = sample.split(/\r\n?|\n/, linesTried * 2).filter(line => line.trim() !== '');
  const some = lines.slice(0, linesTried);
  const often = (mark: string, share: number) => {
    const needed = Math.max(1, some.length * share);
    return some.filter(line => line.includes(mark)).length >= needed;
  };
  const found: Candidate[] = [];
  const add = (delimiter: string, prior: number, runs = false) => found.push({delimiter, prior, runs});
  const common = [',', ';', '\t', '|', ':', ' ', '~', '^', '||', '::'];
  for (const mark of common) if (sample.includes(mark)) add(mark, priors[mark] ?? rarePrior);
  if (some.length < 2) return found;
  // Marks that few files use must be in nearly every line to be looked at.
  for (const mark of new Set(some.join('').match(/[^\p{L}\p{N}\p{M}\s"'`.,;|:~^()[\]{}<>\\?]/gu) ?? []))
    if (often(mark, 0.7)) add(mark, priors[mark] ?? rarePrior);
  for (const mark of severalMarks(some)) if (priors[mark] === undefined && often(mark, 0.7)) add(mark, severalPrior);
  if (often(' ', 0.7)) add(' ', 0.54, true);
  if (often('  ', 0.7)) add('  ', 0.54, true);
  return found;
}

/** Marks of two to four characters that are always used together. */
function severalMarks(lines: readonly string[]): string[] {
  const text = lines.join('\n');
  const runs = new Set(lines.slice(0, 5).flatMap(line => line.match(/[^\p{L}\p{N}\s"'`._()-]{2,4}/gu) ?? []));
  const count = (mark: string) => text.split(mark).length - 1;
  return [...runs].filter(run => {
    const times = count(run);
    return [...new Set(run)].every(mark => count(mark) === times * (run.split(mark).length - 1));
  });
}

const quoteMarks = ['"', "'", '`', '~', '|', '*', '^'];

/** The ways cells may be quoted if `delimiter` parts them. */
export function quotings(sample: string, {delimiter, runs}: Candidate): RowRules[] {
  const rules = (quote: string, escapeMark: string): RowRules => {
    return {delimiter, quote, escape: escapeMark, skipSpace: false, runs, width: null};
  };
  const found: RowRules[] = [];
  const counts = new Map(
    quoteMarks.map(quote => [quote, sample.includes(quote) ? wholeCells(sample, quote, delimiter) : 0]),
  );
  const doubles = counts.get('"') ?? 0;
  for (const [quote, count] of counts) {
    if (delimiter.includes(quote)) continue;
    const isUsed = quote === '"' ? sample.includes('"') : count >= 2 && count > doubles;
    if (!isUsed) continue;
    found.push(rules(quote, quote));
    if (sample.includes(`\\${quote}`)) found.push(rules(quote, '\\'));
  }
  const escapes = sample.split(`\\${delimiter}`).length - 1;
  if (!found.some(({quote, escape: mark}) => quote === '"' && mark === '"')) found.push(rules('"', '"'));
  if (escapes > 0 && !found.some(({escape: mark}) => mark === '\\')) found.push(rules('"', '\\'));
  return found;
}

/** How many cells stand in this quote from end to end. */
function wholeCells(sample: string, quote: string, delimiter: string): number {
  const mark = escaped(delimiter);
  const q = escaped(quote);
  const whole = new RegExp(`(?:^|${mark}) *${q}[^${q}\\r\\n]*${q} *(?=${mark}|\\r|\\n|$)`, 'gm');
  return (sample.match(whole) ?? []).length;
}

function escaped(text: string): string {
  return text.replace(/[|^\\.*+?()[\]{}$-]/g, '\\$&');
}
