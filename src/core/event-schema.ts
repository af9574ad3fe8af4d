// The events as JSON: the schema that session files are read with, and of which the published JSON Schema is made.

import {z} from 'zod';
import type {StampedEvent} from './events.ts';
import {privacyLevels} from './privacy.ts';

/** How a value comes back from JSON: a bigint has become a number, or text where it is too large for one. */
export type AsJson<T> = unknown extends T
  ? unknown
  : T extends bigint
    ? number | string
    : T extends object
      ? {[Key in keyof T]: AsJson<T[Key]>}
      : T;

const count = z.int().min(0);
const usage = z.object({inputTokens: z.number().nullable(), outputTokens: z.number().nullable()});

/** NaN and the infinities are text here, as are integers beyond 2^53. */
const cell = z.union([z.null(), z.boolean(), z.number(), z.string()]);
const tableColumn = z.object({
  name: z.string(),
  type: z.string(),
  kind: z.enum(['number', 'text', 'boolean', 'time', 'nested']),
});
export const tableSchema = z.object({
  columns: z.array(tableColumn),
  rows: z.array(z.array(cell)),
  totalRows: z.number().nullable(),
});

export const datasetRefSchema = z.object({name: z.string(), version: z.int().min(1), sha256: z.string()});

const receipt = z.object({
  id: count,
  tool: z.string(),
  args: z.unknown(),
  sql: z.string().exactOptional(),
  datasets: z.array(datasetRefSchema),
  rowsRead: z.number(),
  sampled: z.boolean(),
  ms: z.number(),
});

export const artifactSchema = z.object({
  kind: z.enum(['chart', 'file']),
  title: z.string(),
  path: z.string().exactOptional(),
  preview: z.string().exactOptional(),
});
export const nextStepSchema = z.object({label: z.string(), prompt: z.string()});

const errorKind = z.enum([
  'internal',
  'usage',
  'input',
  'configuration',
  'auth',
  'unavailable',
  'limit',
  'denied',
  'tool',
  'caution',
  'hangup',
  'interrupt',
  'terminate',
]);
export const errorKindSchema = errorKind;

export const cautionSchema = z.object({
  code: z.string(),
  severity: z.enum(['info', 'warn']),
  message: z.string(),
  advice: z.string(),
  receipt: count,
});

const exposure = {
  kind: z.enum(['name', 'count', 'statistic', 'group', 'value']),
  from: z.array(z.string()).nullable(),
};
/** What of the result may leave for a model; for the gate of a resumed session. */
const disclosure = z.object({
  bare: z.string().exactOptional(),
  parts: z
    .array(
      z.object({
        length: count,
        about: z.object({...exposure, n: z.number()}),
        otherwise: z.string().exactOptional(),
      }),
    )
    .exactOptional(),
  columns: z.array(z.object(exposure)).exactOptional(),
  rows: z.array(z.object({n: z.number()})).exactOptional(),
});

const groundingShape = {numbers: count, supported: count, derived: count, unsupported: z.array(z.string())};
/** The privacy level of a run, and what of the data went to a provider in it. */
export const sentSchema = z.strictObject({
  level: z.enum(privacyLevels),
  rows_sent: count,
  cells_sent: count,
  bytes_sent: count,
});

export const groundingSchema = z.strictObject(groundingShape);

const toolResult = z.union([
  z.object({
    ok: z.literal(true),
    summary: z.string(),
    table: tableSchema.exactOptional(),
    artifacts: z.array(artifactSchema).exactOptional(),
    nextSteps: z.array(nextStepSchema).exactOptional(),
    disclosure: disclosure.exactOptional(),
    receipt,
    cautions: z.array(cautionSchema).exactOptional(),
  }),
  z.object({
    ok: z.literal(false),
    kind: errorKind.exactOptional(),
    code: z.string(),
    message: z.string(),
    hint: z.string().exactOptional(),
  }),
]);

const fault = z.enum([
  'aborted',
  'deadline',
  'rate_limit',
  'quota_long',
  'quota_billing',
  'overloaded',
  'server',
  'timeout',
  'network',
  'offline',
  'stream_cut',
  'bad_response',
  'auth',
  'no_model',
  'context',
  'bad_request',
  'safety',
  'unknown',
]);
const state = z.enum(['closed', 'open', 'half_open']);
const model = {provider: z.string(), model: z.string()};
const attempt = z.number();
const status = z.number().optional();

const stamp = {v: z.literal(1), seq: count, time: z.number()};
const event = <const Type extends string, Shape extends z.ZodRawShape>(type: Type, shape: Shape) =>
  z.object({...stamp, type: z.literal(type), ...shape});

