// How long a long report takes, from the command to the file, with everything it computes on the way.

import {readFileSync, writeFileSync} from 'node:fs';
import {median, program, run, withTempDirectory} from './measure.ts';
import type {Figure} from './run.ts';

const runs = 3;
const columns = 64;
const rows = 2_000;
const wantedPages = 30;

export async function reporting(): Promise<Figure[]> {
  return withTempDirectory(async directory => {
    const env = {DS_AGENT_WORKSPACE: `${directory}/workspace`};
    writeFileSync(`${directory}/wide.csv`, wideCsv());
    await run([program, 'upload', `${directory}/wide.csv`], {env});
    const pdf = `${directory}/report.pdf`;
    const made = [];
    for (let i = 0; i < runs; i++) {
      const figures = await run([program, 'report', '-q', '--force', '-o', pdf], {env});
      if (figures.code !== 0) throw new Error('the report failed');
      made.push(figures);
    }
    const pages = readFileSync(pdf, 'latin1').match(/\/Type \/Page\b/g)?.length ?? 0;
    if (pages < wantedPages) throw new Error(`the report has ${pages} pages instead of ${wantedPages} or more`);
    const name = `a PDF of ${pages} pages, standard analysis`;
    return [
      {name, value: median(made.map(({wallMs}) => wallMs)) / 1000, unit: 's', budget: 5},
      {name: 'its peak memory', value: median(made.map(({peakBytes}) => peakBytes)) / 2 ** 20, unit: 'MB', budget: 600},
    ];
  });
}

/** The same numbers every time, without a generator of random ones. */
function wideCsv(): string {
  const cell = (row: number, at: number) =>
    at % 6 === 0 ? ['north', 'south', 'east', 'west'][(row * (at + 3)) % 4] : ((row * (at + 7) * 7919) % 10_007) / 10;
  const line = (row: number) => Array.from({length: columns}, (_, at) => cell(row, at)).join(',');
  const names = Array.from({length: columns}, (_, at) => `column_${at}`).join(',');
  return [names, ...Array.from({length: rows}, (_, row) => line(row + 1))].join('\n');
}
