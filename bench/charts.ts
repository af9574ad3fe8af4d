// What a chart of many rows costs beside its own statements, with the tool that a model calls and all its files.

import {openToolBench, success} from '../test/tools/bench.ts';
import {median} from './measure.ts';
import type {Figure} from './run.ts';

const rows = 10_000_000;
const source = `(SELECT (hash(i) % 1000000) / 7.0 AS price, (hash(i * 3) % 100000) / 11.0 AS weight, hash(i * 5) % 12 AS part FROM range(${rows}) r(i))`;

export async function charts(): Promise<Figure[]> {
  const bench = await openToolBench();
  try {
    const engine = await bench.catalog.engine();
    const figures: Figure[] = [];
    const asked = [
      {mark: 'histogram', x: 'price'},
      {mark: 'box', x: 'part', y: 'price'},
      {mark: 'scatter', x: 'weight', y: 'price'},
      {mark: 'heatmap', x: 'part', group: 'weight'},
    ];
    for (const args of asked) {
      const over: number[] = [];
      for (let run = 0; run < 3; run++) {
        const started = performance.now();
        const {receipt} = success(await bench.run('draw_chart', {...args, sql: `SELECT * FROM ${source}`}));
        const ours = performance.now() - started;
        const again = performance.now();
        for (const statement of (receipt.sql ?? '').split(';\n')) await engine.query(statement, {maxRows: 50_000});
        const own = performance.now() - again;
        over.push((ours - 500) / own);
      }
      figures.push({
        name: `${args.mark} of 10M rows less 0.5 s / its statements`,
        value: median(over),
        unit: '×',
        budget: 1.3,
      });
    }
    return figures;
  } finally {
    await bench.close();
  }
}
