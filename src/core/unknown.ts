// Looking into values of unknown shape, such as parsed JSON or thrown errors, without a cast.

/** True for any object that is not null; arrays and errors are objects too. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

export function textField(value: Record<string, unknown>, name: string): string | undefined {
  const field = value[name];
  return typeof field === 'string' ? field : undefined;
}

export function numberField(value: Record<string, unknown>, name: string): number | undefined {
  const field = value[name];
  return typeof field === 'number' ? field : undefined;
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
