// A reading that leaves out what one word of the question asks for is asked back: a rate, a week of a month, "who".

import {has, unclear} from './choices.ts';
import type {DataIntent, Intent} from './intent.ts';
import type {Parts} from './parts.ts';

/** Null where the intent answers all of it. */
export function otherQuestion(intent: DataIntent, parts: Parts): Intent | null {
  if (has(parts, 'rate') && intent.kind === 'correlation')
    return unclear(parts, 'I read that a rate is asked for, but not of what; “percentage of rows with …” counts rows.');
  if (intent.kind === 'rows' && parts.period !== null)
    return unclear(
      parts,
      `I do not know which ${parts.period.replaceAll('_', ' ')} that is; name its days, such as “from 2024-07-01 to 2024-07-07”.`,
    );
  const [measure] = intent.kind === 'aggregate' && intent.keys.length === 0 ? intent.measures : [];
  if (/^(?:and |so )?who\b/.test(parts.text) && measure?.column && /^(?:min|max)$/.test(measure.fn)) {
    const end = measure.fn === 'max' ? 'highest' : 'lowest';
    const groups = parts.subject.columns.filter(
      ({kind, distinctCount}) => kind === 'text' && distinctCount <= parts.subject.rows / 2,
    );
    const suggestions = groups
      .slice(0, 3)
      .map(({name}) => `which ${name} has the ${end} average ${measure.column?.name}`);
    return unclear(parts, `“Who” names no column of ${parts.subject.name}.`, suggestions);
  }
  return null;
}
