// One comparison said of two columns: "both math and reading above 80" holds for each of them.

import type {Column} from '../../core/dataset.ts';
import {isIdentifier, isNumeric} from './choose.ts';
import type {Subject} from './intent.ts';
import {formsOf, matchName} from './names.ts';
import type {Rewording} from './rewordings.ts';

const both =
  /\b((?:both|with|have|having|has|where|whose) (?:both )?(?:the |an? )?)([\p{L}_]+(?: [\p{L}_]+)?) and (?:the |an? )?([\p{L}_]+(?: [\p{L}_]+)?) (?:are |is |were |both )?(above|over|more than|greater than|higher than|at least|below|under|less than|lower than|at most|>=|<=|>|<) (-?\d[\d.,]*)/iu;

export function withBoth(given: Rewording): Rewording {
  const [all, start = '', first = '', second = '', how, number] = both.exec(given.text) ?? [];
  if (all === undefined) return given;
  const [a, b] = [only(first, given.subject), only(second, given.subject)];
  if (!a || !b || a === b) return given;
  const words = `${start.replace(/\bboth /i, '')}"${a.name}" ${how} ${number} and "${b.name}" ${how} ${number}`;
  return {...given, text: given.text.replace(all, /^both /i.test(start) ? words.replace(/^/, 'with ') : words)};
}

/** The only number column that the words can mean. */
function only(words: string, {columns, rows}: Subject): Column | null {
  const found = columns.flatMap(column => {
    const match = matchName(formsOf(words), formsOf(column.name), false);
    return match && isNumeric(column) && !isIdentifier(column, rows) ? [{column, score: match.score}] : [];
  });
  const [best, next] = found.sort((x, y) => y.score - x.score);
  return best && (next?.score ?? 0) < best.score - 0.05 ? best.column : null;
}
