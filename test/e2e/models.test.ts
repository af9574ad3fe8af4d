// `ds-agent train`, `predict` and `models` as scripts call them.

import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {binary, makePlace, type Place, runProgram, runShell} from '../support/program.ts';
import {startPty} from '../support/pty.ts';

let place: Place;
const run = (args: string[]) => runProgram(args, {place, stdin: 'null'});

const home = (n: number) => {
  const size = (n * 37) % 100;
  const kind = n % 3 === 0 ? 'house' : 'flat';
  const price = 1000 + 50 * size + (kind === 'house' ? 2000 : 0) + ((n * 7919) % 997);
  return {size, kind, price, dear: price > 4500 ? 'yes' : 'no'};
};
const homes = Array.from({length: 150}, (_, n) => home(n));

let id: string;
beforeAll(async () => {
  place = makePlace();
  place.file('homes.csv', ['size,kind,price,dear', ...homes.map(each => Object.values(each).join(','))].join('\n'));
  const args = ['--features', 'size,kind', '--seconds', '1', '--json'];
  const trained = await run(['train', '--data', 'homes.csv', '--target', 'dear', ...args]);
  expect(trained.code).toBe(0);
  const json = JSON.parse(trained.stdout);
  expect(json).toMatchObject({status: 'trained', target: 'dear', classes: ['no', 'yes'], features: ['size', 'kind']});
  expect(json.leaderboard.some((each: {baseline: boolean}) => each.baseline)).toBe(true);
  id = json.id;
  expect(json.charts.map((path: string) => existsSync(join(place.workspace, path)))).toEqual([true, true]);
});
afterAll(() => place.remove());

