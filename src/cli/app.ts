// Builds the program from its parts: the one place that knows all of them.

import {memoryOf} from '../agent/memory.ts';
import type {Session} from '../agent/session.ts';
import {createSession} from '../agent/session.ts';
import {type Entry, lastDataset, readTranscript} from '../agent/transcript.ts';
import type {Watcher} from '../core/caution.ts';
import type {ModelRouter} from '../core/chat.ts';
import type {Clock} from '../core/clock.ts';
import type {EventStream, SessionKind} from '../core/events.ts';
import {Secret} from '../core/secret.ts';
import {describeResilienceEvent} from '../core/wording.ts';
import {openQueryEngine} from '../engine/duckdb.ts';
import {createGate, type Gate, type Payload} from '../privacy/gate.ts';
import {PROVIDERS, routeKey} from '../providers/index.ts';
import {openBreakerStore} from '../resilience/breaker-store.ts';
import {createRouter} from '../resilience/router.ts';
import {type Catalog, createCatalog} from '../tools/catalog.ts';
import {createTools} from '../tools/index.ts';
import {readNeverSend} from '../workspace/never-send.ts';
import {openWorkspace, type Workspace} from '../workspace/workspace.ts';
import type {Clipboard} from './clipboard.ts';
import type {Config, ProviderName} from './config.ts';
import {type JsonlFile, openJsonlFile} from './jsonl-file.ts';
import {createModelChoice, type ModelChoice} from './model-choice.ts';
import {type OpenedSession, openSession, type SessionChoice} from './sessions/open-session.ts';
import {pinDatasets} from './sessions/pins.ts';
import {levelOfSession} from './sessions/privacy-level.ts';
import {logSink, sessionSink} from './sinks/files.ts';
import {countSpending, type Spending} from './spending.ts';

const stepLimit = 25;

export type App = {
  clock: Clock;
  config: Config;
  workspace: Workspace;
  catalog: Catalog;
  router: ModelRouter;
  gate: Gate;
  /** Reads the columns that are kept as never-send, which another process may have changed. */
  refreshPrivacy(): Promise<void>;
  session: Session;
  events: EventStream;
  sessionId: string;
  /** What earlier runs of the session left; empty for a new one. */
  earlier: readonly Entry[];
  /** What a person must know of the session that was opened. */
  sessionNotes: readonly string[];
  /** Asks the user; in scripts the answer was given on the command line. */
  approve(question: string): Promise<boolean>;
  models: ModelChoice;
  spending(): Spending;
  /** The text of the last answer, of an earlier run too. */
  lastAnswer(): string | null;
  /** Null where there is no terminal. */
  clipboard: Clipboard | null;
  terminalWidth(): number;
  close(): void;
};

export type AppOptions = {
  clock: Clock;
  events: EventStream;
  approve(question: string): Promise<boolean>;
  terminalWidth(): number;
  kind: SessionKind;
  choice: SessionChoice;
  clipboard?: Clipboard;
};

/** @throws ConfigError when the workspace can't be used */
export async function createApp(config: Config, options: AppOptions): Promise<App> {
  const {clock, events, approve, terminalWidth, kind, choice} = options;
  const {emit} = events;
  const workspace = await openWorkspace(config.workspace, {
    clock,
    readOnly: true,
    onWarning: message => emit({type: 'notice', level: 'warn', code: 'workspace.broken_part', message}),
  });
  const opened = await openSession(workspace, choice, clock.now());
  const files = keepFiles(workspace, config, events, opened.id);
  const memory = config.memoryLimitBytes === null ? {} : {memoryLimitBytes: config.memoryLimitBytes};
  const gate = createGate(config.privacy);
  const insisted = config.report.some(({variable, origin}) => variable === 'DS_AGENT_PRIVACY' && origin === 'flag');
  gate.setLevel(levelOfSession(opened.events, config.privacy.level, insisted));
  const refreshPrivacy = async () =>
    gate.setNeverSend([...new Set([...config.privacy.neverSend, ...(await readNeverSend(workspace))])]);
  await refreshPrivacy();
  const catalog = createCatalog(
    workspace,
    () =>
      openQueryEngine({
        dataDirectory: workspace.path('data'),
        spillDirectory: workspace.spillDirectory,
        ...memory,
      }),
    () => gate.policy().level === 'aggregates',
  );
  // Whatever makes a new version of a pinned dataset here is meant to be used here.
  events.subscribe(event => {
    if (event.type === 'dataset_added') catalog.pin(event.name, null);
  });
  const {earlier, notes} = await resume(opened, catalog);
  const {level} = gate.policy();
  if (level !== config.privacy.level) {
    notes.push(`The privacy level of this session is ${level}, as it was left. /privacy or --privacy changes it.`);
  }
  emit({type: 'session_opened', id: opened.id, kind, resumed: earlier.length > 0, privacy: level});
  for (const message of notes) emit({type: 'notice', level: 'info', code: 'session.resumed', message});
  const models = await createModelChoice(config, each => createConfiguredRouter(each, clock, gate));
  const {router} = models;
  const tools = createTools({catalog, limitBytes: config.uploadLimitBytes, terminalWidth});
  const session = createSession({
    router,
    tools,
    clock,
    emit,
    approve,
    watch: watchedBy(catalog),
    stepLimit,
    contextTokens: config.contextTokens,
    async datasets() {
      await refreshPrivacy();
      return {all: await catalog.datasets(), active: await catalog.active(), chosen: await catalog.chosen()};
    },
    memory: memoryOf(earlier),
  });
  const close = () => {
    catalog.close();
    for (const file of files) file.close();
    opened.release();
  };
  const {id: sessionId} = opened;
  return {
    clock,
    config,
    workspace,
    catalog,
    router,
    gate,
    refreshPrivacy,
    session,
    events,
    sessionId,
    earlier,
    sessionNotes: notes,
    approve,
    models,
    spending: countSpending(events, earlier, config),
    lastAnswer: followAnswers(events, earlier),
    clipboard: options.clipboard ?? null,
    terminalWidth,
    close,
  };
}

