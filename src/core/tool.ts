// What a tool is and what it gives back. Numbers leave a tool only together with where they came from.

import type {z} from 'zod';
import type {Caution} from './caution.ts';
import type {Clock} from './clock.ts';
import type {DatasetRef, Table} from './dataset.ts';
import type {ErrorKind} from './errors.ts';
import type {AgentEvent} from './events.ts';
import type {Disclosure} from './privacy.ts';

/** A file the tool made; `path` is relative to the workspace. `preview` is text for a terminal, already printable. */
export type Artifact = {kind: 'chart' | 'file'; title: string; path?: string; preview?: string};

export type NextStep = {label: string; prompt: string};

/** Where a result came from: which rows of which data, read by which SQL. */
export type Source = {sql?: string; datasets: DatasetRef[]; rowsRead: number; sampled: boolean};

/**
 * Makes every number traceable. `id` is unique in a session and shown to the user as `/why <id>`; it is 0 for a list of
 * next steps. `ms` is wall time.
 */
export type Receipt = Source & {id: number; tool: string; args: unknown; ms: number};

/** `disclosure` tells the gate to a provider what of it may leave; without it the whole counts as raw rows. */
type Finding = {
  ok: true;
  summary: string;
  table?: Table;
  artifacts?: Artifact[];
  nextSteps?: NextStep[];
  disclosure?: Disclosure;
};

/** What a tool's own code returns; the loop stamps `source` into a Receipt. `summary` is what the model and plain mode read. */
export type ToolOutcome = (Finding & {source: Source}) | ToolFailure;

/** `kind` decides the exit code when the turn ends with this failure; without it, `tool`. */
export type ToolFailure = {ok: false; kind?: ErrorKind; code: string; message: string; hint?: string};

/** `cautions` are what a reader of the result should know; a model reads them behind the summary. */
export type ToolResult = (Finding & {receipt: Receipt; cautions?: Caution[]}) | ToolFailure;

export type ToolContext = {
  signal: AbortSignal;
  clock: Clock;
  emit(event: AgentEvent): void;
  /** True when the user's own words in this session contain this path or file name. */
  userNamed(path: string): boolean;
  /** Asks the user; in scripts the answer is no unless approval was given on the command line. */
  approve(question: string): Promise<boolean>;
};

/**
 * `parallel` calls of one reply run side by side, since they change nothing others see; the rest run in the order asked
 * for. Where it depends on the arguments, it is a function of them.
 */
export interface Tool<Args = unknown> {
  readonly name: string;
  readonly description: string;
  readonly parallel: boolean | ((args: Args) => boolean);
  readonly args: z.ZodType<Args>;
  /** It computes nothing: its failure does not fail the answer it stands beside. */
  readonly aside?: boolean;
  /**
   * Whether a model hears of the tool now, asked before every request: a tool that has nothing to work on yet would only
   * cost its words. It can be called all the same.
   */
  offered?(): Promise<boolean>;
  run(args: Args, context: ToolContext): Promise<ToolOutcome>;
}

/** Ties a tool's `run` to the type of its schema; the result can stand in a list with other tools. */
export function defineTool<Args>(tool: Tool<Args>): Tool {
  const {parallel} = tool;
  return {
    ...tool,
    parallel: typeof parallel === 'function' ? args => parallel(args as Args) : parallel,
    run: (args, context) => tool.run(args as Args, context),
  };
}
