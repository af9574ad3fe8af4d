// Script mode: questions in, answers on stdout, everything else on stderr. Loads neither Ink nor React.

import type {TurnResult} from '../agent/session.ts';
import type {Clock} from '../core/clock.ts';
import {ConfigError, DsAgentError, toDsAgentError, UsageError} from '../core/errors.ts';
import {EventStream} from '../core/events.ts';
import {printable} from '../core/text.ts';
import type {Artifact} from '../core/tool.ts';
import {importFile, importStream} from '../import/import-file.ts';
import type {ImportDeps} from '../import/job.ts';
import {tableText} from '../tools/sql.ts';
import {type App, createApp} from './app.ts';
import type {Config} from './config.ts';
import type {Shared} from './invocation.ts';
import {jsonResult, jsonText} from './json-result.ts';
import {errorText, exitCodeOf} from './outcome.ts';
import {warnOnce} from './record-warning.ts';
import {plainSink} from './sinks/plain.ts';
import {progressSink} from './sinks/progress.ts';
import {type RunRecord, recordRun} from './sinks/run-record.ts';
import {runSlash, tellCautions} from './slash.ts';
import {bytesOfStdin, type Output, readPrompt, stdinKind} from './streams.ts';

export type ScriptRequest = {
  shared: Shared;
  /** The question of -p or of the words, or several of one conversation; null when piped stdin holds the question. */
  prompts: readonly string[] | null;
  batch: boolean;
  /** Repeats each question above its answer. */
  echo?: boolean;
};

export type ScriptContext = {config: Config; clock: Clock; output: Output; signal: AbortSignal};

const mostPromptBytes = 1024 * 1024;

/** Runs to the end and gives the exit code; never rejects. */
export async function runScript(request: ScriptRequest, context: ScriptContext): Promise<number> {
  const {clock, output, config, signal} = context;
  const {format, quiet, yes, failOn} = request.shared;
  const started = clock.monotonic();
  const events = new EventStream(
    clock,
    warnOnce(message => output.err(`Warning: ${message}`)),
  );
  const {record, sink} = recordRun();
  events.subscribe(sink);
  if (!quiet && output.status) events.subscribe(progressSink(output.status));
  if (!quiet) events.subscribe(plainSink(line => output.err(line)));
  if (format === 'stream-json') events.subscribe(event => void output.out(jsonText(event)));

  const unkept: DsAgentError[] = [];
  events.subscribe(event => {
    if (event.type === 'notice' && event.code === 'model.not_kept')
      unkept.push(new ConfigError(event.code, event.message));
  });

  let app: App | null = null;
  const turns: TurnResult[] = [];
  const answers: string[] = [];
  let error: DsAgentError | null = null;
  // The first failure decides the exit code; a batch goes on with its next question.
  const fail = (failure: DsAgentError) => {
    error ??= failure;
    output.err(errorText(failure));
  };
  try {
    app = await createApp(config, {
      clock,
      events,
      approve: async () => yes,
      terminalWidth: () => 80,
      kind: 'script',
      choice: request.shared.session,
    });
    warnOfConfig(app);
    const prompts = await gather(request, app, context);
    for (const [index, prompt] of prompts.entries()) {
      if (request.echo && format === 'text') await output.out(`${index === 0 ? '' : '\n'}> ${prompt}\n\n`);
      const drawn = record.artifacts.length;
      const said = prompt.startsWith('/')
        ? await runCommand(prompt, app, signal)
        : await ask(resolveNumber(app, prompt), app, signal);
      if (signal.aborted || said === 'quit') break;
      if (said.turn) turns.push(said.turn);
      const answer = said.turn ? said.text : withCharts(said.text, said.charts);
      if (answer !== '') answers.push(answer);
      const charts = said.turn ? record.artifacts.slice(drawn) : said.charts;
      if (format === 'text') await printAnswer(said.text, charts, output);
      if (said.error) fail(said.error);
    }
  } catch (thrown) {
    if (!signal.aborted) fail(toDsAgentError(thrown));
  }
  if (signal.aborted) {
    error = null;
    fail(toDsAgentError(signal.reason));
  }
  // What was trained is told, with the notice: the run still did not leave what it was asked for.
  error ??= unkept[0] ?? null;
  if (error === null && failOn !== null) {
    const failure = cautioned(record, failOn);
    if (failure) fail(failure);
  }
  if (format !== 'text') {
    const breakers = app?.router.status() ?? [];
    const usage = app?.session.usage() ?? null;
    const durationMs = clock.monotonic() - started;
    const session = app?.sessionId ?? null;
    const gate = app?.gate ?? null;
    const result = jsonResult({session, turns, answers, usage, error, record, gate, breakers, durationMs});
    await output.out(jsonText(format === 'json' ? result : {type: 'result', ...result}));
  }
  app?.close();
  return exitCodeOf(error);
}

