// Bundles src/cli/main.ts into dist/, split so that each command loads only what it uses.

import {copyFile, mkdir, readdir, readFile, rename, rm, writeFile} from 'node:fs/promises';
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

/** pdfmake asks for the folder of its own files, of which a report needs none: its fonts are given. */
const pdfWithoutFolder = {
  name: 'pdf-without-folder',
  setup(builder) {
    builder.onLoad(
      {filter: /node_modules\/(pdfmake\/js\/virtual-fs|pdfkit\/js\/pdfkit)\.js$/},
      async ({path: file}) => {
        const source = await readFile(file, 'utf8');
        return {contents: source.replaceAll('__dirname', '"/no-such-folder"'), loader: 'js'};
      },
    );
  },
};

const outdir = path.join(root, 'dist');
const settings = {
  absWorkingDir: root,
  outdir,
  bundle: true,
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
  external: ['@duckdb/node-bindings*', '@resvg/resvg-js'],
  plugins: [yogaWithoutFetch, noDevtools, pdfWithoutFolder],
  logLevel: 'warning',
  metafile: true,
  write: false,
};
const {outputFiles, metafile} = await build({...settings, entryPoints: {main: 'src/cli/main.ts'}, splitting: true});

// What runs apart is one file of its own each, so that it changes nothing in what the program loads.
const apart = {
  'report-worker': 'src/cli/report/pdf-worker.ts',
  'import-reader': 'src/import/readers/main.ts',
  'model-worker': 'src/tools/training/worker.ts',
  'explore-worker': 'src/tools/exploring/worker.ts',
  'analysis-worker': 'src/tools/analysing/worker.ts',
  'scoring-worker': 'src/tools/applying/scoring-worker.ts',
};
for (const [name, entry] of Object.entries(apart)) {
  const made = await build({...settings, entryPoints: {[name]: entry}});
  outputFiles.push(...made.outputFiles);
  Object.assign(metafile.outputs, made.metafile.outputs);
}

// A program that runs from dist/ while it is built again must find whole files: each is renamed into place, main.js last.
await mkdir(outdir, {recursive: true});
const isMain = file => path.basename(file.path) === 'main.js';
for (const {path: file, contents} of outputFiles.toSorted((a, b) => isMain(a) - isMain(b))) {
  const temporary = `${file}.${process.pid}.tmp`;
  await writeFile(temporary, contents);
  await rename(temporary, file);
}
// The fonts of PDF reports and of charts as PNG: they are read when one is written.
const fonts = {
  'pdfmake/fonts/Roboto': ['Roboto-Regular.ttf', 'Roboto-Medium.ttf', 'Roboto-Italic.ttf'],
  'dejavu-fonts-ttf/ttf': ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf', 'DejaVuSansMono.ttf'],
  'dejavu-fonts-ttf': ['LICENSE'],
};
const fontsOut = path.join(outdir, 'fonts');
await mkdir(fontsOut, {recursive: true});
for (const [folder, names] of Object.entries(fonts))
  for (const name of names) {
    const temporary = path.join(fontsOut, `${name}.${process.pid}.tmp`);
    await copyFile(path.join(root, 'node_modules', folder, name), temporary);
    await rename(temporary, path.join(fontsOut, name));
  }
await writeFile(path.join(outdir, 'meta.json'), JSON.stringify(chunkContents(metafile)));
const made = new Set([...outputFiles.map(file => path.basename(file.path)), 'meta.json', 'fonts']);
for (const name of await readdir(outdir))
  if (!made.has(name) && !name.endsWith('.tmp')) await rm(path.join(outdir, name), {force: true});

/** Per chunk: the modules inside it, and the chunks it loads at once or later. A test looks at what each command loads. */
function chunkContents({outputs}) {
  return Object.fromEntries(
    Object.entries(outputs).map(([file, {inputs, imports}]) => [
      path.basename(file),
      {
        modules: Object.entries(inputs).flatMap(([name, {bytesInOutput}]) => (bytesInOutput > 0 ? [name] : [])),
        imports: imports.map(each => ({
          path: path.basename(each.path),
          kind: each.kind,
          external: each.external === true,
        })),
      },
    ]),
  );
}
