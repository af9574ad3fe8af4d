// All temporary folders of a run stand in one, which is gone afterwards. What a test left there, or in the repository, is
// an error of the run: nobody else would notice that folders pile up.

import {mkdtempSync, readdirSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

const repository = fileURLToPath(new URL('../..', import.meta.url));
/** What people see first; the folders of the sources change while they are worked on. */
const inRepository = () =>
  ['.', 'workspace', 'examples'].flatMap(folder =>
    readdirSync(join(repository, folder)).map(name => join(folder, name)),
  );
/** What lies in it tells which test left it. */
const within = (path: string) => (statSync(path).isDirectory() ? readdirSync(path, 'utf8') : []);
/** Of one user, for all workspaces that can't be written, and the one that Node keeps compiled programs in. */
const shared = [`ds-agent-${process.getuid?.()}`, 'node-compile-cache'];

export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'ds-agent-tests-'));
  // The processes of the tests inherit it.
  process.env.TMPDIR = folder;
  const before = new Set(inRepository());
  return () => {
    const left = readdirSync(folder)
      .filter(name => !shared.includes(name))
      .flatMap(name => [name, ...within(join(folder, name)).map(inner => join(name, inner))]);
    rmSync(folder, {recursive: true, force: true, maxRetries: 10, retryDelay: 50});
    const added = inRepository().filter(name => !before.has(name));
    if (left.length > 0 || added.length > 0)
      throw new Error(`The tests left behind: ${[...left, ...added].slice(0, 20).join(', ')}`);
  };
}