describe('ds-agent predict', () => {
  it('writes the rows in their order with predictions and probabilities behind, and keeps nothing of the file', async () => {
    place.file('new.csv', 'name,size,kind\nfirst,95,house\nsecond,2,flat\nthird,50,castle\nfourth,,flat\n');
    const {code, stdout} = await run(['predict', 'latest', 'new.csv', '-o', 'out.csv']);
    expect(code).toBe(0);
    expect(stdout).toContain(`Model ${id} predicted dear for 4 rows.`);
    expect(stdout).toContain('kind: 1 row with a value that the model did not learn from.');
    expect(stdout).toContain('size: 1 row without a value.');
    const lines = readFileSync(join(place.cwd, 'out.csv'), 'utf8').trim().split('\n');
    expect(lines[0]).toBe('name,size,kind,predicted,probability_no,probability_yes');
    expect(lines[1]).toMatch(/^first,95,house,yes,0\.\d+,[01]\.\d+/);
    expect(lines[2]).toMatch(/^second,2,flat,no,/);
    expect(lines).toHaveLength(5);
    expect((await run(['datasets'])).stdout).not.toContain('new');
  });

  it('never replaces a file unasked, and says so before it works', async () => {
    place.file('taken.parquet', 'mine');
    const args = ['predict', 'latest', 'homes.csv', '-o', 'taken.parquet'];
    const refused = await run([...args, '--json']);
    expect([refused.code, JSON.parse(refused.stdout).error.code]).toEqual([3, 'export.exists']);
    expect(readFileSync(join(place.cwd, 'taken.parquet'), 'utf8')).toBe('mine');
    const forced = await run([...args, '--force', '--json']);
    expect(JSON.parse(forced.stdout)).toMatchObject({status: 'predicted', rows: 150, format: 'parquet', gaps: []});
    expect(readFileSync(join(place.cwd, 'taken.parquet')).subarray(0, 4).toString()).toBe('PAR1');
  });

  it('scores a file with some texts among the numbers, which count as missing and are told of', async () => {
    place.file('odd.csv', 'size,kind\n95,house\n2,flat\nbig,flat\n,flat\n40,house\n');
    const {code, stdout} = await run(['predict', 'latest', 'odd.csv', '-o', 'odd-scored.csv']);
    expect(code, stdout).toBe(0);
    expect(stdout).toContain('size: 1 row with a text that is no number, taken as missing ("big" in row 3).');
    expect(stdout).toContain('size: 1 row without a value.');
    const lines = readFileSync(join(place.cwd, 'odd-scored.csv'), 'utf8').trim().split('\n');
    expect(lines[3]).toMatch(/^big,flat,(yes|no),/);
    const json = await run(['predict', 'latest', 'odd.csv', '-o', 'odd-scored.csv', '--force', '--json']);
    expect(JSON.parse(json.stdout).gaps[0]).toEqual({
      column: 'size',
      kind: 'unreadable',
      rows: 1,
      examples: ['big'],
      example_rows: [3],
    });
  });

  it('writes CSV alone to a pipe, from a pipe, and what there is to say to standard error', async () => {
    place.file('piped.csv', 'size,kind\n95,house\n2,flat\n,flat\n');
    await run(['predict', 'latest', 'piped.csv', '-o', 'piped-scored.csv']);
    const wanted = readFileSync(join(place.cwd, 'piped-scored.csv'), 'utf8');
    const {code, stdout, stderr} = await run(['predict', 'latest', 'piped.csv']);
    expect([code, stdout]).toEqual([0, wanted]);
    expect(stderr).toContain('predicted dear for 3 rows.');
    expect(stderr).toContain('size: 1 row without a value.');
    const quiet = await runShell('cat piped.csv | ds_agent predict latest - -o - -q', place);
    expect([quiet.code, quiet.stdout, quiet.stderr]).toEqual([0, wanted, '']);
  });

  it('leaves nothing behind when the reader of its rows has gone', async () => {
    const many = Array.from({length: 40_000}, (_, n) => `${n % 100},flat`);
    place.file('many.csv', ['size,kind', ...many].join('\n'));
    const before = readdirSync(place.workspace, {recursive: true}).sort();
    const line = '{ ds_agent predict latest many.csv -q; echo "code $?" >&2; } | head -2; exit 0';
    const {stdout, stderr} = await runShell(line, place);
    expect([stdout.split('\n').length, stderr.trim()]).toEqual([3, 'code 0']);
    expect(readdirSync(place.workspace, {recursive: true}).sort()).toEqual(before);
  });

  it('scores a dataset by its name where there is no such file', async () => {
    const {code, stdout} = await run(['predict', id, 'homes', '-o', 'again.json', '--json']);
    expect(code).toBe(0);
    const {counts} = JSON.parse(stdout);
    expect(counts.no + counts.yes).toBe(150);
    const rows: {dear: string; predicted: string}[] = JSON.parse(readFileSync(join(place.cwd, 'again.json'), 'utf8'));
    expect(rows.filter(row => row.dear === row.predicted).length).toBeGreaterThan(135);
  });

  it('train without a target names the likeliest columns and why', async () => {
    const {code, stderr, stdout} = await run(['train', '--data', 'homes.csv', '-q']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/The column to predict is missing\. The likeliest of homes: price \([^)]+\); /);
    expect(stderr).toContain('ds-agent train --dataset homes --target price');
  });

  it.each([
    [['predict', 'latest', 'homes.csv'], 2, 'usage.output'],
    [['predict', 'latest', 'homes.csv', '-o', '-'], 2, 'usage.output'],
    [['predict', 'latest', '-', '-o', 'x.csv'], 3, 'import.empty'],
    [['predict', 'latest', 'gone.csv', '-o', 'x.csv'], 3, 'import.not_found'],
    [['predict', 'nosuch', 'homes.csv', '-o', 'x.csv'], 9, 'model.unknown'],
    [['predict', 'latest', 'other.csv', '-o', 'x.csv'], 9, 'model.column_missing'],
    [['predict', 'latest', 'worded.csv', '-o', 'x.csv'], 9, 'model.column_kind'],
    [['predict', 'latest', 'homes.csv', '-o', 'x.doc'], 3, 'export.format'],
    [['train', '--data', 'homes.csv'], 2, 'usage.target'],
    [['train', '--data', 'homes.csv', '--target', 'prize'], 9, 'analysis.unknown_column'],
    [['train', '--dataset', 'homes', '--target', 'dear', '--models', 'ridge, lasso'], 9, 'model.unknown_estimator'],
    [['train', '--dataset', 'homes', '--target', 'dear', '--features', 'dear', '--balanced'], 9, 'model.no_features'],
    [['models', 'shake'], 2, 'usage.models'],
    [['models', 'show', 'nosuch'], 9, 'model.unknown'],
    [['models', 'rm', 'latest', '--yes'], 9, 'model.unknown'],
    [['models', 'export', 'latest', '-o', 'x.csv'], 3, 'export.format'],
    [['models', 'evaluate', 'latest', '--dataset', 'nosuch'], 9, 'dataset.unknown'],
    [['models', 'evaluate', 'latest', '--data', 'other.csv'], 9, 'model.column_missing'],
    [['models', 'evaluate', '--chart', 'pie'], 2, 'usage.models'],
    [['models', 'evaluate', 'a', 'b'], 2, 'usage.models'],
    [['models', 'explain', 'latest', '--row', '0'], 2, 'usage.number'],
    [['models', 'explain', 'latest', '--row', '3', '--column', 'size', '--dataset', 'homes'], 9, 'model.one_question'],
    [['models', 'show', 'latest', '--by', 'kind'], 2, 'usage.models'],
  ])('%j ends with %i and %s', async (args, code, error) => {
    place.file('other.csv', 'a,b\n1,2\n');
    place.file('worded.csv', 'size,kind\nsmall,flat\nlarge,house\n');
    const result = await run([...args, '--json']);
    expect([result.code, JSON.parse(result.stdout).error.code]).toEqual([code, error]);
    expect(existsSync(join(place.cwd, 'x.csv'))).toBe(false);
  });
});

