// Holds the source to its layers: who may import whom, who may touch the process, how long a file may be.

import {readdirSync, readFileSync} from 'node:fs';
import {join, posix, relative} from 'node:path';
import {fileURLToPath} from 'node:url';
import {describe, expect, it} from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What each layer may import of ours, beside itself. */
const layers: Record<string, readonly string[]> = {
  core: [],
  resilience: ['core'],
  providers: ['core', 'resilience'],
  workspace: ['core'],
  engine: ['core'],
  import: ['core', 'workspace', 'engine'],
  analysis: ['core', 'engine'],
  models: ['core'],
  render: ['core'],
  privacy: ['core', 'render'],
  tools: ['core', 'workspace', 'engine', 'import', 'analysis', 'models', 'render'],
  agent: ['core', 'privacy'],
  tui: ['core', 'agent'],
  cli: [
    'core',
    'resilience',
    'providers',
    'workspace',
    'engine',
    'import',
    'analysis',
    'models',
    'render',
    'privacy',
    'tools',
    'agent',
    'tui',
  ],
};

/** Layers of which another may import only types, since the composition root passes the values in. */
const typesOnly: readonly {from: string; to: string}[] = [{from: 'tui', to: 'agent'}];

/** Packages a layer may import, beside Node's own modules; a type import counts too. */
const packages: Record<string, readonly string[]> = {
  core: ['zod'],
  resilience: [],
  providers: ['openai', '@google/generative-ai'],
  workspace: ['zod'],
  engine: ['@duckdb/node-api'],
  import: ['zod', 'papaparse', 'apache-arrow'],
  analysis: ['zod'],
  models: ['zod'],
  render: ['zod', 'string-width', 'pdfmake', '@resvg/resvg-js'],
  privacy: [],
  tools: ['zod'],
  agent: ['zod'],
  tui: ['ink', 'react', 'chalk', 'string-width'],
  cli: ['commander', 'zod', 'yaml'],
};

/** Layers that compute only: none of Node's modules that reach files, the network or other processes. */
const pure = ['core', 'agent', 'models', 'analysis', 'render', 'privacy'];
const inputOutput = /^node:(fs|net|http|https|http2|dgram|dns|tls|child_process|worker_threads|readline|sqlite|os)/;

const mostLines = 300;
/** Files that may be longer, each with its reason. */
const longFiles: Record<string, string> = {
  'src/providers/offline/vocabulary.ts': 'one table of words, without code',
};

const forbiddenNames = /^(utils?|helpers?|managers?|universal|guards?|enforcers?|common|misc|shared)$/i;

type Import = {file: string; layer: string; specifier: string; typeOnly: boolean; target: string | null};