function followAnswers(events: EventStream, earlier: readonly Entry[]): () => string | null {
  const steps = earlier.flatMap(entry => (entry.kind === 'turn' ? entry.steps : []));
  let last = steps.findLast(step => step.calls.length === 0 && step.text !== '')?.text ?? null;
  events.subscribe(event => {
    if (event.type === 'message' && event.final && event.text.trim() !== '') last = event.text;
  });
  return () => last;
}

/** The entries of the session so far; its data are pinned and the dataset worked on last is chosen again. */
async function resume(
  {id, events, warnings}: OpenedSession,
  catalog: Catalog,
): Promise<{earlier: Entry[]; notes: string[]}> {
  const earlier = readTranscript(events);
  if (earlier.length === 0) return {earlier, notes: warnings};
  const active = lastDataset(events);
  if (active !== undefined) catalog.use(active);
  const turns = earlier.filter(entry => entry.kind === 'turn').length;
  const head = `Continuing the session ${id} (${turns} question${turns === 1 ? '' : 's'} so far).`;
  return {earlier, notes: [head, ...warnings, ...(await pinDatasets(catalog, events))]};
}

/** Loaded by the first result. */
function watchedBy(catalog: Catalog): Watcher {
  let watcher: Promise<Watcher> | null = null;
  return async (watched, signal) => {
    watcher ??= import('../analysis/watch/watch.ts').then(({createWatcher}) =>
      createWatcher({engine: () => catalog.engine(), datasets: () => catalog.datasets()}),
    );
    return (await watcher)(watched, signal);
  };
}

/**
 * The router over the configured routes; `doctor` asks it for the state of the breakers. Every provider but the embedded
 * analyst, which runs here and may see everything, is reached through `gate` only.
 */
export async function createConfiguredRouter(
  config: Config,
  clock: Clock,
  gate = createGate(config.privacy),
): Promise<ModelRouter> {
  const routes = await Promise.all(
    config.providers.map(async name => {
      const {apiKey, model, baseUrl} = settingsOf(config, name);
      const onSend = (body: Payload['body']) => gate.record({provider: name, model, body});
      const settings = {apiKey: apiKey ?? new Secret(''), model, baseUrl: baseUrl ?? undefined, onSend};
      const provider = await PROVIDERS[name](settings);
      return {provider: name === 'offline' ? provider : gate.guard(provider), key: routeKey(name, settings)};
    }),
  );
  return createRouter({routes, settings: config.resilience, clock, store: openBreakerStore(config.stateDirectory)});
}

function settingsOf(config: Config, name: ProviderName): Config['openai'] {
  return name === 'offline' ? {apiKey: null, model: 'analyst', baseUrl: null} : config[name];
}

function keepFiles(workspace: Workspace, config: Config, events: EventStream, sessionId: string): JsonlFile[] {
  // That nothing is kept was said when the workspace was opened.
  if (workspace.unwritable) return [];
  const session = openJsonlFile(workspace.path('sessions', `${sessionId}.jsonl`));
  const log = openJsonlFile(workspace.path('logs', 'ds-agent.log'));
  events.subscribe(sessionSink(session));
  events.subscribe(logSink(log, config.logLevel, describeResilienceEvent));
  return [session, log];
}
