// Opens the chat in a terminal. Ink and React are loaded here and nowhere else.

import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import type {Clock} from '../core/clock.ts';
import {currentVersion} from '../core/dataset.ts';
import {EventStream} from '../core/events.ts';
import {printable, sizeWords} from '../core/text.ts';
import type {NextStep} from '../core/tool.ts';
import {describeResilienceEvent} from '../core/wording.ts';
import {preloadEngine} from '../engine/duckdb.ts';
import {importFile} from '../import/import-file.ts';
import {renderTable} from '../render/table.ts';
import {comeFirst} from '../tools/stand-back.ts';
import {type App, createApp} from './app.ts';
import {chartPictures} from './chart-pictures.ts';
import {createClipboard} from './clipboard.ts';
import type {Config} from './config.ts';
import {editedText} from './external-editor.ts';
import {createApprovals, createHost} from './host.ts';
import {memorySink} from './idle-memory.ts';
import {createPreviews} from './import-preview.ts';
import type {Shared} from './invocation.ts';
import {warnOnce} from './record-warning.ts';
import {transcriptTail} from './sessions/tail.ts';
import {addedLine, plainLine} from './sinks/plain.ts';
import type {ImageWay} from './terminal-abilities.ts';

/** `editor` is the command that Ctrl-G runs. */
export type ChatRequest = {
  shared: Shared;
  firstLine: string | null;
  color: boolean;
  wrapsCursorRow: boolean;
  links: boolean;
  images: ImageWay;
  multiplexer: 'tmux' | 'screen' | null;
  /** The terminal prints lines and nothing else. */
  dumb: boolean;
  editor: string | null;
  version: string;
};

/** `onStart` is called when the view takes over the signals. */
export type ChatContext = {config: Config; clock: Clock; signal: AbortSignal; onStart(): void};

/** Gives the exit code. @throws DsAgentError when the workspace or the data of the start can't be used */
export async function runChatCommand(
  request: ChatRequest,
  {config, clock, signal, onStart}: ChatContext,
): Promise<number> {
  // Opened first, so that what is typed while the rest loads is kept.
  const input = request.dumb ? null : await openInput(clock);
  const loading = request.dumb ? null : import('../tui/app.tsx');
  const events: EventStream = new EventStream(
    clock,
    warnOnce(message =>
      events.emit({type: 'notice', level: 'warn', code: 'session.not_kept', message: `From here on ${message}`}),
    ),
  );
  events.subscribe(memorySink(clock));
  const approvals = createApprovals(events.emit);
  const previews = request.shared.yes ? undefined : createPreviews(events.emit);
  const added: string[] = [];
  const stop = events.subscribe(event => {
    if (event.type === 'dataset_added') added.push(...addedLine(event).split('\n'));
    // The view is not there yet to show it.
    if (event.type === 'notice' && event.level === 'warn') added.push(plainLine(event) ?? '');
  });
  let app: App | null = null;
  try {
    const columns = () => process.stdout.columns || 80;
    app = await createApp(config, {
      clock,
      events,
      approve: async question => request.shared.yes || approvals.ask(question),
      terminalWidth: columns,
      kind: 'chat',
      choice: request.shared.session,
      clipboard: createClipboard(data => process.stdout.write(data), request.multiplexer),
    });
    const deps = {workspace: app.workspace, signal, emit: events.emit, clock};
    for (const path of request.shared.dataFiles)
      app.catalog.use((await importFile({path, limitBytes: config.uploadLimitBytes}, deps)).dataset.name);
    if (request.shared.dataset !== null) app.catalog.use((await app.catalog.dataset(request.shared.dataset)).name);
    stop();
    const greeting = [...added, ...(await greet(app, request.version))];
    comeFirst();
    const host = await createHost({app, approvals, previews, greeting, firstLine: request.firstLine});
    const streams = {stdin: process.stdin, stdout: process.stdout, stderr: process.stderr};
    const drawing = {
      clock,
      renderTable: (table: Parameters<typeof renderTable>[0], width: number) => renderTable(table, {width}),
      describeEvent: describeResilienceEvent,
    };
    if (!loading || !input) {
      const {runPlainChat} = await import('../tui/plain-chat.ts');
      onStart();
      return (await runPlainChat(host, streams, drawing)).exitCode;
    }
    const {runChat} = await loading;
    signal.throwIfAborted();
    const {editor} = request;
    const {workspace} = app;
    const way = config.accessible ? null : request.images;
    const options = {
      ...drawing,
      input,
      editText: editor === null ? undefined : (text: string, ended: AbortSignal) => editedText(editor, text, ended),
      color: request.color,
      accessible: config.accessible,
      wrapsCursorRow: request.wrapsCursorRow,
      links: request.links,
      fileUrl: (path: string) => pathToFileURL(join(workspace.root, path)).href,
      drawPicture: chartPictures({way, graphics: () => input.graphics(), workspace, clock}),
    };
    onStart();
    const ended = runChat(host, streams, options);
    // The prompt is drawn, and nobody has asked anything yet.
    setImmediate(() => void preloadEngine());
    return (await ended).exitCode;
  } finally {
    input?.close();
    app?.close();
  }
}

async function openInput(clock: Clock) {
  const {TerminalInput} = await import('../tui/terminal-input.ts');
  return new TerminalInput(process.stdin, process.stdout, clock);
}

/** What the chat says above its first prompt: what answers, on which data, and numbered first steps. */
async function greet(app: App, version: string): Promise<string[]> {
  const {catalog, config, session} = app;
  const by =
    config.providers[0] === 'offline'
      ? 'the embedded analyst (no key set; plain questions, computed answers)'
      : config.providers.join(', then ');
  const lines = [
    `ds-agent ${version} · answers by ${by}`,
    ...config.warnings.map(each => printable(`Warning: ${each}`)),
  ];
  const resumed = [...transcriptTail(app.earlier), ...app.sessionNotes.map(note => printable(note))];
  const active = await catalog.active();
  if (active === undefined)
    return [
      ...resumed,
      ...lines,
      'No data yet: type /upload FILE, or drop a file here after /upload. /help lists the commands.',
    ];
  const dataset = await catalog.dataset(active);
  const {rows, columns, version: dataVersion} = currentVersion(dataset);
  lines.push(`Data: ${active} v${dataVersion}, ${sizeWords(rows, columns.length)}. /help lists the commands.`);
  const steps = session.nextSteps().length > 0 ? session.nextSteps() : firstSteps(active, columns);
  session.offerNextSteps(steps);
  return [
    ...resumed,
    ...lines,
    'Next steps (type a number):',
    ...steps.map(({label}, index) => `  ${index + 1}. ${printable(label, {oneLine: true})}`),
  ];
}

/** Questions every dataset can answer, made from its own columns. */
export function firstSteps(name: string, columns: ReturnType<typeof currentVersion>['columns']): NextStep[] {
  const measure = columns.find(column => column.kind === 'number' && column.distinctCount > 20);
  const group = columns.find(
    column => column.kind === 'text' && column.distinctCount > 1 && column.distinctCount <= 20,
  );
  const time = columns.find(column => column.kind === 'time');
  const steps = [`describe ${name}`];
  if (measure && group) steps.push(`average ${measure.name} by ${group.name}`);
  if (measure && time) steps.push(`trend of ${measure.name} over ${time.name}`);
  if (measure) steps.push(`distribution of ${measure.name}`);
  steps.push(`missing values in ${name}`);
  return steps.slice(0, 4).map(prompt => ({label: printable(prompt, {oneLine: true}), prompt}));
}
