// `npm run eval:dabench -- --dir FOLDER`: answers the questions of FOLDER from the plans, or with --model by the
// configured model, and scores the answers.

import {mkdtemp, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {mapConcurrently} from './concurrency.ts';
import {type Benchmark, readBenchmark, type Task} from './dataset.ts';
import {readPlans} from './plan.ts';
import {replay} from './replay.ts';
import {isTried, type Outcome, report, type Scored, scoreAll} from './score.ts';

const usage = `Usage: npm run eval:dabench -- --dir FOLDER [options]
  --out FILE        where the responses are written (default: a new temporary folder)
  --only ID         this question alone; may be repeated
  --limit N         at most the first N questions
  --concurrency N   so many questions at once (default 2)
`;

const {values} = parseArgs({
  options: {
    dir: {type: 'string'},
    out: {type: 'string'},
    only: {type: 'string', multiple: true},
    limit: {type: 'string'},
    concurrency: {type: 'string'},
  },
});

if (values.dir === undefined) {
  process.stderr.write(usage);
  process.exitCode = 2;
} else {
  const benchmark = await readBenchmark(values.dir);
  const scored = scoreAll(await replayAll(benchmark), benchmark);
  const file = await writeResponses(scored);
  process.stdout.write(`${report(scored)}\n\nResponses: ${file}\n`);
  const isGood = scored.filter(isTried).every(each => each.isRight || !each.task.isSound);
  process.exitCode = isGood ? 0 : 1;
}

async function replayAll({tasks}: Benchmark): Promise<Outcome[]> {
  const plans = await readPlans(fileURLToPath(new URL('plans', import.meta.url)));
  const wanted = new Set(pick(tasks.filter(task => plans.has(task.question.id))));
  return mapConcurrently(tasks, Number(values.concurrency ?? 2), async task => {
    const plan = plans.get(task.question.id);
    if (!plan || !wanted.has(task)) return {task};
    try {
      return {task, response: await replay(plan, task.tableFile)};
    } catch (error) {
      return {task, error: error instanceof Error ? error.message : String(error)};
    }
  });
}

function pick(tasks: readonly Task[]): Task[] {
  const ids = values.only?.map(Number);
  const chosen = ids ? tasks.filter(task => ids.includes(task.question.id)) : tasks;
  return chosen.slice(0, values.limit === undefined ? undefined : Number(values.limit));
}

async function writeResponses(scored: readonly Scored[]): Promise<string> {
  const file = values.out ?? path.join(await mkdtemp(path.join(tmpdir(), 'dabench-')), 'responses.jsonl');
  const lines = scored
    .filter(isTried)
    .map(({task, response}) => JSON.stringify({id: task.question.id, response: response ?? ''}));
  await writeFile(file, lines.map(line => `${line}\n`).join(''));
  return file;
}
