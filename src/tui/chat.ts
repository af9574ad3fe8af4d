// The chat without a terminal: takes keys and events, runs lines through the host, and holds what is to be shown.

import type {Clock} from '../core/clock.ts';
import type {StampedEvent} from '../core/events.ts';
import type {ChatHost, LineEnd} from './chat-host.ts';
import {cleared, type Draft, emptyDraft, isCtrl, type SentLine, typeInto, withText} from './draft.ts';
import {expanded} from './editor.ts';
import type {GridSource} from './grid/grid-source.ts';
import {remembered} from './history.ts';
import type {InputEvent} from './input-event.ts';
import {looksLikeTable} from './pasted-table.ts';
import {previewKeyOf} from './preview-keys.ts';
import {type Entry, emptyView, lineSent, reduce, type View} from './view-model.ts';

/** `offer` is a pasted table that may become a dataset. `hint` replaces the status bar for a moment. `turn` is set while the host works on a line. */
export type ChatState = {
  readonly view: View;
  readonly draft: Draft;
  readonly queue: readonly SentLine[];
  readonly turn: {startedAt: number; stopping: boolean} | null;
  readonly hint: string | null;
  readonly offer: string | null;
};

export type ChatOptions = {
  clock: Clock;
  /** `now`: a person waits for the echo of a key; `soon`: content arrived and may be gathered to a frame. */
  onChange(urgency: 'now' | 'soon'): void;
  onRepaint(): void;
  onSuspend(): void;
  /** Null when it failed. `signal` ends it, with the chat. */
  editText?: ((text: string, signal: AbortSignal) => Promise<string | null>) | undefined;
  /** Shows data until the person leaves it; gives what was selected, as it is written into a line. */
  showGrid?(source: GridSource): Promise<string | null>;
};

const hintMs = 3000;
const quitHint = 'Ctrl-C again to quit';
/** A key that was already on its way when the question appeared is no answer to it. */
const approvalGuardMs = 250;

export class Chat {
  readonly #host: ChatHost;
  readonly #options: ChatOptions;
  readonly #ended = Promise.withResolvers<number>();
  #state: ChatState;
  #finished: Entry[] = [];
  #abort: AbortController | null = null;
  #hintTimer: AbortController | null = null;
  #unsubscribe: () => void = () => {};
  #over = false;
  #settled: Promise<void> = Promise.resolve();

  constructor(host: ChatHost, options: ChatOptions) {
    this.#host = host;
    this.#options = options;
    this.#state = {view: emptyView, draft: emptyDraft(host.history()), queue: [], turn: null, hint: null, offer: null};
  }

  get state(): ChatState {
    return this.#state;
  }

  /** Resolves with the exit code when the person leaves. */
  get ended(): Promise<number> {
    return this.#ended.promise;
  }

  /** Resolves when the line that runs now has ended. */
  get settled(): Promise<void> {
    return this.#settled;
  }

  start(): void {
    this.#unsubscribe = this.#host.subscribe(event => this.#onEvent(event));
    const {firstLine} = this.#host;
    if (firstLine !== null) this.#send({text: firstLine, shown: firstLine});
  }

  /** Stops the running turn and ends the chat. */
  end(exitCode: number): void {
    this.#over = true;
    const {approval} = this.#state.view;
    if (approval) this.#host.answerApproval(approval.id, false);
    this.#abort?.abort();
    this.#hintTimer?.abort();
    this.#unsubscribe();
    this.#ended.resolve(exitCode);
  }

  /** What was finished since the last call; each entry is handed out once. */
  takeFinished(): Entry[] {
    const finished = this.#finished;
    this.#finished = [];
    return finished;
  }

