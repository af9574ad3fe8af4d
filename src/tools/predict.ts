// Prediction as a tool: a kept model scores the rows of a dataset that has its columns.

import {z} from 'zod';
import {createReader, readNumbers} from '../analysis/column-values.ts';
import {currentVersion} from '../core/dataset.ts';
import {ToolError} from '../core/errors.ts';
import {formatCount, formatNumber} from '../core/text.ts';
import {defineTool, type Tool} from '../core/tool.ts';
import {rowsOf} from '../models/raw-columns.ts';
import {featuresOf} from '../models/recipe.ts';
import {renderMarkdownTable} from '../render/table.ts';
import type {Catalog} from './catalog.ts';
import {originOf} from './disclose.ts';
import {tableOf} from './result-table.ts';
import {isModelKept, loadModel} from './training/model-file.ts';
import {inputsAgain} from './training/read-columns.ts';
import {readInputs} from './training/read-inputs.ts';

const shownRows = 20;
const mostRows = 200_000;

export function predictTool(catalog: Catalog): Tool {
  return defineTool({
    name: 'predict',
    description: 'Score rows with a kept model: "latest", its id, or the dataset it learnt from.',
    parallel: true,
    offered: () => isModelKept(catalog),
    args: z.object({
      model: z.string(),
      dataset: z.string(),
      where: z.string().min(1).optional(),
    }),
    async run({model: wanted, dataset: name, where}, {signal}) {
      const {id, content, model} = await loadModel(catalog.workspace.path('models'), wanted);
      const dataset = await catalog.dataset(name);
      const version = currentVersion(dataset);
      const inputs = inputsAgain(content.inputs, version.columns, dataset.name);
      const reader = createReader(await catalog.engine(), signal);
      const selection = {dataset: dataset.name, where};
      const columns = await readInputs(reader, selection, inputs);
      // A baseline that had no column still predicts for each row of the condition.
      const [ones] = columns.length > 0 ? [] : await readNumbers(reader, selection, ['1::DOUBLE']);
      const [first] = columns;
      const rows = first ? rowsOf(first) : (ones?.length ?? 0);
      if (rows > mostRows)
        throw new ToolError(
          'model.too_many_rows',
          `${formatCount(rows)} rows; at most ${formatCount(mostRows)} at once.`,
          {
            hint: 'Give a condition in where.',
          },
        );
      const features = featuresOf(content.recipe, columns, rows);
      const predicted = model.predict(features);
      const probabilities = model.probabilities?.(features);
      const label = (value: number) => (content.classes.length > 0 ? (content.classes[value] ?? null) : value);
      const likely = (row: number) => Math.max(...(probabilities ?? []).map(p => p[row] ?? 0));
      const kinds = {row: 'number', predicted: content.classes.length > 0 ? 'text' : 'number'} as const;
      const table = tableOf(
        probabilities ? {...kinds, probability: 'number'} : kinds,
        Array.from(predicted, (value, row) => [row + 1, label(value), ...(probabilities ? [likely(row)] : [])]),
      );
      const spread = content.classes.length > 0 ? countsOf(predicted, content.classes) : rangeOf(predicted);
      const bare = `Model ${id} predicts ${content.target} for ${formatCount(rows)} row${rows === 1 ? '' : 's'} of ${dataset.name}.`;
      const learnt = `${content.data.name}.${content.target}`;
      const from = [
        ...originOf(
          dataset,
          content.inputs.map(input => input.column),
        ),
        learnt,
      ];
      const value = {kind: 'value' as const, from};
      return {
        ok: true,
        disclosure: {bare, columns: [{kind: 'name', from: []}, value, ...(probabilities ? [value] : [])]},
        summary: [`${bare} ${spread}`, renderMarkdownTable(table, {maxRows: shownRows})].join('\n'),
        table,
        source: await catalog.sourceOf([dataset.name], reader.sql.join(';\n')),
      };
    },
  });
}

function countsOf(predicted: Float64Array, classes: readonly string[]): string {
  const counts = classes.map((name, k) => `${name}: ${formatCount(predicted.filter(value => value === k).length)}`);
  return `Predicted ${counts.join(', ')}.`;
}

function rangeOf(predicted: Float64Array): string {
  if (predicted.length === 0) return 'There are no rows.';
  const sorted = predicted.toSorted();
  return `From ${formatNumber(sorted[0] ?? 0)} to ${formatNumber(sorted.at(-1) ?? 0)}.`;
}
