// What a command loads: script mode neither draws nor speaks to services it does not use.

import {mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {basename, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {startFakeLlmServer} from '../support/fake-llm-server.ts';
import {says} from '../support/fake-llm-steps.ts';
import {makePlace, type Place, runProgram} from '../support/program.ts';
import {salesCsv} from '../tools/bench.ts';

type Chunk = {modules: string[]; imports: {path: string; kind: string; external: boolean}[]};
const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
const readMeta = (): Record<string, Chunk> => JSON.parse(readFileSync(join(dist, 'meta.json'), 'utf8'));

let place: Place;
beforeAll(async () => {
  place = makePlace();
  await runProgram(['upload', place.file('sales.csv', salesCsv)], {place});
});
afterAll(() => place.remove());

const view = /node_modules\/(ink|react|react-reconciler|yoga-layout|chalk)\/|src\/tui\//;
const charts = /src\/render\/(chart|axis|terminal|svg|html|xy|time|png)|src\/tools\/charts|src\/analysis\/chart|resvg/;
const services = /node_modules\/(openai|@google\/generative-ai)\//;
const reports = /node_modules\/(pdfmake|pdfkit|fontkit)\/|src\/render\/report\/|src\/cli\/report(\.ts|\/)/;

/** Every source module that a run of the program executed, by the coverage that Node writes of what it loaded. */
async function loadedBy(args: string[], env: Record<string, string> = {}, code = 0): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'ds-agent-coverage-'));
  try {
    const run = await runProgram(args, {
      place,
      env: {...env, NODE_V8_COVERAGE: folder, NODE_DISABLE_COMPILE_CACHE: '1'},
    });
    expect(run.code, run.stderr).toBe(code);
    const chunks = new Set<string>();
    for (const file of readdirSync(folder)) {
      const {result}: {result: {url: string}[]} = JSON.parse(readFileSync(join(folder, file), 'utf8'));
      for (const {url} of result) if (url.includes('/dist/')) chunks.add(basename(url));
    }
    const meta = readMeta();
    expect(chunks.has('main.js')).toBe(true);
    return [...chunks].flatMap(chunk => meta[chunk]?.modules ?? []);
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
}

describe('loaded modules', () => {
  it('a question to the analyst loads no view, no chart and no service', async () => {
    const modules = await loadedBy(['-p', 'average price by region']);
    expect(
      modules.filter(name => view.test(name) || charts.test(name) || reports.test(name) || services.test(name)),
    ).toEqual([]);
    expect(modules.some(name => name.startsWith('src/providers/offline/'))).toBe(true);
  });

  it('a question to OpenAI loads its SDK alone: no Gemini, no analyst, no view, no chart', async () => {
    const server = await startFakeLlmServer({openai: [says('ok')]});
    try {
      const env = {OPENAI_API_KEY: 'sk-test-0123456789abcdef', OPENAI_BASE_URL: server.openAiBaseUrl};
      const modules = await loadedBy(['-p', 'hello'], env);
      expect(modules.some(name => name.includes('node_modules/openai/'))).toBe(true);
      const others = /@google\/generative-ai|src\/providers\/offline\//;
      expect(
        modules.filter(name => view.test(name) || charts.test(name) || reports.test(name) || others.test(name)),
      ).toEqual([]);
    } finally {
      await server.close();
    }
  });

  it.each([
    ['upload', ['upload', 'sales.csv']],
    ['datasets', ['datasets']],
    ['config', ['config']],
    ['help', ['--help']],
  ])('%s loads no view, no chart, no service and no analyst', async (_, args) => {
    const modules = await loadedBy(args);
    const others = /src\/providers\/offline\/|src\/agent\//;
    expect(
      modules.filter(
        name => view.test(name) || charts.test(name) || reports.test(name) || services.test(name) || others.test(name),
      ),
    ).toEqual([]);
  });

  it('a report as HTML loads no layout of PDF and no view', async () => {
    const modules = await loadedBy(['report', '-q', '--force', '-o', 'r.html']);
    expect(modules.some(name => reports.test(name))).toBe(true);
    expect(modules.filter(name => view.test(name) || /node_modules\/(pdfmake|pdfkit|fontkit)\//.test(name))).toEqual(
      [],
    );
  });

  it('a chart loads the chart code, and still no view', async () => {
    const modules = await loadedBy(['-p', 'plot price by region']);
    expect(modules.some(name => charts.test(name))).toBe(true);
    expect(modules.filter(name => view.test(name))).toEqual([]);
  });
});

describe('the built chunks', () => {
  const meta = readMeta();

  /** What a chunk brings with it at once, without any dynamic import. */
  function atOnce(chunk: string, seen = new Set<string>()): Set<string> {
    if (seen.has(chunk)) return seen;
    seen.add(chunk);
    for (const {path, kind, external} of meta[chunk]?.imports ?? [])
      if (!external && kind === 'import-statement') atOnce(path, seen);
    return seen;
  }

  it('main.js brings neither view nor engine nor service at once', () => {
    const modules = [...atOnce('main.js')].flatMap(chunk => meta[chunk]?.modules ?? []);
    const heavy = /@duckdb|src\/(engine|import|tools|agent|providers)\//;
    expect(
      modules.filter(
        name => view.test(name) || charts.test(name) || reports.test(name) || services.test(name) || heavy.test(name),
      ),
    ).toEqual([]);
  });

  it('the chunk of script mode brings no view, chart or service at once', () => {
    const script = Object.keys(meta).find(chunk => meta[chunk]?.modules.includes('src/cli/script.ts')) ?? '';
    expect(script).not.toBe('');
    const modules = [...atOnce(script)].flatMap(chunk => meta[chunk]?.modules ?? []);
    expect(
      modules.filter(name => view.test(name) || charts.test(name) || reports.test(name) || services.test(name)),
    ).toEqual([]);
  });
});
