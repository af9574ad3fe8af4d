// Gaps in columns of time that otherwise go by regular steps.

import {isMoment} from '../core/dataset.ts';
import {formatCount} from '../core/text.ts';
import {quoteName} from '../engine/sql-text.ts';
import type {Finding, Subject} from './quality-finding.ts';

const day = 86_400;

/** Steps between distinct moments; where at least half are the commonest step, steps beyond 1.5 of it are gaps. */
export async function gapFindings({reader, dataset, columns, signal}: Subject): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const column of columns) {
    const {name, distinctCount} = column;
    if (!isMoment(column) || distinctCount < 5) continue;
    signal?.throwIfAborted();
    const value = quoteName(name);
    const [[steps, usual, gaps, largest, from, to] = []] = await reader.rows(
      `WITH moments AS (SELECT DISTINCT ${value} AS t FROM ${quoteName(dataset)} WHERE isfinite(${value})),
steps AS (SELECT lag(t) OVER (ORDER BY t) AS before, t, epoch(t) - epoch(lag(t) OVER (ORDER BY t)) AS step FROM moments),
usual AS (SELECT step FROM steps WHERE step IS NOT NULL GROUP BY step ORDER BY count(*) DESC, step LIMIT 1),
gaps AS (SELECT s.* FROM steps s, usual u WHERE s.step > 1.5 * u.step)
SELECT (SELECT count(*) FILTER (s.step = u.step) / count(s.step) FROM steps s, usual u), (SELECT step FROM usual),
  count(*), max(step), arg_max(before, step)::VARCHAR, arg_max(t, step)::VARCHAR FROM gaps`,
    );
    if (!(Number(steps) >= 0.5) || !(Number(gaps) > 0)) continue;
    const detail = `every ${spoken(Number(usual))}, but ${formatCount(Number(gaps))} longer steps; the longest is ${spoken(Number(largest))}, from ${from} to ${to}`;
    found.push({check: 'time gap', column: name, count: Number(gaps), detail});
  }
  return found;
}

function spoken(seconds: number): string {
  const [size, unit] = seconds >= day ? [day, 'day'] : seconds >= 3600 ? [3600, 'hour'] : [60, 'minute'];
  const amount = Number((seconds / size).toFixed(1));
  if (seconds < 60) return `${seconds} s`;
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`;
}
