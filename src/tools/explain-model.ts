// Explanation as a tool: which columns a kept model needs, how its answer changes with one of them, and why one row got its own.

import {z} from 'zod';
import type {Table} from '../core/dataset.ts';
import {ToolError} from '../core/errors.ts';
import {formatCount, formatNumber, printable} from '../core/text.ts';
import {defineTool, type Tool} from '../core/tool.ts';
import {featureScales, inRawUnits, weightedSums} from '../models/explain/coefficients.ts';
import type {DependencePoint} from '../models/explain/partial-dependence.ts';
import {Mt19937} from '../models/mt19937.ts';
import {insideLog} from '../models/on-log.ts';
import {type RawColumn, takeNumbers, takeRawRows} from '../models/raw-columns.ts';
import {applyRecipe} from '../models/recipe.ts';
import type {ChartSpec} from '../render/chart-spec.ts';
import {importanceSpec, partialDependenceSpec} from '../render/model-charts.ts';
import {renderMarkdownTable} from '../render/table.ts';
import {alreadySeen} from './applying/already-seen.ts';
import {type Applied, applyModel} from './applying/apply-model.ts';
import {explainRow} from './applying/explain-row.ts';
import {gapLines} from './applying/unreadable.ts';
import type {Catalog} from './catalog.ts';
import type {ChartSetting} from './charts/keep-chart.ts';
import {disclosed, type Line} from './disclose.ts';
import {runApart} from './exploring/run-apart.ts';
import {tableOf} from './result-table.ts';
import {isModelKept} from './training/model-file.ts';

/** More rows change neither an importance nor a curve by anything that matters. */
const rowsForImportance = 5_000;
const rowsForCurves = 1_000;
/** A column for each of more classes is too wide to be read. */
const mostCoefficientClasses = 12;

/** `sample` is how many rows were looked at where those were not all. */
type Explained = {table: Table; lines: Line[]; charts?: ChartSpec[]; sample?: number | null};

export function explainModelTool(catalog: Catalog, setting: ChartSetting): Tool {
  return defineTool({
    name: 'explain_model',
    description:
      'Explain a kept model: importance of columns and coefficients; with column its partial dependence; with row (from 1) why that row got its prediction.',
    parallel: true,
    offered: () => isModelKept(catalog),
    args: z.object({
      model: z.string(),
      dataset: z.string(),
      where: z.string().min(1).optional(),
      column: z.string().optional(),
      row: z.int().min(1).optional(),
      seed: z.int().min(0).max(999_999).optional(),
    }),
    async run({model, dataset, where, column, row, seed = 42}, {signal}) {
      if (column !== undefined && row !== undefined)
        throw new ToolError('model.one_question', 'Give a column or a row to explain, not both.');
      const needsTarget = column === undefined && row === undefined;
      const applied = await applyModel(catalog, {model, dataset, where, needsTarget}, signal);
      const explained: Explained =
        row !== undefined
          ? await explainRow(applied, row, {seed, signal})
          : column !== undefined
            ? await dependence(applied, column, seed, signal)
            : await importance(catalog, applied, seed, signal);
      const {table, lines, charts = [], sample = null} = explained;
      const {id, content} = applied.kept;
      const bare = `Model ${id} (${content.estimator}), which predicts ${content.target}, on ${applied.dataset.name}.`;
      const head: Line = {text: bare, about: {kind: 'count', from: [], n: 0}};
      const gaps = gapLines(applied.gaps).map(text => ({
        text,
        about: {kind: 'statistic' as const, from: applied.from, n: applied.rows},
      }));
      const parts = [head, ...gaps, ...lines].map(line => ({...line, text: printable(line.text)}));
      const {keepCharts} = await import('./charts/keep-chart.ts');
      const source = await catalog.sourceOf([applied.dataset.name], applied.reader.sql.join(';\n'));
      return {
        ok: true,
        ...disclosed(parts, bare),
        table,
        artifacts: await keepCharts(charts, setting, source),
        source: sample === null ? source : {...source, rowsRead: sample, sampled: true},
      };
    },
  });
}

/** At most `most` rows, drawn by `seed`, in their order. */
function sampleOf(applied: Applied, most: number, seed: number) {
  const {columns, rows, target} = applied;
  const values = target?.values ?? null;
  if (rows <= most) return {columns, rows, target: values, note: ''};
  const chosen = new Mt19937(seed).permutation(rows).slice(0, most).sort();
  const note = ` on a sample of ${formatCount(most)} of ${formatCount(rows)} rows`;
  return {columns: takeRawRows(columns, chosen), rows: most, target: values && takeNumbers(values, chosen), note};
}

async function importance(catalog: Catalog, applied: Applied, seed: number, signal: AbortSignal): Promise<Explained> {
  const {kept, from} = applied;
  const sample = sampleOf(applied, rowsForImportance, seed);
  const actual = sample.target ?? new Float64Array();
  const metric = kept.content.classes.length > 0 ? 'log loss' : 'RMSE';
  const asked = {kept, columns: sample.columns, rows: sample.rows, actual, seed};
  const found = await runApart('importance', asked, {signal, onProgress: () => {}});
  const table = tableOf(
    {column: 'text', importance: 'number', low: 'number', high: 'number'},
    found.map(({column, mean, low, high}) => [column, mean, low, high]),
  );
  const about = {kind: 'statistic' as const, from, n: sample.rows};
  const weights = coefficientLine(applied);
  const {text: seen} = await alreadySeen(catalog, applied);
  return {
    table,
    sample: sample.note === '' ? null : sample.rows,
    lines: [
      ...(seen === null ? [] : [{text: seen, about}]),
      {
        text:
          found.length === 0
            ? 'It uses no column.'
            : `Permutation importance: rise of ${metric} when a column's values are dealt out anew${sample.note || ` among ${formatCount(sample.rows)} rows`}, mean of 10 with its 95 % interval. Columns that tell the same share it.\n${renderMarkdownTable(table)}`,
        about,
      },
      ...(weights ? [weights] : []),
    ],
    charts:
      found.length > 1
        ? [
            importanceSpec(
              found.map(({column, mean, low, high}) => ({name: column, value: mean, low, high})),
              {measure: `rise of ${metric}`, n: sample.rows},
            ),
          ]
        : [],
  };
}

