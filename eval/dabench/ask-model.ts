// Puts one question to the configured model, as a user with the table at hand would, and counts what it took.

import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {createApp} from '../../src/cli/app.ts';
import type {Config} from '../../src/cli/config.ts';
import type {Clock} from '../../src/core/clock.ts';
import {systemClock} from '../../src/core/clock.ts';
import {EventStream} from '../../src/core/events.ts';
import {importFile} from '../../src/import/import-file.ts';
import type {Question, Task} from './dataset.ts';
import {datasetName} from './plan.ts';

/** Token counts are null when the service does not tell them. `toolErrors` counts calls whose result was a failure. */
export type Effort = {
  inputTokens: number | null;
  outputTokens: number | null;
  seconds: number;
  toolCalls: number;
  toolErrors: number;
  provider: string | null;
  model: string | null;
};

/** One of `response` and `error` is set. */
export type Asked = {response?: string; error?: string; effort: Effort};

export function promptOf({question, constraints, format}: Question): string {
  return [
    `The dataset is ${datasetName}. ${question}`,
    `Constraints: ${constraints}`,
    `End your reply with the answer in exactly this format, with real values in the brackets: ${format}`,
  ].join('\n\n');
}

/** Runs one turn in a workspace of its own; never rejects. */
export async function askModel(
  {question, tableFile}: Pick<Task, 'question' | 'tableFile'>,
  config: Config,
  signal: AbortSignal,
  clock: Clock = systemClock,
): Promise<Asked> {
  const directory = await mkdtemp(path.join(tmpdir(), 'ds-agent-eval-'));
  const started = clock.monotonic();
  const effort: Effort = {
    inputTokens: null,
    outputTokens: null,
    seconds: 0,
    toolCalls: 0,
    toolErrors: 0,
    provider: null,
    model: null,
  };
  const events = new EventStream(clock);
  events.subscribe(event => {
    if (event.type !== 'tool_end') return;
    effort.toolCalls++;
    if (!event.result.ok) effort.toolErrors++;
  });
  try {
    const app = await createApp(
      {...config, workspace: directory},
      {clock, events, approve: async () => false, terminalWidth: () => 80, kind: 'script', choice: {type: 'new'}},
    );
    try {
      const {workspace, catalog, session} = app;
      const request = {path: tableFile, name: datasetName, limitBytes: config.uploadLimitBytes};
      await importFile(request, {workspace, signal, clock, emit: events.emit});
      catalog.use(datasetName);
      const {answer, error, usage, provider, model} = await session.prompt(promptOf(question), signal);
      Object.assign(effort, {...usage, provider, model, seconds: (clock.monotonic() - started) / 1000});
      return error ? {error: `${error.code}: ${error.message}`, effort} : {response: answer ?? '', effort};
    } finally {
      app.close();
    }
  } catch (error) {
    effort.seconds = (clock.monotonic() - started) / 1000;
    return {error: error instanceof Error ? error.message : String(error), effort};
  } finally {
    await rm(directory, {recursive: true, force: true});
  }
}
