// Chart pages in a real browser: what a pointer and the keyboard show, and that nothing runs or leaves that should not.

import {execFile} from 'node:child_process';
import {existsSync, mkdtempSync, rmSync} from 'node:fs';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {beforeAll, describe, expect, it} from 'vitest';
import type {ChartSpec} from '../../src/render/chart-spec.ts';
import {chartPage} from '../../src/render/html/chart-page.ts';
import {goldenSpecs, specOf} from '../render/chart-specs.ts';

const browser = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const skipped = browser === undefined ? ' (not tried: no Chromium is here)' : '';

const evil = '</script><img src="/stolen" onerror="top.hacked=1"><script>top.hacked=2</script>';
const hostile: ChartSpec = specOf({
  mark: 'bar',
  title: evil,
  x: {name: evil, kind: 'category', unit: evil},
  y: {name: 'javascript:top.hacked=3', kind: 'number'},
  notes: [evil],
  points: [
    {x: evil, y: 1},
    {x: '\u001b]8;;http://evil\u0007$\\input{x}$', y: 2},
  ],
});

/** Frames one page after another, moves a pointer over its marks and presses keys, and writes down what is seen. */
const harness = `<!doctype html><body><iframe id="f" width="900" height="900"></iframe><script>
const frame = document.getElementById('f');
const seen = {};
const run = async () => {
  for (const name of NAMES) {
    const loaded = new Promise(resolve => { frame.onload = resolve; });
    frame.src = '/page/' + name;
    await loaded;
    const {contentDocument: page, contentWindow: view} = frame;
    const errors = [];
    view.onerror = message => { errors.push(String(message)); };
    const svg = page.querySelector('svg');
    const tip = page.getElementById('tip');
    const before = tip.hidden;
    svg.dispatchEvent(new view.KeyboardEvent('keydown', {key: 'ArrowRight'}));
    const byKey = tip.textContent;
    const mark = page.querySelector('.on').getBoundingClientRect();
    svg.dispatchEvent(new view.PointerEvent('pointermove', {clientX: mark.x + mark.width / 2, clientY: mark.y + mark.height / 2}));
    const hovered = tip.hidden ? '' : tip.textContent;
    svg.dispatchEvent(new view.PointerEvent('pointerleave', {}));
    seen[name] = {before, byKey, hovered, after: tip.hidden, errors, images: page.images.length, scripts: page.scripts.length,
      color: view.getComputedStyle(page.body).backgroundColor, hacked: window.hacked ?? null, tipped: tip.childElementCount};
  }
  document.body.textContent = 'RESULT' + JSON.stringify(seen) + 'END';
};
run().catch(error => { document.body.textContent = 'FAILED ' + error; });
</script></body>`;

type Seen = {
  before: boolean;
  byKey: string;
  hovered: string;
  after: boolean;
  errors: string[];
  images: number;
  scripts: number;
  hacked: number | null;
  tipped: number;
};

describe.skipIf(browser === undefined)(`chart pages in Chromium${skipped}`, () => {
  const pages: Record<string, ChartSpec> = {...goldenSpecs, hostile};
  const requests: string[] = [];
  let seen: Record<string, Seen> = {};

  beforeAll(async () => {
    const server = createServer((request, response) => {
      requests.push(request.url ?? '');
      const name = /^\/page\/(.+)$/.exec(request.url ?? '')?.[1];
      const spec = name === undefined ? undefined : pages[name];
      response.setHeader('content-type', 'text/html; charset=utf-8');
      if (request.url === '/') response.end(harness.replace('NAMES', JSON.stringify(Object.keys(pages))));
      else if (spec) response.end(chartPage(spec, {source: evil}));
      else response.writeHead(404).end();
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const {port} = server.address() as AddressInfo;
    const profile = mkdtempSync(join(tmpdir(), 'ds-agent-chromium-'));
    try {
      const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', `--user-data-dir=${profile}`];
      const {stdout} = await promisify(execFile)(
        browser ?? '',
        [...flags, '--virtual-time-budget=60000', '--dump-dom', `http://127.0.0.1:${port}/`],
        {maxBuffer: 50_000_000, timeout: 110_000},
      );
      const found = /RESULT(\{.*\})END/s.exec(stdout)?.[1];
      expect(found, stdout.slice(0, 500)).toBeDefined();
      const decoded = (found ?? '{}').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
      seen = JSON.parse(decoded) as Record<string, Seen>;
    } finally {
      server.close();
      rmSync(profile, {recursive: true, force: true, maxRetries: 5});
    }
  }, 120_000);

  it.each(Object.keys(pages))('%s: keys and a pointer show what a mark says, without an error', name => {
    const found = seen[name];
    expect(found).toMatchObject({before: true, after: true, errors: [], images: 0, scripts: 1, tipped: 0});
    expect(found?.byKey).not.toBe('');
    expect(found?.hovered).not.toBe('');
  });

  it('no request leaves a page', () => {
    const expected = ['/', ...Object.keys(pages).map(name => `/page/${name}`)];
    expect(requests.filter(url => url !== '/favicon.ico').sort()).toEqual(expected.sort());
  });

  it('names and cells with markup and scripts are text', () => {
    expect(seen.hostile?.hacked).toBeNull();
    expect(seen.hostile?.byKey).toContain('</script><img src="/stolen"');
  });
});

describe('the source of a chart page', () => {
  it('has no request in it, and a policy that allows none', () => {
    for (const spec of [...Object.values(goldenSpecs), hostile]) {
      const page = chartPage(spec, {source: evil});
      expect(page).toContain(`content="default-src 'none'; script-src 'sha256-`);
      const bare = page.replace(/="[^"]*"/g, '=""');
      expect(bare).not.toMatch(/<[^>]*\s(src|href|srcset|action|style|on[a-z]+)=/i);
      expect(bare).not.toMatch(/url\(|@import/i);
      expect([...page.matchAll(/<script/g)]).toHaveLength(1);
    }
  });
});
