// The conversation with a model, in words that no provider owns.

import type {Dataset} from './dataset.ts';
import type {AgentEvent} from './events.ts';
import type {PrivacyPolicy} from './privacy.ts';
import type {ToolResult} from './tool.ts';

/** `argumentsText` is the JSON exactly as the model wrote it; it is parsed and validated once, in the agent loop. */
export type ToolCall = {
  id: string;
  name: string;
  argumentsText: string;
  /** Opaque data a provider wants back with this call; dropped when another provider takes over. */
  signature?: {provider: string; value: string};
};

/** Tokens as the provider counted them; null where it did not say. */
export type Usage = {inputTokens: number | null; outputTokens: number | null};

/** What the gate knows of a reply that came from outside: the policy it was written under, and its own words. */
export type Outside = {policy: PrivacyPolicy; text: string};

export type ToolMessage = {role: 'tool'; callId: string; name: string; result: ToolResult};

/** `outside` is missing where the words were made here, as by the embedded analyst. */
export type Message =
  | {role: 'user'; text: string}
  | {
      role: 'assistant';
      text: string;
      toolCalls: ToolCall[];
      usage: Usage;
      provider: string;
      model: string;
      outside?: Outside | undefined;
    }
  | ToolMessage;

/** `parameters` is a JSON Schema object. */
export type ToolSpec = {name: string; description: string; parameters: Record<string, unknown>};

/**
 * What is asked of a model. `system` are the rules alone; what a provider outside hears of the datasets and of `earlier`
 * (results of turns that were left out) is written by the gate it goes through.
 */
export type ChatRequest = {
  system: string;
  earlier?: readonly ToolMessage[] | undefined;
  messages: Message[];
  tools: ToolSpec[];
  datasets: Dataset[];
  activeDataset?: string | undefined;
  /** The person named the active dataset; otherwise it is the newest one. */
  chosen?: boolean | undefined;
};

/**
 * `length`: the reply was cut at the token limit. `unanswered`: the embedded analyst could not answer, and `text` says
 * why; a language model never gives it.
 */
export type StopReason = 'complete' | 'length' | 'unanswered';

/** `activity` says that content is arriving which is not yet a whole tool call; it only feeds the watchdog. */
export type ChatChunk =
  | {type: 'text'; delta: string}
  | {type: 'activity'}
  | {type: 'tool_call'; call: ToolCall}
  | {type: 'end'; stop: StopReason; usage: Usage; requestId?: string; outside?: Outside};

/** A way to a model. `stream` throws ProviderError only, and ends with exactly one `end` chunk or throws. */
export interface Provider {
  readonly name: string;
  readonly model: string;
  stream(request: ChatRequest, signal: AbortSignal): AsyncIterable<ChatChunk>;
}

/** A whole reply: the provider gave a finish reason, so it may enter the history. */
export type Reply = {
  text: string;
  toolCalls: ToolCall[];
  stop: StopReason;
  usage: Usage;
  provider: string;
  model: string;
  outside?: Outside | undefined;
};

export type BreakerState = 'closed' | 'open' | 'half_open';

/** One way to a model as the status bar shows it. `openUntil` is epoch ms. `blocked` says why this process gave up on it. */
export type RouteStatus = {
  provider: string;
  model: string;
  state: BreakerState;
  failures: number;
  threshold: number;
  openUntil: number | null;
  cause: string | null;
  blocked: string | null;
};

/** All model calls of one turn: it keeps to the route it switched to and shares one budget of retries and time. */
export interface ModelTurn {
  /** @throws ProviderError when no route can answer; nothing of a failed attempt is returned. */
  complete(request: ChatRequest): Promise<Reply>;
}

export interface ModelRouter {
  beginTurn(turn: {signal: AbortSignal; emit(event: AgentEvent): void}): ModelTurn;
  status(): RouteStatus[];
  resetBreakers(): Promise<void>;
}
