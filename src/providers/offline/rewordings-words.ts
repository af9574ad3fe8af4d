// Everyday wordings of what the reading knows: chances, "how long does … take", "does A increase B", children, the dead.

import type {Column} from '../../core/dataset.ts';
import {hintedColumn, isYesNo} from './choose.ts';
import type {Subject} from './intent.ts';
import type {Hint} from './meanings.ts';
import {formsOf, matchName, piecesOf} from './names.ts';
import type {Rewording} from './rewordings.ts';
import {indexOf, stemForm} from './schema-index.ts';
import {phraseIndex} from './vocabulary.ts';

type Rule = {pattern: RegExp; to(found: string[], subject: Subject): string | [words: string, note: string] | null};

const changes =
  'increase|decrease|boost|raise|reduce|lower|improve|hurt|change|matter (?:for|to)|make a difference (?:for|to|in)|' +
  'have an? (?:\\w+ )?(?:effect|impact|influence) on|play a role in|lead to (?:more|less|fewer|higher|lower)';

/** Adjectives of "how … is it" and the kind of column that they ask for. */
const askedHow: Record<string, Hint> = {
  old: 'age',
  long: 'length',
  far: 'length',
  heavy: 'weight',
  tall: 'height',
  fast: 'speed',
  warm: 'temperature',
  hot: 'temperature',
  cold: 'temperature',
  expensive: 'price',
  good: 'rating',
  happy: 'rating',
  satisfied: 'rating',
};

