// How fast a key is echoed while the chat trains, applies, compares rows and forecasts.

import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import type {PtyProgram} from '../test/support/pty.ts';
import {echoMs, openChat, signOf} from './chat-keys.ts';
import {program, run} from './measure.ts';
import type {Figure} from './run.ts';

const modelRows = 100_000;
const dayRows = 2_000;
/** Of the slowest of all keys. */
const budget = 50;

/**
 * The slowest of the keys typed while models are trained and applied, rows compared and series forecast: fitting, reading a
 * kept model, measuring and explaining have a thread of their own.
 */
export async function modelling(env: Record<string, string>, workspace: string): Promise<Figure[]> {
  const table = join(workspace, 'many.csv');
  writeFileSync(
    table,
    ['a,b,c,d,e,f,g,h,kind,y', ...Array.from({length: modelRows}, (_, row) => line(row))].join('\n'),
  );
  const days = join(workspace, 'days.csv');
  writeFileSync(days, ['day,sold', ...Array.from({length: dayRows}, (_, row) => dayLine(row))].join('\n'));
  await run([program, 'upload', table, days], {env});
  const opened = await openChat(env);
  const figures: Figure[] = [];
  for (const [name, command, end] of [
    ['training', '/train y in many', 'Kept as model'],
    ['an evaluation', '/models evaluate in many', '/why'],
    ['an explanation', '/models explain in many', '/why'],
    ['a column explained', '/models explain of a in many', '/why'],
    ['a row explained', '/models explain row 7 in many', '/why'],
    ['scoring', '/predict in many', '/why'],
    ['scoring into a dataset', '/predict in many to scored', '/why'],
    ['clustering', '/cluster k 4 in many', '/why'],
    ['clustering into a dataset', '/cluster k 4 in many to parts', '/why'],
    ['a search for anomalies', '/anomalies in many', '/why'],
    ['a reduction', '/reduce by kind in many', '/why'],
    ['a picture by UMAP', '/reduce umap by kind in many', '/why'],
    ['a forecast', '/forecast sold in days', '/why'],
  ] as const) {
    const slowest = Math.max(...(await typed(opened, command, end)));
    const rows = command.includes('in days') ? dayRows : modelRows;
    figures.push({name: `slowest key to echo during ${name} of ${rows} rows`, value: slowest, unit: 'ms', budget});
  }
  opened.dispose();
  return figures;
}

/** Sends the line, types until its end is on the screen and nothing runs any more; how long each key took. */
async function typed(opened: PtyProgram, command: string, end: string): Promise<number[]> {
  let written = '';
  let hasEnd = false;
  const stop = opened.onOutput(data => {
    written = written.slice(-200) + data;
    hasEnd ||= written.includes(end);
  });
  opened.write(`${command}\r`);
  await opened.see('Esc stops', 15_000);
  const times: number[] = [];
  while (!hasEnd || opened.screen().join('\n').includes('Esc stops')) {
    times.push(await echoMs(opened, signOf(times.length)));
    if (times.length % 20 === 0) opened.write('\x15');
    await sleep(10 + (times.length % 7) * 5);
  }
  stop();
  opened.write('\x15');
  return times;
}

/** Numbers that follow no chance: the target is known from them but for a rest. */
function line(row: number): string {
  const at = (step: number) => ((row * step) % 9973) / 9973;
  const numbers = [7919, 104_729, 1_299_709, 15_485_863, 31, 127, 8191, 131_071].map(step => at(step).toFixed(4));
  return `${numbers.join(',')},${'abcde'[row % 5]},${at(7919) + at(31) * at(127) + 0.3 * at(524_287) > 0.9 ? 'yes' : 'no'}`;
}

function dayLine(row: number): string {
  const day = new Date(Date.UTC(2019, 0, 1 + row)).toISOString().slice(0, 10);
  return `${day},${(50 + row / 40 + 10 * Math.sin((2 * Math.PI * row) / 7) + ((row * 7919) % 97) / 10).toFixed(2)}`;
}
