// Runs the built program as a user's shell would, in a place of its own: own home, own folders, no keys, no terminal.

import {type ChildProcessWithoutNullStreams, spawn} from 'node:child_process';
import {cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {afterAll, beforeAll} from 'vitest';
import {printedJsonProblems} from './printed-json.ts';

export const binary = fileURLToPath(new URL('../../bin/ds-agent.js', import.meta.url));

/** A folder to start the program in. `workspace` is where the program puts its data by default. */
export type Place = {
  cwd: string;
  home: string;
  workspace: string;
  env: Record<string, string>;
  /** Writes a file beside the workspace and gives its absolute path. */
  file(name: string, content: string | Uint8Array): string;
  remove(): void;
};

export function makePlace(): Place {
  const root = mkdtempSync(join(tmpdir(), 'ds-agent-place-'));
  const cwd = join(root, 'work');
  const home = join(root, 'home');
  mkdirSync(cwd);
  mkdirSync(home);
  const env = {
    PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
    HOME: home,
    TMPDIR: tmpdir(),
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_STATE_HOME: join(home, 'state'),
    TZ: 'UTC',
    LANG: 'C.UTF-8',
  };
  return {
    cwd,
    home,
    workspace: join(cwd, 'workspace'),
    env,
    file(name, content) {
      const path = join(cwd, name);
      mkdirSync(dirname(path), {recursive: true});
      writeFileSync(path, content);
      return path;
    },
    remove: () => rmSync(root, {recursive: true, force: true}),
  };
}

/** For the tests of one file: places whose workspace has the dataset sales already, imported once and then copied. */
export function placesWithSales(salesCsv: string): () => Place {
  const first = makePlace();
  beforeAll(() => runProgram(['upload', first.file('sales.csv', salesCsv)], {place: first}));
  afterAll(() => first.remove());
  return () => {
    const place = makePlace();
    place.file('sales.csv', salesCsv);
    cpSync(first.workspace, place.workspace, {recursive: true});
    // As if it had been imported from here: a file of the same path is its next version.
    const manifest = join(place.workspace, 'data', 'sales', 'v1.json');
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replaceAll(first.cwd, place.cwd));
    return place;
  };
}

/** `null` is /dev/null, `closed` no descriptor at all, `open` a pipe that nobody writes to or ends. */
export type Stdin = {pipe: string | Uint8Array} | 'null' | 'closed' | 'open';

export type RunOptions = {
  place: Place;
  stdin?: Stdin;
  env?: Record<string, string>;
  /** Options for Node itself. */
  nodeArgs?: readonly string[];
  timeoutMs?: number;
};

export type RunResult = {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  ms: number;
};

export type Running = {
  pid: number;
  stdin: NodeJS.WritableStream;
  /** Resolves once the stream has shown the pattern; rejects when the program ends without it. */
  sees(stream: 'stdout' | 'stderr', pattern: RegExp): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  done: Promise<RunResult>;
};

export function startProgram(args: readonly string[], options: RunOptions): Running {
  const {place, stdin = 'null', nodeArgs = [], timeoutMs = 25_000} = options;
  const started = performance.now();
  const command = [process.execPath, ...nodeArgs, binary, ...args];
  const redirect = stdin === 'closed' ? '<&-' : stdin === 'null' ? '</dev/null' : '';
  const child: ChildProcessWithoutNullStreams = spawn('/bin/sh', ['-c', `exec "$@" ${redirect}`, 'sh', ...command], {
    cwd: place.cwd,
    env: {...place.env, ...options.env},
  });
  const text = {stdout: '', stderr: ''};
  const watchers = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (part: string) => {
      text[name] += part;
      for (const watch of watchers) watch();
    });
  }
  child.stdin.on('error', () => {});
  if (typeof stdin === 'object') child.stdin.end(stdin.pipe);
  else if (stdin !== 'open') child.stdin.end();

  const done = new Promise<RunResult>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`ds-agent ${args.join(' ')} did not end in ${timeoutMs} ms\n${text.stdout}\n${text.stderr}`));
    }, timeoutMs);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const problems = printedJsonProblems(args, text.stdout, signal !== null);
      if (problems.length > 0)
        reject(
          new Error(`ds-agent ${args.join(' ')} printed JSON that no schema file allows:\n${problems.join('\n')}`),
        );
      resolve({code, signal, ...text, ms: performance.now() - started});
    });
  });
  return {
    pid: child.pid ?? 0,
    stdin: child.stdin,
    kill: signal => child.kill(signal),
    done,
    sees: (stream, pattern) =>
      new Promise((resolve, reject) => {
        const watch = () => {
          if (!pattern.test(text[stream])) return;
          watchers.delete(watch);
          resolve();
        };
        watchers.add(watch);
        watch();
        done.then(
          () => reject(new Error(`ended without ${pattern} on ${stream}:\n${text.stdout}\n${text.stderr}`)),
          reject,
        );
      }),
  };
}

export function runProgram(args: readonly string[], options: RunOptions): Promise<RunResult> {
  return startProgram(args, options).done;
}

/** Runs a shell line in which `ds_agent` is the built program. */
export function runShell(line: string, place: Place, timeoutMs = 25_000): Promise<RunResult> {
  const started = performance.now();
  const child = spawn('/bin/sh', ['-c', `ds_agent() { "${process.execPath}" "${binary}" "$@"; }\n${line}`], {
    cwd: place.cwd,
    env: place.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    stdout += part;
  });
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    stderr += part;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({code, signal, stdout, stderr, ms: performance.now() - started}));
  });
}