  handle(input: InputEvent): void {
    if (this.#over) return;
    this.#input(input);
    this.#options.onChange('now');
  }

  #input(input: InputEvent): void {
    const {draft, view, turn, queue} = this.#state;
    const interrupts = isCtrl(input, 'c') && draft.search === null;
    if (!interrupts) this.#clearHint();
    if (view.preview && this.#answerPreview(view.preview, input)) return;
    if (view.approval && this.#answerApproval(view.approval, input)) return;
    if (this.#state.offer !== null && this.#answerOffer(this.#state.offer, input)) return;
    if (interrupts) this.#interrupt();
    else if (isCtrl(input, 'd') && draft.editor.text === '') this.end(0);
    else if (isCtrl(input, 'l')) this.#options.onRepaint();
    else if (isCtrl(input, 'z')) this.#options.onSuspend();
    else if (isCtrl(input, 'g') && draft.search === null) void this.#editElsewhere();
    else if (input.type === 'key' && input.name === 'escape' && turn && !draft.popup && !draft.search) this.#stop();
    else if (input.type === 'key' && input.name === 'up' && queue.length > 0 && draft.editor.text === '') {
      this.#set({queue: queue.slice(0, -1), draft: withText(draft, queue.at(-1)?.text ?? '')});
    } else if (input.type === 'paste' && this.#isFree() && looksLikeTable(input.text)) this.#set({offer: input.text});
    else {
      const step = typeInto(this.#state.draft, input, (line, cursor) => this.#host.complete(line, cursor));
      this.#set({draft: step.draft});
      if (step.sent !== null) this.#submit(step.sent);
    }
  }

  async #editElsewhere(): Promise<void> {
    const {draft, turn} = this.#state;
    const {editText, onChange} = this.#options;
    if (turn) this.#showHint('Ctrl-G opens the editor when the answer has ended');
    else if (!editText) this.#showHint('Set EDITOR to write in an editor');
    else {
      const abort = new AbortController();
      this.#abort = abort;
      const editing = editText(expanded(draft.editor), abort.signal);
      this.#settled = editing.then(() => {});
      const edited = await editing;
      if (this.#over) return;
      this.#abort = null;
      if (edited === null) this.#showHint('The editor failed; the line is as it was');
      else this.#set({draft: withText(draft, edited)});
      onChange('now');
    }
  }

  #submit(line: SentLine): void {
    if (this.#state.turn === null) {
      this.#send(line);
    } else if (/^\/(quit|exit)\s*$/.test(line.text)) {
      this.#set({queue: [line]});
      this.#abort?.abort();
    } else {
      this.#set({queue: [...this.#state.queue, line]});
    }
  }

  #send({text, shown}: SentLine): void {
    this.#host.remember(text);
    const {draft} = this.#state;
    this.#set({draft: {...draft, history: remembered(draft.history, text)}});
    this.#run({text, shown}, signal => this.#host.submit(text, signal));
  }

  #run({text, shown}: SentLine, work: (signal: AbortSignal) => Promise<LineEnd>): void {
    const abort = new AbortController();
    this.#abort = abort;
    const view = lineSent(this.#state.view, text, shown);
    this.#finished.push(...view.finished);
    this.#set({view, turn: {startedAt: this.#options.clock.now(), stopping: false}});
    this.#settled = work(abort.signal).then(result => this.#lineEnded(result));
  }

  async #lineEnded(result: LineEnd): Promise<void> {
    this.#abort = null;
    if (typeof result === 'object' && !this.#over) {
      const selected = (await this.#options.showGrid?.(result.grid)) ?? null;
      const {draft} = this.#state;
      if (selected !== null) this.#set({draft: withText(draft, `${draft.editor.text}${selected} `)});
    }
    this.#set({turn: null});
    if (this.#over) return;
    if (result === 'quit') {
      this.end(0);
      return;
    }
    const [next, ...queue] = this.#state.queue;
    if (next !== undefined) {
      this.#set({queue});
      this.#send(next);
    }
    this.#options.onChange('soon');
  }

  /** Stops the turn; what was queued behind it goes back to the person, who may not want it any more. */
  #stop(): void {
    const {turn, queue, draft} = this.#state;
    if (!turn) return;
    if (queue.length > 0) {
      const written = draft.editor.text;
      const text = [...queue.map(line => line.text), ...(written === '' ? [] : [written])].join('\n');
      this.#set({queue: [], draft: withText(draft, text)});
    }
    this.#set({turn: {...turn, stopping: true}});
    this.#abort?.abort();
  }

  #interrupt(): void {
    const {turn, draft, hint} = this.#state;
    if (turn && !turn.stopping) this.#stop();
    else if (draft.editor.text !== '') this.#set({draft: cleared(draft)});
    else if (hint === quitHint) this.end(0);
    else this.#showHint(quitHint);
  }

  #showHint(hint: string): void {
    this.#hintTimer?.abort();
    const timer = new AbortController();
    this.#hintTimer = timer;
    this.#set({hint});
    void this.#options.clock.sleep(hintMs, timer.signal).then(
      () => {
        this.#clearHint();
        this.#options.onChange('soon');
      },
      () => {},
    );
  }

