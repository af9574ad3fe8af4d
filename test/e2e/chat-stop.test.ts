// Ctrl-C while rows are compared in a thread: it stops at once, says so, and the chat goes on.

import {writeFileSync} from 'node:fs';
import {expect, it} from 'vitest';
import {idle, openChatBench, screenHas} from '../support/chat-bench.ts';

const {bench} = await openChatBench();

/** 300 ms on a quiet machine; this only catches what waits for the end of the work, which takes far longer. */
const limitMs = 1_000;

it.each([
  ['/reduce umap', 10_000, 'finding the nearest rows'],
  ['/cluster hierarchical', 8_000, 'linkage of'],
  ['/cluster hdbscan', 20_000, 'finding the nearest rows'],
])('Ctrl-C stops %s of %i rows at once and says so', async (line, rows, working) => {
  const numbers = (row: number) => [7919, 104_729, 1_299_709].map(step => ((row * step) % 9973) / 9973 + row * 1e-6);
  const body = Array.from({length: rows}, (_, row) => numbers(row).join(','));
  writeFileSync(bench.path('many.csv'), ['a,b,c', ...body].join('\n'));
  const terminal = await bench.ready(['--data', 'many.csv']);
  terminal.write(`${line}\r`);
  await screenHas(terminal, working);
  const from = performance.now();
  terminal.write('\x03');
  await terminal.see('✗ Stopped.');
  expect(performance.now() - from).toBeLessThan(limitMs);
  expect(terminal.output()).not.toContain('/why');
  await idle(terminal);
  terminal.write("/sql SELECT 'still ' || 'here' AS said\r");
  await screenHas(terminal, 'still here');
});
