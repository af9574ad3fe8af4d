// The models of a report: what was trained, the leaderboard beside the baseline, and what the columns are worth.

import type {Cell, Table} from '../../core/dataset.ts';
import {counted} from '../../core/text.ts';
import type {Block, SourceRef} from '../../render/report/outline.ts';
import {questionTitle} from './findings-section.ts';
import type {Material} from './material.ts';
import {type ReadSvg, resultBlocks} from './result-blocks.ts';

const mostBars = 12;

export async function modelBlocks({trained, models, results}: Material, readSvg: ReadSvg): Promise<Block[]> {
  const blocks: Block[] = [];
  for (const result of trained) {
    const source: SourceRef = {kind: 'result', id: result.receipt.id};
    const question = results.find(each => each.result === result)?.question ?? '';
    blocks.push({
      type: 'heading',
      text: question === '' ? 'A model was trained' : questionTitle({question, results: [result]}),
      source: question ? {kind: 'asked'} : source,
    });
    blocks.push(...(await resultBlocks(result, {heading: question, caption: 'Leaderboard'}, readSvg)));
  }
  for (const model of models) blocks.push(...(await keptModel(model)));
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
async function keptModel({id, content}: Material['models'][number]): Promise<Block[]> {
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
        {text: `learned from ${counted(data.rows, 'row')} of ${data.name} v${data.version}, seed ${seed}.`, from},
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
      caption: `On ${counted(holdout.rows, 'row')} held out from the choice`,
      table: tableOf(
        {measure: 'text', model: 'number', baseline: 'number'},
        metrics.map(name => [name, holdout.winner[name] ?? null, holdout.baseline[name] ?? null]),
      ),
      source,
    },
  ];
  if (importance.length > 0) blocks.push(await importanceChart(content, source));
  return blocks;
}

async function importanceChart(
  {importance, metric, holdout}: Material['models'][number]['content'],
  source: SourceRef,
): Promise<Block> {
  const {importanceSpec} = await import('../../render/model-charts.ts');
  const {svgOf} = await import('../../render/svg/svg.ts');
  const {renderTerminalChart} = await import('../../render/chart.ts');
  const title = `Permutation importance: rise of ${metric} when the column is shuffled`;
  const spec = importanceSpec(
    importance.slice(0, mostBars).map(({column, mean, low, high}) => ({name: column, value: mean, low, high})),
    {title, measure: `rise of ${metric}`, n: holdout.rows, on: 'rows held out, lowest to highest of five shuffles'},
  );
  return {
    type: 'chart',
    title,
    titled: true,
    svg: svgOf(spec),
    preview: renderTerminalChart(spec, {width: 80, height: mostBars}),
    summary: '',
    source,
  };
}
