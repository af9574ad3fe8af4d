// A question put to a model through the real program parts, with a scripted server in the model's place.

import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {askModel, type Effort} from '../../eval/dabench/ask-model.ts';
import {modelReport} from '../../eval/dabench/model-report.ts';
import type {Scored} from '../../eval/dabench/score.ts';
import {loadConfig} from '../../src/cli/config.ts';
import {type FakeLlmServer, startFakeLlmServer} from '../support/fake-llm-server.ts';
import {asks, says, status} from '../support/fake-llm-steps.ts';

const question = {
  id: 900001,
  question: 'What is the mean price?',
  constraints: 'Two decimals.',
  format: '@mean[number]',
  file_name: 'sales.csv',
  level: 'easy',
};

let directory = '';
let tableFile = '';
let server: FakeLlmServer;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'eval-test-'));
  tableFile = join(directory, 'sales.csv');
  writeFileSync(tableFile, 'region,price\nnorth,1.5\nsouth,2.75\n');
  server = await startFakeLlmServer();
});
afterEach(async () => {
  await server.close();
  rmSync(directory, {recursive: true, force: true});
});

function ask() {
  const env = {
    OPENAI_API_KEY: 'sk-test',
    OPENAI_BASE_URL: server.openAiBaseUrl,
    OPENAI_MODEL: 'tiny',
    MAX_RETRIES: '0',
  };
  const config = loadConfig({flags: {}, env, files: [], defaultStateDirectory: join(directory, 'state')});
  return askModel({question, tableFile}, config, new AbortController().signal);
}

describe('a question to the model', () => {
  it('the model works with the imported table; its calls, failed calls, tokens and time are counted', async () => {
    server.setScript('openai', [
      asks([{name: 'run_sql', args: {sql: 'SELECT avg(prize) FROM data'}}]),
      asks([{name: 'run_sql', args: {sql: 'SELECT avg(price) AS mean FROM data'}}]),
      says('The mean is @mean[2.12]'),
    ]);
    const {response, error, effort} = await ask();
    expect(error).toBeUndefined();
    expect(response).toBe('The mean is @mean[2.12]');
    expect(effort).toMatchObject({toolCalls: 2, toolErrors: 1, provider: 'openai', model: 'tiny'});
    expect(effort.inputTokens).toBeGreaterThan(0);
    expect(effort.seconds).toBeGreaterThan(0);
    const first = JSON.stringify(server.requests[0]?.body);
    for (const part of [question.question, question.constraints, question.format]) expect(first).toContain(part);
    expect(JSON.stringify(server.requests[2]?.body)).toContain('2.125');
  });

  it('a service that refuses is an error of that question and no answer', async () => {
    server.setScript('openai', [status(401, {error: {message: 'bad key'}})]);
    const {response, error} = await ask();
    expect(response).toBeUndefined();
    expect(error).toMatch(/^provider\./);
  });
});

it('the report sums what was tried, reckons the cost and leaves out what is not known', () => {
  const effort = {
    inputTokens: 1000,
    outputTokens: 10,
    seconds: 2,
    toolCalls: 3,
    toolErrors: 1,
    provider: 'openai',
    model: 'm',
  };
  const task = (id: number, isSound: boolean) => ({
    question: {...question, id},
    tableFile,
    labels: [],
    status: isSound ? 'ok' : 'wrong',
    isSound,
  });
  const scored: Scored[] = [
    {task: task(1, true), response: '@mean[2.12]', isRight: true, misses: []},
    {task: task(2, false), error: 'provider.down: no', isRight: false, misses: []},
    {task: task(3, true), isRight: false, misses: []},
  ];
  const efforts = new Map<number, Effort>([
    [1, effort],
    [2, {...effort, inputTokens: null, outputTokens: null, seconds: 4, provider: null, model: null}],
  ]);
  const report = modelReport(scored, efforts, {prices: {input: 2, output: 100}, chosen: 2});
  expect(report).toMatchObject({
    models: ['openai m'],
    tried: 2,
    right: 1,
    accuracy: 0.5,
    soundTried: 1,
    soundAccuracy: 1,
    inputTokens: 1000,
    outputTokens: 10,
    costUsd: 0.003,
    seconds: {sum: 6, median: 3},
    toolCalls: 6,
    toolErrors: 2,
    failed: 1,
  });
  expect(report.questions.map(each => each.id)).toEqual([1, 2]);
  expect(modelReport(scored, efforts, {prices: null, chosen: 2}).costUsd).toBeNull();
});
