// What a report is written from: the results of a session, and what is computed now because it is missing.

import {type Call, callsOf, type Entry, readTranscript, receiptOf} from '../../agent/transcript.ts';
import {currentVersion, type Dataset} from '../../core/dataset.ts';
import {UsageError} from '../../core/errors.ts';
import type {NextStep, Receipt} from '../../core/tool.ts';
import type {ModelContent} from '../../tools/training/model-file.ts';
import type {App} from '../app.ts';
import type {Result} from './result-blocks.ts';
import {correlation, furtherCalls, type Planned} from './standard-analysis.ts';

/**
 * Something asked and what came of it. `answer` is null where the report or a command asked; `byRules` is one of the
 * embedded analyst, which mostly says what the results say.
 */
export type Finding = {question: string; answer: string | null; byRules: boolean; results: Result[]; failed: boolean};

/** `profile` and `quality` are null where they could not be computed; why stands in `problems`. */
export type DatasetFacts = {dataset: Dataset; profile: Result | null; quality: Result | null};

export type Material = {
  datasets: DatasetFacts[];
  findings: Finding[];
  /** Results of training, in the session or kept in the workspace. */
  trained: Result[];
  models: {id: string; content: ModelContent}[];
  /** Every result in its order, with what it was computed for. */
  results: {result: Result; question: string}[];
  nextSteps: NextStep[];
  /** What could not be done: a question or a tool, and the code of the failure. */
  problems: {what: string; code: string}[];
  /** All that was asked and ordered; `prompts` are those that went to a model anyway. */
  questions: string[];
  prompts: string[];
  /** The report chose what to compute, since nothing had been asked. */
  standard: boolean;
};

/** Tools whose results have sections of their own, or none. */
const apart = new Set(['describe_dataset', 'check_quality', 'list_datasets', 'import_file', 'train_model']);
/** What every report needs of a dataset. */
const factTools = new Set(['describe_dataset', 'check_quality']);
const mostModels = 5;

/** @throws UsageError `dataset.none`, ToolError `dataset.unknown` */
export async function gatherMaterial(app: App, named: string | null, signal: AbortSignal): Promise<Material> {
  const entries = await entriesOf(app);
  const names = await datasetNames(app, entries, named);
  const concerns = ({datasets}: Receipt) => named === null || datasets.some(({name}) => names.includes(name));
  const material: Material = {
    datasets: [],
    findings: [],
    trained: [],
    models: [],
    results: [],
    nextSteps: entries.findLast(each => each.kind === 'turn')?.nextSteps ?? [],
    problems: [],
    questions: [],
    prompts: [],
    standard: false,
  };
  for (const entry of entries) takeEntry(entry, concerns, material);
  const run = (planned: Planned) => runPlanned(app, planned, material, signal);
  for (const name of names) {
    const dataset = await app.catalog.dataset(name);
    const profile =
      known(material, 'describe_dataset', dataset) ??
      (await run({title: `Profile of ${name}`, tool: 'describe_dataset', args: {dataset: name}}));
    const quality =
      known(material, 'check_quality', dataset) ??
      (await run({title: `Quality of ${name}`, tool: 'check_quality', args: {dataset: name}}));
    material.datasets.push({dataset, profile, quality});
  }
  if (material.findings.length === 0 && material.trained.length === 0) {
    material.standard = true;
    for (const {dataset, profile} of material.datasets)
      if (profile && currentVersion(dataset).rows > 0) await analyse(dataset, profile, {app, material, signal});
  }
  material.models = await keptModels(app, names, material);
  return material;
}

async function analyse(
  dataset: Dataset,
  profile: Result,
  {app, material, signal}: {app: App; material: Material; signal: AbortSignal},
): Promise<void> {
  const find = async (planned: Planned) => {
    const result = await runPlanned(app, planned, material, signal);
    if (result)
      material.findings.push({question: planned.title, answer: null, byRules: false, results: [result], failed: false});
    return result;
  };
  const pairs = correlation(dataset, profile);
  const correlated = pairs ? await find(pairs) : null;
  for (const planned of furtherCalls(dataset, profile, correlated)) await find(planned);
}

/** What was said and done in this session until now. */
async function entriesOf(app: App): Promise<readonly Entry[]> {
  if ((await app.workspace.readSession(app.sessionId)) === null) return app.earlier;
  const {findSession} = await import('../sessions/open-session.ts');
  const found = await findSession(app.workspace, app.sessionId).catch(() => null);
  return found ? readTranscript(found.events) : app.earlier;
}

