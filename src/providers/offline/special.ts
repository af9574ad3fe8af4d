// What is understood before a question is read as one about data: greetings, SQL, files to import, wishes to change data.

import {candidateSubjects} from './datasets.ts';
import type {Intent, Surroundings} from './intent.ts';
import {refusedChange} from './refused-changes.ts';
import {statisticalIntent} from './statistics.ts';
import {tokenise} from './tokens.ts';

const sqlStart = /^\s*(select|with|from|describe|summarize|values|show|pivot|unpivot|explain|table)\b/i;

/** What may be planned and asked about, though it would change data. */
function cleaningWish(text: string, surroundings: Surroundings): Intent | null {
  const [first] = candidateSubjects(tokenise(text), surroundings);
  const names = surroundings.datasets.map(({name}) => name);
  const intent = first ? statisticalIntent(text, first, {names, active: surroundings.activeDataset}) : null;
  return intent?.kind === 'tool' && intent.tool === 'clean_data' ? intent : null;
}

/** Null where the text is none of these. */
export function specialIntent(text: string, surroundings: Surroundings): Intent | null {
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