/** What a yes/no column that says no is called. */
const opposites: readonly [yes: RegExp, no: string, words: RegExp][] = [
  [/^surviv/, 'survive', /\b(?:died|perished|dead|deaths?|drowned|(?:did not|didn't) make it)\b/i],
  [/^churn/, 'churn', /\b(?:stayed|remained|were retained|retained)\b/i],
  [/^pass/, 'pass', /\bfailed\b/i],
  [/^active/, 'active', /\binactive\b/i],
];

const rules: readonly Rule[] = [
  {
    pattern: /\b(?:an? )?(maximum|minimum) of (?=[$€£]?-?[\d.])/i,
    to: ([, end = '']) => (/max/i.test(end) ? 'at most ' : 'at least '),
  },
  {pattern: /\b(?:the )?(?:chances?|probability|likelihood|odds) (?:of|for|that)\b/i, to: () => 'percentage of'},
  {
    pattern:
      /^(?:did|has|have|is|are) (?:the |our )?(.+?) (?:increased?|decreased?|grown?|grew|risen?|rose|fallen|fell|fall|dropped|drop|declined?|gone up|gone down|go up|go down|going up|going down|rising|falling)((?: (?:in|over|during|since|from|between|this|last|by|until)\b.*)?)$/i,
    to: ([, what = '', when = '']) =>
      `${what}${/over (?:the )?(?:time|years|months)/i.test(when) ? '' : when} over time`,
  },
  {
    pattern: new RegExp(`^(?:do|does|did|will|would|can) (.+?) (?:${changes}) (.+)$`, 'i'),
    to: ([, a = '', b = '']) => `does ${a} affect ${b}`,
  },
  {
    pattern: /\b(?:which |what )?(best|highest|top|worst|lowest)[- ]rated ([\p{L}_]+(?: [\p{L}_]+)?)/iu,
    to: ([, end = '', what = ''], subject) => {
      const rating = hintedColumn('rating', subject);
      const word = /worst|lowest/i.test(end) ? 'lowest' : 'highest';
      return rating ? `which ${what} has the ${word} average "${rating.name}"` : null;
    },
  },
  {
    pattern:
      /^how often (?:does|do|is|are|was|were|did) (?:the |an? )?([\p{L}_]+)(?: [\p{L}]+)?(?: [\p{L}]+)?(?=[\s?.!]*$)/iu,
    to: ([, word = ''], {columns}) => {
      const column = columns.find(each => isYesNo(each) && matchName(formsOf(word), formsOf(each.name), true));
      return column ? `percentage of rows where "${column.name}" = true` : null;
    },
  },
  {
    pattern: /\ball (?:of )?(?:the )?(?:numeric(?:al)?|number) (?:columns|variables|fields|features)\b/i,
    to: () => 'all columns',
  },
  {
    pattern:
      /\bhow many (?:items|units|pieces|products|articles) (?:were |have been |have we |did we |do we |was )?(?:sold|sell|bought|ordered|shipped)(?: in total)?\b/i,
    to: (_, {columns}) => {
      const sold = columns.find(
        ({name, kind}) => kind === 'number' && piecesOf(name).some(piece => /^(quantity|qty|units?)$/.test(piece)),
      );
      return sold && !/price/i.test(sold.name)
        ? [`total "${sold.name}"`, `What was sold was read as the total of ${sold.name}.`]
        : null;
    },
  },
  {
    // "how many replies on average" is of the column, not a number of rows.
    pattern: /\bhow (?:many|much) ([\p{L}_]+(?: [\p{L}_]+)??)((?: [^?.!]*?)?) on average\b/iu,
    to: ([, what = '', rest = ''], subject) => {
      const column = columnIn(what, subject);
      return column ? `average "${column.name}"${rest}` : null;
    },
  },
  {
    pattern: /^how many (?:different )?days (?:have|has|with|of|are in|are there in|does|do)\b.*$/i,
    to: (_, {columns}) => {
      const time = columns.find(({type}) => type === 'DATE');
      return time ? [`number of different "${time.name}"`, `The different values of ${time.name} are counted.`] : null;
    },
  },
  {pattern: /\s+(?:ever|of all time|so far|all time)(?=[\s?.!]*$)/i, to: () => ''},
  {
    pattern:
      /\bhow (old|long|far|heavy|tall|fast|warm|hot|cold|expensive|good|happy|satisfied) (?:is|are|was|were|do|does|did)\b(.*)$/i,
    to: ([, how = '', rest = ''], subject) => {
      const column = columnIn(rest, subject) ?? hintedColumn(askedHow[how.toLowerCase()] ?? 'length', subject);
      if (!column) return null;
      const left = /\b(?:by|per|in|for|where|with)\b.*$/i.exec(rest)?.[0] ?? '';
      return [`average "${column.name}" ${left}`, `“how ${how.toLowerCase()}” was read as the average ${column.name}.`];
    },
  },
  {
    pattern: /\bwhat (?:sells?|sold|do we sell|are we selling|is selling)\b/i,
    to: (_, subject) => {
      const goods = subject.columns.find(
        ({name, kind, distinctCount}) =>
          kind === 'text' &&
          distinctCount < subject.rows &&
          piecesOf(name).some(piece => /^(product|item|article|sku|title|model|dish|book)s?$/.test(piece)),
      );
      return goods ? `which "${goods.name}" sells` : null;
    },
  },
  {
    pattern: /(?<!\b(?:and|or) )\b(?:children|kids|minors)\b/i,
    to: ([said = ''], subject) => aged(said, '< 18', subject),
  },
  {
    pattern: /(?<!\b(?:and|or) )\b(?:adults|grown-?ups)\b/i,
    to: ([said = ''], subject) => aged(said, '>= 18', subject),
  },
];

const stemOf = (word: string) => word.toLowerCase().replace(/(?:l?ations?|l?ed|l?ing|s|es|y)$/, '');

/** "return rate", "which country returns the most": a form of the value "returned". */
function withValues(given: Rewording): Rewording {
  const notes: string[] = [];
  const {columns} = given.subject;
  const denied = given.text.replace(/\b(?:un|non-?)([a-z]{4,})\b/gi, (whole, word: string) => {
    const isValue = columns.some(
      ({kind, topValues}) => kind === 'text' && topValues.some(value => value.toLowerCase() === word.toLowerCase()),
    );
    return isValue && !isKnown(whole, given.subject) ? `not ${word}` : whole;
  });
  const text = denied.replace(/\b([a-z]{5,})( rate)?\b/gi, (whole, word: string, rate: string | undefined) => {
    if (isKnown(word, given.subject) || phraseIndex.get(word.toLowerCase())?.some(({words}) => words.length === 1))
      return whole;
    if (columns.some(({name}) => matchName(formsOf(word), formsOf(name), false))) return whole;
    const stem = stemOf(word);
    const found = columns.flatMap(({name, topValues, kind}) =>
      kind === 'text' && stem.length >= 4
        ? topValues.filter(value => /(?:ed|ing)$/i.test(value) && stemOf(value) === stem).map(value => ({name, value}))
        : [],
    );
    const [only] = found;
    if (!only || found.length > 1) return whole;
    notes.push(`“${word}” was read as ${only.name} = ${only.value}.`);
    return rate ? `percentage of ${only.value}` : only.value;
  });
  return {...given, text, notes: [...given.notes, ...notes]};
}

export function withWords(given: Rewording): Rewording {
  const start = withValues(withOpposite(given));
  let {text} = start;
  const notes = [...start.notes];
  for (const {pattern, to} of rules) {
    const found = pattern.exec(text);
    const words = found && to([...found], start.subject);
    if (!found || words === null) continue;
    const [put, note] = typeof words === 'string' ? [words] : words;
    text = text.slice(0, found.index) + put + text.slice(found.index + found[0].length);
    if (note) notes.push(note);
  }
  return {...start, text, notes};
}

/** "how many died" where the column is Survived. */
function withOpposite(given: Rewording): Rewording {
  for (const [form, verb, words] of opposites) {
    const column = given.subject.columns.find(each => isYesNo(each) && form.test(each.name.toLowerCase()));
    const said = column && words.exec(given.text)?.[0];
    if (!said || isKnown(said, given.subject)) continue;
    const text = given.text.replace(words, `did not ${verb}`);
    return {...given, text, notes: [...given.notes, `“${said}” was read as not ${column.name}.`]};
  }
  return given;
}

function aged(said: string, limit: string, subject: Subject): [string, string] | null {
  const age = hintedColumn('age', subject);
  if (!age || isKnown(said, subject)) return null;
  return [`rows where "${age.name}" ${limit}`, `“${said}” was read as ${age.name} ${limit}.`];
}

/** A word that a column or a value has is left as it is. */
function isKnown(word: string, subject: Subject): boolean {
  const {columns, values} = indexOf(subject);
  return values.has(stemForm(word)) || columns.some(({forms}) => matchName(formsOf(word), forms, true) !== null);
}

function columnIn(words: string, {columns}: Subject): Column | null {
  for (const word of words.split(/[^\p{L}\p{N}_]+/u)) {
    const named = columns.find(
      column => column.kind === 'number' && word.length > 3 && matchName(formsOf(word), formsOf(column.name), false),
    );
    if (named) return named;
  }
  return null;
}
