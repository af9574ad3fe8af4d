// From the words of a question to one Intent: what is not about data first, then the dataset that fits, then its reading.

import {nearest} from '../../core/text.ts';
import {withNumbers} from './choices.ts';
import {candidateSubjects, namedDatasets, subjectOf} from './datasets.ts';
import {decide} from './decide.ts';
import {followUp, withColumnBefore} from './follow-up.ts';
import type {Condition, Intent, Subject, Surroundings} from './intent.ts';
import {type Parts, readParts} from './parts.ts';
import {reworded, unqualified} from './rewordings.ts';
import {questionsIn, together} from './several.ts';
import {isSql, specialIntent} from './special.ts';
import {statisticalIntent} from './statistics.ts';
import {conditionalIntent} from './statistics-where.ts';
import {tokenise} from './tokens.ts';

/** Longer prompts are read up to here; a question that long is not one this analyst understands anyway. */
export const longestPrompt = 4_000;

/**
 * The meaning of the last of `prompts`, earlier ones (oldest first) being what a follow-up refers to. Never throws on
 * any text.
 */
export function understand(prompts: string[], surroundings: Surroundings): Intent {
  let previous: Intent | null = null;
  let last: Intent = {kind: 'help', tone: 'help'};
  for (const prompt of prompts.slice(-6)) {
    last = understandAll(prompt, previous, surroundings);
    if (!/^(unclear|refused|help)$/.test(last.kind))
      previous = last.kind === 'several' ? (last.intents.at(-1) ?? null) : last;
  }
  return last;
}

/** Each question of a message. */
function understandAll(prompt: string, previous: Intent | null, surroundings: Surroundings): Intent {
  const questions = isSql(prompt) ? null : questionsIn(prompt.slice(0, longestPrompt));
  if (questions) {
    const intents: Intent[] = [];
    for (const part of questions.parts) intents.push(understandOne(part, intents.at(-1) ?? previous, surroundings));
    const all = together(questions.parts, intents, questions.certain);
    if (all) return all;
  }
  return understandOne(prompt, previous, surroundings);
}

function understandOne(prompt: string, previous: Intent | null, surroundings: Surroundings): Intent {
  const written = prompt.slice(0, longestPrompt).trim();
  const special = specialIntent(written, surroundings);
  if (special) return special;
  const text = unqualified(written, surroundings);
  const tokens = tokenise(text);
  if (surroundings.datasets.length === 0) return {kind: 'no_dataset'};
  const names = surroundings.datasets.map(({name}) => name);
  const subjects = candidateSubjects(tokens, surroundings);
  const [first] = subjects;
  if (!first) return {kind: 'no_dataset'};
  const spoken = missingDataset(text, surroundings);
  if (spoken) return {kind: 'unclear', subject: first, ...spoken};
  const others = {names, active: surroundings.activeDataset};
  const statistical = statisticalIntent(text, first, others);
  if (statistical) return statistical;
  const asked = reworded(text, first);
  const reworked = asked.text === text || asked.subject !== first ? null : statisticalIntent(asked.text, first, others);
  if (reworked?.kind === 'tool') return {...reworked, note: [...asked.notes, reworked.note ?? ''].join(' ').trim()};
  const conditional = conditionalIntent(text, first, others, conditionIn);
  if (conditional) return conditional;
  const before = previous && 'subject' in previous && previous.kind !== 'unclear' ? previous : null;
  const named = namedDatasets(tokens, surroundings.datasets).length > 0;
  if (before && !named) {
    const current = surroundings.datasets.find(({name}) => name === before.subject.name);
    const goesOn = withColumnBefore(text, before);
    const parts = current && readText(goesOn, subjectOf(current), names);
    const merged = parts ? followUp(parts, before, goesOn) : null;
    if (parts && merged) return withNumbers(merged, parts);
  }
  return bestReading(text, subjects, {names, named, surroundings});
}

function readText(text: string, subject: Subject, names: string[]): Parts {
  const asked = reworded(text, subject);
  const parts = readParts(tokenise(asked.text), asked.subject, names);
  parts.remarks.notes.unshift(...asked.notes);
  if (asked.problem) parts.remarks.problems.unshift(asked.problem);
  if (asked.having) parts.having = asked.having;
  if (asked.never !== undefined) {
    const conditionIn = (words: string) => readParts(tokenise(words), asked.subject, names).where;
    const {none, some} = asked.never;
    const [of, other] = [conditionIn(none), some === undefined ? null : conditionIn(some)];
    const unknown = of === null ? none : some !== undefined && other === null ? some : null;
    const reason = `I do not know “${unknown}” in ${subject.name}: it is no condition on its columns.`;
    if (of && unknown === null) parts.having = {op: '=', count: 0, of, ...(other && {some: other})};
    else parts.remarks.problems.unshift({reason, suggestions: []});
  }
  if (asked.wish) parts.wish = asked.wish;
  if (asked.rateOf) parts.rateOf = asked.rateOf;
  return parts;
}