/** Those the session computed from, or the one named or worked on. */
async function datasetNames(app: App, entries: readonly Entry[], named: string | null): Promise<string[]> {
  if (named !== null) return [(await app.catalog.dataset(named)).name];
  const there = new Set((await app.catalog.datasets()).map(({name}) => name));
  const used = entries.flatMap(callsOf).flatMap(call => receiptOf(call)?.datasets.map(({name}) => name) ?? []);
  const found = [...new Set(used)].filter(name => there.has(name));
  const active = await app.catalog.active();
  if (found.length > 0) return found;
  if (active !== undefined) return [active];
  throw new UsageError('dataset.none', 'There is no dataset to report on.', {
    hint: 'Give one: ds-agent report --data FILE -o report.pdf',
  });
}

function takeEntry(entry: Entry, concerns: (receipt: Receipt) => boolean, material: Material): void {
  const question = (entry.kind === 'turn' ? entry.prompt : (entry.line ?? '')).trim();
  const results = callsOf(entry).flatMap(call => resultOf(call) ?? []);
  const about = results.filter(({receipt}) => concerns(receipt));
  // What an earlier report computed for itself was not asked; of a command that was cut off nobody knows what was.
  if (question === '' || question.startsWith('/report')) {
    const facts = about.filter(({receipt}) => factTools.has(receipt.tool));
    for (const result of facts) material.results.push({result, question: ''});
    return;
  }
  if (results.length > 0 && about.length === 0) return;
  material.questions.push(question);
  if (entry.kind === 'turn') material.prompts.push(question);
  for (const result of about) material.results.push({result, question});
  material.trained.push(...about.filter(({receipt}) => receipt.tool === 'train_model'));
  const rest = about.filter(({receipt}) => !apart.has(receipt.tool));
  const failed = entry.kind === 'turn' && (entry.error !== null || entry.outcome !== 'answered');
  if (failed)
    material.problems.push({what: question, code: entry.kind === 'turn' ? (entry.error?.code ?? 'aborted') : ''});
  if (rest.length === 0) return;
  const last = entry.kind === 'turn' ? entry.steps.findLast(({text}) => text.trim() !== '') : undefined;
  const byRules = last?.provider === 'offline';
  material.findings.push({question, answer: last?.text ?? null, byRules, results: rest, failed});
}

function resultOf({result}: Call): Result | null {
  return result.ok && !result.nextSteps ? result : null;
}

/** A result of the session that is about the whole dataset as it is now. */
function known({results}: Material, tool: string, dataset: Dataset): Result | null {
  const {sha256} = currentVersion(dataset);
  const found = results.findLast(({result: {receipt}}) => {
    const isWhole = Object.keys(receipt.args ?? {}).join() === 'dataset';
    return receipt.tool === tool && isWhole && receipt.datasets.some(ref => ref.sha256 === sha256);
  });
  return found?.result ?? null;
}

/** Null where it failed, which is remembered. Rejects only when stopped. */
async function runPlanned(
  app: App,
  {title, tool, args}: Planned,
  material: Material,
  signal: AbortSignal,
): Promise<Result | null> {
  const result = await app.session.runTool(tool, args, signal);
  if (!result.ok) {
    material.problems.push({what: title, code: result.code});
    return null;
  }
  material.results.push({result, question: title});
  return result;
}

/** The newest models of these datasets that the session did not train itself. */
async function keptModels(app: App, names: readonly string[], {trained}: Material): Promise<Material['models']> {
  const {listModels} = await import('../../workspace/models.ts');
  const folder = app.workspace.path('models');
  const ids = (await listModels(folder)).map(({id}) => id);
  const wanted = ids.filter(
    id => names.includes(id.split('/')[0] ?? '') && !trained.some(({summary}) => summary.includes(id)),
  );
  if (wanted.length === 0) return [];
  const {keptModel} = await import('../../tools/training/model-file.ts');
  const models: Material['models'] = [];
  for (const id of wanted.slice(0, mostModels)) {
    // What is told of a model stands beside its parameters; reading those would hold up the keys of a chat.
    const kept = await keptModel(folder, id).catch(() => null);
    if (kept) models.push(kept);
  }
  return models;
}
