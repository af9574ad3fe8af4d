// What a report says of the quality of a dataset: the doubts of each kind, the largest of many, and the worst in a sentence.

import {formatCount} from '../../core/text.ts';
import type {Block, Prose, SourceRef} from '../../render/report/outline.ts';
import {firstLine, type Result, summaryBlocks} from './result-blocks.ts';

/** Lines of one kind ("missing: …", "outliers: …") that are shown; the largest ones where there are more. */
const mostOfKind = 10;
/** Kinds that are named in the summary, in the order of what they may do to a result. */
const grave = ['duplicates', 'missing', 'mixed units', 'outliers', 'time gap'];
const mostNamed = 3;
/** What the check says itself where it had more to say. */
const showing = /^Showing [\d,]+ of ([\d,]+) findings\.$/m;

/** "18 things to look at", without what the profile has said already. */
function headOf({summary}: Result): string {
  return /\. (.*?)[.:]?$/.exec(firstLine(summary))?.[1] ?? '';
}

/** Such as "Quality of sales: 18 things to look at; the largest: rating is missing in 872 rows (21.8 %)." Null without a head. */
export function qualitySentence(name: string, quality: Result): string | null {
  const head = headOf(quality);
  if (head === '') return null;
  const lines = linesOf(quality.summary);
  const worst = grave.flatMap(kind => {
    const [most] = lines.filter(line => kindOf(line) === kind).sort((a, b) => sizeOf(b) - sizeOf(a));
    return most === undefined ? [] : [inWords(most, lines)];
  });
  const named = worst.length > 0 ? `; the largest: ${worst.slice(0, mostNamed).join('; ')}` : '';
  return `Quality of ${name}: ${head}${named}.`;
}

/** "missing: rating: 872 (21.8 %) of 4,000 rows" as a part of a sentence; a line of another form as it is, to its share. */
function inWords(line: string, lines: readonly string[]): string {
  const [, kind, column, count, share] = /^(missing|outliers|time gap): (.+): ([\d,]+) \((.+? %)\)/.exec(line) ?? [];
  if (kind === undefined) return /^(.*?\(.*?%\))/.exec(line)?.[1] ?? line;
  const noun =
    count === '1'
      ? {missing: 'row', outliers: 'outlier', gap: 'gap'}
      : {missing: 'rows', outliers: 'outliers', gap: 'gaps'};
  switch (kind) {
    case 'missing': {
      const empty = lines.flatMap(each => /^missing: (.+): [\d,]+ \(100 %\)/.exec(each)?.[1] ?? []);
      return empty.length > 0
        ? `no value at all in ${empty.slice(0, mostNamed).join(', ')}${empty.length > mostNamed ? ', …' : ''}`
        : `${column} is missing in ${count} ${noun.missing} (${share})`;
    }
    case 'outliers':
      return `${count} ${noun.outliers} in ${column} (${share})`;
    default:
      return `${count} ${noun.gap} in ${column} (${share})`;
  }
}

export function qualityBlocks(name: string, quality: Result, from: SourceRef): Block[] {
  const lines = linesOf(quality.summary);
  const kinds = Map.groupBy(lines, kindOf);
  const shown = new Set(
    [...kinds.values()].flatMap(of => of.toSorted((a, b) => sizeOf(b) - sizeOf(a)).slice(0, mostOfKind)),
  );
  const rest = quality.summary.split('\n').slice(1);
  const isShown = (line: string) => (line.startsWith('- ') ? shown.has(line.slice(2)) : !showing.test(line));
  const text = rest.filter(isShown).join('\n');
  const head = headOf(quality);
  const intro: Prose = [
    {text: head === '' ? firstLine(quality.summary) : `${head}${lines.length > 0 ? ':' : '.'}`, from: [from]},
  ];
  const all = showing.exec(quality.summary)?.[1] ?? String(lines.length);
  const left = Number(all.replaceAll(',', '')) - shown.size;
  const more: Block[] =
    left > 0
      ? [
          {
            type: 'prose',
            tone: 'note',
            spans: [
              {
                text: `The largest of each kind are shown; ${formatCount(left)} more ${left === 1 ? 'is' : 'are'} listed by /quality ${name}.`,
                from: [{kind: 'report'}],
              },
            ],
          },
        ]
      : [];
  return [{type: 'prose', spans: intro}, ...summaryBlocks(text, from, `Quality of ${name}`), ...more];
}

function linesOf(summary: string): string[] {
  return summary.split('\n').flatMap(line => (line.startsWith('- ') ? [line.slice(2)] : []));
}

function kindOf(line: string): string {
  return line.slice(0, Math.max(0, line.indexOf(':')));
}

/** How many rows it is about. */
function sizeOf(line: string): number {
  return Number(/: ([\d,]+) \(/.exec(line)?.[1]?.replaceAll(',', '') ?? 0);
}
