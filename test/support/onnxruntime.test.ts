// How onnxruntime comes to the tests, and what happens where it can't.

import {spawnSync} from 'node:child_process';
import {cpSync, existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';
import {afterAll, describe, expect, it} from 'vitest';
import {z} from 'zod';
import {runOnnx} from './onnxruntime.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const tool = join(root, 'tools', 'onnxruntime');
const empty = mkdtempSync(join(tmpdir(), 'ds-agent-onnxruntime-'));
afterAll(() => rmSync(empty, {recursive: true}));

const lockSchema = z.object({packages: z.record(z.string(), z.object({integrity: z.string().optional()}))});
const scriptsSchema = z.object({scripts: z.record(z.string(), z.string())});
const read = (...path: string[]): unknown => JSON.parse(readFileSync(join(...path), 'utf8'));

function install(folder: string, env: Record<string, string>) {
  const script = join(root, 'scripts', 'onnxruntime.mjs');
  return spawnSync(process.execPath, [script, folder], {encoding: 'utf8', env: {...process.env, ...env}});
}

describe('the installation of onnxruntime', () => {
  it('is a part of npm test and of nothing that a user runs', () => {
    const {scripts} = scriptsSchema.parse(read(root, 'package.json'));
    const bringing = Object.keys(scripts).filter(name => scripts[name]?.includes('onnxruntime'));
    expect(bringing).toEqual(['test']);
    expect(Object.keys(lockSchema.parse(read(root, 'package-lock.json')).packages).join()).not.toContain('onnx');
  });

  it('takes what its lock file names, each by its hash, and runs no script of any package', () => {
    const {packages} = lockSchema.parse(read(tool, 'package-lock.json'));
    const unpinned = Object.keys(packages).filter(
      name => name !== '' && !packages[name]?.integrity?.startsWith('sha512-'),
    );
    expect([unpinned, 'node_modules/onnxruntime-node' in packages]).toEqual([[], true]);
    expect(readFileSync(join(tool, '.npmrc'), 'utf8')).toMatch(/^ignore-scripts=true$/m);
  });

  it('does nothing where it is installed, with no npm and no network at hand', () => {
    const {status, stdout, stderr} = install(tool, {PATH: ''});
    expect([status, stdout, stderr]).toEqual([0, '', '']);
  });

  it('without a network says that the tests will fail and how to mend it, and lets the others run', () => {
    for (const name of ['package.json', 'package-lock.json', '.npmrc']) cpSync(join(tool, name), join(empty, name));
    const away = {registry: 'http://127.0.0.1:9', cache: join(empty, 'cache'), fetch_retries: '0'};
    const env = Object.fromEntries(Object.entries(away).map(([name, value]) => [`npm_config_${name}`, value]));
    const {status, stderr} = install(empty, env);
    expect(status).toBe(0);
    expect(stderr).toContain('onnxruntime could not be installed (npm error');
    expect(stderr).toContain('npm ci --prefix tools/onnxruntime');
    expect(existsSync(join(empty, 'node_modules', 'onnxruntime-node'))).toBe(false);
  });

  it('is asked for by a test that needs it and does not find it', async () => {
    const missing = pathToFileURL(`${empty}/none/`);
    await expect(runOnnx([], missing)).rejects.toThrow(
      'onnxruntime is not installed. Run: node scripts/onnxruntime.mjs',
    );
  });
});

it('a file that onnxruntime can not read is an answer, not the end of the run', async () => {
  const [answer] = await runOnnx([{bytes: Uint8Array.of(1, 2, 3), inputs: []}]);
  expect(answer?.error).toContain('Error');
});