/** The weights of a linear model in the units of the data. */
function coefficientLine({kept, columns, from, rows}: Applied): Line | null {
  const {classes, recipe, parameters, target} = kept.content;
  const inside = insideLog(parameters);
  const sums = weightedSums(inside ? inside.parameters : parameters);
  if (!sums || classes.length > mostCoefficientClasses) return null;
  const features = applyRecipe(recipe, columns, 0);
  const scales = featureScales(recipe, features);
  const raw = sums.map(sum => inRawUnits(sum, scales));
  const shift = inside ? Math.log(inside.onLog.factor) : 0;
  const shown = raw.length === 1 ? [classes[1] ?? (inside ? `log(${target})` : target)] : classes;
  const table = tableOf(
    [['feature', 'text'], ...shown.map(name => [name || '(empty)', 'number'] as const)],
    [
      ['(intercept)', ...raw.map(({intercept}) => intercept + shift)],
      ...scales.map(({name}, j) => [name, ...raw.map(({coefficients}) => coefficients[j] ?? null)]),
    ],
  );
  const unit =
    classes.length === 0
      ? `change of ${inside ? `log(${target}), where +0.1 is about +10 % of ${target},` : target} per unit`
      : `change of the ${classes.length === 2 ? `log-odds of ${classes[1] ?? ''}` : 'score of the class'} per unit`;
  const hasLevels = recipe.steps.some(({kind}) => kind !== 'number');
  return {
    text: `Coefficients, ${unit} of the data:\n${renderMarkdownTable(table, {maxRows: 30})}`,
    // The names of levels and classes are values that rows share.
    about: {kind: hasLevels || classes.length > 0 ? 'group' : 'statistic', from, n: hasLevels ? 0 : rows},
    otherwise: `Coefficients of ${scales.length} features.`,
  };
}

async function dependence(applied: Applied, name: string, seed: number, signal: AbortSignal): Promise<Explained> {
  const {kept, dataset, from} = applied;
  const {classes, target} = kept.content;
  const inputs = kept.content.inputs.filter(input => input.column === name || input.name === name);
  if (inputs.length === 0) {
    const used = [...new Set(kept.content.inputs.map(({column}) => column))];
    throw new ToolError('model.column_unused', `The model does not use "${printable(name, {oneLine: true})}".`, {
      hint: used.length > 0 ? `It uses ${used.slice(0, 20).join(', ')}.` : 'It uses no column.',
    });
  }
  const sample = sampleOf(applied, rowsForCurves, seed);
  const asked = {kept, columns: sample.columns, rows: sample.rows, inputs: inputs.map(input => input.name)};
  const {k, curves} = await runApart('dependence', asked, {signal, onProgress: () => {}});
  const what = classes.length > 0 ? `the probability of ${classes[k] ?? ''}` : target;
  const lines: Line[] = [];
  const charts: ChartSpec[] = [];
  let table = tableOf({value: 'text', mean: 'number'}, []);
  for (const [at, input] of inputs.entries()) {
    const {points = [], rising = 0, falling = 0} = curves[at] ?? {};
    const isNumber = input.kind === 'number';
    const columns = {[input.name]: isNumber ? 'number' : 'text', mean: 'number', p10: 'number', p90: 'number'} as const;
    table = tableOf(
      columns,
      points.map(({value, mean, low, high}) => [value, mean, low, high]),
    );
    const means = points.map(({mean}) => mean);
    const range = `${formatNumber(Math.min(...means))} to ${formatNumber(Math.max(...means))}`;
    const percent = (share: number) => `${Math.round(share * 100)} %`;
    const single = isNumber
      ? ` From its lowest to its highest value ${what} rises in ${percent(rising)} of the rows and falls in ${percent(falling)}.`
      : '';
    lines.push({
      text: `Mean of ${what} when ${input.name} is set to a value in all rows${sample.note || ` (${formatCount(sample.rows)})`}: ${range}. p10 and p90 are of the single rows.${single}\n${renderMarkdownTable(table)}`,
      about: {
        kind: 'group',
        from,
        n: isNumber
          ? sample.rows
          : rarest(
              sample.columns.find(each => each.name === input.name),
              points,
            ),
      },
      otherwise: `Partial dependence on ${input.name}, ${points.length} values.`,
    });
    const curve = {
      x: points.map(({value}) => value),
      y: means,
      low: points.map(({low}) => low),
      high: points.map(({high}) => high),
    };
    if (points.length > 1)
      charts.push(partialDependenceSpec(input.name, curve, {target: what, n: sample.rows, on: dataset.name}));
  }
  return {table, lines, charts, sample: sample.note === '' ? null : sample.rows};
}

/** How many rows the rarest of these levels has. */
function rarest(column: RawColumn | undefined, points: readonly DependencePoint[]): number {
  if (!column || column.kind === 'number') return 0;
  const shown = new Set(points.map(({value}) => column.levels.indexOf(String(value))));
  const counts = new Map<number, number>();
  for (const code of column.codes) if (shown.has(code)) counts.set(code, (counts.get(code) ?? 0) + 1);
  return Math.min(...counts.values());
}
