// `ds-agent config`: every setting, its value with keys masked, and where it came from.

import {printable} from '../core/text.ts';
import type {Config} from './config.ts';
import {jsonText} from './json-result.ts';
import type {ConfigJson} from './json-schemas.ts';
import type {Output} from './streams.ts';

export async function runConfig(
  {report, warnings, providers}: Config,
  {json, output}: {json: boolean; output: Output},
): Promise<number> {
  if (json) {
    const result: ConfigJson = {
      schema_version: 1,
      providers: [...providers],
      settings: [...report],
      warnings: [...warnings],
    };
    await output.out(jsonText(result));
    return 0;
  }
  const name = Math.max(...report.map(each => each.variable.length));
  const lines = report.map(
    ({variable, value, origin}) =>
      `${variable.padEnd(name)}  ${printable(value ?? '(not set)', {oneLine: true})}  [${origin}]`,
  );
  for (const warning of warnings) output.err(`Warning: ${printable(warning)}`);
  await output.out(`${lines.join('\n')}\nOrder of providers: ${providers.join(', ')}\n`);
  return 0;
}
