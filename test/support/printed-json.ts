// Every run of the built program in a test that asks for JSON is held to the schema files, whatever the test looks at.

import type {SchemaName} from '../../src/cli/json-schemas.ts';
import {schemaProblems} from './json-schema.ts';

const commands = [
  'upload',
  'datasets',
  'export',
  'undo',
  'sessions',
  'replay',
  'report',
  'validate',
  'train',
  'predict',
  'models',
  'doctor',
  'config',
] as const;

/** What is wrong with the JSON on stdout, or empty. A run that was killed outright has no say. */
export function printedJsonProblems(all: readonly string[], stdout: string, killed: boolean): string[] {
  // What follows -- is no option.
  const args = all.includes('--') ? all.slice(0, all.indexOf('--')) : all;
  const format = formatOf(args);
  if (format === 'text' || killed || args.includes('--help') || args.includes('-h')) return [];
  const lines = stdout.split('\n');
  if (lines.pop() !== '') return ['stdout does not end with a newline'];
  if (format === 'stream-json') {
    const last = lines.pop() ?? '';
    return [...lines.flatMap(line => problems(['event'], line)), ...problems(['stream-result'], last)];
  }
  if (lines.length !== 1) return [`stdout has ${lines.length} lines instead of one object`];
  const command = args.includes('-p') ? undefined : args.flatMap(arg => commands.find(name => name === arg) ?? [])[0];
  return problems(command ? [command, 'result'] : ['result'], lines[0] ?? '');
}

function formatOf(args: readonly string[]): string {
  const at = args.indexOf('--output-format');
  const named = at >= 0 ? args[at + 1] : args.find(arg => arg.startsWith('--output-format='))?.split('=')[1];
  return named === 'json' || named === 'stream-json' ? named : args.includes('--json') ? 'json' : 'text';
}

function problems(schemas: readonly SchemaName[], line: string): string[] {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return [`no JSON: ${line.slice(0, 200)}`];
  }
  const found = schemas.map(name => schemaProblems(name, value).map(problem => `${name}: ${problem}`));
  return found.find(each => each.length === 0) ?? found[0] ?? [];
}
