// The quality check as a tool: everything doubtful in a dataset, counted over all rows.

import {z} from 'zod';
import {createReader} from '../analysis/column-values.ts';
import {checkQuality} from '../analysis/quality.ts';
import type {Finding} from '../analysis/quality-finding.ts';
import {checkRule, type RuleResult} from '../analysis/rules/check-rules.ts';
import {percent} from '../analysis/semantic-kind.ts';
import {type Cell, currentVersion, type Dataset} from '../core/dataset.ts';
import {formatCount, printable} from '../core/text.ts';
import {defineTool, type Tool, type ToolOutcome} from '../core/tool.ts';
import {type Catalog, datasetLine} from './catalog.ts';
import {countsOnly, disclosed, type Line, originOf} from './disclose.ts';
import {driftAnswer} from './drift.ts';
import {tableOf} from './result-table.ts';

const shownFindings = 40;

export function checkQualityTool(catalog: Catalog): Tool {
  return defineTool({
    name: 'check_quality',
    description:
      'Find missing values, duplicates, keys, outliers, impossible values, spelling variants, time gaps; or drift, or broken rules.',
    parallel: true,
    args: z.object({
      dataset: z.string(),
      compare_to: z.string().optional().describe('only drift: an earlier dataset, or "halves" of this one'),
      must_hold: z.array(z.string().min(1)).max(50).optional().describe('only these SQL conditions, of every row'),
    }),
    async run({dataset: name, compare_to: compareTo, must_hold: conditions}, {signal, clock}) {
      const dataset = await catalog.dataset(name);
      const version = currentVersion(dataset);
      const reader = createReader(await catalog.engine(), signal);
      if (compareTo !== undefined) {
        const {lines, table, datasets} = await driftAnswer(catalog, dataset, compareTo, reader, signal);
        return {ok: true, ...disclosed(lines), table, source: await catalog.sourceOf(datasets, reader.sql.join(';\n'))};
      }
      if (conditions) return rulesAnswer(catalog, dataset, conditions, clock.now(), signal);
      const found = await checkQuality(reader, dataset.name, version, {now: clock.now(), signal});
      const rows = found.map(({check, column, count, detail}): Cell[] => [
        check,
        column,
        count,
        version.rows > 0 ? count / version.rows : null,
        detail,
      ]);
      const kinds = {check: 'text', column: 'text', count: 'number', share: 'number', detail: 'text'} as const;
      const head = `${datasetLine(dataset)}. ${version.rows === 0 ? 'There are no rows to check.' : headline(found)}`;
      return {
        ok: true,
        ...disclosed([{text: head, about: countsOnly}, ...linesOf(dataset, found)]),
        table: tableOf(kinds, rows),
        source: await catalog.sourceOf([dataset.name], reader.sql.join(';\n')),
      };
    },
  });
}

/** Conditions that every row must meet; a missing value breaks none, as in SQL's own CHECK. */
async function rulesAnswer(
  catalog: Catalog,
  dataset: Dataset,
  conditions: readonly string[],
  now: number,
  signal: AbortSignal,
): Promise<ToolOutcome> {
  const deps = {engine: await catalog.engine(), dataset: catalog.dataset, now, signal};
  const results: RuleResult[] = [];
  for (const condition of conditions) {
    const rule = {check: 'sql' as const, condition, severity: 'error' as const};
    results.push(await checkRule(rule, dataset.name, deps));
  }
  const broken = results.filter(({status}) => status !== 'passed').length;
  const head = `${datasetLine(dataset)}. ${broken} of ${results.length} conditions do not hold.`;
  const lines = results.map(({title, status, detail}): Line => {
    const text = `- ${status.replace('_', ' ')}: ${title.slice('sql: '.length)}: ${detail}`;
    if (status !== 'not_checked') return {text: printable(text, {oneLine: true}), about: countsOnly};
    // The engine's own words may hold a value that could not be read.
    const otherwise = printable(`- not checked: ${title.slice('sql: '.length)}`, {oneLine: true});
    return {text: printable(text, {oneLine: true}), about: {kind: 'value', from: null, n: 0}, otherwise};
  });
  const rows = results.map(({title, status, failing, rows: total, detail}): Cell[] => [
    title.slice('sql: '.length),
    status,
    failing,
    total,
    detail,
  ]);
  const kinds = {condition: 'text', status: 'text', failing: 'number', rows: 'number', detail: 'text'} as const;
  const sql = results.map(each => each.sql).filter(Boolean);
  return {
    ok: true,
    ...disclosed([{text: head, about: countsOnly}, ...lines]),
    table: tableOf(kinds, rows),
    source: await catalog.sourceOf([dataset.name], sql.join(';\n')),
  };
}

function headline(found: readonly Finding[]): string {
  const problems = found.filter(each => each.check !== 'key').length;
  if (problems === 0) return 'Nothing doubtful was found.';
  return `${problems} ${problems === 1 ? 'thing' : 'things'} to look at:`;
}

function linesOf(dataset: Dataset, found: readonly Finding[]): Line[] {
  const {rows} = currentVersion(dataset);
  const lines = found.slice(0, shownFindings).map(({check, column, count, detail}): Line => {
    const place = column === null ? '' : ` ${printable(column, {oneLine: true})}:`;
    const share = check === 'key' ? '' : ` ${formatCount(count)} (${percent(Math.min(1, count / rows))})`;
    const counted = `- ${check}:${place}${share}`;
    const names = column === null ? [] : originOf(dataset, [column]);
    // A key of two columns is named as both; what is of no single column counts as made of all.
    const about = {kind: 'value' as const, from: names.length > 0 ? names : null, n: 0};
    return {text: `${counted} ${printable(detail, {oneLine: true})}`, about, otherwise: counted};
  });
  if (found.length > shownFindings)
    lines.push({text: `Showing ${shownFindings} of ${found.length} findings.`, about: countsOnly});
  return lines;
}
