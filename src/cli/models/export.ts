// `ds-agent models export`: a kept model as an ONNX file, for programs that are not ours.

import {rm, writeFile} from 'node:fs/promises';
import {resolve} from 'node:path';
import {ToolError} from '../../core/errors.ts';
import {formatBytes, printable} from '../../core/text.ts';
import {type OnnxFile, toOnnx} from '../../models/onnx/export.ts';
import {type LoadedModel, loadModel} from '../../tools/training/model-file.ts';
import {checkTarget, placeFile} from '../../workspace/output-file.ts';
import {type DatasetContext, openForCommand} from '../dataset-commands.ts';
import {jsonText} from '../json-result.ts';
import type {ModelsJson} from './json.ts';

/** @throws ToolError `model.not_exportable` and what `loadModel` throws; ImportError for a file that can't be written */
export async function exportModel(
  {model, output: file, force}: {model: string; output: string; force: boolean},
  context: DatasetContext,
): Promise<void> {
  const {shared, output} = context;
  const workspace = await openForCommand(context);
  const loaded = await loadModel(workspace.path('models'), model);
  const {bytes, inputs} = onnxOf(loaded);
  const [path, shown] = [resolve(file), printable(file, {oneLine: true})];
  await checkTarget(path, shown, force);
  const draft = workspace.temporaryPath('models', '.onnx');
  try {
    await writeFile(draft, bytes, {flag: 'wx', mode: 0o600});
    await placeFile(draft, path, shown, force);
  } finally {
    await rm(draft, {force: true});
  }
  if (shared.format !== 'text') {
    const typed = inputs.map(({name, type}) => ({name, type: type === 'string' ? type : ('double' as const)}));
    const json: ModelsJson = {
      schema_version: 1,
      status: 'exported',
      id: loaded.id,
      file: path,
      bytes: bytes.length,
      inputs: typed,
    };
    await output.out(jsonText(json));
    return;
  }
  const lines = [
    `Exported model ${loaded.id} to ${shown} (${formatBytes(bytes.length)})`,
    `Inputs, a column each: ${inputs.map(({name, type}) => `${name} (${type})`).join(', ')}`,
    'A missing number is NaN, a missing text is empty.',
  ];
  await output.out(`${lines.map(line => printable(line, {oneLine: true})).join('\n')}\n`);
}

function onnxOf({id, content}: LoadedModel): OnnxFile {
  try {
    return toOnnx(content);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new ToolError('model.not_exportable', `The model ${id} can't be an ONNX file: ${cause.message}.`, {
      hint: 'Linear and logistic models, trees, forests, boosting and stacks of these, on numbers and categories, can.',
      cause,
    });
  }
}
