// `ds-agent models export`: a kept model as an ONNX file, for programs that are not ours.

import {extname} from 'node:path';
import {ImportError, ToolError} from '../../core/errors.ts';
import {formatBytes, printable} from '../../core/text.ts';
import {type OnnxFile, toOnnx} from '../../models/onnx/export.ts';
import {type LoadedModel, loadModel} from '../../tools/training/model-file.ts';
import {writeFileWhole} from '../../workspace/output-file.ts';
import {type DatasetContext, openForCommand} from '../dataset-commands.ts';
import {jsonText} from '../json-result.ts';
import type {ModelsJson} from './json.ts';

/** @throws ToolError `model.not_exportable` and what `loadModel` throws; ImportError for a file that can't be written */
export async function exportModel(
  {model, output: file, force}: {model: string; output: string; force: boolean},
  context: DatasetContext,
): Promise<void> {
  const {shared, output} = context;
  const shown = printable(file, {oneLine: true});
  if (extname(file).toLowerCase() !== '.onnx')
    throw new ImportError('export.format', `A model is exported as ONNX, and ${shown} has another extension.`, {
      hint: `ds-agent models export ${printable(model, {oneLine: true})} -o model.onnx`,
    });
  const workspace = await openForCommand(context);
  const loaded = await loadModel(workspace.path('models'), model);
  const {bytes, inputs, outputs} = onnxOf(loaded);
  const path = await writeFileWhole(file, bytes, {workspace, force});
  if (shared.format !== 'text') {
    const json: ModelsJson = {
      schema_version: 1,
      status: 'exported',
      id: loaded.id,
      file: path,
      bytes: bytes.length,
      inputs,
      outputs,
    };
    await output.out(jsonText(json));
    return;
  }
  const lines = [
    `Exported model ${loaded.id} to ${shown} (${formatBytes(bytes.length)})`,
    `Inputs, a column each: ${inputs.map(({name, type}) => `${name} (${type})`).join(', ')}`,
    `Outputs: ${outputs.join(', ')}`,
    'A missing number is NaN, a missing text is empty.',
    ...(loaded.content.inputs.some(({part}) => part !== null)
      ? ['Of a date: days since 1970 with their fraction, and the weekday from 1 for Monday.']
      : []),
    ...inputs.flatMap(input =>
      input.type === 'string' && input.missing !== ''
        ? `It has learnt the empty text of ${input.name}: a missing one is ${input.missing} there.`
        : [],
    ),
  ];
  await output.out(`${lines.map(line => printable(line, {oneLine: true})).join('\n')}\n`);
}

function onnxOf({id, content}: LoadedModel): OnnxFile {
  try {
    return toOnnx(content);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new ToolError('model.not_exportable', `The model ${id} can't be an ONNX file: ${cause.message}.`, {
      hint: 'Linear and logistic models, trees, forests, boosting and stacks of these, on numbers and categories, can; ds-agent train --models keeps to those you name.',
      cause,
    });
  }
}
