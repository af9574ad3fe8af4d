import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {Importing} from './importing.ts';

let importing: Importing;

beforeEach(async () => {
  importing = await Importing.start();
});

afterEach(() => importing.stop());

const warningsOf = async (content: string, name: string) =>
  (await importing.text(content, {}, name)).version.warnings.join('\n');

describe('text that is no table', () => {
  const others = {
    'f.py': 'import os\nimport sys\n\ndef f(a, b):\n    return a + b\n\nclass X:\n    x = {"a": 1, "b": 2}\n',
    'main.c': '#include <stdio.h>\nint main(int argc) {\n  int a = 1;\n  return a;\n}\n',
    'conf.ini': '[server]\nhost = localhost\nport = 8080\n\n[db]\nuser = me\n',
    'a.yaml': 'a: 1\nb:\n  - c\n  - d\n',
    'sparse.svm': '1 1:0.5 3:1.2 7:0.1\n-1 2:0.3 3:1.1\n1 1:0.4 5:2.2 6:0.9 7:1.0\n-1 4:1.5\n',
    'novel.txt':
      'It was the best of times, it was the worst of times, it was an age of wisdom.\nIt was the age of foolishness, it was the epoch of belief.\n\nIt was the season of Light, and all that.\n',
  };
  it.each(Object.entries(others))('%s comes in with a warning', async (name, text) => {
    expect(await warningsOf(text, name)).toContain('hardly look like a table');
  });

  it.each([
    ['names.txt', 'name\nAnna Schmidt\nBob Miller (jun.)\nCarla Diaz\nDora\n'],
    ['urls.txt', 'url\nhttps://example.org/a\nhttps://example.org/b\nhttps://example.org/c\n'],
    ['times.txt', 'at\n10:30\n11:45\n12:00\n'],
    [
      'reviews.csv',
      'id,text\n1,"It was good, and I liked it."\n2,"Not at all, never again would I go there."\n3,Fine.\n',
    ],
  ])('%s, which is one, comes in without', async (name, text) => {
    expect(await warningsOf(text, name)).not.toContain('hardly');
  });

  it('is pointed out as base64 where it looks like that', async () => {
    const encoded = Buffer.from('id,name,price\n1,apple,1.2\n'.repeat(9)).toString('base64');
    expect(await warningsOf(encoded, 'b.txt')).toContain('--base64');
    expect(await warningsOf('word\nabcd\nname\n', 'w.txt')).not.toContain('--base64');
  });
});

describe('what is in a file beside its table', () => {
  it('NUL characters in cells are left out and said', async () => {
    const result = await importing.text('id,name\n1,a\0b\n2,c\n');
    expect(await importing.rows(result)).toEqual([
      [1, 'ab'],
      [2, 'c'],
    ]);
    expect(result.version.warnings.join()).toContain('NUL characters, which were left out');
  });

  it('the question and the id under a name of a survey are kept with the column, which is called by its name', async () => {
    const head =
      'Q1,Q2_1\nHow old are you?,"Rate this, please"\n"{""ImportId"":""QID1""}","{""ImportId"":""QID2_1""}"\n';
    const {version} = await importing.text(
      `${head}${Array.from({length: 20}, (_, i) => `${20 + i},${i % 5}\n`).join('')}`,
    );
    expect(version.rows).toBe(20);
    expect(version.columns.map(({name, originalName, type}) => [name, originalName, type])).toEqual([
      ['Q1', 'Q1\nHow old are you?\n{"ImportId":"QID1"}', 'BIGINT'],
      ['Q2_1', 'Q2_1\nRate this, please\n{"ImportId":"QID2_1"}', 'BIGINT'],
    ]);
  });

  it('the marks at both ends of the lines of a drawn table make no column, unless something stands before one', async () => {
    const drawn = '| id | name |\n|---:|------|\n| 1 | a |\n| 2 | b |\n';
    const {version} = await importing.text(drawn);
    expect(version.columns.map(({name, type}) => [name, type])).toEqual([
      ['id', 'BIGINT'],
      ['name', 'VARCHAR'],
    ]);
    const other = await importing.text(drawn.replace('\n| 2', '\nx| 2'));
    expect(other.version.columns.map(({name}) => name)).toEqual(['column_1', 'id', 'name']);
  });

  it('a JSON object on one line gives the list in it, as one over many lines does', async () => {
    const features = [1, 2, 3].map(pop => ({type: 'Feature', properties: {pop}}));
    const {version} = await importing.text(JSON.stringify({type: 'FeatureCollection', features}), {}, 'a.geojson');
    expect(version.rows).toBe(3);
  });
});