/** One line of `stream-json`, and one of a session file. */
export const eventSchema = z.discriminatedUnion('type', [
  event('session_opened', {
    id: z.string(),
    kind: z.enum(['chat', 'script']),
    resumed: z.boolean(),
    privacy: z.enum(privacyLevels).optional(),
  }),
  event('prompt', {text: z.string()}),
  event('text_delta', {delta: z.string()}),
  event('message', {text: z.string(), final: z.boolean(), ...model, usage}),
  event('attempt_start', {...model, attempt}),
  event('attempt_end', {
    ...model,
    attempt,
    outcome: z.union([z.literal('ok'), fault]),
    status,
    requestId: z.string().optional(),
    message: z.string().optional(),
    ms: z.number(),
  }),
  event('attempt_discarded', {provider: z.string(), chars: z.number()}),
  event('retry_scheduled', {
    provider: z.string(),
    attempt,
    of: z.number(),
    delayMs: z.number(),
    source: z.enum(['ladder', 'header', 'retry_info', 'text']),
    endsAt: z.number(),
    cause: fault,
    status,
  }),
  event('retry_cancelled', {provider: z.string()}),
  event('breaker_change', {
    ...model,
    from: state,
    to: state,
    failures: z.number(),
    threshold: z.number(),
    openUntil: z.number().nullable(),
    cause: z.string().nullable(),
  }),
  event('breaker_count', {...model, failures: z.number(), threshold: z.number(), cause: fault.nullable()}),
  event('provider_switch', {from: z.string(), to: z.string(), reason: z.string()}),
  event('route_blocked', {provider: z.string(), cause: fault, message: z.string()}),
  event('retry_success', {provider: z.string(), retries: z.number()}),
  event('tool_start', {callId: z.string(), name: z.string(), args: z.unknown()}),
  event('tool_end', {callId: z.string(), name: z.string(), ms: z.number(), result: toolResult}),
  event('work_progress', {message: z.string()}),
  event('import_progress', {
    file: z.string(),
    phase: z.enum(['copy', 'read', 'type', 'describe']),
    readBytes: z.number(),
    totalBytes: z.number(),
  }),
  event('dataset_added', {
    name: z.string(),
    version: z.number(),
    rows: z.number(),
    columns: z.number(),
    sizeBytes: z.number(),
    format: z.string(),
    storedName: z.string(),
    warnings: z.array(z.string()),
  }),
  event('import_rejected', {file: z.string(), code: z.string(), message: z.string(), hint: z.string().optional()}),
  event('command_result', {
    line: z.string(),
    ok: z.boolean(),
    text: z.string(),
    table: tableSchema.optional(),
    charts: z.array(artifactSchema).optional(),
  }),
  event('approval_request', {id: z.number(), question: z.string()}),
  event('approval_answer', {id: z.number(), approved: z.boolean()}),
  event('import_preview', {
    id: z.number(),
    file: z.string(),
    lines: z.array(z.string()),
    table: tableSchema,
    keys: z.array(z.enum(['import', 'delimiter', 'header', 'date_order', 'cancel'])),
  }),
  event('caution', {caution: cautionSchema}),
  event('grounding', groundingShape),
  event('notice', {level: z.enum(['info', 'warn']), code: z.string(), message: z.string()}),
  event('final_error', {
    kind: errorKind,
    code: z.string(),
    message: z.string(),
    hint: z.string().optional(),
    attempts: z.number(),
    retryAfterMs: z.number().nullable(),
  }),
  event('turn_end', {
    outcome: z.enum(['answered', 'aborted', 'failed', 'limit']),
    usage,
    durationMs: z.number(),
    nextSteps: z.array(nextStepSchema),
    provider: z.string().nullable(),
    model: z.string().nullable(),
  }),
]);

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
/** With every optional field demanded, since a type without such a field is assignable to one that has it. */
type Whole<T> = unknown extends T ? unknown : T extends object ? {[Key in keyof T]-?: Whole<T[Key]>} : T;
export type SameJson<A, B> = Same<A, B> & Same<Whole<A>, Whole<B>>;

/** Does not compile when an event and its schema are no longer the same. */
export const schemaHoldsEveryEvent: SameJson<z.infer<typeof eventSchema>, AsJson<StampedEvent>> = true;

/** A line of JSON as an event; null when it is none that this version knows. */
export function parseEvent(value: unknown): StampedEvent | null {
  const parsed = eventSchema.safeParse(value);
  return parsed.success ? parsed.data : null;
}
