// The quality check as a tool: everything doubtful in a dataset, counted over all rows.

import {z} from 'zod';
import {createReader} from '../analysis/column-values.ts';
import {checkQuality} from '../analysis/quality.ts';
import type {Finding} from '../analysis/quality-finding.ts';
import {percent} from '../analysis/semantic-kind.ts';
import {type Cell, currentVersion, type Dataset} from '../core/dataset.ts';
import {formatCount, printable} from '../core/text.ts';
import {defineTool, type Tool} from '../core/tool.ts';
import {type Catalog, datasetLine} from './catalog.ts';
import {countsOnly, disclosed, type Line, originOf} from './disclose.ts';
import {tableOf} from './result-table.ts';

const shownFindings = 40;

export function checkQualityTool(catalog: Catalog): Tool {
  return defineTool({
    name: 'check_quality',
    description: 'Find missing values, duplicates, keys, outliers, impossible values, spelling variants and time gaps.',
    parallel: true,
    args: z.object({dataset: z.string()}),
    async run({dataset: name}, {signal, clock}) {
      const dataset = await catalog.dataset(name);
      const version = currentVersion(dataset);
      const reader = createReader(await catalog.engine(), signal);
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
