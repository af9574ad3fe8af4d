import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {homedir, tmpdir} from 'node:os';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {droppedFile, pathOf} from '../../src/cli/dropped-path.ts';

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ds-agent-drop-'));
  file = join(folder, `o'brien "q" sp ace ü.csv`);
  await writeFile(file, 'a\n1\n');
  await mkdir(join(folder, 'sub'));
});
afterAll(() => rm(folder, {recursive: true, force: true}));

describe('a dropped file', () => {
  it('is found in single quotes, double quotes, with escapes, as an address, and bare', () => {
    const forms = [
      `'${file.replaceAll("'", `'\\''`)}'`,
      `"${file.replaceAll('"', '\\"')}"`,
      file.replaceAll(/([ '"])/g, '\\$1'),
      pathToFileURL(file).href,
      file,
      ` ${file} `,
    ];
    for (const form of forms) expect([form, droppedFile(form)]).toEqual([form, file]);
  });

  it('is none where the line is a command, a question, a folder or a file that does not exist', () => {
    const lines = ['/help', '/upload x', 'average price', join(folder, 'sub'), join(folder, 'no.csv'), `'${file}`, ''];
    for (const line of lines) expect([line, droppedFile(line)]).toEqual([line, null]);
  });
});

describe('a typed path', () => {
  it('loses its quotes, and ~ is the home folder', () => {
    expect(pathOf('"my data.csv"')).toBe('my data.csv');
    expect(pathOf('my\\ data.csv')).toBe('my data.csv');
    expect(pathOf('my data.csv')).toBe('my data.csv');
    expect(pathOf('~/data.csv')).toBe(join(homedir(), 'data.csv'));
    expect(pathOf('it"s.csv')).toBe('it"s.csv');
  });
});
