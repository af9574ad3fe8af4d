// The whole program below the view, on a workspace of its own, with the embedded analyst.

import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {type App, createApp} from '../../src/cli/app.ts';
import {loadConfig} from '../../src/cli/config.ts';
import {type Approvals, createApprovals, createHost} from '../../src/cli/host.ts';
import {systemClock} from '../../src/core/clock.ts';
import {EventStream, type StampedEvent} from '../../src/core/events.ts';
import type {ChatHost} from '../../src/tui/chat-host.ts';

export type AppBench = {
  folder: string;
  app: App;
  host: ChatHost;
  approvals: Approvals;
  events: StampedEvent[];
  /** The events since the last call. */
  fresh(): StampedEvent[];
  /** Answers every question from now on. */
  answerWith(approved: boolean): void;
  file(name: string, content: string): Promise<string>;
  close(): Promise<void>;
};

export async function openAppBench(env: Record<string, string> = {}): Promise<AppBench> {
  const folder = await mkdtemp(join(tmpdir(), 'ds-agent-app-'));
  const stream = new EventStream(systemClock);
  const events: StampedEvent[] = [];
  let told = 0;
  stream.subscribe(event => events.push(event));
  const approvals = createApprovals(stream.emit);
  let reply: boolean | null = null;
  stream.subscribe(event => {
    if (event.type === 'approval_request' && reply !== null) approvals.answer(event.id, reply);
  });
  const config = loadConfig({
    flags: {DS_AGENT_WORKSPACE: join(folder, 'workspace')},
    env: {DS_AGENT_NO_STATE: 'true', ...env},
    files: [],
    defaultStateDirectory: join(folder, 'state'),
  });
  const app = await createApp(config, {
    clock: systemClock,
    events: stream,
    approve: question => approvals.ask(question),
    terminalWidth: () => 80,
    kind: 'chat',
    choice: {type: 'new'},
  });
  const host = await createHost({app, approvals, greeting: [], firstLine: null});
  return {
    folder,
    app,
    host,
    approvals,
    events,
    fresh() {
      const found = events.slice(told);
      told = events.length;
      return found;
    },
    answerWith(approved) {
      reply = approved;
    },
    async file(name, content) {
      const path = join(folder, name);
      await writeFile(path, content);
      return path;
    },
    async close() {
      app.close();
      await rm(folder, {recursive: true, force: true});
    },
  };
}
