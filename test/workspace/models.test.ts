import {mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, expect, it, vi} from 'vitest';
import {listModels, saveModel} from '../../src/workspace/models.ts';

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

it('two that save at once get a number each', async () => {
  const ids = await Promise.all([save(), save(), save()]);
  expect(new Set(ids).size).toBe(3);
});