/** The answers stand; the run ends with an exit code of its own, so that a pipeline can stop. */
function cautioned({cautions, grounding}: RunRecord, least: 'info' | 'warn'): DsAgentError | null {
  const count = cautions.filter(({severity}) => least === 'info' || severity === 'warn').length;
  const unsupported = grounding?.unsupported.length ?? 0;
  const found = [
    count === 0 ? '' : count === 1 ? '1 caution stands beside the answer' : `${count} cautions stand beside the answer`,
    unsupported === 0 ? '' : unsupported === 1 ? '1 number is in no result' : `${unsupported} numbers are in no result`,
  ].filter(Boolean);
  if (found.length === 0) return null;
  const code = count > 0 ? 'caution.found' : 'grounding.unsupported';
  return new DsAgentError('caution', code, `${found.join(', and ')} (--fail-on ${least}).`);
}

type Said = {text: string; charts: readonly Artifact[]; error: DsAgentError | null; turn?: TurnResult};

async function ask(question: string, app: App, signal: AbortSignal): Promise<Said> {
  const turn = await app.session.prompt(question, signal);
  return {text: turn.answer?.trimEnd() ?? '', charts: [], error: turn.error, turn};
}

/** A slash command as in the chat, as text; `quit` ends the run. */
async function runCommand(line: string, app: App, signal: AbortSignal): Promise<Said | 'quit'> {
  const {emit} = app.events;
  const said = app.session.cautions();
  const before: string[] = [];
  const stop = app.events.subscribe(event => {
    if (event.type === 'command_result') before.push(event.text);
  });
  try {
    const answer = await runSlash(line, app, signal);
    if (answer === 'quit') return 'quit';
    tellCautions(app, said);
    if (answer === 'clear') app.session.clear();
    const {text, table, charts} =
      answer === 'clear' ? {text: 'The conversation is forgotten; the datasets stay.'} : answer;
    stop();
    emit({type: 'command_result', line, ok: true, text, table, charts});
    const words = [...before, text, table ? tableText(table) : ''].filter(Boolean).join('\n');
    return {text: words, charts: charts ?? [], error: null};
  } catch (thrown) {
    const error = toDsAgentError(thrown);
    stop();
    emit({type: 'command_result', line, ok: false, text: errorText(error)});
    return {text: before.join('\n'), charts: [], error};
  } finally {
    stop();
  }
}

function warnOfConfig(app: App): void {
  for (const message of app.config.warnings)
    app.events.emit({type: 'notice', level: 'warn', code: 'config.bad_value', message});
}

/** Imports the data of the run and gives its questions. Piped stdin is the question, or with a question the data. */
async function gather(
  {shared, prompts, batch}: ScriptRequest,
  app: App,
  {signal, output}: ScriptContext,
): Promise<string[]> {
  const {workspace, catalog, events, config} = app;
  const deps = {workspace, signal, emit: events.emit, clock: app.clock};
  const limitBytes = config.uploadLimitBytes;
  for (const path of shared.dataFiles) catalog.use((await importFile({path, limitBytes}, deps)).dataset.name);
  const piped = shared.stdin && stdinKind() === 'readable';
  const onWaiting = () => {
    if (!shared.quiet) output.err('Waiting for standard input to end (-n does not read it).');
  };
  if (prompts !== null) {
    if (piped) await importPiped(app, deps, onWaiting);
    await useNamed(app, shared.dataset);
    return [...prompts];
  }
  await useNamed(app, shared.dataset);
  const text = piped ? await readPrompt(mostPromptBytes, signal, onWaiting) : '';
  const asked = (batch ? text.split(/\r?\n/) : [text]).map(each => each.trim()).filter(Boolean);
  if (asked.length > 0) return asked;
  throw new UsageError(
    'usage.no_question',
    piped ? 'Standard input holds no question.' : 'There is no question, and no terminal to chat in.',
    {
      hint: 'Ask with ds-agent -p "QUESTION", or pipe a question in.',
    },
  );
}

/** Piped data becomes the dataset `stdin`; an empty pipe is no data. */
async function importPiped(app: App, deps: ImportDeps, onWaiting: () => void): Promise<void> {
  const bytes = await bytesOfStdin(deps.signal, onWaiting);
  if (bytes === null) return;
  const {dataset} = await importStream(bytes, {name: 'stdin', limitBytes: app.config.uploadLimitBytes}, deps);
  app.catalog.use(dataset.name);
}

async function useNamed(app: App, name: string | null): Promise<void> {
  if (name !== null) app.catalog.use((await app.catalog.dataset(name)).name);
}

/** In a batch a bare number means a next step of the answer before. */
function resolveNumber(app: App, prompt: string): string {
  const step = /^\d{1,2}$/.test(prompt) ? app.session.nextSteps()[Number(prompt) - 1] : undefined;
  return step?.prompt ?? prompt;
}

/** Charts are part of the answer and stand above its words. */
async function printAnswer(text: string, charts: readonly Artifact[], output: Output): Promise<void> {
  const whole = withCharts(printable(text), charts);
  if (whole !== '') await output.out(`${whole}\n`);
}

function withCharts(text: string, charts: readonly Artifact[]): string {
  return [...charts.flatMap(({preview}) => preview ?? []), text].filter(Boolean).join('\n\n');
}
