// The models of a report: what was trained, the leaderboard beside the baseline, and what the columns are worth.

import type {Cell, Table} from '../../core/dataset.ts';
import {formatCount} from '../../core/text.ts';
import type {Block, SourceRef} from '../../render/report/outline.ts';
import type {Material} from './material.ts';
import {type ReadSvg, resultBlocks} from './result-blocks.ts';

export async function modelBlocks({trained, models, results}: Material, readSvg: ReadSvg): Promise<Block[]> {
  const blocks: Block[] = [];
  for (const result of trained) {
    const source: SourceRef = {kind: 'result', id: result.receipt.id};
    const question = results.find(each => each.result === result)?.question ?? '';
    blocks.push({
      type: 'heading',
      text: question || 'A model was trained',
      source: question ? {kind: 'asked'} : source,
    });
    blocks.push(...(await resultBlocks(result, {heading: question, caption: 'Leaderboard'}, readSvg)));
  }
  for (const model of models) blocks.push(...keptModel(model));
  if (blocks.length === 0)
    blocks.push({
      type: 'prose',
      tone: 'note',
      spans: [
        {
          text: 'Not done: no model was trained on this data. In the chat, /train TARGET trains some beside a baseline.',
        },
      ],
    });
  return blocks;
}

/** A model of an earlier session, from its own file. */
function keptModel({id, content}: Material['models'][number]): Block[] {
  const {target, task, estimator, metric, leaderboard, holdout, importance, data, seed} = content;
  const source: SourceRef = {kind: 'model', id};
  const from = [source];
  const tableOf = (names: Record<string, 'number' | 'text'>, rows: Cell[][]): Table => ({
    columns: Object.entries(names).map(([name, kind]) => ({name, type: '', kind})),
    rows,
    totalRows: rows.length,
  });
  const metrics = Object.keys(holdout.winner);
  const blocks: Block[] = [
    {type: 'heading', text: `Kept model ${id}`, source},
    {
      type: 'prose',
      spans: [
        {text: `Predicts ${target} (${task}) with ${estimator}, `, from},
        {text: `learned from ${formatCount(data.rows)} rows of ${data.name} v${data.version}, seed ${seed}.`, from},
      ],
    },
    {
      type: 'table',
      caption: `Cross-validation, mean ${metric}, smaller is better`,
      table: tableOf(
        {model: 'text', [metric]: 'number', sd: 'number'},
        leaderboard.map(({estimator: name, error, sd, baseline}) => [
          baseline ? `${name} (baseline)` : name,
          error,
          sd,
        ]),
      ),
      source,
    },
    {
      type: 'table',
      caption: `On ${formatCount(holdout.rows)} rows held out from the choice`,
      table: tableOf(
        {measure: 'text', model: 'number', baseline: 'number'},
        metrics.map(name => [name, holdout.winner[name] ?? null, holdout.baseline[name] ?? null]),
      ),
      source,
    },
  ];
  if (importance.length > 0)
    blocks.push({
      type: 'table',
      caption: `Permutation importance: rise of ${metric} when the column is shuffled`,
      table: tableOf(
        {column: 'text', mean: 'number', low: 'number', high: 'number'},
        importance.slice(0, 20).map(({column, mean, low, high}) => [column, mean, low, high]),
      ),
      source,
    });
  return blocks;
}
