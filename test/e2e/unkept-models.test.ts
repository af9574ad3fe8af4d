// A model that has no place to be kept: said before the work where it can be, and never at the price of the figures.

import {existsSync, mkdirSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, it} from 'vitest';
import {makePlace, type Place, runProgram} from '../support/program.ts';

let place: Place;
let full: string[];
const homes = Array.from(
  {length: 120},
  (_, n) => `${(n * 37) % 100},${1000 + 50 * ((n * 37) % 100) + ((n * 7919) % 97)}`,
);
const train = ['train', '--dataset', 'homes', '--target', 'price', '--models', 'linear', '--seconds', '1'];

/** Refuses to give a file in a folder of this kind its name, as a disk does that has just become full. */
const diskFullFor = (folder: string) => `
import fs from 'node:fs';
import {syncBuiltinESMExports} from 'node:module';
const {link, rename} = fs.promises;
const unless = real => async (from, to) => {
  if (String(to).includes('/${folder}/')) throw Object.assign(new Error('ENOSPC: no space left on device'), {code: 'ENOSPC'});
  return real(from, to);
};
fs.promises.link = unless(link);
fs.promises.rename = unless(rename);
syncBuiltinESMExports();
`;

beforeAll(async () => {
  place = makePlace();
  await runProgram(['upload', place.file('homes.csv', `size,price\n${homes.join('\n')}\n`)], {place});
  full = ['--import', place.file('full.mjs', diskFullFor('models'))];
});
afterAll(() => place.remove());

it('is refused before any training where the folder of the models can not be written', async () => {
  const blocked = join(place.workspace, 'models', 'homes');
  writeFileSync(blocked, 'a file where a folder should be');
  const {code, stdout, stderr} = await runProgram([...train, '--json'], {place});
  rmSync(blocked);
  expect([code, JSON.parse(stdout).error.code]).toEqual([4, 'model.not_keepable']);
  expect(stderr).not.toContain('Training');
  expect(stderr).toContain(
    "A model could not be kept, so nothing was trained: models/homes in the workspace can't be written: a part of the path is a file.",
  );
  expect(stderr).toContain('--workspace');
});

it('is told of with all figures where the disk gets full meanwhile, with exit code 4 and no folder left', async () => {
  const {code, stdout, stderr} = await runProgram(train, {place, nodeArgs: full});
  expect(code).toBe(4);
  expect(stdout).toMatch(/\| linear \| \d/);
  expect(stdout).toMatch(/held out from the choice: rmse \d/);
  expect(stdout).not.toContain('Kept as model');
  expect(stderr).toContain("The model is not kept: models/homes in the workspace can't be written: the disk is full.");
  expect(readdirSync(join(place.workspace, 'models'))).toEqual([]);
});

it('is JSON with its figures, without an id, and with the reason', async () => {
  const {code, stdout} = await runProgram([...train, '--json'], {place, nodeArgs: full});
  const told = JSON.parse(stdout);
  expect(code).toBe(4);
  expect(told).toMatchObject({status: 'not_kept', estimator: 'linear', error: {code: 'model.not_kept'}});
  expect(told.holdout.winner.rmse).toBeGreaterThan(0);
  expect(told).not.toHaveProperty('id');
});

it('fails a question in a script, which answers all the same', async () => {
  const {code, stdout, stderr} = await runProgram(['-p', '/train price'], {
    place,
    nodeArgs: full,
  });
  expect(code).toBe(4);
  expect(stdout).toContain('held out from the choice');
  expect(stderr).toContain('Warning: The model is not kept');
});

it('is kept where only its chart can not be', async () => {
  const charts = ['--import', place.file('charts.mjs', diskFullFor('charts'))];
  mkdirSync(join(place.workspace, 'charts'), {recursive: true});
  const {code, stdout, stderr} = await runProgram(train, {place, nodeArgs: charts});
  expect([code, stdout]).toEqual([0, expect.stringContaining('Kept as model homes/linear-v1')]);
  expect(stderr).toContain('Warning: The chart is not kept: the disk is full.');
  expect(existsSync(join(place.workspace, 'models', 'homes', 'linear-v1', 'model.json'))).toBe(true);
});
