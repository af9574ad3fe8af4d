// Runs whole processes and measures them; every figure is a median over several runs.

import {spawn} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

export const program = fileURLToPath(new URL('../bin/ds-agent.js', import.meta.url));
export const example = fileURLToPath(new URL('../examples/bike_rentals.csv', import.meta.url));

export type RunFigures = {wallMs: number; cpuMs: number; peakBytes: number; code: number | null; stdout: string};

/** Prints the child's own CPU time and peak memory on descriptor 3 when it ends. */
const probe = `data:text/javascript,${encodeURIComponent(`
import {writeSync} from 'node:fs';
process.on('exit', () => {
  const {userCPUTime, systemCPUTime, maxRSS} = process.resourceUsage();
  writeSync(3, JSON.stringify({cpuMs: (userCPUTime + systemCPUTime) / 1000, peakBytes: maxRSS * 1024}));
});`)}`;

export function run(
  args: readonly string[],
  options: {env?: Record<string, string>; input?: string} = {},
): Promise<RunFigures> {
  const started = performance.now();
  const child = spawn(process.execPath, ['--import', probe, ...args], {
    env: cleanEnv(options.env),
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'ignore', 'pipe'],
  });
  let stdout = '';
  let figures = '';
  child.stdout?.on('data', chunk => {
    stdout += chunk;
  });
  child.stdio[3]?.on('data', (chunk: Buffer) => {
    figures += chunk;
  });
  if (options.input !== undefined) child.stdin?.end(options.input);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', code => {
      const wallMs = performance.now() - started;
      resolve({wallMs, code, stdout, ...(JSON.parse(figures) as {cpuMs: number; peakBytes: number})});
    });
  });
}

/** The environment without keys and without what changes a run. */
export function cleanEnv(extra: Record<string, string> = {}): Record<string, string> {
  const kept = ['PATH', 'LANG', 'TERM'].flatMap(name =>
    process.env[name] === undefined ? [] : [[name, process.env[name]]],
  );
  return {...Object.fromEntries(kept), HOME: tmpdir(), TZ: 'UTC', DS_AGENT_NO_STATE: '1', ...extra};
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Takes turns between the measured thing and its yardstick, so that a busy machine slows both. */
export async function alternately<A, B>(times: number, a: () => Promise<A>, b: () => Promise<B>): Promise<[A[], B[]]> {
  const [as, bs]: [A[], B[]] = [[], []];
  await a();
  await b();
  for (let i = 0; i < times; i++) {
    as.push(await a());
    bs.push(await b());
  }
  return [as, bs];
}

export async function withTempDirectory<T>(work: (path: string) => Promise<T>): Promise<T> {
  const path = mkdtempSync(join(tmpdir(), 'ds-agent-bench-'));
  try {
    return await work(path);
  } finally {
    rmSync(path, {recursive: true, force: true});
  }
}

/** The result of `sql` as a Parquet file. */
export async function writeParquet(path: string, sql: string): Promise<void> {
  const {DuckDBInstance} = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`COPY (${sql}) TO '${path}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
}
