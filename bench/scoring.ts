// That scoring a file takes hardly more memory for four times the rows, import and all.

import {writeFileSync} from 'node:fs';
import {program, run, withTempDirectory, writeParquet} from './measure.ts';
import type {Figure} from './run.ts';

const small = 750_000;
const times = 4;

export async function scoring(): Promise<Figure[]> {
  return withTempDirectory(async directory => {
    const env = {DS_AGENT_WORKSPACE: `${directory}/workspace`};
    const asked = async (args: readonly string[]) => {
      const figures = await run([program, ...args], {env});
      if (figures.code !== 0) throw new Error(`${args.join(' ')} failed`);
      return figures;
    };
    writeFileSync(`${directory}/learn.csv`, learnCsv(600));
    await asked(['train', '--data', `${directory}/learn.csv`, '--target', 'y', '--seconds', '2', '-q']);
    const score = async (rows: number) => {
      const name = `rows_${rows}`;
      const columns = ['a', 'b', 'c'].map((column, j) => `(hash(i * 3 + ${j}) % 1000)::DOUBLE AS ${column}`).join(', ');
      const sql = `SELECT ${columns}, 'k' || (i % 4) AS kind FROM range(${rows}) AS r(i)`;
      await writeParquet(`${directory}/${name}.parquet`, sql);
      return asked([
        'predict',
        'latest',
        `${directory}/${name}.parquet`,
        '-o',
        `${directory}/${name}-out.parquet`,
        '-q',
      ]);
    };
    const few = await score(small);
    const many = await score(small * times);
    const perSecond = (small * (times - 1)) / ((many.wallMs - few.wallMs) / 1000);
    return [
      {name: `memory of ${times} times the rows`, value: many.peakBytes / few.peakBytes, unit: '×', budget: 1.5},
      {name: 'peak memory of 3M rows', value: many.peakBytes / 2 ** 20, unit: 'MB', budget: 600},
      {name: 'a million rows read, scored and written', value: 1e6 / perSecond, unit: 's', budget: 20},
    ];
  });
}

function learnCsv(rows: number): string {
  const lines = Array.from({length: rows}, (_, i) => {
    const [a, b, c] = [(i * 37) % 1000, (i * 91) % 1000, (i * 53) % 1000];
    return `${a},${b},${c},k${i % 4},${a * 2 - b + (i % 4) * 300 + ((i * 7919) % 97)}`;
  });
  return ['a,b,c,kind,y', ...lines].join('\n');
}
