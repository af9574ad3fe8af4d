// Wishes to change data in words: the plan is shown with its counts, and nothing is changed before the person says so.

import type {Column} from '../../core/dataset.ts';
import type {Intent, Subject} from './intent.ts';
import {columnOf} from './names.ts';

type Step = {do: string; columns?: string[]; value?: string};
type Wish = {pattern: RegExp; step(found: string[], subject: Subject): Step | null; typed(step: Step): string};

const WISHES: readonly Wish[] = [
  {
    pattern: /^(?:remove|drop|delete) (?:the |all |any )?duplicate(?:s|d rows?| rows?| records?| entries)?$/,
    step: () => ({do: 'drop_duplicates'}),
    typed: () => 'duplicates',
  },
  {pattern: /^dedup(?:licate)?$/, step: () => ({do: 'drop_duplicates'}), typed: () => 'duplicates'},
  {
    pattern:
      /^(?:remove|drop|delete) (?:the |all )?(?:rows|records) (?:with|that have|having) (?:a )?missing (?:values? )?(?:in|of|for)? ?(?:the )?(.+)$/,
    step: ([words = ''], {columns}) =>
      on('drop_missing', words === 'values' || words === 'value' ? null : words, columns),
    typed: ({columns = []}) => ['missing', ...columns.map(quoted)].join(' '),
  },
  {
    pattern: /^(?:remove|drop|delete|cap|clip) (?:the |all )?outliers (?:in|of|from) (?:the )?(.+)$/,
    step: ([words = ''], {columns}) => on('drop_outliers', words, columns),
    typed: ({columns = []}) => ['outliers drop', ...columns.map(quoted)].join(' '),
  },
  {
    pattern:
      /^(?:fill|impute|replace) (?:the |all )?missing (?:values (?:in|of|for) )?(?:the )?(.+?) (?:values )?(?:with|by|using) (?:the |its )?(mean|average|median|mode)$/,
    step: ([words = '', how = ''], {columns}) => {
      const step = on('fill', words, columns);
      return step && {...step, value: how === 'average' ? 'mean' : how};
    },
    typed: ({columns = [], value}) => ['fill', ...columns.map(quoted), 'with', value].join(' '),
  },
  {
    pattern: /^(?:trim|strip) (?:the |all )?(?:blanks|spaces|white ?space)$/,
    step: () => ({do: 'trim'}),
    typed: () => 'trim',
  },
];

/** Null where the wish is none of these, or names a column that is not there. */
export function cleaningIntent(plain: string, subject: Subject): Intent | null {
  if (
    /^(?:clean|tidy|clean up|tidy up|fix|prepare)(?: up)?(?: (?:the|my|this|our))?(?: (?:data|dataset|data ?set|table|file|it))?(?: up)?$/.test(
      plain,
    )
  )
    return {
      kind: 'tool',
      tool: 'check_quality',
      args: {dataset: subject.name},
      note: 'Nothing was changed. `/clean` followed by steps, such as `/clean duplicates; trim`, shows what each would change and asks first; `/clean help` lists the steps.',
    };
  for (const {pattern, step, typed} of WISHES) {
    const found = pattern.exec(plain);
    const wished = found && step(found.slice(1), subject);
    if (!wished) continue;
    const capped = /^(cap|clip)/.test(plain) ? {...wished, do: 'cap_outliers'} : wished;
    const command = `/clean ${typed(capped).replace('outliers drop', capped.do === 'cap_outliers' ? 'outliers cap' : 'outliers drop')} in ${subject.name}`;
    return {
      kind: 'tool',
      tool: 'clean_data',
      args: {dataset: subject.name, steps: [capped]},
      note: `Nothing was changed. \`${command}\` shows this plan again and asks before it keeps the result as a new version.`,
    };
  }
  return null;
}

/** The step on the column of these words, or on all columns where they are null; null where there is no such column. */
function on(action: string, words: string | null, columns: readonly Column[]): Step | null {
  if (words === null) return {do: action};
  const column = columnOf(words, columns);
  return column ? {do: action, columns: [column.name]} : null;
}

function quoted(name: string): string {
  return /^[\p{L}\p{N}_]+$/u.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
