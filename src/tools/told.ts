// A refusal of a tool on its way out of a thread, where only plain data goes.

import {ToolError} from '../core/errors.ts';

export type Told = {kind: 'told'; code: string; message: string; hint: string | null};

export function toldOf({code, message, hint}: ToolError): Told {
  return {kind: 'told', code, message, hint: hint ?? null};
}

export function refusalOf({code, message, hint}: Told): ToolError {
  return new ToolError(code, message, hint === null ? {} : {hint});
}