/** The condition that these words are; null where they say anything else, or something is not known. */
function conditionIn(words: string, subject: Subject): {where: Condition; notes: string[]} | null {
  const parts = readText(words, subject, []);
  const {where, remarks, cues} = parts;
  const others = [
    ...[
      parts.measures,
      parts.bare,
      parts.keys,
      parts.columns,
      parts.quantiles,
      parts.unread,
      parts.idle,
      parts.unknownColumns,
    ],
    remarks.problems,
  ];
  const other = parts.period ?? parts.superlative ?? parts.limit ?? parts.having ?? parts.wish ?? parts.asked ?? null;
  const isMore = others.some(each => each.length > 0) || other !== null || parts.subject !== subject;
  const isAsking = [...cues].some(cue => !/^(rows|more_filter|dataset|which)$/.test(cue));
  return where === null || isMore || isAsking ? null : {where, notes: [...remarks.notes, ...remarks.alternatives]};
}

/** The first dataset's reading; another dataset is read only where the first does not know the columns. */
function bestReading(
  text: string,
  subjects: Subject[],
  {names, named, surroundings}: {names: string[]; named: boolean; surroundings: Surroundings},
): Intent {
  // On the dataset that the person chose, the name of another one is a word like any other and must be understood.
  const isChosen = ({name}: Subject) => surroundings.chosen === true && name === surroundings.activeDataset;
  const read = (subject: Subject): {parts: Parts; intent: Intent} => {
    const parts = readText(text, subject, isChosen(subject) ? [subject.name] : names);
    return {parts, intent: decide(parts)};
  };
  const [first, ...others] = subjects;
  if (!first) return {kind: 'no_dataset'};
  const reading = read(first);
  if (reading.intent.kind !== 'unclear' || (named && !isChosen(first))) return reading.intent;
  if (knewItsColumns(reading.parts)) return reading.intent;
  for (const other of others.slice(0, 8)) {
    const {intent, parts} = read(other);
    const fits = parts.columns.length + parts.keys.length + parts.measures.filter(({column}) => column).length > 0;
    if (intent.kind === 'unclear' || !('notes' in intent) || !fits || parts.unread.length > 0) continue;
    intent.notes.push(`Answered from ${other.name}, because ${first.name} has no such columns.`);
    return intent;
  }
  return reading.intent;
}

/** It was refused for another reason than words that another dataset may know. */
function knewItsColumns({unread, unknownColumns, remarks, columns, keys, measures}: Parts): boolean {
  const known = columns.length + keys.length + measures.filter(({column}) => column).length > 0;
  return known && unread.length === 0 && unknownColumns.length === 0 && remarks.problems.length === 0;
}

/** "in the dataset orders" with no such dataset. */
function missingDataset(text: string, {datasets}: Surroundings): {reason: string; suggestions: string[]} | null {
  const said = /\b(?:dataset|data set|table) (?:named |called )?["`']?([A-Za-z_][A-Za-z0-9_]*)/i.exec(text)?.[1];
  const describe = /^(?:describe|profile|summari[sz]e) ([a-z][a-z0-9]*_[a-z0-9_]*)$/i.exec(text)?.[1];
  const name = said && /_|\d/.test(said) ? said : describe;
  if (!name || datasets.some(dataset => dataset.name.toLowerCase() === name.toLowerCase())) return null;
  const known = datasets.some(({versions}) =>
    versions.some(({columns}) => columns.some(column => column.name.toLowerCase() === name.toLowerCase())),
  );
  if (known) return null;
  const names = datasets.map(dataset => dataset.name);
  const near = nearest(name, names);
  const list = near.length > 0 ? `nearest: ${near.join(', ')}` : `there are: ${names.slice(0, 8).join(', ')}`;
  return {
    reason: `There is no dataset “${name}”; ${list}.`,
    suggestions: near.map(candidate => `describe ${candidate}`),
  };
}
