import {describe, expect, it} from 'vitest';
import {importProgressLine} from '../../src/core/import-progress.ts';

const at = {file: 'big.csv', phase: 'read' as const, readBytes: 262_144_000, totalBytes: 524_288_000};

describe('the line of a running import', () => {
  it('names file, share, size and phase, with a bar where there is room', () => {
    expect(importProgressLine(at, 79)).toBe('importing big.csv ██████████░░░░░░░░░░ 50 % of 500 MB, reading');
    expect(importProgressLine(at, 43)).toBe('importing big.csv 50 % of 500 MB, reading');
    expect(importProgressLine({...at, phase: 'describe', readBytes: 0}, 43)).toBe(
      'importing big.csv 0 % of 500 MB, looking a…',
    );
  });

  it('a stream, whose end nobody knows, has no share', () => {
    expect(importProgressLine({...at, file: 'stdin', phase: 'copy', totalBytes: 0}, 79)).toBe(
      'importing stdin 250 MB, copying',
    );
  });

  it.each([20, 30, 44, 60, 80, 200])('fits into %i cells, whatever the file is called', width => {
    for (const file of ['x'.repeat(300), '数据'.repeat(100), 'a\n\u001b[2Jb', ''])
      for (const readBytes of [0, 1, 600_000_000]) {
        const line = importProgressLine({...at, file, readBytes}, width);
        expect(line.length).toBeLessThanOrEqual(width);
        for (const mark of ['\n', '\u001b']) expect(line).not.toContain(mark);
      }
  });
});
