// `npm run eval:dabench -- --dir FOLDER`: answers the questions of FOLDER from the plans, or with --model by the
// configured model, and scores the answers.

import {mkdir, mkdtemp, rename, writeFile} from 'node:fs/promises';
import {homedir, tmpdir} from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {loadConfig} from '../../src/cli/config.ts';
import {askModel, type Effort} from './ask-model.ts';
import {mapConcurrently} from './concurrency.ts';
import {type Benchmark, readBenchmark, type Task} from './dataset.ts';
import {leakedNumbers} from './leaks.ts';
import {modelReport, type Prices} from './model-report.ts';
import {readPlans} from './plan.ts';
import {replay} from './replay.ts';
import {isTried, type Outcome, report, type Scored, scoreAll} from './score.ts';

const usage = `Usage: npm run eval:dabench -- --dir FOLDER [options]
  --model           ask the model of the environment (OPENAI_API_KEY, GEMINI_API_KEY …) instead of replaying plans
  --out FOLDER      where responses.jsonl and report.json are written (default: a new temporary folder)
  --only ID         this question alone; may be repeated
  --limit N         at most the first N questions
  --concurrency N   so many questions at once (default 2)
  --cautions        say what the watch says beside the results of the plans
  --prices IN,OUT   US dollars for a million tokens in and out, to reckon the cost of --model
`;

const {values} = parseArgs({
  options: {
    dir: {type: 'string'},
    model: {type: 'boolean'},
    out: {type: 'string'},
    only: {type: 'string', multiple: true},
    limit: {type: 'string'},
    concurrency: {type: 'string'},
    prices: {type: 'string'},
    cautions: {type: 'boolean'},
  },
});

const isCount = (text: string | undefined) => text === undefined || /^[1-9]\d*$/.test(text);
if (values.dir === undefined || !isCount(values.limit) || !isCount(values.concurrency)) {
  process.stderr.write(usage);
  process.exitCode = 2;
} else {
  const benchmark = await readBenchmark(values.dir);
  const folder = values.out ?? (await mkdtemp(path.join(tmpdir(), 'dabench-')));
  await mkdir(folder, {recursive: true});
  if (values.model) await runModel(benchmark, folder);
  else await runPlans(benchmark, folder);
}

/** Exit 1 when an answer differs from a label that the audit finds no fault in. */
async function runPlans(benchmark: Benchmark, folder: string): Promise<void> {
  const plans = await readPlans(fileURLToPath(new URL('plans', import.meta.url)));
  const chosen = new Set(choose(benchmark.tasks.filter(task => plans.has(task.question.id))));
  const outcomes = await mapConcurrently(benchmark.tasks, atOnce(), async (task): Promise<Outcome> => {
    const plan = plans.get(task.question.id);
    if (!plan || !chosen.has(task)) return {task};
    const leaked = leakedNumbers(task.labels, plan);
    if (leaked.length > 0) return {task, error: `the plan holds ${leaked.join(', ')}, which is in the label`};
    try {
      const {response, cautions} = await replay(plan, task.tableFile);
      if (values.cautions)
        for (const {severity, code, message} of cautions)
          process.stdout.write(`${task.question.id} ${severity} ${code}: ${message}\n`);
      return {task, response};
    } catch (error) {
      return {task, error: error instanceof Error ? error.message : String(error)};
    }
  });
  const scored = scoreAll(outcomes, benchmark);
  await writeResponses(scored, folder);
  process.stdout.write(`${report(scored)}\n\nResponses: ${path.join(folder, 'responses.jsonl')}\n`);
  const isGood = scored.filter(isTried).every(each => each.isRight || !each.task.isSound);
  process.exitCode = isGood ? 0 : 1;
}

async function runModel(benchmark: Benchmark, folder: string): Promise<void> {
  const {env} = process;
  const state = path.join(env.XDG_STATE_HOME || path.join(homedir(), '.local', 'state'), 'ds-agent');
  const config = loadConfig({flags: {}, env, files: [], defaultStateDirectory: state});
  const stopping = new AbortController();
  process.once('SIGINT', () => stopping.abort(new Error('stopped by Ctrl-C')));
  const chosen = new Set(choose(benchmark.tasks));
  const efforts = new Map<number, Effort>();
  const soFar = new Map<Task, Outcome>();
  const file = path.join(folder, 'report.json');
  // What is answered is kept after each question, so a crash or a full quota in the middle loses nothing.
  const keep = inTurn(async () => {
    const scored = scoreAll(
      benchmark.tasks.map(task => soFar.get(task) ?? {task}),
      benchmark,
    );
    await writeResponses(scored, folder);
    const report = modelReport(scored, efforts, {prices: prices(), chosen: chosen.size});
    await writeFile(`${file}.part`, `${JSON.stringify(report, null, 2)}\n`);
    await rename(`${file}.part`, file);
    return scored;
  });
  await mapConcurrently(benchmark.tasks, atOnce(), async (task): Promise<void> => {
    if (!chosen.has(task) || stopping.signal.aborted) return;
    const {effort, ...result} = await askModel(task, config, stopping.signal);
    // Stopped in the middle of it: it was neither answered nor failed.
    if (stopping.signal.aborted && result.response === undefined) return;
    efforts.set(task.question.id, effort);
    soFar.set(task, {task, ...result});
    const problem = result.error === undefined ? '' : ` failed: ${result.error}`;
    process.stderr.write(`${efforts.size} of ${chosen.size}: question ${task.question.id}${problem}\n`);
    await keep();
  });
  const scored = await keep();
  const rest = chosen.size - efforts.size;
  const partial = rest > 0 ? `\nStopped with ${rest} of ${chosen.size} questions not asked.` : '';
  process.stdout.write(`${report(scored)}\n\nReport: ${file}${partial}\n`);
  if (rest > 0) process.exitCode = 130;
}

/** Runs one after the other, whoever asks. */
function inTurn<Result>(work: () => Promise<Result>): () => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return () => {
    const next = last.then(work);
    last = next.catch(() => {});
    return next;
  };
}

function choose(tasks: readonly Task[]): Task[] {
  const ids = values.only?.map(Number);
  const chosen = ids ? tasks.filter(task => ids.includes(task.question.id)) : tasks;
  return chosen.slice(0, values.limit === undefined ? undefined : Number(values.limit));
}

function atOnce(): number {
  return Number(values.concurrency ?? 2);
}

function prices(): Prices | null {
  const [input, output] = (values.prices ?? '').split(',').map(Number);
  return input !== undefined && output !== undefined && input + output >= 0 ? {input, output} : null;
}

async function writeResponses(scored: readonly Scored[], folder: string): Promise<void> {
  const lines = scored
    .filter(isTried)
    .map(({task, response}) => JSON.stringify({id: task.question.id, response: response ?? ''}));
  await writeFile(path.join(folder, 'responses.jsonl'), lines.map(line => `${line}\n`).join(''));
}
