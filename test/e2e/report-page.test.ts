// The HTML report in a real browser: readable by everybody, quiet, and harmless whatever the data hold.

import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join} from 'node:path';
import {Resvg} from '@resvg/resvg-js';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {chromiumPath, openPage, type View} from '../support/chromium.ts';
import {missingPdfPrograms, output} from '../support/poppler.ts';
import {makePlace, type Place, runProgram} from '../support/program.ts';

const example = new URL('../../examples/bike_rentals.csv', import.meta.url).pathname;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const hostileName = `</script><img src=x onerror=alert(1)>`;
const hostile = [
  `id,"${hostileName}",note,{{1:1:x}}`,
  ...Array.from({length: 60}, (_, k) => {
    const cells = [
      '<img src=x onerror=alert(2)>',
      '"</td></table><script>alert(3)</script>"',
      '\\\\write18{rm -rf /}$\\\\frac{1}{0}$',
      '\u001b]0;title\u0007\u001b[2J',
      '"<svg onload=alert(4)>"',
      'javascript:alert(5)',
      '\u202egnp.exe',
      '"<a href=https://example.org>x</a>"',
    ];
    return `${k},${k % 7},${cells[k % cells.length]},${k * 1.5}`;
  }),
].join('\n');

let place: Place;
beforeAll(() => {
  place = makePlace();
});
afterAll(() => place.remove());

const made = async (file: string, data: string, ...args: string[]) => {
  const {code, stderr} = await runProgram(['report', '-q', '--data', data, '-o', file, ...args], {place});
  expect(code, stderr).toBe(0);
  return join(place.cwd, file);
};

const looked = async <T>(
  file: string,
  view: View,
  look: (page: Awaited<ReturnType<typeof openPage>>) => Promise<T>,
) => {
  const page = await openPage(file, view);
  try {
    return await look(page);
  } finally {
    await page.close();
  }
};

describe.skipIf(chromiumPath === null)(
  `the HTML report in Chromium${chromiumPath === null ? ' (skipped: none is installed)' : ''}`,
  () => {
    let file: string;
    beforeAll(async () => {
      file = await made('example.html', example);
    });

    it.each([
      {scheme: 'light', media: 'screen', width: 1000},
      {scheme: 'dark', media: 'screen', width: 1000},
      {scheme: 'light', media: 'screen', width: 360},
      {scheme: 'dark', media: 'print', width: 800},
    ] as View[])(
      'has no violation that axe-core finds, and asks for nothing: %j',
      async view => {
        const found = await looked(file, view, async page => {
          await page.ask(`${axe}; 0`);
          const result = await page.ask(`axe.run(document).then(({violations, passes}) => ({
        violations: violations.map(({id, nodes}) => id + ': ' + nodes.slice(0, 3).map(node => node.html).join(' ')),
        passes: passes.map(({id}) => id),
      }))`);
          return {...(result as {violations: string[]; passes: string[]}), ...page};
        });
        expect(found.violations).toEqual([]);
        expect(found.passes).toContain('color-contrast');
        expect([found.requests, found.errors, found.dialogs]).toEqual([[], [], []]);
      },
      60_000,
    );

    it('is no wider than a narrow window: wide tables scroll by themselves', async () => {
      const [scroll, view] = (await looked(file, {width: 360}, page =>
        page.ask('[document.documentElement.scrollWidth, innerWidth]'),
      )) as [number, number];
      expect(scroll).toBeLessThanOrEqual(view);
    });

    it('shows every picture it holds, each with words for who does not see it', async () => {
      const pictures = (await looked(file, {}, page =>
        page.ask('[...document.images].map(({naturalWidth, alt}) => [naturalWidth > 0, alt.length > 10])'),
      )) as boolean[][];
      expect(pictures.flat().every(Boolean)).toBe(true);
    });

    /** Whether a picture begins, at its upper left, with a light colour. */
    const begins = (png: Uint8Array) => {
      const image = `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="${image}" width="9" height="9" preserveAspectRatio="xMinYMin slice"/></svg>`;
      return (new Resvg(svg).render().pixels[0] ?? 0) > 128 ? 'light' : 'dark';
    };

    it.each(['light', 'dark'] as const)('draws the page and its charts %s for who prefers that', async scheme => {
      const seen = await looked(file, {scheme}, async page => [
        await page.picture('nav'),
        await page.picture('figure img'),
      ]);
      expect(seen.map(begins)).toEqual([scheme, scheme]);
    });

    it.skipIf(missingPdfPrograms.length > 0)(
      'prints on white, page and charts, also for who prefers dark',
      async () => {
        const pdf = join(place.cwd, 'printed.pdf');
        writeFileSync(pdf, await looked(file, {scheme: 'dark'}, page => page.printed()));
        await output('pdftoppm', ['-r', '20', '-gray', pdf, join(place.cwd, 'printed')]);
        const pages = readdirSync(place.cwd).filter(name => /^printed.*\.pgm$/.test(name));
        const shares = pages.map(name => {
          const grey = readFileSync(join(place.cwd, name));
          return grey.filter(each => each < 60).length / grey.length;
        });
        expect(shares.length).toBeGreaterThan(5);
        expect(Math.max(...shares)).toBeLessThan(0.1);
      },
    );

    it('of hostile names and cells runs nothing, loads nothing and shows them as text', async () => {
      place.file('hostile.csv', hostile);
      const page = await made('hostile.html', 'hostile.csv');
      const seen = await looked(page, {}, async opened => ({
        text: String(await opened.ask('document.body.innerText')),
        scripts: await opened.ask('document.scripts.length'),
        images: await opened.ask(
          "[...document.images].filter(({src}) => !src.startsWith('data:image/svg+xml')).length",
        ),
        links: await opened.ask("[...document.links].filter(({hash}) => hash === '').length"),
        controls: await opened.ask('/[\\u0000-\\u0008\\u000b-\\u001f\\u202a-\\u202e]/.test(document.body.innerText)'),
        requests: opened.requests,
        errors: opened.errors,
        dialogs: opened.dialogs,
      }));
      expect(seen).toMatchObject({
        scripts: 0,
        images: 0,
        links: 0,
        controls: false,
        requests: [],
        errors: [],
        dialogs: [],
      });
      expect(seen.text).toContain('onerror=alert(2)');
    }, 60_000);

    it('the hostile PDF opens in a viewer of its own and asks for nothing', async () => {
      place.file('hostile.csv', hostile);
      const pdf = await made('hostile.pdf', 'hostile.csv');
      const bytes = readFileSync(pdf, 'latin1');
      expect(bytes).not.toMatch(/\/(?:JavaScript|JS|Launch|URI|EmbeddedFile|OpenAction|AA)\b/);
    });
  },
);
