// The words and options of `ds-agent train`, `predict` and `models`.

import {UsageError} from '../../core/errors.ts';
import type {Values} from '../invocation.ts';
import {parseNumber} from '../settings.ts';
import type {PredictRequest} from './predict.ts';
import type {ModelsRequest} from './registry.ts';
import type {TrainRequest} from './train.ts';

/** @throws UsageError `usage.number` */
export function trainRequest(values: Values): TrainRequest {
  return {
    target: textOf(values.target),
    features: namesOf(values.features),
    models: namesOf(values.models),
    balanced: values.balanced === true,
    where: textOf(values.where),
    group: textOf(values.group),
    time: textOf(values.time),
    seconds: numberOf('--seconds', values.seconds, {min: 1, max: 3600}),
    seed: seedOf(values),
  };
}

/** Without a file the rows go to standard output, which must be no terminal unless "-" asks for it. @throws UsageError `usage.output` */
export function predictRequest([model = '', file = '']: readonly string[], values: Values): PredictRequest {
  const output = textOf(values.output);
  if (output === null && process.stdout.isTTY)
    throw new UsageError('usage.output', 'The file to write is missing.', {
      hint: 'ds-agent predict MODEL FILE -o scored.parquet, or -o - for CSV here',
    });
  return {model, file, output: output === '-' ? null : output, force: values.force === true};
}

/** Which options go with which action; --force stands with what writes. */
const optionsOf: Record<string, readonly string[]> = {
  export: ['output', 'force'],
  evaluate: ['by', 'chart', 'where', 'seed'],
  explain: ['column', 'row', 'where', 'seed'],
};
const allOptions = [...new Set(Object.values(optionsOf).flat())];
const modelsHint =
  'ds-agent models, or ds-agent models show NAME, compare NAME NAME, evaluate NAME --data FILE, explain NAME, rm NAME, export NAME -o FILE';

/** @throws UsageError `usage.models`, `usage.output`, `usage.number` */
export function modelsRequest(words: readonly string[], values: Values): ModelsRequest {
  const [action = 'list', ...names] = words;
  const [name] = names;
  const request = requestOf(action, names, values);
  if (!request || (names.length > 1 && action !== 'compare'))
    throw new UsageError('usage.models', `"models ${words.join(' ')}" is not known.`, {hint: modelsHint});
  const misplaced = allOptions.find(each => values[each] !== undefined && !optionsOf[action]?.includes(each));
  if (misplaced !== undefined) {
    const places = Object.keys(optionsOf).filter(each => optionsOf[each]?.includes(misplaced));
    throw new UsageError('usage.models', `--${misplaced} means nothing to "models ${action}".`, {
      hint: `It belongs to ${places.map(each => `models ${each} ${name ?? 'NAME'}`).join(' and ')}.`,
    });
  }
  return request;
}

function requestOf(action: string, names: readonly string[], values: Values): ModelsRequest | null {
  const [name] = names;
  switch (action) {
    case 'list':
    case 'ls':
      return name === undefined ? {action: 'list'} : null;
    case 'compare':
      return {action, models: names};
    case 'show':
      return {action, model: name ?? 'latest'};
    case 'rm':
      return name === undefined ? null : {action, model: name};
    case 'export':
      return name === undefined ? null : {action, model: name, output: onnxFile(values), force: values.force === true};
    case 'evaluate':
      return {action, model: name ?? 'latest', by: textOf(values.by), chart: textOf(values.chart), ...about(values)};
    case 'explain': {
      const row = numberOf('--row', values.row, {min: 1, max: 1_000_000_000, whole: true});
      return {action, model: name ?? 'latest', column: textOf(values.column), row, ...about(values)};
    }
    default:
      return null;
  }
}

function about(values: Values) {
  return {where: textOf(values.where), seed: seedOf(values)};
}

function seedOf(values: Values): number | null {
  return numberOf('--seed', values.seed, {min: 0, max: 999_999, whole: true});
}

function onnxFile(values: Values): string {
  const output = textOf(values.output);
  if (output !== null) return output;
  throw new UsageError('usage.output', 'The file to write is missing.', {
    hint: 'ds-agent models export NAME -o model.onnx',
  });
}

function namesOf(value: Values[string]): string[] {
  const names = textOf(value) ?? '';
  return names
    .split(',')
    .map(each => each.trim())
    .filter(Boolean);
}

function textOf(value: Values[string]): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

function numberOf(
  flag: string,
  value: Values[string],
  range: {min: number; max: number; whole?: boolean},
): number | null {
  const text = textOf(value);
  if (text === null) return null;
  const parsed = parseNumber(text, range);
  if (parsed === null)
    throw new UsageError('usage.number', `${flag} wants a number from ${range.min} to ${range.max}, not "${text}".`);
  return parsed;
}
