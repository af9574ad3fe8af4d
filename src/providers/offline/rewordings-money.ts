// Questions about earning and doing well, put into words that name the column: "earn the most money" → highest total revenue.

import type {Column} from '../../core/dataset.ts';
import type {Subject} from './intent.ts';
import {moneyColumns, sayMoney} from './money.ts';
import {formsOf, matchName, piecesOf} from './names.ts';
import {isCalendar} from './periods.ts';
import type {Rewording} from './rewordings.ts';

type Rule = {pattern: RegExp; to(found: RegExpExecArray, name: string, subject: Subject): string | null; how: string};

const most = (word: string | undefined) => (/least|lowest|worst|fewest/i.test(word ?? '') ? 'lowest' : 'highest');
const goods = 'money|cash|income|revenue|sales|turnover|earnings|profit';

/** `to` is null where the words mean something else. Each reads the first place that it fits. */
const rules: readonly Rule[] = [
  {
    pattern: new RegExp(
      String.raw`\b(?:earns?|makes?|brings? in|generates?|produces?|yields?) (?:us )?(?:the )?(most|least|highest|lowest) (${goods})\b`,
      'i',
    ),
    to: ([, end], name) => `has the ${most(end)} total ${name}`,
    how: 'the total of',
  },
  {
    pattern: /\b(?:has|have|is|are) (?:the )?(most|least) (?:money|cash)\b/i,
    to: ([, end], name) => `has the ${most(end)} total ${name}`,
    how: 'the total of',
  },
  {
    pattern:
      /^when (?:do|did|have) (?:we|i|they|you) (?:earn(?:ed)?|ma[dk]e|sell|sold|bring in) (?:the )?(most|least)(?: money| sales| revenue)?\b/i,
    to: ([, end], name, {columns}) =>
      columns.some(isCalendar) ? `which month has the ${most(end)} total ${name}` : null,
    how: 'the month by the total of',
  },
  {
    pattern: /\b(?:earns?|brings? in|earned|brought in) (?:us )?(?:the )?(most|least)\b/i,
    to: ([, end], name) => `has the ${most(end)} total ${name}`,
    how: 'the total of',
  },
  {
    pattern: /\b(most|least) (?:valuable|profitable|lucrative) ([\p{L}_]+)/iu,
    to: ([, end, what], name) => `${most(end) === 'highest' ? 'top' : 'bottom'} ${what} by total ${name}`,
    how: 'the total of',
  },
  {
    pattern:
      /\bhow much (?:money )?(?:do|does|did|have|has|was|were|is) (?:(?:we|i|they|you|people|the \w+|our \w+) )?(?:earn(?:ed)?|make|made|taken?|bring in|brought in|spend|spent|paid|pay)(?: in total)?\b/i,
    to: (_, name) => `total ${name}`,
    how: 'the total of',
  },
  {pattern: /\bhow much money(?: is there| in total)?\b/i, to: (_, name) => `total ${name}`, how: 'the total of'},
  {
    pattern:
      /\bhow (?:is|are|was|were|has|have) (?:the |our |my )?(?:business|company|shop|store|firm|sales|things|we|i)(?: been)? (?:going|doing|performing|developing|looking)\b/i,
    to: (_, name, {columns}) => (columns.some(isCalendar) ? `total ${name} over time` : `total ${name}`),
    how: 'the total of',
  },
  {
    pattern: /\b(?:order|basket|cart|ticket|purchase|transaction|sale|invoice|booking) (?:value|size)s?\b/i,
    to: (_, name) => name,
    how: 'the',
  },
  {
    pattern:
      /\b((?:average|mean|median|max(?:imum)?|min(?:imum)?|(?:share|percentage|proportion|fraction|distribution) of(?: the)?) )?(?:total |overall )?(?:revenue|turnover)\b/i,
    to: ([said, how], name, subject) => revenueOf(said, how, name, subject),
    how: 'the amount in',
  },
  {pattern: /\b(?:total )?money\b/i, to: (_, name) => `total ${name}`, how: 'the total of'},
];

export function withMoney(given: Rewording): Rewording {
  const money = moneyColumns(given.subject);
  const [first] = money;
  if (!first) return given;
  for (const {pattern, to, how} of rules) {
    const found = pattern.exec(given.text);
    if (!found) continue;
    const named = namedIn(found, given.subject);
    const words = to(found, `"${(named ?? first).name}"`, given.subject);
    if (words === null) continue;
    const text = given.text.slice(0, found.index) + words + given.text.slice(found.index + found[0].length);
    const note = named ? [] : [sayMoney(`“${found[0].trim()}”`, how, money)];
    return {...given, text, notes: [...given.notes, ...note]};
  }
  return given;
}

/** Of amounts only: unit prices do not add up to a revenue without their quantities. */
function revenueOf(said: string, how: string | undefined, name: string, {columns}: Subject): string | null {
  const word = said.replace(/^.* /, '');
  if (columns.some(column => matchName(formsOf(word), formsOf(column.name), false))) return null;
  const isUnit = piecesOf(name).every(piece =>
    /^(?:price|list|unit|retail|sale|fare|wage|salary|cost|fee)$/.test(piece),
  );
  return isUnit ? null : `${how ?? 'total '}${name}`;
}

/** "the most profit" where there is a column profit. */
function namedIn([, , word]: RegExpExecArray, {columns}: Subject): Column | null {
  if (!word || /^(money|cash)$/i.test(word)) return null;
  const forms = formsOf(word);
  return columns.find(column => column.kind === 'number' && matchName(forms, formsOf(column.name), true)) ?? null;
}
