import {execFile} from 'node:child_process';
import {cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {afterAll, expect, test} from 'vitest';

const exec = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'ds-agent-package-'));
afterAll(() => rmSync(folder, {recursive: true, force: true}));

type Manifest = {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  optionalDependencies?: Record<string, string>;
};
const manifest: Manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

test('the suite runs on a Node that the program supports', () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  expect(major * 100 + minor).toBeGreaterThanOrEqual(2212);
});

test('the published package holds the launcher, the bundle and the example, and no runtime of its own', async () => {
  const {stdout} = await exec('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {cwd: root});
  const packed: unknown = JSON.parse(stdout);
  const text = JSON.stringify(packed);
  const paths = [...text.matchAll(/"path":"([^"]+)"/g)].map(match => match[1] ?? '');
  expect(paths).toEqual(
    expect.arrayContaining([
      'bin/ds-agent.js',
      'bin/package.json',
      'dist/main.js',
      'examples/bike_rentals.csv',
      'README.md',
    ]),
  );
  expect(paths.filter(path => /^(src|test|tools|bench|eval|node_modules|workspace)\//.test(path))).toEqual([]);
});

test('no user of the package is made to install a second Node', () => {
  const names = Object.keys({...manifest.dependencies, ...manifest.optionalDependencies});
  expect(names.filter(name => name.startsWith('node-'))).toEqual([]);
});

test('the native package that the bundle leaves outside is a direct dependency', () => {
  expect(manifest.dependencies).toHaveProperty(['@duckdb/node-bindings']);
});

test('versions are pinned exactly', () => {
  const versions = Object.values({...manifest.dependencies, ...manifest.devDependencies});
  expect(versions.filter(version => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
});

test('on a Node that is too old and brings no newer one, the launcher says so in one sentence and exits 4', async () => {
  const copy = join(folder, 'alone');
  cpSync(join(root, 'bin'), join(copy, 'bin'), {recursive: true});
  writeFileSync(join(copy, 'package.json'), readFileSync(join(root, 'package.json')));
  const pretend = join(folder, 'pretend.cjs');
  writeFileSync(
    pretend,
    "Object.defineProperty(process, 'versions', {value: {...process.versions, node: '20.20.2'}});\n",
  );
  const run = exec(process.execPath, ['--require', pretend, join(copy, 'bin', 'ds-agent.js'), '-p', 'hello']);
  await expect(run).rejects.toMatchObject({
    code: 4,
    stdout: '',
    stderr: expect.stringMatching(/^ds-agent needs Node\.js 22\.12 or newer, and this is 20\.20\.2: [^\n]+\n$/),
  });
});

test('in a checkout the launcher goes on with the newer Node beside it and keeps its exit code', async () => {
  const pretend = join(folder, 'pretend.cjs');
  writeFileSync(
    pretend,
    "Object.defineProperty(process, 'versions', {value: {...process.versions, node: '20.20.2'}});\n",
  );
  const bin = join(root, 'bin', 'ds-agent.js');
  const run = exec(process.execPath, ['--require', pretend, bin, '--no-such-option']);
  await expect(run).rejects.toMatchObject({code: 2, stderr: expect.stringContaining('--no-such-option')});
});

test('the lock file names the packages of every platform, as a clean install wants', () => {
  type Entry = {optionalDependencies?: Record<string, string>};
  const lock: {packages: Record<string, Entry>} = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const named = Object.values(lock.packages).flatMap(entry => Object.keys(entry.optionalDependencies ?? {}));
  expect(named.filter(name => !lock.packages[`node_modules/${name}`])).toEqual([]);
});
