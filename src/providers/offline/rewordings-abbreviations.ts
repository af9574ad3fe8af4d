// "length of stay" where the column is LOS_days: words whose first letters are a piece of one column's name.

import type {Subject} from './intent.ts';
import {formsOf, matchName, piecesOf} from './names.ts';
import type {Rewording} from './rewordings.ts';

const leastLetters = 3;
const mostLetters = 5;

export function withAbbreviations(given: Rewording): Rewording {
  const words = [...given.text.matchAll(/[\p{L}\p{N}_"]+/gu)];
  for (let length = mostLetters; length >= leastLetters; length--)
    for (let from = 0; from + length <= words.length; from++) {
      const said = words.slice(from, from + length);
      const [first, last] = [said[0], said.at(-1)];
      if (!first || !last) continue;
      const start = first.index;
      const text = given.text.slice(start, last.index + last[0].length);
      if (!/^[\p{L} ]+$/u.test(text)) continue;
      const name = columnOf(said.map(([word]) => word.slice(0, 1).toLowerCase()).join(''), text, given.subject);
      if (!name) continue;
      return {
        ...given,
        text: `${given.text.slice(0, start)}"${name}"${given.text.slice(start + text.length)}`,
        notes: [...given.notes, `“${text}” was read as ${name}, which has its first letters.`],
      };
    }
  return given;
}

/** The only column with that piece, unless the words name a column themselves. */
function columnOf(letters: string, text: string, {columns}: Subject): string | null {
  const found = columns.filter(({name}) => piecesOf(name).includes(letters));
  const [only] = found;
  if (!only || found.length > 1 || only.kind !== 'number') return null;
  return columns.some(({name}) => matchName(formsOf(text), formsOf(name), false) !== null) ? null : only.name;
}
