// Questions for the tools that look for structure, as whole sentences: clusters.

import {isIdentifier, isMeasurable} from './choose.ts';
import type {Subject} from './intent.ts';
import {columnOf} from './names.ts';
import type {Asked, Request} from './statistics.ts';

const groups = '(?:clusters?|groups?|segments?)';

export const EXPLORE_REQUESTS: readonly Request[] = [
  {
    pattern: new RegExp(
      `^(?:cluster|segment)(?: (?:the |all )?(.+?))??(?: (?:by|on|using) (.+?))?(?: into (\\d{1,2}) ${groups})?$`,
    ),
    read: clustered,
  },
  {
    pattern:
      /^(?:find|show|detect|identify|make|are there(?: any)?|what are the) (?:me )?(?:(\d{1,2}) )?(?:natural )?(?:clusters|segments|groups of similar (?:rows|\w+))(?: (?:of|in|among) (?:the )?(\w+))?(?: (?:by|on|using) (.+))?$/,
    read: ([k, what, columns], subject) => clustered([what, columns, k], subject),
  },
  {
    pattern:
      /^(?:do|run|perform|apply) (?:a )?(?:k-?means|clustering|cluster analysis)(?: (?:of|on) (?:the )?(\w+))?(?: (?:by|using) (.+))?$/,
    read: ([what, columns], subject) => clustered([what, columns, undefined], subject),
  },
];

/** What is clustered may be a word for the rows; a number column there is what they are compared by. */
function clustered([what, by, k]: (string | undefined)[], subject: Subject): Asked | null {
  const named = by === undefined ? columnsIn(what ?? '', subject) : columnsIn(by, subject);
  if (by !== undefined && named === null) return null;
  if (named === null && what !== undefined && !/^[\w-]+(?: rows)?$/.test(what)) return null;
  const columns = named?.map(({name}) => name);
  return {
    tool: 'cluster',
    args: {dataset: subject.name, ...(columns && {columns}), ...(k && {k: Number(k)})},
  };
}

/** Null unless all of them are number columns. */
function columnsIn(list: string, subject: Subject) {
  const found = list.split(/\s*,\s*(?:and )?|\s+and\s+/).map(each => columnOf(each, subject.columns));
  const usable = found.filter(each => each !== null && isMeasurable(each) && !isIdentifier(each, subject.rows));
  return usable.length === found.length ? found.filter(each => each !== null) : null;
}
