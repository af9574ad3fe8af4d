// A million rows of thirty columns: the memory that training on them takes, and how soon Ctrl-C ends it, whatever it does.

import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {setTimeout as sleep} from 'node:timers/promises';
import {cleanEnv, program, run, withTempDirectory, writeParquet} from './measure.ts';
import type {Figure} from './run.ts';

const rows = 1_000_000;
/** s after the start: reading, preparing, comparing, and the last fit on all rows. */
const stops = [1, 3, 6, 12, 25, 40];

export async function large(): Promise<Figure[]> {
  return withTempDirectory(async directory => {
    const env = {DS_AGENT_WORKSPACE: `${directory}/workspace`, UPLOAD_SIZE_LIMIT_MB: '1000'};
    const file = `${directory}/large.parquet`;
    await writeParquet(file, `SELECT ${columnsSql().join(', ')} FROM range(${rows}) AS r(i)`);
    const uploaded = await run([program, 'upload', file, '-q'], {env});
    const args = [program, 'train', '--target', 'y', '--seconds', '20', '-q'];
    const trained = await run(args, {env});
    if (uploaded.code !== 0 || trained.code !== 0) throw new Error('the training failed');
    const tookMs: number[] = [];
    for (const seconds of stops) tookMs.push(await stopMs(args, env, Math.min(seconds * 1000, trained.wallMs * 0.9)));
    const limit = 2048;
    return [
      {name: 'peak memory of reading 1M rows × 30', value: uploaded.peakBytes / 2 ** 20, unit: 'MB', budget: limit},
      {name: 'peak memory of training on 1M rows × 30', value: trained.peakBytes / 2 ** 20, unit: 'MB', budget: limit},
      {name: `Ctrl-C to the end, slowest of ${stops.length}`, value: Math.max(...tookMs), unit: 'ms', budget: 300},
    ];
  });
}

/** Numbers, some of them missing, categories of few and of many values, a date, and a class that follows from some of them. */
function columnsSql(): string[] {
  const of = (column: number, values: number) => `(hash(i * 31 + ${column}) % ${values})`;
  const unit = (column: number) => `(${of(column, 1_000_003)} / 1000003.0)`;
  const numbers = Array.from({length: 24}, (_, j) =>
    j % 5 === 4
      ? `CASE WHEN ${of(j + 100, 20)} > 0 THEN 1000 * ${unit(j)} END AS n${j}`
      : `${j % 3 === 0 ? unit(j) : `1000 * ${unit(j)}`} AS n${j}`,
  );
  const classSql = `${unit(0)} + ${unit(3)} * ${unit(1)} + 0.05 * ${of(201, 6)} + 0.6 * ${unit(300)} > 1.3`;
  return [
    ...numbers,
    `'k' || ${of(201, 6)} AS kind`,
    `'city ' || ${of(202, 40)} AS city`,
    `'p' || ${of(203, 400)} AS product`,
    `DATE '2020-01-01' + ${of(204, 1500)}::INT AS day`,
    `${of(205, 2)} = 0 AS member`,
    `CASE WHEN ${classSql} THEN 'yes' ELSE 'no' END AS y`,
  ];
}

/** From the signal to the end of the program. */
async function stopMs(args: readonly string[], env: Record<string, string>, afterMs: number): Promise<number> {
  const child = spawn(process.execPath, args, {env: cleanEnv(env), stdio: 'ignore'});
  const ended = once(child, 'exit');
  await sleep(afterMs);
  const sent = performance.now();
  child.kill('SIGINT');
  const [code] = await ended;
  if (code !== 130) throw new Error(`stopped after ${afterMs} ms it ended with ${code}`);
  return performance.now() - sent;
}
