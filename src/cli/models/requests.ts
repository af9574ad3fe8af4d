// The words and options of `ds-agent train`, `predict` and `models`.

import {UsageError} from '../../core/errors.ts';
import type {Values} from '../invocation.ts';
import {parseNumber} from '../settings.ts';
import type {PredictRequest} from './predict.ts';
import type {ModelsRequest} from './registry.ts';
import type {TrainRequest} from './train.ts';

/** @throws UsageError `usage.target`, `usage.number` */
export function trainRequest(values: Values): TrainRequest {
  const target = textOf(values.target);
  if (target === null)
    throw new UsageError('usage.target', 'The column to predict is missing.', {
      hint: 'ds-agent train --data FILE --target COLUMN',
    });
  const features = textOf(values.features) ?? '';
  return {
    target,
    features: features
      .split(',')
      .map(each => each.trim())
      .filter(Boolean),
    where: textOf(values.where),
    group: textOf(values.group),
    time: textOf(values.time),
    seconds: numberOf('--seconds', values.seconds, {min: 1, max: 3600}),
    seed: numberOf('--seed', values.seed, {min: 0, max: 999_999, whole: true}),
  };
}

/** @throws UsageError `usage.output` */
export function predictRequest([model = '', file = '']: readonly string[], values: Values): PredictRequest {
  const output = textOf(values.output);
  if (output === null)
    throw new UsageError('usage.output', 'The file to write is missing.', {
      hint: 'ds-agent predict MODEL FILE -o scored.parquet',
    });
  return {model, file, output, force: values.force === true};
}

/** @throws UsageError `usage.models`, `usage.output` */
export function modelsRequest(words: readonly string[], values: Values): ModelsRequest {
  const [action = 'list', ...names] = words;
  const [name] = names;
  if ((action === 'list' || action === 'ls') && name === undefined) return {action: 'list'};
  if (action === 'compare') return {action, models: names};
  if ((action === 'show' || action === 'rm') && name !== undefined && names.length === 1) return {action, model: name};
  if (action === 'export' && name !== undefined && names.length === 1) {
    const output = textOf(values.output);
    if (output !== null) return {action, model: name, output, force: values.force === true};
    throw new UsageError('usage.output', 'The file to write is missing.', {
      hint: 'ds-agent models export NAME -o model.onnx',
    });
  }
  throw new UsageError('usage.models', `"models ${words.join(' ')}" is not known.`, {
    hint: 'ds-agent models, or ds-agent models show NAME, compare NAME NAME, rm NAME, export NAME -o FILE',
  });
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
