import {pathToFileURL} from 'node:url';
import {Chalk} from 'chalk';
import {describe, expect, it} from 'vitest';
import type {AgentEvent} from '../../src/core/events.ts';
import {describeResilienceEvent} from '../../src/core/wording.ts';
import {type EntryFormat, entriesText, entryText} from '../../src/tui/entry-text.ts';
import type {Entry} from '../../src/tui/view-model.ts';
import {okResult} from './support/scripted-host.ts';

const format: EntryFormat = {
  style: new Chalk({level: 0}),
  width: 80,
  links: false,
  renderTable: table => table.rows.map(row => row.join('|')).join('\n'),
  describeEvent: describeResilienceEvent,
};
const text = (entry: Entry) => entryText(entry, format);
const added: Extract<AgentEvent, {type: 'dataset_added'}> = {
  type: 'dataset_added',
  name: 'sales',
  version: 1,
  rows: 4000,
  columns: 12,
  sizeBytes: 204_800,
  format: 'csv',
  storedName: 'x',
  warnings: ['3 rows rejected'],
};

describe('the text of a command', () => {
  it('has its tables laid out for the width, and the rest as it is', () => {
    const shown = entryText(
      {
        kind: 'command',
        ok: true,
        text: 'Best:\n| metric | value |\n| --- | ---: |\n| mean absolute error of it | 1.5 |\na | b',
        table: undefined,
        charts: [],
      },
      {...format, width: 30},
    );
    expect(shown).toBe(
      [
        'Best:',
        '| metric             | value |',
        '| ------------------ | ----: |',
        '| mean absolute      |   1.5 |',
        '| error of it        |       |',
        'a | b',
      ].join('\n'),
    );
  });
});

describe('a finished entry', () => {
  it.each([
    [
      '! #3 avg(x) rests on 2 values. /explain',
      {
        kind: 'caution',
        caution: {code: 'small_groups', severity: 'warn', message: 'avg(x) rests on 2 values.', advice: '', receipt: 3},
      },
    ],
    ['\n› two\n  lines', {kind: 'line_sent', text: 'two\nlines'}],
    [
      '▸ run_sql sales 4,000 → 2 rows 12 ms  #3\nnorth|12.5\nsouth|7',
      {kind: 'tool', name: 'run_sql', args: {}, ms: 12.3, result: okResult, tabled: true},
    ],
    [
      '▸ run_sql sale ✗ no dataset "sale"\n  Did you mean sales?',
      {
        kind: 'tool',
        name: 'run_sql',
        args: {dataset: 'sale'},
        ms: 1,
        tabled: true,
        result: {ok: false, code: 'sql.unknown_dataset', message: 'no dataset "sale"', hint: 'Did you mean sales?'},
      },
    ],
    ['✓ sales v1: 4,000 rows × 12 columns (csv, 200 KB)\n  ! 3 rows rejected', {kind: 'import', event: added}],
    [
      '✗ a.csv was not imported: it is empty\n  Give another file.',
      {kind: 'import_rejected', file: 'a.csv', message: 'it is empty', hint: 'Give another file.'},
    ],
    ['! careful', {kind: 'notice', level: 'warn', message: 'careful'}],
    ['✗ no provider\n  Wait a minute.', {kind: 'error', message: 'no provider', hint: 'Wait a minute.'}],
    ['\nNext steps (type a number)\n  1  Profile', {kind: 'next_steps', steps: [{label: 'Profile', prompt: 'p'}]}],
    ['✗ not allowed: Import x?', {kind: 'approval', question: 'Import x?', approved: false}],
    ['■ stopped', {kind: 'stopped'}],
  ] as [string, Entry][])('reads %j', (expected, entry) => {
    expect(text(entry)).toBe(expected);
  });

  it('an answer stands apart from the tool lines above it, and only there', () => {
    const tool: Entry = {kind: 'tool', name: 'x', args: {}, ms: 1, result: okResult, tabled: false};
    const prose = (line: string): Entry => ({kind: 'prose', lines: [{kind: 'text', text: line}]});
    expect(entriesText([prose('before'), tool, prose('one')], null, format)).toMatch(/^before\n▸ x .*\n\none\n$/);
    expect(entriesText([prose('two')], 'prose', format)).toBe('two\n');
    expect(entriesText([prose('')], 'prose', format)).toBe('\n');
    expect(entriesText([], 'tool', format)).toBe('');
  });

  it('a kept file is a link where the terminal shows links, and its path elsewhere', () => {
    const path = 'charts/bars.svg';
    const entry: Entry = {
      kind: 'tool',
      name: 'draw_chart',
      args: {},
      ms: 1,
      tabled: true,
      result: {...okResult, artifacts: [{kind: 'chart', title: 'Bars', path}]},
    };
    const fileUrl = (name: string) => pathToFileURL(`/work space/${name}`).href;
    const linked = entryText(entry, {...format, links: true, fileUrl});
    expect(linked).toContain(`\x1b]8;;file:///work%20space/charts/bars.svg\x1b\\${path}\x1b]8;;\x1b\\`);
    expect(entryText(entry, {...format, links: false, fileUrl})).toContain(`Bars: ${path}`);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: looks for escape sequences
    expect(entryText(entry, {...format, links: false, fileUrl})).not.toMatch(/\x1b\]/);
  });

  it('no entry lets a control sequence from outside through', () => {
    const evil = 'x\x1b[2J\x1b]52;c;aGk=\x07\r\u202e';
    const failed = {ok: false, code: 'x', message: evil, hint: evil} as const;
    const entries: Entry[] = [
      {kind: 'line_sent', text: evil},
      {kind: 'reading', text: evil},
      {kind: 'prose', lines: [{kind: 'text', text: evil}]},
      {kind: 'tool', name: evil, args: {dataset: evil}, ms: 1, result: failed, tabled: true},
      {
        kind: 'tool',
        name: 'draw_chart',
        args: {},
        ms: 1,
        tabled: true,
        result: {...okResult, artifacts: [{kind: 'chart', title: evil, path: evil, preview: evil}]},
      },
      {kind: 'import', event: {...added, name: evil, warnings: [evil]}},
      {kind: 'import_rejected', file: evil, message: evil, hint: evil},
      {kind: 'command', ok: true, text: evil, table: undefined, charts: []},
      {kind: 'notice', level: 'info', message: evil},
      {
        kind: 'resilience',
        event: {v: 1, seq: 1, time: 1, type: 'route_blocked', provider: evil, cause: 'auth', message: evil},
      },
      {kind: 'error', message: evil, hint: evil},
      {kind: 'approval', question: evil, approved: true},
      {kind: 'next_steps', steps: [{label: evil, prompt: evil}]},
    ];
    for (const color of [0, 1] as const) {
      for (const entry of entries) {
        const shown = entryText(entry, {...format, style: new Chalk({level: color}), renderTable: () => evil});
        // Colour of ours is the only thing that may start with ESC.
        // biome-ignore lint/suspicious/noControlCharactersInRegex: looks for escape sequences
        expect(shown.replace(/\x1b\[[\d;]*m/g, ''), entry.kind).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f\u202e]/);
        if (color === 0) expect(shown, entry.kind).not.toContain('\x1b');
      }
    }
  });
});
