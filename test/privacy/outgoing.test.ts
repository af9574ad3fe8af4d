import {describe, expect, it} from 'vitest';
import type {ChatRequest, Message} from '../../src/core/chat.ts';
import type {Dataset} from '../../src/core/dataset.ts';
import {covers, isMeant, type PrivacyPolicy, parsePatterns} from '../../src/core/privacy.ts';
import type {ToolResult} from '../../src/core/tool.ts';
import {outgoing} from '../../src/privacy/outgoing.ts';
import {PlaceholderFiller} from '../../src/privacy/placeholders.ts';
import {column, dataset} from './data.ts';

const rows: PrivacyPolicy = {level: 'rows', neverSend: []};
const hides = (...neverSend: string[]): PrivacyPolicy => ({level: 'rows', neverSend});
const aggregates: PrivacyPolicy = {level: 'aggregates', neverSend: []};

const usage = {inputTokens: null, outputTokens: null};
const receipt = {id: 1, tool: 'x', args: {secret: 1}, sql: 'secret', datasets: [], rowsRead: 1, sampled: false, ms: 1};
const from = (name: string) => ({...receipt, datasets: [{name, version: 1, sha256: 'f'}]});

function request(result: ToolResult, datasets: Dataset[] = []): ChatRequest {
  const said = {text: '', usage, provider: 'openai', model: 'm'};
  const messages: Message[] = [
    {role: 'user', text: 'q'},
    {role: 'assistant', ...said, toolCalls: [{id: 'c', name: 'x', argumentsText: '{"a":1}'}]},
    {role: 'tool', callId: 'c', name: 'x', result},
  ];
  return {system: 'rules', messages, tools: [], datasets};
}

/** What a provider would read of the result. */
function sent(result: ToolResult, policy: PrivacyPolicy, datasets: Dataset[] = []): string {
  return JSON.stringify(outgoing(request(result, datasets), policy).request.messages.at(-1));
}

/** A result of a query on `parents`, with these columns. */
function queried(name: string, columns: Dataset['versions'][0]['columns']): Dataset {
  const made = dataset(name, columns);
  return {...made, versions: made.versions.map(each => ({...each, source: {kind: 'query', sql: '', parents: []}}))};
}

describe('what is sent of a result', () => {
  const undeclared: ToolResult = {ok: true, summary: 'secret', receipt: from('sales')};

  it('is the whole at rows, without the arguments and SQL behind it', () => {
    const text = sent({...undeclared, summary: 'open'}, rows);
    expect(text).toContain('open');
    expect(text).not.toContain('secret');
  });

  it.each([
    ['at aggregates', aggregates, [dataset('sales', [column('price')])]],
    ['at schema', {level: 'schema', neverSend: []}, [dataset('sales', [column('price')])]],
    ['when its dataset has a hidden column', hides('email'), [dataset('sales', [column('email')])]],
    ['when its dataset is not known any more', hides('email'), []],
  ] as const)('a result that does not say what it is made of stays here %s', (_, policy, datasets) => {
    expect(sent(undeclared, policy as PrivacyPolicy, [...datasets])).not.toContain('secret');
  });

  it('and goes when none of its datasets has a hidden column', () => {
    const datasets = [dataset('sales', [column('price')]), dataset('people', [column('email')])];
    expect(sent(undeclared, hides('email'), datasets)).toContain('secret');
  });

  it('a caution keeps its words only where everything may go', () => {
    const caution = {
      code: 'small_groups',
      severity: 'warn' as const,
      message: 'Bob is alone',
      advice: 'Bob',
      receipt: 1,
    };
    const cautioned: ToolResult = {ok: true, summary: 's', receipt, cautions: [caution], disclosure: {bare: 's'}};
    expect(sent(cautioned, rows)).toContain('Bob');
    expect(sent(cautioned, aggregates)).toMatch(/small_groups \(the user sees it\)/);
    expect(sent(cautioned, aggregates)).not.toContain('Bob');
  });

  it('never more than 20 rows, and a small group neither with its name nor its count', () => {
    const cells = Array.from({length: 30}, (_, i) => [`name${i}`, i]);
    const table = {
      columns: [
        {name: 'who', type: 'VARCHAR', kind: 'text' as const},
        {name: 'n', type: 'BIGINT', kind: 'number' as const},
      ],
      rows: cells,
      totalRows: 30,
    };
    const disclosure = {
      columns: [
        {kind: 'group' as const, from: ['sales.who']},
        {kind: 'count' as const, from: []},
      ],
      rows: cells.map((_, i) => ({n: i === 3 ? 4 : 5})),
    };
    const text = sent({ok: true, summary: 'all', table, disclosure, receipt: from('sales')}, aggregates);
    expect(text).toContain('| name19 | 19 |');
    expect(text).not.toContain('name20');
    expect(text).not.toMatch(/name3\b|\| 3 \|/);
  });
});

