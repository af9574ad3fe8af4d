// Before any test: builds the program once when dist/ is missing or older than what it is built from.

import {spawnSync} from 'node:child_process';
import {readdirSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export function setup(): void {
  if (builtAt() > newestSource()) return;
  const {status, stderr} = spawnSync(process.execPath, ['scripts/build.mjs'], {cwd: root, encoding: 'utf8'});
  if (status === 0) return;
  // Tests of single parts must run while another part is being changed; only a missing program stops them all.
  if (builtAt() === 0) throw new Error(`The program can't be built:\n${stderr}`);
  process.stderr.write(`The program can't be built, so the one built before is tested:\n${stderr}\n`);
}

function builtAt(): number {
  // Written last by the build.
  return statSync(join(root, 'dist', 'meta.json'), {throwIfNoEntry: false})?.mtimeMs ?? 0;
}

function newestSource(): number {
  const sources = readdirSync(join(root, 'src'), {recursive: true, withFileTypes: true})
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name));
  const others = ['scripts/build.mjs', 'package.json'].map(name => join(root, name));
  return Math.max(...[...sources, ...others].map(path => statSync(path, {throwIfNoEntry: false})?.mtimeMs ?? 0));
}
