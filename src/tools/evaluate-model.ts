// Evaluation as a tool: a kept model on rows whose outcome is known, beside the best constant, and by group.

import {z} from 'zod';
import {fromSql} from '../analysis/column-values.ts';
import type {Cell} from '../core/dataset.ts';
import {formatCount, printable} from '../core/text.ts';
import {defineTool, type Tool} from '../core/tool.ts';
import type {Estimate} from '../models/evaluate/evaluate.ts';
import {renderMarkdownTable} from '../render/table.ts';
import {alreadySeen, type Seen} from './applying/already-seen.ts';
import {type Applied, applyModel} from './applying/apply-model.ts';
import {evaluationCharts} from './applying/evaluation-chart-names.ts';
import {calibrationLines, confusionLines, residualLine} from './applying/evaluation-text.ts';
import {type Group, groupLines, groupsOf, selectionOf} from './applying/groups.ts';
import {gapLines} from './applying/unreadable.ts';
import type {Catalog} from './catalog.ts';
import type {ChartSetting} from './charts/keep-chart.ts';
import {disclosed, type Line} from './disclose.ts';
import {runApart} from './exploring/run-apart.ts';
import {tableOf} from './result-table.ts';
import {isModelKept} from './training/model-file.ts';

/** From this share of rows that the model was fitted on, nothing good is concluded from them. */
const mostSeen = 0.5;

export function evaluateModelTool(catalog: Catalog, setting: ChartSetting): Tool {
  return defineTool({
    name: 'evaluate_model',
    description: 'Metrics of a kept model on rows with a known target: intervals, baseline, calibration, by group.',
    parallel: true,
    offered: () => isModelKept(catalog),
    args: z.object({
      model: z.string(),
      dataset: z.string(),
      where: z.string().min(1).optional(),
      by: z.string().optional(),
      chart: z.enum(evaluationCharts).optional(),
      seed: z.int().min(0).max(999_999).optional(),
    }),
    async run({model, dataset, where, by, chart: asked, seed = 42}, context) {
      const {signal} = context;
      const others = by === undefined ? [] : [by];
      const applied = await applyModel(catalog, {model, dataset, where, needsTarget: true, others}, signal);
      const actual = applied.target?.values ?? new Float64Array();
      const seen = await alreadySeen(catalog, applied);
      const {id, content} = applied.kept;
      const {target, classes} = content;
      const on = `${applied.dataset.name}${seen.share >= mostSeen ? ', rows of the fit' : ''}`;
      const [column] = applied.others;
      const parts = column ? groupsOf(column) : [];
      const about = {actual, target, classes, on, seed};
      const {kept, columns, rows} = applied;
      const found = await runApart(
        'evaluate',
        {kept, columns, rows, about, asked: asked ?? null, groups: parts.map(each => each.rows)},
        {signal, onProgress: message => context.emit({type: 'work_progress', message})},
      );
      const {scores, estimates, chart} = found;
      if (chart === null && asked !== undefined)
        throw (await import('./applying/evaluation-charts.ts')).noSuchChart({...about, ...scores}, asked);
      const groups = parts.map(
        ({name, rows}, at): Group => ({
          name,
          rows: rows.length,
          estimates: found.groups[at] ?? [],
          ...selectionOf(actual, scores, rows),
        }),
      );
      const table = tableOf(
        {
          group: 'text',
          rows: 'number',
          metric: 'text',
          value: 'number',
          low: 'number',
          high: 'number',
          baseline: 'number',
        },
        [
          ...estimates.map(each => [null, applied.rows, ...cellsOf(each)]),
          ...groups.flatMap(group => group.estimates.map(each => [group.name, group.rows, ...cellsOf(each)])),
        ],
      );
      const left = await leftOut(applied, where);
      const {keepCharts} = await import('./charts/keep-chart.ts');
      const source = await catalog.sourceOf([applied.dataset.name], applied.reader.sql.join(';\n'));
      const figures = {kind: 'statistic' as const, from: applied.from, n: applied.rows};
      const bare = `Evaluated model ${id} (${content.estimator}) on ${formatCount(applied.rows)} rows of ${applied.dataset.name}.`;
      const without =
        left > 0
          ? `; ${formatCount(left)} row${left === 1 ? ' was' : 's were'} left out (no ${content.target}, or one the model does not know)`
          : '';
      const predicts = `It predicts ${content.target}${without}`;
      const lines: Line[] = [
        {
          text: `${bare} ${predicts}${predicts.endsWith('.') ? '' : '.'}`,
          about: figures,
        },
        ...(seen.text === null ? [] : [{text: seen.text, about: figures}]),
        ...gapLines(applied.gaps).map(text => ({text, about: figures})),
        {text: metricsText(estimates), about: figures},
        ...verdictLines(estimates, seen).map(text => ({text, about: figures})),
        ...(scores.probabilities
          ? [
              ...confusionLines(actual, scores.predicted, content.classes, applied.from),
              {text: calibrationLines(actual, scores.predicted, scores.probabilities, content.classes), about: figures},
            ]
          : [{text: residualLine(actual, scores.predicted), about: figures}]),
        ...(by === undefined ? [] : groupLines(by, groups, applied)),
      ];
      return {
        ok: true,
        ...disclosed(
          lines.map(line => ({...line, text: printable(line.text)})),
          bare,
        ),
        table,
        artifacts: await keepCharts(chart ? [chart] : [], setting, source),
        source,
      };
    },
  });
}

function cellsOf({name, value, low, high, baseline}: Estimate): Cell[] {
  return [name, value, low, high, baseline];
}

function metricsText(estimates: readonly Estimate[]): string {
  const table = tableOf(
    {metric: 'text', value: 'number', low: 'number', high: 'number', baseline: 'number'},
    estimates.map(cellsOf),
  );
  return `${renderMarkdownTable(table)}\nlow to high: 95 % bootstrap interval. baseline: the best constant for these rows, none where they all have one value.`;
}

/** The first metric is the one the model was chosen by. Rows that were mostly in the fit can't show that it is good. */
function verdictLines([first]: readonly Estimate[], {share}: Seen): string[] {
  if (!first || first.value === null || first.baseline === null || first.high === null) return [];
  if (first.value >= first.baseline)
    return [`No better than the baseline: saying the same of every row has no larger ${first.name}.`];
  if (share >= mostSeen) return [];
  return first.high < first.baseline
    ? [`Better than the baseline: ${first.name} lies below it in the whole interval.`]
    : [`Not surely better than the baseline: the interval of ${first.name} reaches it.`];
}

/** Rows of the condition that had no target the model knows. */
async function leftOut({reader, selection, rows}: Applied, where: string | undefined): Promise<number> {
  const [[all] = []] = await reader.rows(`SELECT count(*) ${fromSql({...selection, where})}`);
  return Number(all ?? rows) - rows;
}