it('ds-agent train, stopped by Ctrl-C, tells and keeps the best so far, and ends with 130', async () => {
  const body = Array.from(
    {length: 30_000},
    (_, n) => `${(n * 7919) % 101},${(n * 104729) % 977},${(n * 31) % 17},${((n * 1299709) % 89) + ((n * 7919) % 101)}`,
  );
  place.file('many.csv', ['a,b,c,y', ...body].join('\n'));
  // On a terminal, which is where a training says how far it is; what it prints goes to a file.
  const command = [process.execPath, binary, 'train', '--data', 'many.csv', '--target', 'y', '--json'];
  const program = startPty({
    file: '/bin/sh',
    args: ['-c', 'exec "$@" > stopped.json', 'sh', ...command],
    cwd: place.cwd,
    env: place.env,
  });
  await program.see('best so far');
  program.write('\x03');
  const code = await program.exit;
  program.dispose();
  const stdout = readFileSync(join(place.cwd, 'stopped.json'), 'utf8');
  expect(code, stdout).toBe(130);
  const {status, id, notes} = JSON.parse(stdout);
  expect([status, notes]).toEqual(['trained', expect.stringContaining('Stopped before the end')]);
  expect((await run(['models', 'show', id])).code).toBe(0);
  await run(['models', 'rm', id, '--yes']);
  await run(['datasets', 'rm', 'many', '--yes']);
});

