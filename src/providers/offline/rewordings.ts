// Puts a few phrases of a question into words that the reading knows: "aged 30 to 40", "members vs non-members", "price times quantity".

import {type Column, currentVersion} from '../../core/dataset.ts';
import {hintedColumn, isNumeric} from './choose.ts';
import type {Having, Subject, Surroundings, Wish} from './intent.ts';
import {piecesOf} from './names.ts';
import {withAbbreviations} from './rewordings-abbreviations.ts';
import {withBoth} from './rewordings-both.ts';
import {withContrast} from './rewordings-contrast.ts';
import {withEvents} from './rewordings-events.ts';
import {withFlags} from './rewordings-flags.ts';
import {withGroups} from './rewordings-groups.ts';
import {withMeasured} from './rewordings-measures.ts';
import {withMoney} from './rewordings-money.ts';
import {withRates} from './rewordings-rates.ts';
import {withRows} from './rewordings-rows.ts';
import {withSpans} from './rewordings-spans.ts';
import {withTimes} from './rewordings-time.ts';
import {withWish} from './rewordings-wishes.ts';
import {withWords} from './rewordings-words.ts';
import {ident} from './sql.ts';

type Problem = {reason: string; suggestions: string[]};

/** The text to read, what no row of a group may be (`never`), what it is about with the columns that it computes, and what of the change must be said. */
export type Rewording = {
  text: string;
  subject: Subject;
  notes: string[];
  having?: Having;
  never?: {none: string; some?: string};
  wish?: Wish;
  /** The column of the condition whose rate is asked for; other conditions say among which rows. */
  rateOf?: string;
  problem?: Problem;
};

/** Characters; a longer text is read as it stands. */
const longestReworded = 500;

export function reworded(text: string, subject: Subject): Rewording {
  if (text.length > longestReworded) return {text, subject, notes: []};
  const given: Rewording = {text: withAges(text, subject), subject, notes: []};
  return [
    withAbbreviations,
    withBoth,
    withEvents,
    withFlags,
    withRates,
    withWish,
    withMeasured,
    withContrast,
    withSpans,
    withTimes,
    withGroups,
    withWords,
    withRows,
    withMoney,
    withProduct,
  ].reduce((so, change) => change(so), given);
}

/** "average of sales.price", as completion writes it: the column, and the dataset behind the question. */
export function unqualified(text: string, {datasets}: Surroundings): string {
  const meant = new Set<string>();
  const plain = text.replace(/(?<![\w.@])@?([\w]+)\.(\w+)\b/gu, (whole, datasetName: string, columnName: string) => {
    const dataset = datasets.find(({name}) => name === datasetName.toLowerCase());
    const column =
      dataset && currentVersion(dataset).columns.find(({name}) => name.toLowerCase() === columnName.toLowerCase());
    if (!dataset || !column) return whole;
    meant.add(dataset.name);
    return quoted(column.name);
  });
  const [only] = meant;
  if (meant.size !== 1 || only === undefined) return meant.size === 0 ? text : plain;
  return `${plain.replace(/[\s?.!]+$/, '')} in ${only}`;
}

/** "aged 30 to 40", "30 to 40 year olds", "aged over 60": a condition on the column of ages, where there is one. */
function withAges(text: string, subject: Subject): string {
  const column = hintedColumn('age', subject);
  if (!column) return text;
  const age = quoted(column.name);
  return text
    .replace(
      /\b(?:who (?:are|were) )?(?:aged|ages|between the ages of)\s+(?:between\s+|from\s+)?(\d{1,3})\s*(?:to|-|–|and|through)\s*(\d{1,3})\b/i,
      (_, low, high) => `where ${age} between ${low} and ${high}`,
    )
    .replace(
      /\b(\d{1,3})\s*(?:to|-|–)\s*(\d{1,3})[\s-]years?[\s-]olds?\b/i,
      (_, low, high) => `where ${age} between ${low} and ${high}`,
    )
    .replace(
      /\baged\s+(over|under|above|below|at least|at most)\s+(\d{1,3})\b/i,
      (_, how, limit) => `where ${age} ${how} ${limit}`,
    );
}

const operations = [
  {words: String.raw`times|multiplied\s+by|[*×]|x`, name: 'times', sql: (a: string, b: string) => `${a} * ${b}`},
  {words: String.raw`divided\s+by|\/`, name: 'divided by', sql: (a: string, b: string) => `${a} / nullif(${b}, 0)`},
  {words: String.raw`plus|\+`, name: 'plus', sql: (a: string, b: string) => `${a} + ${b}`},
  {words: 'minus', name: 'minus', sql: (a: string, b: string) => `${a} - ${b}`},
] as const;

/** One operation between two number columns becomes a column of its own; anything longer is left to be refused. */
function withProduct(given: Rewording): Rewording {
  const {text, subject} = given;
  const spoken = text
    .replace(/\b(?:the )?product of (.+?) and (?=\S)/i, '$1 times ')
    .replace(/\b(?:the )?ratio of (.+?) to (?=\S)/i, '$1 divided by ');
  for (const {words, name, sql} of operations) {
    const parts = spoken.split(new RegExp(String.raw`\s+(?:${words})\s+`, 'i'));
    const [before, after, ...more] = parts;
    if (before === undefined || after === undefined || more.length > 0) continue;
    const left = columnAt(before, subject.columns, 'end');
    const right = columnAt(after, subject.columns, 'start');
    if (!left || !right) continue;
    const number = ({name: each}: Column) => `CAST(${ident(each)} AS DOUBLE)`;
    const derived = {
      ...left.column,
      name: `${left.column.name} ${name} ${right.column.name}`,
      type: 'DOUBLE',
      nullCount: Math.max(left.column.nullCount, right.column.nullCount),
      distinctCount: subject.rows,
      min: null,
      max: null,
      topValues: [],
      notes: [],
    };
    const expression = {name: derived.name, sql: sql(number(left.column), number(right.column))};
    return {
      ...given,
      text: `${before.slice(0, before.length - left.length)}${quoted(derived.name)}${after.slice(right.length)}`,
      subject: {...subject, columns: [...subject.columns, derived], derived: [...(subject.derived ?? []), expression]},
    };
  }
  return given;
}

/** The number column whose name ends or begins the text, the longest first. */
function columnAt(
  text: string,
  columns: readonly Column[],
  side: 'start' | 'end',
): {column: Column; length: number} | null {
  const found = columns.filter(isNumeric).flatMap(column => {
    const body = [quoted(column.name), column.name, piecesOf(column.name).join(' ')].map(escaped).join('|');
    const pattern = side === 'end' ? `(?:^|[\\s(])(${body})$` : `^(${body})(?=$|[\\s),.;?!])`;
    const match = new RegExp(pattern, 'iu').exec(text);
    return match?.[1] === undefined ? [] : [{column, length: match[1].length}];
  });
  return found.sort((a, b) => b.length - a.length)[0] ?? null;
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

function quoted(name: string): string {
  return `"${name}"`;
}
