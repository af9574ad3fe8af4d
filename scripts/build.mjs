// Bundles src/cli/main.ts into dist/, split so that each command loads only what it uses.

import {readFile, rm} from 'node:fs/promises';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Ink's layout engine decodes its WebAssembly through `fetch('data:…')`, which starts undici and costs 60 ms. */
const yogaWithoutFetch = {
  name: 'yoga-without-fetch',
  setup(builder) {
    builder.onLoad({filter: /yoga-wasm-base64-esm\.js$/}, async ({path: file}) => {
      const source = await readFile(file, 'utf8');
      const contents = source.replaceAll('"function"!=typeof fetch', '!0');
      if (contents === source) throw new Error('yoga-layout changed: its fetch is no longer found');
      return {contents, loader: 'js'};
    });
  },
};

/** Ink loads the React developer tools only when DEV=true; the bundle does without. */
const noDevtools = {
  name: 'no-devtools',
  setup(builder) {
    builder.onResolve({filter: /^react-devtools-core$/}, () => ({path: 'react-devtools-core', namespace: 'stub'}));
    builder.onLoad({filter: /.*/, namespace: 'stub'}, () => ({contents: 'export default {}', loader: 'js'}));
  },
};

const outdir = path.join(root, 'dist');
await rm(outdir, {recursive: true, force: true});
await build({
  absWorkingDir: root,
  entryPoints: {main: 'src/cli/main.ts'},
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.12',
  jsx: 'automatic',
  minify: true,
  keepNames: true,
  legalComments: 'none',
  define: {'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"'},
  banner: {
    js: "import {createRequire as __createRequire} from 'node:module';const require=__createRequire(import.meta.url);",
  },
  external: ['@duckdb/node-bindings*'],
  plugins: [yogaWithoutFetch, noDevtools],
  logLevel: 'warning',
});
