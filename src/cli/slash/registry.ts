// /models: the kept models, listed, shown, compared, evaluated, explained and removed by plain arguments.

import {DsAgentError, ToolError, UsageError} from '../../core/errors.ts';
import {printable} from '../../core/text.ts';
import {evaluationCharts} from '../../tools/applying/evaluation-chart-names.ts';
import {modelId, readContent} from '../../tools/training/model-file.ts';
import {listModels, removeModel} from '../../workspace/models.ts';
import type {App} from '../app.ts';
import {factsOf, listedModel, modelLine, modelText} from '../models/facts.ts';
import {comparison} from '../models/registry.ts';
import type {SlashAnswer} from '../slash.ts';
import {inWords} from './run-tool.ts';
import {type Clauses, namedData, readClauses, type Word} from './words.ts';

const usage =
  '/models [show [MODEL] | compare [MODEL …] | evaluate [MODEL] [CHART] [in DATASET] [by COLUMN] | explain [MODEL] [of COLUMN | row N] | rm MODEL]';

export async function models(args: string, app: App, signal: AbortSignal): Promise<SlashAnswer> {
  const [action = '', ...rest] = args.split(/\s+/);
  const behind = args.slice(action.length).trim();
  const folder = app.workspace.path('models');
  switch (action) {
    case '':
      return list(folder);
    case 'show':
      return show(folder, oneModel(rest));
    case 'compare':
      return {text: (await comparison(folder, rest)).text};
    case 'evaluate':
      return evaluate(readClauses(behind, ['by', 'in', 'where']), app, signal);
    case 'explain':
      return explain(readClauses(behind, ['of', 'in', 'where']), app, signal);
    case 'rm':
      return remove(folder, oneModel(rest), app);
    default:
      throw new UsageError('chat.arguments', `Usage: ${usage}`);
  }
}

function oneModel(words: readonly string[]): string {
  if (words.length > 1) throw new UsageError('chat.arguments', `Usage: ${usage}`);
  return words[0] ?? 'latest';
}

async function list(folder: string): Promise<SlashAnswer> {
  const found = await listModels(folder);
  if (found.length === 0) return {text: 'No model is kept here yet. Train one: /train TARGET'};
  const lines: string[] = [];
  for (const file of found) lines.push(modelLine(await listedModel(folder, file)));
  return {text: lines.join('\n')};
}

async function show(folder: string, wanted: string): Promise<SlashAnswer> {
  const id = await modelId(folder, wanted);
  const file = (await listModels(folder)).find(each => each.id === id);
  if (!file) throw new ToolError('model.unknown', `The model ${id} is gone.`);
  return {text: modelText(factsOf(file, await readContent(folder, id)))};
}

async function evaluate(clauses: Clauses, app: App, signal: AbortSignal): Promise<SlashAnswer> {
  const data = await namedData({...clauses, head: []}, app);
  const isChart = ({text, quoted}: Word) => !quoted && evaluationCharts.some(each => each === text.toLowerCase());
  const [chart, ...charts] = clauses.head.filter(isChart);
  const [model, ...more] = clauses.head.filter(word => !isChart(word));
  const [by, ...others] = clauses.after.get('by') ?? [];
  if (more.length > 0 || others.length > 0 || charts.length > 0)
    throw new UsageError('chat.arguments', `Usage: ${usage}\nCHART is ${evaluationCharts.join(', ')}.`);
  const asked = {
    model: model?.text ?? 'latest',
    dataset: data.dataset.name,
    ...(chart && {chart: chart.text.toLowerCase()}),
    ...(by && {by: data.column(by).name}),
    ...(clauses.where && {where: clauses.where}),
  };
  return inWords('evaluate_model', asked, app, signal);
}

async function explain(clauses: Clauses, app: App, signal: AbortSignal): Promise<SlashAnswer> {
  const data = await namedData({...clauses, head: []}, app);
  const at = clauses.head.findIndex(({text}) => text.toLowerCase() === 'row');
  const [model, ...more] = at < 0 ? clauses.head : clauses.head.slice(0, at);
  const row = at < 0 ? null : Number(clauses.head[at + 1]?.text.replaceAll(',', ''));
  const isWrong = row !== null && (!Number.isInteger(row) || row < 1 || clauses.head.length > at + 2);
  const [column, ...others] = clauses.after.get('of') ?? [];
  if (more.length > 0 || others.length > 0 || isWrong) throw new UsageError('chat.arguments', `Usage: ${usage}`);
  const asked = {
    model: model?.text ?? 'latest',
    dataset: data.dataset.name,
    ...(column && {column: data.column(column).name}),
    ...(row !== null && {row}),
    ...(clauses.where && {where: clauses.where}),
  };
  return inWords('explain_model', asked, app, signal);
}

/** Only by its whole id: "latest" is another model a moment later. */
async function remove(folder: string, wanted: string, app: App): Promise<SlashAnswer> {
  const id = await modelId(folder, wanted);
  const shown = printable(wanted, {oneLine: true});
  if (id !== wanted)
    throw new ToolError('model.unknown', `To remove a model give its whole id, not ${shown}.`, {
      hint: '/models lists them.',
    });
  if (!(await app.approve(`Remove the model ${id}? This can't be undone.`)))
    throw new DsAgentError('denied', 'model.rm_denied', `The model ${id} was not removed.`);
  await removeModel(folder, id);
  return {text: `Removed the model ${id}.`};
}
