// Bundles the scripted chat once per test file: Node does not run .tsx by itself.

import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {build, type Plugin} from 'esbuild';

// Ink names this package for development only; it is not installed.
const withoutDevtools: Plugin = {
  name: 'without-devtools',
  setup(setup) {
    setup.onResolve({filter: /^react-devtools-core$/}, () => ({path: 'empty', namespace: 'empty'}));
    setup.onLoad({filter: /.*/, namespace: 'empty'}, () => ({contents: 'export default {};'}));
  },
};

/** The path of the bundled program and the way to remove it. */
export async function bundleChatProgram(): Promise<{file: string; remove(): void}> {
  const folder = mkdtempSync(join(tmpdir(), 'ds-agent-chat-'));
  const file = join(folder, 'chat-program.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('./chat-program.ts', import.meta.url))],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    jsx: 'automatic',
    define: {'process.env.NODE_ENV': '"production"'},
    banner: {js: "import {createRequire as __r} from 'node:module'; const require = __r(import.meta.url);"},
    plugins: [withoutDevtools],
    logLevel: 'error',
  });
  return {file, remove: () => rmSync(folder, {recursive: true, force: true})};
}
