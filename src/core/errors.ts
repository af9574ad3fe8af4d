// What can go wrong, sorted by how the program must react. Nothing here is decided by the words of a message.

/** The process exit code of each kind of ending; scripts rely on these numbers. */
export const exitCodes = {
  answered: 0,
  internal: 1,
  usage: 2,
  input: 3,
  configuration: 4,
  auth: 5,
  unavailable: 6,
  limit: 7,
  denied: 8,
  tool: 9,
  caution: 10,
  hangup: 129,
  interrupt: 130,
  terminate: 143,
} as const;

/** How the program reacts to an error; also the key of its exit code. */
export type ErrorKind = Exclude<keyof typeof exitCodes, 'answered'>;

export type ErrorDetails = {hint?: string; cause?: unknown; retryAfterMs?: number};

/**
 * The base of every expected failure. `code` is stable and dotted ("import.too_large"), `message` is one line with the
 * numbers in it, `hint` is the next step for the user. `retryAfterMs` is set where waiting helps.
 */
export class DsAgentError extends Error {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly hint: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(kind: ErrorKind, code: string, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : {cause: details.cause});
    this.name = new.target.name;
    this.kind = kind;
    this.code = code;
    this.hint = details.hint;
    this.retryAfterMs = details.retryAfterMs;
  }

  get exitCode(): number {
    return exitCodes[this.kind];
  }
}

/** The command line was wrong, or the command needs a terminal. */
export class UsageError extends DsAgentError {
  constructor(code: string, message: string, details?: ErrorDetails) {
    super('usage', code, message, details);
  }
}

/** A file was refused before anything of it was kept. The user can fix this; retrying unchanged cannot help. */
export class ImportError extends DsAgentError {
  constructor(code: string, message: string, details?: ErrorDetails) {
    super('input', code, message, details);
  }
}

/** A setting or the place to work in (workspace, state directory) is unusable. */
export class ConfigError extends DsAgentError {
  constructor(code: string, message: string, details?: ErrorDetails) {
    super('configuration', code, message, details);
  }
}

/** A tool could not do what it was asked: unknown dataset, refused SQL, engine error. The model may try again differently. */
export class ToolError extends DsAgentError {
  constructor(code: string, message: string, details?: ErrorDetails) {
    super('tool', code, message, details);
  }
}

/** A configured bound (steps, rows, tokens, time) was reached. */
export class LimitError extends DsAgentError {
  constructor(code: string, message: string, details?: ErrorDetails) {
    super('limit', code, message, details);
  }
}

/** The user stopped the work; nothing is wrong. */
export class AbortedError extends DsAgentError {
  constructor(message = 'Stopped.', details?: ErrorDetails) {
    super('interrupt', 'aborted', message, details);
  }
}

/** Why a call to a provider failed, see `resilience/classify.ts` for how each is recognised and what follows from it. */
export type ProviderFaultClass =
  | 'aborted'
  | 'deadline'
  | 'rate_limit'
  | 'quota_long'
  | 'quota_billing'
  | 'overloaded'
  | 'server'
  | 'timeout'
  | 'network'
  | 'offline'
  | 'stream_cut'
  | 'bad_response'
  | 'auth'
  | 'no_model'
  | 'context'
  | 'bad_request'
  | 'safety'
  | 'unknown';

/** Where a waiting time came from. */
export type DelaySource = 'ladder' | 'header' | 'retry_info' | 'text';

export type ProviderFault = {
  class: ProviderFaultClass;
  provider: string;
  model: string;
  status?: number;
  requestId?: string;
  /** What the server asked us to wait, in milliseconds, and where it said so. */
  retryHint?: {delayMs: number; source: Exclude<DelaySource, 'ladder'>};
  /** A short cause for people, such as "daily quota". */
  cause?: string;
};

const kindOfFault: Record<ProviderFaultClass, ErrorKind> = {
  aborted: 'interrupt',
  deadline: 'unavailable',
  rate_limit: 'unavailable',
  quota_long: 'unavailable',
  quota_billing: 'auth',
  overloaded: 'unavailable',
  server: 'unavailable',
  timeout: 'unavailable',
  network: 'unavailable',
  offline: 'unavailable',
  stream_cut: 'unavailable',
  bad_response: 'unavailable',
  auth: 'auth',
  no_model: 'configuration',
  context: 'limit',
  bad_request: 'unavailable',
  safety: 'denied',
  unknown: 'unavailable',
};

/** The only error a provider throws. `fault` is the structured reason; `message` never holds a key or raw HTML. */
export class ProviderError extends DsAgentError {
  readonly fault: ProviderFault;
  /** How many requests of the call were made before it was given up. */
  readonly attempts: number;

  constructor(fault: ProviderFault, message: string, details: ErrorDetails & {attempts?: number} = {}) {
    super(kindOfFault[fault.class], `provider.${fault.class}`, message, details);
    this.fault = fault;
    this.attempts = details.attempts ?? 1;
  }
}

/** What the system can refuse to anybody, by its code; the words say what a person can do about it. */
const systemRefusals: Record<string, readonly [fact: string, hint: string]> = {
  ENOSPC: ['The disk is full', 'Free some space, or choose a workspace elsewhere with --workspace.'],
  EDQUOT: ['The disk quota is used up', 'Free some space, or choose a workspace elsewhere with --workspace.'],
  EROFS: ['The disk is read-only', 'Choose a workspace elsewhere with --workspace.'],
  EACCES: ['The system does not allow it', 'Check who may read and write there.'],
  EPERM: ['The system does not allow it', 'Check who may read and write there.'],
  EIO: ['The disk failed', 'Check the disk, or choose a workspace elsewhere with --workspace.'],
  EMFILE: ['Too many files are open', 'Raise the limit (ulimit -n), or run fewer processes at once.'],
  ENFILE: ['Too many files are open', 'Run fewer processes at once.'],
};

/**
 * Any thrown value as a DsAgentError. A refusal of the system is kind `configuration`; everything else that is not one
 * already is a bug of ours and becomes kind `internal`.
 */
export function toDsAgentError(error: unknown): DsAgentError {
  if (error instanceof DsAgentError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const refusal = systemRefusals[code];
  if (refusal) {
    const [fact, hint] = refusal;
    return new DsAgentError('configuration', 'system.refused', `${fact} (${message}).`, {cause: error, hint});
  }
  return new DsAgentError('internal', 'internal', `Internal error: ${message}`, {
    cause: error,
    hint: 'This is a bug in ds-agent. The log file in the workspace has the details.',
  });
}
