// A chat host without a program behind it: each line it knows plays a short, fixed scene of events.

import type {RouteStatus} from '../../../src/core/chat.ts';
import type {Clock} from '../../../src/core/clock.ts';
import type {Table} from '../../../src/core/dataset.ts';
import {type AgentEvent, EventStream, type PreviewKey} from '../../../src/core/events.ts';
import type {ToolResult} from '../../../src/core/tool.ts';
import type {ChatHost, ChatStatus, Completion} from '../../../src/tui/chat-host.ts';

const commands = ['/help', '/quit', '/datasets', '/sql'];
const usage = {inputTokens: 900, outputTokens: 334};

export const regionTable: Table = {
  columns: [
    {name: 'region', type: 'VARCHAR', kind: 'text'},
    {name: 'mean', type: 'DOUBLE', kind: 'number'},
  ],
  rows: [
    ['north', 12.5],
    ['south', 7],
  ],
  totalRows: 2,
};

export const okResult: Extract<ToolResult, {ok: true}> = {
  ok: true,
  summary: '2 rows',
  table: regionTable,
  receipt: {
    id: 3,
    tool: 'run_sql',
    args: {},
    sql: 'SELECT 1',
    datasets: [{name: 'sales', version: 1, sha256: 'x'}],
    rowsRead: 4000,
    sampled: false,
    ms: 12,
  },
};

export class ScriptedHost implements ChatHost {
  readonly events: EventStream;
  readonly submitted: string[] = [];
  readonly lines: string[];
  readonly approvals: [number, boolean][] = [];
  readonly pasted: string[] = [];
  readonly previews: [number, PreviewKey][] = [];
  firstLine: string | null = null;
  routes: RouteStatus[] = [
    {
      provider: 'gemini',
      model: 'm',
      state: 'closed',
      failures: 0,
      threshold: 3,
      openUntil: null,
      cause: null,
      blocked: null,
    },
  ];
  readonly #clock: Clock;
  #onApproval: (approved: boolean) => void = () => {};

  constructor(clock: Clock, lines: string[] = []) {
    this.#clock = clock;
    this.lines = lines;
    this.events = new EventStream(clock);
  }

  subscribe: ChatHost['subscribe'] = sink => this.events.subscribe(sink);
  history = () => [...this.lines];
  greeting = () => ['ds-agent 0.0.0, scripted'];

  remember(line: string): void {
    this.lines.push(line);
  }

  status(): ChatStatus {
    return {
      routes: this.routes,
      dataset: {name: 'sales', version: 1, rows: 4000, columns: 12},
      sampled: null,
      usage,
      money: null,
      contextShare: 0.04,
      privacy: null,
    };
  }

  complete(line: string, cursor: number): Completion[] {
    const before = line.slice(0, cursor);
    if (before.startsWith('/')) {
      return commands
        .filter(command => command.startsWith(before))
        .map(label => ({label, detail: `what ${label} does`, insert: `${label} `, start: 0}));
    }
    const at = before.lastIndexOf('@');
    if (at < 0) return [];
    return ['sales', 'stores']
      .filter(name => name.startsWith(before.slice(at + 1)))
      .map(name => ({label: `@${name}`, detail: 'dataset', insert: `@${name} `, start: at}));
  }

  answerApproval(id: number, approved: boolean): void {
    this.approvals.push([id, approved]);
    this.events.emit({type: 'approval_answer', id, approved});
    this.#onApproval(approved);
  }

  async importPasted(text: string): Promise<'continue' | 'quit'> {
    this.pasted.push(text);
    return 'continue';
  }

  answerPreview(id: number, key: PreviewKey): void {
    this.previews.push([id, key]);
  }

  async submit(line: string, signal: AbortSignal): Promise<'continue' | 'quit'> {
    this.submitted.push(line);
    const [command = '', argument = ''] = line.split(' ');
    if (command === '/quit') return 'quit';
    if (command.startsWith('/')) {
      this.#emit({type: 'command_result', line, ok: true, text: 'Commands: /help /quit', table: undefined});
      return 'continue';
    }
    this.#emit({type: 'prompt', text: line});
    try {
      await this.#scene(command, argument, signal);
      this.#end('answered');
    } catch {
      this.#end('aborted');
    }
    return 'continue';
  }

  async #scene(command: string, argument: string, signal: AbortSignal): Promise<void> {
    switch (command) {
      case 'long':
        return this.#say(
          Array.from({length: Number(argument)}, (_, index) => `line ${index + 1}.\n`).join(''),
          signal,
          400,
        );
      case 'stream':
        return this.#say('token '.repeat(Number(argument)), signal, 12, 10);
      case 'slow':
        return this.#clock.sleep(600_000, signal);
      case 'tool':
        this.#emit({type: 'tool_start', callId: 'a', name: 'run_sql', args: {sql: 'SELECT 1'}});
        this.#emit({type: 'tool_end', callId: 'a', name: 'run_sql', ms: 12, result: okResult});
        return this.#say('North is dearest.', signal);
      case 'retry': {
        const endsAt = this.#clock.now() + 1500;
        const wait = {delayMs: 1500, source: 'ladder', endsAt, cause: 'rate_limit', status: 429} as const;
        this.#emit({type: 'retry_scheduled', provider: 'gemini', attempt: 2, of: 4, ...wait});
        await this.#clock.sleep(1500, signal);
        this.#emit({type: 'attempt_start', provider: 'gemini', model: 'm', attempt: 3});
        return this.#say('At last.', signal);
      }
      case 'approve': {
        const answer = new Promise<boolean>(resolve => {
          this.#onApproval = resolve;
        });
        this.#emit({type: 'approval_request', id: 7, question: 'Import /tmp/other.csv?'});
        const approved = await Promise.race([answer, this.#clock.sleep(600_000, signal).then(() => false)]);
        return this.#say(approved ? 'Imported it.' : 'Left it.', signal);
      }
      case 'signal':
        process.kill(process.pid, argument);
        return this.#clock.sleep(600_000, signal);
      case 'hostile':
        return this.#say('a\x1b[2J\x1b]0;title\x07b\rc', signal);
      default:
        return this.#say(`You said: ${[command, argument].join(' ').trim()}.`, signal);
    }
  }

  async #say(text: string, signal: AbortSignal, size = 20, pauseMs = 1): Promise<void> {
    for (let start = 0; start < text.length; start += size) {
      this.#emit({type: 'text_delta', delta: text.slice(start, start + size)});
      await this.#clock.sleep(pauseMs, signal);
    }
    this.#emit({type: 'message', text, final: true, provider: 'gemini', model: 'm', usage});
  }

  #end(outcome: 'answered' | 'aborted'): void {
    const steps = [{label: 'Profile sales', prompt: 'profile sales'}];
    const nextSteps = outcome === 'answered' ? steps : [];
    this.#emit({type: 'turn_end', outcome, usage, durationMs: 10, nextSteps, provider: 'gemini', model: 'm'});
  }

  #emit(event: AgentEvent): void {
    this.events.emit(event);
  }
}
