import {cpSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, describe, expect, it, vi} from 'vitest';
import {listModels, requireModelFolder, saveModel} from '../../src/workspace/models.ts';

const disk = vi.hoisted(() => ({isFull: false}));
vi.mock('../../src/workspace/atomic-write.ts', async original => {
  const real = await original<typeof import('../../src/workspace/atomic-write.ts')>();
  const full = () => Promise.reject(Object.assign(new Error('ENOSPC: no space left'), {code: 'ENOSPC'}));
  return {
    ...real,
    createFileExclusive: (path: string, text: string) => (disk.isFull ? full() : real.createFileExclusive(path, text)),
  };
});

const folder = mkdtempSync(join(tmpdir(), 'ds-agent-models-'));
afterAll(() => rmSync(folder, {recursive: true}));
const save = () => saveModel(folder, {dataset: 'homes', name: 'ridge', text: '{}'});

it('a model that could not be written leaves no folder and takes no number', async () => {
  expect(await save()).toBe('homes/ridge-v1');
  disk.isFull = true;
  await expect(save()).rejects.toThrow('ENOSPC');
  expect(readdirSync(join(folder, 'homes'))).toEqual(['ridge-v1']);
  disk.isFull = false;
  expect(await save()).toBe('homes/ridge-v2');
  expect(await listModels(folder)).toHaveLength(2);
});

it('the check before a training leaves nothing behind and throws what is refused', async () => {
  const before = readdirSync(folder);
  await requireModelFolder(folder, 'unknown');
  await requireModelFolder(folder, 'homes');
  expect(readdirSync(folder)).toEqual(before);
  expect(readdirSync(join(folder, 'homes')).filter(name => name.startsWith('.'))).toEqual([]);
  writeFileSync(join(folder, 'blocked'), '');
  await expect(requireModelFolder(folder, 'blocked')).rejects.toMatchObject({code: 'ENOTDIR'});
  rmSync(join(folder, 'blocked'));
});

it('two that save at once get a number each', async () => {
  const ids = await Promise.all([save(), save(), save()]);
  expect(new Set(ids).size).toBe(3);
});

describe('the order of models', () => {
  const dated = async (name: string, text: string, fileTime: number) => {
    const id = await saveModel(join(folder, 'dated'), {dataset: 'homes', name, text});
    utimesSync(join(folder, 'dated', id, 'model.json'), fileTime, fileTime);
    return id;
  };
  const stated = (time: string) =>
    `{"format":"ds-agent-model","classes":["\\"createdAt\\":\\"2031"],"createdAt":"${time}"}`;
  const order = async (at = 'dated') => (await listModels(join(folder, at))).map(({id}) => id.split(/[/-]/)[1]);

  it('is that of the times they state, whatever the times of their files are', async () => {
    await dated('oldest', stated('2026-01-01T00:00:00.000Z'), 1_900_000_000);
    await dated('newest', stated('2026-01-01T00:00:00.002Z'), 1_000_000_000);
    await dated('middle', stated('2026-01-01T00:00:00.001Z'), 1_500_000_000);
    expect(await order()).toEqual(['newest', 'middle', 'oldest']);
    cpSync(join(folder, 'dated'), join(folder, 'copied'), {recursive: true});
    expect(await order('copied')).toEqual(['newest', 'middle', 'oldest']);
  });

  it('is that of the files where models state none, a date that is none, or the same', async () => {
    await dated('same', stated('2026-01-01T00:00:00.002Z'), 1_000_000_001);
    await dated('silent', '{"format":', Date.UTC(2027, 0) / 1000);
    await dated('odd', stated('yesterday'), Date.UTC(2025, 0) / 1000);
    expect(await order()).toEqual(['silent', 'same', 'newest', 'middle', 'oldest', 'odd']);
  });
});
