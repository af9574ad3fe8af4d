// `npm run bench`: every measured claim with its budget. Exit 1 when one is over. Names as arguments pick some.

import {analysis} from './analysis.ts';
import {bombed} from './bombs.ts';
import {charts} from './charts.ts';
import {chat} from './chat.ts';
import {exploring} from './exploring.ts';
import {importing} from './import.ts';
import {large} from './large.ts';
import {models} from './models.ts';
import {reporting} from './report.ts';
import {scoring} from './scoring.ts';
import {soak} from './soak.ts';
import {startUp} from './start-up.ts';

/** `value` must stay at or below `budget`. */
export type Figure = {name: string; value: number; unit: string; budget: number};

const suites: Record<string, () => Promise<Figure[]>> = {
  'start-up': startUp,
  chat,
  soak,
  import: importing,
  bombs: bombed,
  analysis,
  charts,
  report: reporting,
  models,
  large,
  exploring,
  scoring,
};

const wanted = process.argv.slice(2).filter(name => !name.startsWith('--'));
let over = 0;
for (const [name, suite] of Object.entries(suites)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`${name}:`);
  for (const figure of await suite()) {
    const isOver = figure.value > figure.budget;
    if (isOver) over++;
    const value = `${figure.value.toFixed(figure.value < 10 ? 2 : 0)} ${figure.unit}`;
    console.log(
      `  ${isOver ? 'OVER' : 'ok  '}  ${figure.name.padEnd(46)} ${value.padStart(10)}  (at most ${figure.budget} ${figure.unit})`,
    );
  }
}
process.exitCode = over > 0 ? 1 : 0;
