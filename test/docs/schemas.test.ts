// The committed JSON Schema files are the ones the program's own types make, and they refuse what is not right.

import {readdirSync, readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {jsonSchemas, type SchemaName, schemaText} from '../../src/cli/json-schemas.ts';
import {compile, schemaProblems} from '../support/json-schema.ts';
import {printedJsonProblems} from '../support/printed-json.ts';

const folder = new URL('../../schemas/', import.meta.url);
const names = Object.keys(jsonSchemas) as SchemaName[];

describe('the schema files', () => {
  it.each(names)('%s.schema.json is what npm run schemas writes', name => {
    expect(readFileSync(new URL(`${name}.schema.json`, folder), 'utf8')).toBe(schemaText(name));
  });

  it('are these and no others', () => {
    expect(readdirSync(folder).sort()).toEqual(names.map(name => `${name}.schema.json`).sort());
  });
});

describe('the validator of the tests', () => {
  const doctor = {schema_version: 1, checks: [{name: 'node', state: 'ok', detail: ''}], breakers: []};

  it.each([
    [doctor, []],
    [{...doctor, schema_version: 2}, ['$.schema_version is not 1: 2']],
    [{...doctor, extra: 1}, ['$.extra is not in the schema']],
    [{schema_version: 1, checks: []}, ['$.breakers is missing']],
    [{...doctor, checks: [{name: 'node', state: 'fine', detail: ''}]}, ['$.checks[0].state can\'t be "fine"']],
    [{...doctor, checks: {}}, ['$.checks is no array: {}']],
  ])('finds what is wrong, by its place: %j', (value, wanted) => {
    expect(schemaProblems('doctor', value)).toEqual(wanted);
  });

  it('tells of the event that was meant', () => {
    const event = {v: 1, seq: 1, time: 1, type: 'prompt', text: 5};
    expect(schemaProblems('event', event)).toEqual(['$.text is no string: 5']);
  });

  it('refuses a keyword that it does not know', () => {
    expect(() => compile({type: 'string', minLength: 3})).toThrow('minLength');
  });

  it('a run that prints too much, too little or no JSON is found', () => {
    const line = `${JSON.stringify(doctor)}\n`;
    expect(printedJsonProblems(['doctor', '--json'], line, false)).toEqual([]);
    expect(printedJsonProblems(['doctor', '--json'], line + line, false)).toHaveLength(1);
    expect(printedJsonProblems(['doctor', '--json'], '', false)).toHaveLength(1);
    expect(printedJsonProblems(['--output-format=stream-json', '-p', 'x'], line, false).length).toBeGreaterThan(0);
    expect(printedJsonProblems(['doctor'], 'well', false)).toEqual([]);
  });
});