describe('what is sent of the datasets', () => {
  const system = (datasets: Dataset[], policy: PrivacyPolicy) =>
    outgoing(request({ok: false, code: 'x', message: ''}, datasets), policy).request.system;
  const price = column('price', {type: 'DOUBLE', kind: 'number', min: 17, max: 99, notes: ['in 4711 EUR']});

  it('at rows everything, at aggregates ranges of numbers, at schema names and types', () => {
    const data = [dataset('sales', [price, column('region')])];
    expect(system(data, rows)).toMatch(/"price" DOUBLE, 17 … 99, in 4711 EUR\n.*"region" VARCHAR, 2 values: "a", "b"/);
    expect(system(data, aggregates)).toMatch(/"price" DOUBLE, 17 … 99\n.*"region" VARCHAR, 2 distinct\n/);
    expect(system(data, {level: 'schema', neverSend: []})).toMatch(/"price" DOUBLE\n.*"region" VARCHAR\n/);
  });

  it('no range of fewer than five rows at aggregates', () => {
    const few = column('rare', {type: 'DOUBLE', kind: 'number', min: 17, max: 99, nullCount: 3_996});
    expect(system([dataset('sales', [few])], aggregates)).not.toContain('17');
  });

  it('of a hidden column its name and type, of what was made of it as well', () => {
    const copy = queried('copy', [{...price, name: 'cost', from: ['sales.price']}]);
    const text = system([dataset('sales', [price]), copy], hides('sales.price'));
    expect(text).toContain('"price" DOUBLE, never sent');
    expect(text).toContain('"cost" DOUBLE, never sent');
    expect(text).not.toMatch(/17|99|4711/);
  });

  it('nothing of a kept result that does not say what it was made of, once a column is hidden', () => {
    const old = queried('old', [price]);
    expect(system([old], rows)).toContain('17');
    expect(system([old], hides('email'))).not.toContain('17');
  });

  it('a column is hidden by the name it had in its file, too', () => {
    const mail = column('e_mail', {originalName: 'E-Mail', topValues: ['bob@x']});
    expect(system([dataset('sales', [mail])], hides('e-mail'))).not.toContain('bob');
  });

  it('names that coding made of values are taken out where the values may not go', () => {
    const coded = queried('coded', [{...column('city_Paris'), from: ['sales.city']}]);
    const data = [dataset('sales', [column('city', {topValues: []})]), coded];
    expect(system(data, rows)).toContain('city_Paris');
    expect(system(data, hides('city'))).not.toContain('Paris');
    expect(system(data, aggregates)).not.toContain('Paris');
  });
});

describe('patterns', () => {
  it.each([
    ['email', 'sales', 'email', true],
    ['EMAIL', 'sales', 'email', true],
    ['sales.email', 'sales', 'Email', true],
    ['sales.email', 'people', 'email', false],
    ['*.phone', 'sales', 'phone', true],
    ['*.phone', 'sales', 'phone2', false],
    ['mail', 'sales', 'email', false],
    ['*mail*', 'sales', 'e_mail_2', true],
    ['sales.*', 'sales', 'anything', true],
    ['a.b', 'sales', 'a.b', true],
    ['a(b', 'sales', 'a(b', true],
    ['a*(b', 'sales', 'aa(b', true],
    ['.*', 'sales', 'email', false],
  ])('%s means %s.%s: %s', (pattern, name, of, meant) => {
    expect(isMeant(pattern, name, of)).toBe(meant);
  });

  it('are separated by commas, blanks around them mean nothing', () => {
    expect(parsePatterns(' email, *.phone ,,email')).toEqual(['email', '*.phone']);
  });

  it('a text is covered by a policy at least as strict', () => {
    expect(covers(aggregates, rows)).toBe(true);
    expect(covers(rows, aggregates)).toBe(false);
    expect(covers(hides('a', 'b'), hides('a'))).toBe(true);
    expect(covers(hides('a'), hides('a', 'b'))).toBe(false);
  });
});

describe('placeholders in a stream', () => {
  const columns = [{name: 'price', type: 'DOUBLE', kind: 'number' as const}];
  const table = {columns, rows: [[1_234.5], [null]], totalRows: 2};
  const known = {
    role: 'tool' as const,
    callId: 'c',
    name: 'x',
    result: {ok: true as const, summary: '', table, receipt: {...receipt, id: 7}},
  };
  const filled = (...pieces: string[]) => {
    const filler = new PlaceholderFiller([known]);
    return [...pieces.map(piece => filler.add(piece)), filler.end()];
  };

  it('wait for their end, also when they come letter by letter', () => {
    expect(filled('a {', '{7:1:', 'price}', '} b')).toEqual(['a ', '', '', '1,234.5 b', '']);
    expect(filled(...'is {{7:2:PRICE}}.').join('')).toBe('is ∅.');
  });

  it.each([
    ['{{8:1:price}}'],
    ['{{7:3:price}}'],
    ['{{7:0:price}}'],
    ['{{7:1:cost}}'],
    ['{{seven}}'],
    ['{{7:1:price'],
    ['{ {{ }} }'],
    [`{{${'x'.repeat(500)}`],
  ])('%s is left as it stands', text => {
    expect(filled(...text).join('')).toBe(text);
  });

  it('the value of a cell can not be taken for another placeholder', () => {
    const hostile = {...table, rows: [['{{7:2:price}}']]};
    const filler = new PlaceholderFiller([{...known, result: {...known.result, table: hostile}}]);
    expect(filler.add('{{7:1:price}}') + filler.end()).toBe('{{7:2:price}}');
  });
});