describe('ds-agent models', () => {
  it('lists, shows and compares them with their figures beside the baseline, broken ones with what is wrong', async () => {
    await run([
      'train',
      '--dataset',
      'homes',
      '--target',
      'dear',
      '--features',
      'size',
      '--seconds',
      '1',
      '--seed',
      '7',
    ]);
    const folder = join(place.workspace, 'models', 'homes', 'odd-v1');
    mkdirSync(folder, {recursive: true});
    writeFileSync(join(folder, 'model.json'), '{"format": "pickle"}');
    const {stdout} = await run(['models', '--json']);
    const {models} = JSON.parse(stdout);
    expect(models).toHaveLength(3);
    expect(models.find((each: {id: string}) => each.id === 'homes/odd-v1').error.code).toBe('model.broken');
    expect((await run(['models'])).stdout).toContain(`${id}  dear  log_loss`);
    const shown = await run(['models', 'show', id]);
    expect(shown.stdout).toContain('Features: size, kind');
    expect(shown.stdout).toMatch(/Baseline on the same rows: log_loss 0\.\d+/);
    const compared = await run(['models', 'compare']);
    const twice = await run(['models', 'compare', id, id, '--json']);
    expect(JSON.parse(twice.stdout).models).toHaveLength(1);
    expect(compared.stdout).toContain('Their seeds differ');
    expect(compared.stdout.indexOf(id)).toBeGreaterThan(0);
    expect((await run(['models', 'show', 'homes/odd-v1'])).code).toBe(9);
  });

  it('evaluates one on new data by group, beside the baseline, as text and as JSON', async () => {
    const fresh = Array.from({length: 40}, (_, n) => home(n + 1_000));
    place.file('fresh.csv', ['size,kind,price,dear', ...fresh.map(each => Object.values(each).join(','))].join('\n'));
    const {code, stdout} = await run(['models', 'evaluate', id, '--data', 'fresh.csv', '--by', 'kind']);
    expect(code).toBe(0);
    expect(stdout).toContain(`Evaluated model ${id}`);
    expect(stdout).toContain('on 40 rows of fresh. It predicts dear.');
    expect(stdout).toContain('| flat | 27 |');
    const args = ['models', 'evaluate', id, '--dataset', 'fresh', '--by', 'kind', '--chart', 'roc'];
    const json = JSON.parse((await run([...args, '--json'])).stdout);
    expect(json).toMatchObject({status: 'evaluated', model: id, rows: 40, data: {name: 'fresh', version: 1}});
    expect(json.charts[0]).toMatch(/^charts\/roc.*\.svg$/);
    const accuracyOf = (metrics: {metric: string; value: number}[]) =>
      metrics.find(({metric}) => metric === 'accuracy')?.value ?? Number.NaN;
    // The groups are all rows, so the accuracy of all is the mean of theirs.
    const groups: {group: string; rows: number; metrics: {metric: string; value: number}[]}[] = json.groups;
    expect(groups.map(({group, rows}) => [group, rows])).toEqual([
      ['flat', 27],
      ['house', 13],
    ]);
    const whole = groups.reduce((sum, {rows, metrics}) => sum + (rows / 40) * accuracyOf(metrics), 0);
    expect(accuracyOf(json.metrics)).toBeCloseTo(whole, 12);
    await run(['datasets', 'rm', 'fresh', '--yes']);
  });

  it('explains one: its columns, one of them, and a row', async () => {
    const explain = async (...more: string[]) =>
      JSON.parse((await run(['models', 'explain', id, '--dataset', 'homes', ...more, '--json'])).stdout);
    const columns = await explain();
    expect([columns.status, columns.about, columns.model]).toEqual(['explained', 'importance', id]);
    expect(columns.values[0]).toMatchObject({column: 'size', importance: expect.any(Number)});
    const curve = await explain('--column', 'size');
    expect(curve.about).toBe('column');
    expect(curve.values.at(-1).mean).toBeGreaterThan(curve.values[0].mean);
    const row = await explain('--row', '7');
    expect(row.values.map((each: {column: string}) => each.column).sort()).toEqual(['kind', 'size']);
    expect(row.notes).toContain('Row 7: the model says dear');
    const {stdout} = await run(['models', 'explain', id, '--dataset', 'homes']);
    expect(stdout).toContain('Permutation importance');
  });

  it('exports one as ONNX, never over a file unasked', async () => {
    // Whatever was best in training: one that every version of the program can export.
    const content = JSON.parse(readFileSync(join(place.workspace, 'models', id, 'model.json'), 'utf8'));
    const steps: {kind: string; levels?: string[]; flagsMissing?: boolean}[] = content.recipe.steps;
    const coefficients = steps.flatMap(
      ({levels, flagsMissing}) => levels?.map(() => 0.5) ?? (flagsMissing ? [1, 2] : [1]),
    );
    const parameters = {sums: [{intercept: 0, coefficients}], classCount: 2, iterations: 1};
    for (const {levels} of steps) levels?.splice(0, 1, '');
    const folder = join(place.workspace, 'models', 'homes', 'logistic-v77');
    mkdirSync(folder, {recursive: true});
    const made = {...content, estimator: 'logistic', parameters, decision: undefined, checksum: undefined};
    writeFileSync(join(folder, 'model.json'), JSON.stringify(made));
    const {code, stdout} = await run(['models', 'export', 'homes/logistic-v77', '-o', 'model.onnx']);
    expect([code, stdout]).toEqual([0, expect.stringContaining('size (double), kind (string)')]);
    expect(stdout).toContain('Outputs: predicted, probabilities\n');
    expect(stdout).toContain('It has learnt the empty text of kind: a missing one is (missing) there.');
    expect(readFileSync(join(place.cwd, 'model.onnx')).includes('ds-agent')).toBe(true);
    const again = await run(['models', 'export', 'homes/logistic-v77', '-o', 'model.onnx', '--json']);
    expect(JSON.parse(again.stdout).error.code).toBe('export.exists');
    const forced = await run(['models', 'export', 'homes/logistic-v77', '-o', 'model.onnx', '--force', '--json']);
    expect(JSON.parse(forced.stdout)).toMatchObject({
      status: 'exported',
      id: 'homes/logistic-v77',
      inputs: [
        {name: 'size', type: 'double'},
        {name: 'kind', type: 'string', missing: '(missing)'},
      ],
      outputs: ['predicted', 'probabilities'],
    });
  });

  it('refuses to export what ONNX does not hold, says what it does, and writes nothing', async () => {
    const content = JSON.parse(readFileSync(join(place.workspace, 'models', id, 'model.json'), 'utf8'));
    const folder = join(place.workspace, 'models', 'homes', 'dummy_prior-v78');
    mkdirSync(folder, {recursive: true});
    const made = {
      ...content,
      estimator: 'dummy_prior',
      parameters: {shares: [0.4, 0.6]},
      decision: undefined,
      checksum: undefined,
    };
    writeFileSync(join(folder, 'model.json'), JSON.stringify(made));
    const {code, stdout} = await run(['models', 'export', 'homes/dummy_prior-v78', '-o', 'dummy.onnx', '--json']);
    const {error} = JSON.parse(stdout);
    expect([code, error.code]).toEqual([9, 'model.not_exportable']);
    expect(`${error.message} ${error.hint}`).toMatch(/dummy_prior is not supported.*trees.*--models keeps to those/);
    expect(existsSync(join(place.cwd, 'dummy.onnx'))).toBe(false);
  });

  it('lists one that was edited with what is wrong, and neither shows, exports, evaluates nor applies it', async () => {
    const whole = readFileSync(join(place.workspace, 'models', id, 'model.json'), 'utf8');
    const folder = join(place.workspace, 'models', 'homes', 'edited-v1');
    mkdirSync(folder, {recursive: true});
    const put = (text: string) => writeFileSync(join(folder, 'model.json'), text);
    put(JSON.stringify(JSON.parse(whole), null, 2));
    expect((await run(['models', 'show', 'homes/edited-v1'])).code).toBe(0);
    const edited = whole.replace(/("parameters":\D*\d)/, '$17');
    expect(edited).not.toBe(whole);
    put(edited);
    const {models} = JSON.parse((await run(['models', '--json'])).stdout);
    expect(models.find((each: {id: string}) => each.id === 'homes/edited-v1').error.code).toBe('model.changed');
    expect(models.find((each: {id: string}) => each.id === id).metric).toBe('log_loss');
    for (const args of [
      ['models', 'show', 'homes/edited-v1'],
      ['models', 'export', 'homes/edited-v1', '-o', 'edited.onnx'],
      ['models', 'evaluate', 'homes/edited-v1', '--dataset', 'homes'],
      ['predict', 'homes/edited-v1', 'homes'],
    ]) {
      const {code, stderr} = await run(args);
      expect([code, stderr], args.join(' ')).toEqual([9, expect.stringContaining('was changed after it was kept')]);
    }
    await run(['models', 'rm', 'homes/edited-v1', '--yes']);
  });

  it('removes one by its whole id, only when told to', async () => {
    const denied = await run(['models', 'rm', 'homes/odd-v1', '--json']);
    expect(JSON.parse(denied.stdout).error.code).toBe('model.rm_denied');
    const removed = await run(['models', 'rm', 'homes/odd-v1', '--yes', '--json']);
    expect(JSON.parse(removed.stdout)).toEqual({schema_version: 1, status: 'removed', id: 'homes/odd-v1'});
    expect((await run(['models'])).stdout).not.toContain('odd');
  });
});
