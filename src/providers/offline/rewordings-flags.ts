// Columns of "yes" and "no" as text: "without tutoring" are the rows that say no, not those where nothing is said.

import type {Column} from '../../core/dataset.ts';
import {piecesOf} from './names.ts';
import type {Rewording} from './rewordings.ts';

const answers: readonly [yes: string, no: string][] = [
  ['yes', 'no'],
  ['y', 'n'],
  ['true', 'false'],
  ['t', 'f'],
];

export function withFlags(given: Rewording): Rewording {
  let {text, rateOf} = given;
  const notes: string[] = [];
  for (const column of given.subject.columns) {
    const values = answersOf(column);
    if (!values) continue;
    const named = piecesOf(column.name).join('[ _-]?');
    const said = new RegExp(
      String.raw`\b(with|having|have|had|without|no|not|non)[ -](?:the |any |an? )?"?${named}"?(?![\p{L}\p{N}_]|\s*(?:=|is\b|are\b|was\b|rate|${values.yes}\b|${values.no}\b))`,
      'iu',
    );
    text = text.replace(said, (_, word: string) => {
      const value = /^(?:with|ha)/i.test(word) && !/without/i.test(word) ? values.yes : values.no;
      notes.push(`“${word} ${column.name}” was read as ${column.name} = ${value}.`);
      return `where "${column.name}" is "${value}"`;
    });
    text = text.replace(new RegExp(String.raw`(?<![\p{L}_])"?${named}"?[ -]rates?\b`, 'iu'), () => {
      rateOf = column.name;
      notes.push(`The rate was read as the percentage of rows with ${column.name} = ${values.yes}.`);
      return `percentage of rows where "${column.name}" is "${values.yes}"`;
    });
  }
  return {...given, text, ...(rateOf && {rateOf}), notes: [...given.notes, ...notes]};
}

/** As they are written in the column; null where it holds anything else. */
function answersOf({kind, distinctCount, topValues}: Column): {yes: string; no: string} | null {
  if (kind !== 'text' || distinctCount !== 2 || topValues.length !== 2) return null;
  const written = (word: string) => topValues.find(value => value.toLowerCase() === word);
  for (const [first, second] of answers) {
    const [yes, no] = [written(first), written(second)];
    if (yes !== undefined && no !== undefined) return {yes, no};
  }
  return null;
}
