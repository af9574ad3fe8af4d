// A condition inside a statistical question ("forecast revenue in Coast for 6 months") becomes the condition of the tool's call.

import type {Column} from '../../core/dataset.ts';
import type {Condition, Intent, Subject} from './intent.ts';
import {withColumnNames} from './names.ts';
import {conditionSql, ident} from './sql.ts';
import {exactRequest, longestRequest, type Others} from './statistics.ts';
import {onlyWhere} from './statistics-differences.ts';
import {sayCondition} from './wording.ts';

/** What words say as a condition and nothing else, with the remarks of that reading; null where they say more or less. */
export type ConditionIn = (words: string, subject: Subject) => {where: Condition; notes: string[]} | null;

/** The tools whose schema has `where`; `test/providers/offline/statistics-where.test.ts` compares them. */
export const conditionalTools: ReadonlySet<string> = new Set(
  (
    'correlate test_hypothesis check_distribution regress forecast analyze_time_series analyze_text cluster reduce ' +
    'train_model'
  ).split(' '),
);

const begins =
  /^(?:where|for|among|in|with|without|when|whose|who|that|which|only|during|of|from|within|on|at|if|since|before|after|between|excluding|except|outside|under|over|aged)$/i;
const mostBeginnings = 10;
const mostWords = 40;

/**
 * The statistical request that remains when one run of words is taken out, where those words are a condition on the rows.
 * The longest such run is taken. A tool that cannot leave rows out is not called: the answer says how to keep them first.
 */
export function conditionalIntent(
  text: string,
  subject: Subject,
  others: Others,
  conditionIn: ConditionIn,
): Intent | null {
  if (text.length > longestRequest) return null;
  const words = text
    .replace(/[?!.\s]+$/, '')
    .trim()
    .split(/\s+/);
  if (words.length > mostWords) return null;
  const plain = words.map(word => ({text: word, notes: []}));
  // Only in the request: a name in the condition is read as any condition is.
  const named = words.map(word => withColumnNames(word, subject, text));
  return (
    conditionalRequest(words, plain, {subject, others, conditionIn}) ??
    (named.some(({notes}) => notes.length > 0)
      ? conditionalRequest(words, named, {subject, others, conditionIn})
      : null)
  );
}

type Named = {text: string; notes: string[]};
type Surrounding = {subject: Subject; others: Others; conditionIn: ConditionIn};

function conditionalRequest(
  words: string[],
  named: Named[],
  {subject, others, conditionIn}: Surrounding,
): Intent | null {
  for (const [from, until] of runsOf(words)) {
    const left = [...named.slice(0, from), ...named.slice(until)];
    const rest = left
      .map(({text}) => text)
      .join(' ')
      .replace(/[,;]$/, '');
    if (exactRequest(rest, subject, others)?.kind !== 'tool') continue;
    const said = words.slice(from, until).join(' ').replace(/[,;]$/, '');
    const found = conditionIn(said, subject);
    if (!found) continue;
    // What has one value in all the rows explains nothing in them.
    const fixed = fixedIn(found.where);
    const free = {...subject, columns: subject.columns.filter(column => !fixed.includes(column))};
    const asked = exactRequest(rest, free, others);
    if (asked?.kind !== 'tool') continue;
    const intent = conditioned(asked, {...found, said}, subject);
    return withNotes(intent, [...new Set(left.flatMap(({notes}) => notes))]);
  }
  return null;
}

function withNotes(intent: Intent, notes: string[]): Intent {
  return intent.kind === 'tool' && notes.length > 0
    ? {...intent, note: [...notes, intent.note ?? ''].join(' ').trim()}
    : intent;
}

/** Runs of words that may be a condition, the longest first. */
function runsOf(words: string[]): [from: number, until: number][] {
  const starts = words.flatMap((word, at) => (begins.test(word) ? [at] : [])).slice(0, mostBeginnings);
  const runs = starts.flatMap(from =>
    words
      .map((_, at): [number, number] => [from, at + 1])
      .filter(([, until]) => until > from + 1 && until - from < words.length),
  );
  return runs.sort((a, b) => b[1] - b[0] - (a[1] - a[0]));
}

function fixedIn(where: Condition): Column[] {
  if (where.kind === 'and') return where.conditions.flatMap(fixedIn);
  if (where.kind === 'in' && where.values.length === 1) return [where.column];
  return where.kind === 'compare' && where.op === '=' && where.value.kind !== 'column' ? [where.column] : [];
}

type Asked = Extract<Intent, {kind: 'tool'}>;

function conditioned(
  asked: Asked,
  {where, notes, said: words}: {where: Condition; notes: string[]; said: string},
  subject: Subject,
): Intent {
  const condition = conditionSql(where);
  // A plan without a column of the data looks at no rows.
  const looksAtRows = asked.args.test !== 'power' || asked.args.value !== undefined;
  if (!conditionalTools.has(asked.tool) || !looksAtRows) {
    const reason = `That question is answered for all rows of ${subject.name} only, so “${words}” would be left out of it. Keep these rows as a dataset of their own first.`;
    const kept = `SELECT * FROM ${ident(subject.name)} WHERE ${condition} save as ${subject.name}_part`;
    return {kind: 'unclear', subject, reason, suggestions: [kept]};
  }
  const own = asked.args.where;
  const isPart = typeof own === 'string';
  const said = isPart ? `Of these only where ${sayCondition(where)}.` : onlyWhere(where, subject.name);
  return {
    ...asked,
    args: {...asked.args, where: isPart ? `(${own}) AND (${condition})` : condition},
    note: [asked.note ?? '', said, ...notes].join(' ').trim(),
  };
}
