// Builds the program from its parts: the one place that knows all of them.

import {randomBytes} from 'node:crypto';
import type {Session} from '../agent/session.ts';
import {createSession} from '../agent/session.ts';
import type {Watcher} from '../core/caution.ts';
import type {ModelRouter} from '../core/chat.ts';
import type {Clock} from '../core/clock.ts';
import type {EventStream} from '../core/events.ts';
import {Secret} from '../core/secret.ts';
import {describeResilienceEvent} from '../core/wording.ts';
import {openQueryEngine} from '../engine/duckdb.ts';
import {PROVIDERS, routeKey} from '../providers/index.ts';
import {openBreakerStore} from '../resilience/breaker-store.ts';
import {createRouter} from '../resilience/router.ts';
import {type Catalog, createCatalog} from '../tools/catalog.ts';
import {createTools} from '../tools/index.ts';
import {openWorkspace, type Workspace} from '../workspace/workspace.ts';
import type {Config, ProviderName} from './config.ts';
import {type JsonlFile, openJsonlFile} from './jsonl-file.ts';
import {logSink, sessionSink} from './sinks/files.ts';

const stepLimit = 25;

export type App = {
  clock: Clock;
  config: Config;
  workspace: Workspace;
  catalog: Catalog;
  router: ModelRouter;
  session: Session;
  events: EventStream;
  sessionId: string;
  close(): void;
};

export type AppOptions = {
  clock: Clock;
  events: EventStream;
  approve(question: string): Promise<boolean>;
  terminalWidth(): number;
};

/** @throws ConfigError when the workspace can't be used */
export async function createApp(config: Config, {clock, events, approve, terminalWidth}: AppOptions): Promise<App> {
  const {emit} = events;
  const workspace = await openWorkspace(config.workspace, {
    clock,
    onWarning: message => emit({type: 'notice', level: 'warn', code: 'workspace.broken_part', message}),
  });
  const sessionId = newSessionId(clock.now());
  const files = keepFiles(workspace, config, events, sessionId);
  const memory = config.memoryLimitBytes === null ? {} : {memoryLimitBytes: config.memoryLimitBytes};
  const catalog = createCatalog(workspace, () =>
    openQueryEngine({
      dataDirectory: workspace.path('data'),
      spillDirectory: workspace.path('data', '.spill'),
      ...memory,
    }),
  );
  const router = await createConfiguredRouter(config, clock);
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
    datasets: async () => ({all: await catalog.datasets(), active: await catalog.active()}),
  });
  const close = () => {
    catalog.close();
    for (const file of files) file.close();
  };
  return {clock, config, workspace, catalog, router, session, events, sessionId, close};
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

/** The router over the configured routes; `doctor` asks it for the state of the breakers. */
export async function createConfiguredRouter(config: Config, clock: Clock): Promise<ModelRouter> {
  const routes = await Promise.all(
    config.providers.map(async name => {
      const {apiKey, model, baseUrl} = settingsOf(config, name);
      const settings = {apiKey: apiKey ?? new Secret(''), model, baseUrl: baseUrl ?? undefined};
      return {provider: await PROVIDERS[name](settings), key: routeKey(name, settings)};
    }),
  );
  return createRouter({routes, settings: config.resilience, clock, store: openBreakerStore(config.stateDirectory)});
}

function settingsOf(config: Config, name: ProviderName): Config['openai'] {
  return name === 'offline' ? {apiKey: null, model: 'analyst', baseUrl: null} : config[name];
}

function keepFiles(workspace: Workspace, config: Config, events: EventStream, sessionId: string): JsonlFile[] {
  const session = openJsonlFile(workspace.path('sessions', `${sessionId}.jsonl`));
  const log = openJsonlFile(workspace.path('logs', 'ds-agent.log'));
  events.subscribe(sessionSink(session));
  events.subscribe(logSink(log, config.logLevel, describeResilienceEvent));
  return [session, log];
}

/** Sorts by time: 20260131T094512-3fa9. */
function newSessionId(now: number): string {
  const stamp = new Date(now).toISOString().replaceAll(/[-:]|\.\d+Z/g, '');
  return `${stamp}-${randomBytes(2).toString('hex')}`;
}
