// From the words of a question to one Intent: what is not about data first, then the dataset that fits, then its reading.

import {nearest} from '../../core/text.ts';
import {withNumbers} from './choices.ts';
import {candidateSubjects, namedDatasets, subjectOf} from './datasets.ts';
import {decide} from './decide.ts';
import {followUp, withColumnBefore} from './follow-up.ts';
import type {Intent, Subject, Surroundings} from './intent.ts';
import {type Parts, readParts} from './parts.ts';
import {refusedChange} from './refused-changes.ts';
import {reworded, unqualified} from './rewordings.ts';
import {questionsIn, together} from './several.ts';
import {statisticalIntent} from './statistics.ts';
import {tokenise} from './tokens.ts';

/** Longer prompts are read up to here; a question that long is not one this analyst understands anyway. */
export const longestPrompt = 4_000;

const sqlStart = /^\s*(select|with|from|describe|summarize|values|show|pivot|unpivot|explain|table)\b/i;

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
  return parts;
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

/** What may be planned and asked about, though it would change data. */
function cleaningWish(text: string, surroundings: Surroundings): Intent | null {
  const [first] = candidateSubjects(tokenise(text), surroundings);
  const names = surroundings.datasets.map(({name}) => name);
  const intent = first ? statisticalIntent(text, first, {names, active: surroundings.activeDataset}) : null;
  return intent?.kind === 'tool' && intent.tool === 'clean_data' ? intent : null;
}

function specialIntent(text: string, surroundings: Surroundings): Intent | null {
  const {datasets} = surroundings;
  const plain = text
    .toLowerCase()
    .replace(/[?!.,]+/g, ' ')
    .trim();
  if (text === '') return {kind: 'help', tone: 'help'};
  if (/^#?\d{1,3}[.)]?$/.test(plain)) return {kind: 'no_step', text: plain};
  if (isSql(text)) return sqlIntent(text);
  const refused = refusedChange(text);
  if (refused) return cleaningWish(text, surroundings) ?? refused;
  const file = importedFile(text);
  if (file) return file;
  if (
    /^(hi|hello|hey|good (morning|afternoon|evening)|hi there|hello there|greetings|moin|hallo)( ds-?agent)?$/.test(
      plain,
    )
  ) {
    return {kind: 'help', tone: 'greeting'};
  }
  if (
    /^(thanks?|thank you|thx|ty|cheers|great|nice|cool|perfect|ok|okay|good|bye|goodbye)( so much| a lot| very much| you)?$/.test(
      plain,
    )
  ) {
    return {kind: 'help', tone: 'thanks'};
  }
  if (
    /^(help|what (can|could|may|should|do) (i|you|we) (ask|do|know|help|understand).*|how (do|can) i (use|start|ask).*|who are you|what are you|what else|commands|usage|examples?|what now|what next|next steps?|suggest.*|what can .* do)$/.test(
      plain,
    )
  ) {
    return {kind: 'help', tone: 'help'};
  }
  const lists =
    /^((list|show|what|which|give)( me)?( all)?( of)?( the| my)?( available)?|(how many)) ?(datasets?|data sets?|tables|files)( (are|do|is|have|i|there|we|you|loaded|available|imported|exist))*$/;
  if (lists.test(plain) || /^(datasets|tables|what data (do|is|are).*|what do you have)$/.test(plain)) {
    return datasets.length === 0 ? {kind: 'no_dataset'} : {kind: 'list_datasets'};
  }
  return null;
}

/** SQL typed as such: it starts like SQL and goes on like SQL, so that "show price by region" stays a question. */
export function isSql(text: string): boolean {
  const keyword = sqlStart.exec(text)?.[1]?.toLowerCase();
  if (!keyword) return false;
  const rest = text.trim().slice(keyword.length).trim();
  switch (keyword) {
    case 'select':
      return /\bfrom\b/i.test(rest) || /^[\d'"*(]/.test(rest) || /^\w+\(/.test(rest);
    case 'with':
      return /\bas\s*(materialized\s*|not\s+materialized\s*)?\(/i.test(rest);
    case 'from':
      return (
        /^("[^"]+"|\w+)\s*($|;|\b(select|where|group|order|limit|join|inner|left|as|using)\b)/i.test(rest) &&
        !/^the\b/i.test(rest)
      );
    case 'values':
      return rest.startsWith('(');
    case 'describe':
    case 'summarize':
      return text.startsWith(keyword.toUpperCase()) || /^(select|from|table)\b/i.test(rest) || /;\s*$/.test(rest);
    case 'show':
      return /^(tables|all tables|databases)\s*;?$/i.test(rest) && /;$|^SHOW/.test(text);
    default:
      return text.startsWith(keyword.toUpperCase());
  }
}

function sqlIntent(text: string): Intent {
  const saved = /^([\s\S]+?);?\s*\bsave (?:it |this |that |result |the result )?as ([a-z_][a-z0-9_]{0,60})\s*$/i.exec(
    text,
  );
  return {kind: 'sql', sql: (saved?.[1] ?? text).trim(), saveAs: saved?.[2]?.toLowerCase() ?? null};
}

const fileEnding = /\.(csv|tsv|txt|json|jsonl|ndjson|parquet|xlsx|xls|psv|dat|tab|gz|zip|arrow|feather|avro)$/i;

/** "import FILE", "load data.csv as sales", "open './my file.csv'", or nothing but a file name. */
function importedFile(text: string): Intent | null {
  const verb =
    /^(?:please\s+)?(?:import|load|open|upload|read|add|ingest|use)\s+(?:the\s+)?(?:file\s+|data\s+from\s+|data\s+file\s+)?/i.exec(
      text,
    );
  const rest = (verb ? text.slice(verb[0].length) : text).trim();
  const quoted = /^(?:"([^"]+)"|'([^']+)'|`([^`]+)`)/.exec(rest);
  const path = quoted?.[1] ?? quoted?.[2] ?? quoted?.[3] ?? bareFile(rest);
  if (!path || (!verb && path !== rest) || (!fileEnding.test(path) && !(verb && (quoted || /[/\\]/.test(path)))))
    return null;
  const after = rest.slice(quoted ? quoted[0].length : path.length);
  const named = /^\s+(?:as|named|called|name it|into)\s+"?([A-Za-z_][A-Za-z0-9_]{0,60})"?\s*[.!]?\s*$/.exec(after)?.[1];
  return {kind: 'import', path, name: named?.toLowerCase() ?? null};
}

/** Up to the file's ending, so that names with blanks work; without an ending, the first word. */
function bareFile(rest: string): string | null {
  const words = rest.split(/\s+/);
  for (let count = 1; count <= Math.min(words.length, 12); count++) {
    const candidate = words
      .slice(0, count)
      .join(' ')
      .replace(/[?!,;]$/, '');
    if (fileEnding.test(candidate)) return rest.startsWith(candidate) ? candidate : null;
  }
  return words[0]?.replace(/[?!,;.]$/, '') || null;
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