const files = readdirSync(join(root, 'src'), {recursive: true, withFileTypes: true})
  .filter(entry => entry.isFile() && /\.tsx?$/.test(entry.name))
  .map(entry => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
  .sort();

const sources = new Map(files.map(file => [file, readFileSync(join(root, file), 'utf8')]));
const imports = [...sources].flatMap(([file, text]) => importsOf(file, text));

function layerOf(file: string): string {
  return file.split('/')[1] ?? '';
}

/** Static, type, dynamic and re-exporting imports; comments are taken out first, since they may show code. */
function importsOf(file: string, text: string): Import[] {
  const code = withoutComments(text);
  const found: {specifier: string; typeOnly: boolean}[] = [];
  const statement = /^(?:import|export)\s+(type\s+)?([^'";=()]*?)\bfrom\s*['"]([^'"]+)['"]/gm;
  for (const [, type, names = '', specifier = ''] of code.matchAll(statement)) {
    const listed = /^\{([^}]*)\}$/
      .exec(names.trim())?.[1]
      ?.split(',')
      .map(each => each.trim())
      .filter(Boolean);
    const typeOnly = type !== undefined || listed?.every(each => each.startsWith('type ')) === true;
    found.push({specifier, typeOnly});
  }
  for (const [, specifier = ''] of code.matchAll(/^import\s*['"]([^'"]+)['"]/gm))
    found.push({specifier, typeOnly: false});
  for (const [, specifier = ''] of code.matchAll(/\bimport\s*\(\s*['"]([^'"]+)['"]/g))
    found.push({specifier, typeOnly: false});
  for (const [, specifier = ''] of code.matchAll(/\brequire\s*\(\s*['"]([^'"]+)['"]/g))
    found.push({specifier, typeOnly: false});
  return found.map(each => ({
    ...each,
    file,
    layer: layerOf(file),
    target: each.specifier.startsWith('.') ? posix.join(posix.dirname(file), each.specifier) : null,
  }));
}

function withoutComments(text: string): string {
  return text
    .replaceAll(/\/\*[\s\S]*?\*\//g, comment => comment.replaceAll(/[^\n]/g, ''))
    .replaceAll(/(^|\s)\/\/.*$/gm, '$1');
}

describe('layers', () => {
  it('every folder of src is a layer of the table', () => {
    const folders = new Set(files.map(layerOf));
    expect([...folders].filter(folder => !(folder in layers))).toEqual([]);
  });

  it('the reader of imports sees static, type, dynamic and re-exported ones, and no comments', () => {
    const text = [
      "import type {A} from '../core/a.ts';",
      "import {type B, type C} from '../core/b.ts';",
      "import {\n  d,\n  type E,\n} from '../engine/d.ts';",
      "export {f} from '../render/f.ts';",
      "const g = await import('../models/g.ts');",
      "import './h.ts';",
      "// import {x} from '../cli/x.ts';",
      "/** import('../cli/y.ts') */",
    ].join('\n');
    const seen = importsOf('src/tools/z.ts', text).map(({target, typeOnly}) => [target, typeOnly]);
    expect(seen).toEqual([
      ['src/core/a.ts', true],
      ['src/core/b.ts', true],
      ['src/engine/d.ts', false],
      ['src/render/f.ts', false],
      ['src/tools/h.ts', false],
      ['src/models/g.ts', false],
    ]);
  });

  it('no layer imports one that the table does not give it', () => {
    const violations = imports.flatMap(({file, layer, target, specifier}) => {
      if (target === null) return [];
      const to = layerOf(target);
      if (!target.startsWith('src/')) return [`${file} reaches out of src: ${specifier}`];
      return to === layer || layers[layer]?.includes(to)
        ? []
        : [`${file}: ${layer} may not import ${to} (${specifier})`];
    });
    expect(violations).toEqual([]);
  });

  it('the view imports types of the agent and no values', () => {
    const violations = imports
      .filter(({layer, target, typeOnly}) =>
        typesOnly.some(({from, to}) => layer === from && target !== null && layerOf(target) === to && !typeOnly),
      )
      .map(({file, specifier}) => `${file} imports values from ${specifier}`);
    expect(violations).toEqual([]);
  });

  it('each package is used where the table says and nowhere else', () => {
    const violations = imports.flatMap(({file, layer, target, specifier}) => {
      if (target !== null || specifier.startsWith('node:')) return [];
      const name = specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/');
      return packages[layer]?.includes(name) ? [] : [`${file}: ${layer} may not use the package ${name}`];
    });
    expect(violations).toEqual([]);
  });

  it('layers that compute reach no files, network or processes', () => {
    const violations = imports
      .filter(({layer, specifier}) => pure.includes(layer) && inputOutput.test(specifier))
      .map(({file, specifier}) => `${file} imports ${specifier}`);
    expect(violations).toEqual([]);
  });

  it('every import of ours names a file that exists, with its extension', () => {
    const violations = imports
      .filter(({target}) => target !== null && !sources.has(target))
      .map(({file, specifier}) => `${file}: ${specifier}`);
    expect(violations).toEqual([]);
  });
});

describe('habits', () => {
  const lines = [...sources].flatMap(([file, text]) =>
    withoutComments(text)
      .split('\n')
      .map((line, index) => ({file, line, at: `${file}:${index + 1}`})),
  );

  it('only the command line reads the environment or writes to the console', () => {
    const violations = lines
      .filter(({file, line}) => !file.startsWith('src/cli/') && /\bprocess\.env\b|\bconsole\./.test(line))
      .map(({at}) => at);
    expect(violations).toEqual([]);
  });

  it('nothing is exported as default', () => {
    expect(lines.filter(({line}) => /\bexport default\b|\bas default\b/.test(line)).map(({at}) => at)).toEqual([]);
  });

  it(`no file has more than ${mostLines} lines`, () => {
    const violations = [...sources]
      .map(([file, text]) => ({file, count: text.trimEnd().split('\n').length}))
      .filter(({file, count}) => count > mostLines && !(file in longFiles))
      .map(({file, count}) => `${file} has ${count} lines`);
    expect(violations).toEqual([]);
  });

  it('no folder or file is named after what it is not about', () => {
    const violations = files.filter(file =>
      file.split('/').some(part => forbiddenNames.test(part.replace(/\.tsx?$/, ''))),
    );
    expect(violations).toEqual([]);
  });

  it('every file begins with a comment that says its one job', () => {
    expect([...sources].filter(([, text]) => !/^\/\/ \S/.test(text)).map(([file]) => file)).toEqual([]);
  });
});
