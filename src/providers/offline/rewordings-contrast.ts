// "members vs non-members", "do members ride longer than non-members": the two answers of a yes/no column set side by side.

import type {Column} from '../../core/dataset.ts';
import {hintedColumn, isYesNo} from './choose.ts';
import type {Subject} from './intent.ts';
import type {Hint} from './meanings.ts';
import {moneyColumns} from './money.ts';
import {formsOf, matchName} from './names.ts';
import type {Rewording} from './rewordings.ts';
import {stemForm} from './schema-index.ts';

const pair =
  /(?:\b(?:for|of|between|among|in) )?\b(\p{L}[\p{L}_]*) (?:vs\.?|versus|and|or|against|compared (?:to|with)) (?:non[-\s]?|not )(\p{L}[\p{L}_]*)\b/iu;
const more =
  /^(?:do|does|did|are|is|have|were|was) (?:the )?(\p{L}[\p{L}_-]*) ((?:[\p{L}_]+ ){0,4}?(?:longer|older|younger|more|less|higher|lower|better|worse|faster|slower|warmer|colder|heavier|taller|farther|further)(?: [\p{L}_]+){0,3}?)(?: than (?:the )?(?:non[-\s]?|not )(\p{L}[\p{L}_]*)|(?: on average)?[?.! ]*$)/iu;
const statistic = /\b(?:compare|average|mean|median|total|sum|count|number|share|rate|percentage|plot|chart)\b/i;

/** By the yes/no column of that name. */
export function withContrast(given: Rewording): Rewording {
  return ratioOf(given) ?? moreThanOthers(given) ?? sideBySide(given) ?? given;
}

/** "ratio of members to non-members": how many there are of both. */
function ratioOf(given: Rewording): Rewording | null {
  const [all = '', first = '', second = ''] =
    /\b(?:the )?ratio (?:of|between) (\p{L}[\p{L}_]*) (?:to|and) (?:non[-\s]?|not )(\p{L}[\p{L}_]*)\b/iu.exec(
      given.text,
    ) ?? [];
  const column = all === '' ? null : spokenOf(first, second, given.subject);
  return column && {...given, text: given.text.replace(all, `number of rows by "${column.name}"`)};
}

function sideBySide(given: Rewording): Rewording | null {
  const found = pair.exec(given.text);
  const [all = '', first = '', second = ''] = found ?? [];
  const column = found && spokenOf(first, second, given.subject);
  if (!column) return null;
  const rest = given.text.replace(all, ' ').replace(/[\s?!.]+$/, '');
  const asked = /\b(?:vs\.?|versus|against|compared)\b/i.test(all) && !statistic.test(rest) ? 'compare ' : '';
  return {...given, text: `${asked}${rest} by "${column.name}"`.replace(/\s+/g, ' ').trim()};
}

/** What is longer, older or more: the column among the words between, else the one that the word hints at. */
function moreThanOthers(given: Rewording): Rewording | null {
  // "do members spend more": than the others, who need not be named.
  const [, first = '', between = '', second = first] = more.exec(given.text) ?? [];
  const group = second === '' ? null : (spokenOf(first, second, given.subject) ?? holderOf(first, given.subject));
  const measure = group && measureIn(between, given.subject);
  if (!group || !measure) return null;
  const note = `“${between.trim()}” was read as ${measure.name}.`;
  return {...given, text: `compare "${measure.name}" by "${group.name}"`, notes: [...given.notes, note]};
}

const hints: readonly [RegExp, Hint][] = [
  [/\b(?:older|younger)\b/i, 'age'],
  [/\b(?:longer|farther|further)\b/i, 'length'],
  [/\b(?:faster|slower)\b/i, 'speed'],
  [/\b(?:warmer|colder)\b/i, 'temperature'],
  [/\bheavier\b/i, 'weight'],
  [/\btaller\b/i, 'height'],
  [/\b(?:better|worse|happier|rate|rated)\b/i, 'rating'],
];

function measureIn(words: string, subject: Subject): Column | null {
  for (const word of words.split(' ').reverse()) {
    const named = subject.columns.find(
      column => column.kind === 'number' && word.length > 2 && matchName(formsOf(word), formsOf(column.name), true),
    );
    if (named) return named;
  }
  const hint = hints.find(([pattern]) => pattern.test(words))?.[1];
  if (hint) return hintedColumn(hint, subject);
  return /\b(?:spend|pay|earn|bring|make|buy|cost)/i.test(words) ? (moneyColumns(subject)[0] ?? null) : null;
}

const spokenOf = (first: string, second: string, {columns}: Subject) =>
  columns.find(each => isYesNo(each) && speaksOf(first, each) && speaksOf(second, each)) ?? null;

/** The column of texts that has the word as a value: "do e-bikes get better ratings" sets all types side by side. */
function holderOf(word: string, {columns}: Subject): Column | null {
  const said = stemForm(word);
  const holders = columns.filter(
    ({kind, topValues}) => kind === 'text' && topValues.some(each => stemForm(each) === said),
  );
  return holders.length === 1 ? (holders[0] ?? null) : null;
}

/** "survivors" of Survived, "members" of is_member. */
function speaksOf(word: string, {name}: Column): boolean {
  return matchName(formsOf(word), formsOf(name.replace(/^(?:is|has)[_ ]/i, '')), false) !== null;
}
