// The chat's host: turns a typed line into a command, a next step or a prompt, and tells the view facts.

import {closeSync, openSync, readFileSync, writeSync} from 'node:fs';
import {join} from 'node:path';
import type {Dataset} from '../core/dataset.ts';
import {currentVersion} from '../core/dataset.ts';
import {toDsAgentError} from '../core/errors.ts';
import type {NextStep} from '../core/tool.ts';
import type {ChatHost, ChatStatus, LineEnd} from '../tui/chat-host.ts';
import type {App} from './app.ts';
import {completions} from './completion.ts';
import {droppedFile, pathOf} from './dropped-path.ts';
import {expandReferences} from './expand-references.ts';
import {fileSource, importPreviewed, type Previews, pastedSource} from './import-preview.ts';
import {errorText} from './outcome.ts';
import {runSlash, type SlashAnswer, tellCautions} from './slash.ts';
import type {Spending} from './spending.ts';

const historyLines = 1_000;

export type Approvals = {answer(id: number, approved: boolean): void; ask(question: string): Promise<boolean>};

/** Questions to the user as events; `connect` is called once the event stream exists. */
export function createApprovals(
  emit: (
    event:
      | {type: 'approval_request'; id: number; question: string}
      | {type: 'approval_answer'; id: number; approved: boolean},
  ) => void,
): Approvals {
  const waiting = new Map<number, (approved: boolean) => void>();
  let lastId = 0;
  return {
    ask: question =>
      new Promise(resolve => {
        const id = ++lastId;
        waiting.set(id, resolve);
        emit({type: 'approval_request', id, question});
      }),
    answer(id, approved) {
      const resolve = waiting.get(id);
      if (!resolve) return;
      waiting.delete(id);
      emit({type: 'approval_answer', id, approved});
      resolve(approved);
    },
  };
}

/** With `previews`, a file named in the chat is shown before it is imported. */
export type HostOptions = {
  app: App;
  approvals: Approvals;
  previews?: Previews | undefined;
  greeting: readonly string[];
  firstLine: string | null;
};