  #clearHint(): void {
    this.#hintTimer?.abort();
    this.#hintTimer = null;
    if (this.#state.hint !== null) this.#set({hint: null});
  }

  /** True when the input was meant for the question. Ctrl-C says no, and then does what Ctrl-C does. */
  #answerApproval(approval: NonNullable<View['approval']>, input: InputEvent): boolean {
    const isKey = input.type === 'key';
    if (isCtrl(input, 'c') || (isKey && input.name === 'escape')) {
      this.#host.answerApproval(approval.id, false);
      return !isCtrl(input, 'c');
    }
    if (isKey) return input.name === 'enter';
    const answer = /^\s*(y|yes|n|no)\s*$/i.exec(input.text)?.[1]?.toLowerCase();
    const guarded = this.#options.clock.now() - approval.askedAt < approvalGuardMs;
    if (answer && !guarded) this.#host.answerApproval(approval.id, answer.startsWith('y'));
    return true;
  }

  /** True for everything but Ctrl-L and Ctrl-Z: nothing is written while a preview waits. */
  #answerPreview(preview: NonNullable<View['preview']>, input: InputEvent): boolean {
    const answer = previewKeyOf(input);
    if (answer === null) return !isCtrl(input, 'l') && !isCtrl(input, 'z');
    const guarded = this.#options.clock.now() - preview.askedAt < approvalGuardMs;
    if (!preview.keys.includes(answer) || (guarded && answer !== 'cancel')) return true;
    // Answered once; the next preview or the end of the import comes as an event.
    this.#set({view: {...this.#state.view, preview: null, finished: []}});
    this.#host.answerPreview(preview.id, answer);
    return true;
  }

  /** Nothing runs and nothing is written. */
  #isFree(): boolean {
    const {turn, draft} = this.#state;
    return turn === null && draft.editor.text === '' && draft.search === null;
  }

  /** True when the input was an answer. Whatever else is typed writes on behind the paste. */
  #answerOffer(offer: string, input: InputEvent): boolean {
    if (input.type === 'key' && input.name === 'enter') return true;
    this.#set({offer: null});
    if (isCtrl(input, 'c')) return true;
    const answer = input.type === 'text' ? input.text.trim().toLowerCase() : '';
    if (answer === 'y') {
      const shown = `[pasted table: ${offer.trimEnd().split('\n').length} lines]`;
      this.#run({text: '/upload', shown}, signal => this.#host.importPasted(offer, signal));
      return true;
    }
    const step = typeInto(this.#state.draft, {type: 'paste', text: offer}, () => []);
    this.#set({draft: step.draft});
    return answer === 'n' || (input.type === 'key' && input.name === 'escape');
  }

  #onEvent(event: StampedEvent): void {
    const view = reduce(this.#state.view, event);
    this.#finished.push(...view.finished);
    this.#set({view});
    this.#options.onChange('soon');
  }

  #set(change: Partial<ChatState>): void {
    this.#state = {...this.#state, ...change};
  }
}
