// Recognises what would change data, as SQL or in words: the analyst only reads.

import type {Intent} from './intent.ts';

const statements: readonly RegExp[] = [
  /^(drop|truncate)\s+(table|view|schema|database|index|macro|type|sequence)\b/i,
  /^truncate\s+\S+\s*;?$/i,
  /^delete\s+from\b/i,
  /^update\s+\S+\s+set\b/i,
  /^insert\s+(or\s+\w+\s+)?into\b/i,
  /^create\s+(or\s+replace\s+)?(temp(orary)?\s+)?(table|view|schema|index|macro|type|sequence|secret|function)\b/i,
  /^alter\s+(table|view|schema|database)\b/i,
  /^copy\s*[\w("']\S*[\s\S]*\b(to|from)\b/i,
  /^(export|import)\s+database\b/i,
  /^(attach|detach|install|vacuum|checkpoint)\b/i,
  /^load\s+\w+\s*;?$/i,
  /^(set|reset|pragma|call)\s+\w+/i,
];

// A verb alone may also begin a question ("drop in sales"), so in words its object must be data.
const wishes =
  /^(?:please |can you |could you |now )*(delete|remove|drop|erase|overwrite|update|insert|append|replace|truncate|rename) (?:(?:all|the|every|any|those|these|my|a|new|this|column|columns) )*(?:\w+ )??(rows?|records?|lines?|entries|entry|columns?|data|datasets?|tables?|values?|duplicates?|outliers?|everything)\b/i;

// These begin no question.
const bare = [/^(?:please |can you |could you |now )*(?:delete|erase|get rid of) /i];

/** The refusal, or null where nothing would be changed. */
export function refusedChange(text: string): Intent | null {
  const plain = text.trim();
  const isChange = [...statements, ...bare].some(form => form.test(plain)) || wishes.test(plain.toLowerCase());
  if (!isChange) return null;
  const word = /^\W*(\w+)/.exec(plain)?.[1] ?? '';
  return {
    kind: 'refused',
    reason: `Nothing was changed: “${word}” would change data or settings, and here data is only read (one SELECT, or a question). “… excluding X” leaves rows out of an answer, and \`/clean\` plans changes and asks first.`,
  };
}