export async function createHost({app, approvals, previews, greeting, firstLine}: HostOptions): Promise<ChatHost> {
  const {session, events, catalog} = app;
  const historyFile = join(app.workspace.root, 'sessions', 'history.txt');
  const asksOutside = () => app.models.config().providers.some(name => name !== 'offline');
  let datasets: Dataset[] = [];
  let active: string | undefined;
  const refresh = async () => {
    datasets = await catalog.datasets();
    active = await catalog.active();
  };
  await refresh();

  async function submit(line: string, signal: AbortSignal): Promise<LineEnd> {
    const text = line.trim();
    if (text === '') return 'continue';
    const dropped = droppedFile(text);
    if (dropped !== null) return slash(`/upload ${dropped}`, signal);
    if (text.startsWith('/')) return slash(text, signal);
    if (/^\d{1,2}$/.test(text)) {
      const step = pickStep(Number(text), session.nextSteps());
      if (typeof step === 'string') events.emit({type: 'command_result', line: text, ok: false, text: step});
      else await session.prompt(step.prompt, signal);
      return 'continue';
    }
    const {text: question, calls} = await expandReferences(text, app, signal);
    await session.prompt(question, signal, calls);
    return 'continue';
  }

  async function slash(text: string, signal: AbortSignal): Promise<LineEnd> {
    const viewed = /^\/view(?:\s+([\s\S]*))?$/.exec(text);
    if (viewed) {
      const {gridSource} = await import('./grid-source.ts');
      return {grid: await gridSource(viewed[1]?.trim() ?? '', app, signal)};
    }
    return command(text, signal, () => {
      const upload = /^\/upload\s+(\S[\s\S]*)$/.exec(text)?.[1];
      if (upload === undefined) return runSlash(text, app, signal);
      return importPreviewed(fileSource(droppedFile(upload) ?? pathOf(upload)), {app, previews, signal});
    });
  }

  /** Runs a command and tells its end as one event. */
  async function command(
    text: string,
    signal: AbortSignal,
    run: () => Promise<SlashAnswer>,
  ): Promise<'continue' | 'quit'> {
    const said = session.cautions();
    try {
      const answer = await run();
      if (answer === 'quit') return 'quit';
      if (answer === 'clear') {
        session.clear();
        events.emit({
          type: 'command_result',
          line: text,
          ok: true,
          text: 'The conversation is forgotten; the datasets stay.',
        });
      } else {
        const shown = [answer.text, answer.note].filter(Boolean).join('\n');
        const {table, charts} = answer;
        events.emit({type: 'command_result', line: text, ok: true, text: shown, table, charts});
      }
      tellCautions(app, said);
    } catch (thrown) {
      const message = signal.aborted ? 'Stopped.' : errorText(toDsAgentError(thrown));
      events.emit({type: 'command_result', line: text, ok: false, text: message});
    }
    return 'continue';
  }

  return {
    subscribe: sink => events.subscribe(sink),
    async submit(line, signal) {
      try {
        return await submit(line, signal);
      } catch (thrown) {
        const {kind, code, message, hint} = toDsAgentError(thrown);
        events.emit({type: 'final_error', kind, code, message, hint, attempts: 0, retryAfterMs: null});
        return 'continue';
      } finally {
        await refresh().catch(() => {});
      }
    },
    async importPasted(text, signal) {
      const result = await command('/upload', signal, () =>
        importPreviewed(pastedSource(text), {app, previews, signal}),
      );
      await refresh().catch(() => {});
      return result;
    },
    status: () => ({
      routes: app.router.status(),
      dataset: factsOf(datasets.find(each => each.name === active)),
      sampled: session.receipts().at(-1)?.sampled ?? null,
      usage: session.usage(),
      money: moneyOf(app.spending()),
      contextShare: session.contextShare(),
      privacy: asksOutside() || app.gate.lastPayload() ? {level: app.gate.policy().level, ...app.gate.meter()} : null,
    }),
    complete: (line, cursor) => completions(line, cursor, {datasets, active}),
    answerApproval: (id, approved) => approvals.answer(id, approved),
    answerPreview: (id, key) => previews?.answer(id, key),
    history: () => readHistory(historyFile),
    remember: line => appendHistory(historyFile, line),
    greeting: () => [...greeting],
    firstLine,
  };
}

function moneyOf({dollars, estimated, unpriced}: Spending): ChatStatus['money'] {
  return dollars === 0 && unpriced.length === 0 ? null : {dollars, estimated, unpriced: unpriced.length > 0};
}

function factsOf(dataset: Dataset | undefined): ChatStatus['dataset'] {
  if (!dataset) return null;
  const {version, rows, columns} = currentVersion(dataset);
  return {name: dataset.name, version, rows, columns: columns.length};
}

/** The step a bare number means, or why it means none. */
function pickStep(number: number, steps: readonly NextStep[]): NextStep | string {
  const step = steps[number - 1];
  if (step) return step;
  if (steps.length === 0) return 'There are no next steps to choose from yet.';
  return `There is no step ${number}. Now:\n${steps.map(({label}, index) => `  ${index + 1}. ${label}`).join('\n')}`;
}

function readHistory(file: string): string[] {
  try {
    const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean).slice(-historyLines);
    return lines.flatMap(line => {
      try {
        const value: unknown = JSON.parse(line);
        return typeof value === 'string' ? [value] : [];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}

function appendHistory(file: string, line: string): void {
  try {
    const descriptor = openSync(file, 'a', 0o600);
    writeSync(descriptor, `${JSON.stringify(line)}\n`);
    closeSync(descriptor);
  } catch {
    // A history that can't be kept must not disturb the chat; the workspace itself was checked at the start.
  }
}
