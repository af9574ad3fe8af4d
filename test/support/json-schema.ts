// Holds what the program prints to the committed JSON Schema files: as much of JSON Schema 2020-12 as those files use.

import {readFileSync} from 'node:fs';
import type {SchemaName} from '../../src/cli/json-schemas.ts';

type Schema = {[keyword: string]: unknown};
type Check = (value: unknown, path: string) => string[];

const folder = new URL('../../schemas/', import.meta.url);
const compiled = new Map<SchemaName, Check>();

/** What is wrong with `value`, one line each with its place; empty when the schema file allows it. */
export function schemaProblems(name: SchemaName, value: unknown): string[] {
  let check = compiled.get(name);
  if (!check) {
    check = compile(JSON.parse(readFileSync(new URL(`${name}.schema.json`, folder), 'utf8')));
    compiled.set(name, check);
  }
  return check(value, '$');
}

/** A keyword that is not known here throws, so that no rule of a schema is passed over. */
export function compile(schema: Schema): Check {
  const checks = Object.entries(schema).flatMap(([keyword, rule]): Check[] => {
    switch (keyword) {
      case '$schema':
      case '$id':
      case 'title':
      case 'format':
        return [];
      case 'type':
        return [typed([rule].flat().map(String))];
      case 'const':
        return [(value, path) => (value === rule ? [] : [`${path} is not ${shown(rule)}: ${shown(value)}`])];
      case 'enum':
        return [(value, path) => ((rule as unknown[]).includes(value) ? [] : [`${path} can't be ${shown(value)}`])];
      case 'pattern': {
        const pattern = new RegExp(String(rule), 'u');
        return [(value, path) => (pattern.test(String(value)) ? [] : [`${path} does not look right: ${shown(value)}`])];
      }
      case 'minimum':
        return [(value, path) => (Number(value) >= Number(rule) ? [] : [`${path} is below ${rule}: ${shown(value)}`])];
      case 'maximum':
        return [(value, path) => (Number(value) <= Number(rule) ? [] : [`${path} is above ${rule}: ${shown(value)}`])];
      case 'anyOf':
      case 'oneOf':
        return [oneOf((rule as Schema[]).map(compile))];
      case 'items': {
        const each = compile(rule as Schema);
        return [(value, path) => (Array.isArray(value) ? value.flatMap((item, i) => each(item, `${path}[${i}]`)) : [])];
      }
      case 'required':
        return [
          (value, path) =>
            (rule as string[]).filter(field => !(field in fieldsOf(value))).map(field => `${path}.${field} is missing`),
        ];
      case 'properties':
        return [];
      case 'propertyNames':
        return [];
      case 'additionalProperties':
        return [];
      default:
        throw new Error(`the schema uses "${keyword}", which this validator does not know`);
    }
  });
  if ('properties' in schema || 'additionalProperties' in schema) checks.push(fields(schema));
  return (value, path) => checks.flatMap(check => check(value, path));
}

function fields({properties = {}, additionalProperties = true}: Schema): Check {
  const known = new Map(
    Object.entries(properties as Record<string, Schema>).map(([name, each]) => [name, compile(each)]),
  );
  const others = typeof additionalProperties === 'object' ? compile(additionalProperties as Schema) : null;
  return (value, path) =>
    Object.entries(fieldsOf(value)).flatMap(([name, field]) => {
      const check = known.get(name) ?? others;
      if (check) return check(field, `${path}.${name}`);
      return additionalProperties === false ? [`${path}.${name} is not in the schema`] : [];
    });
}

function typed(types: string[]): Check {
  return (value, path) =>
    types.some(type => isOfType(value, type)) ? [] : [`${path} is no ${types.join(' or ')}: ${shown(value)}`];
}

/** The branch with the fewest problems says what is wrong. */
function oneOf(branches: Check[]): Check {
  return (value, path) => {
    const found = branches.map(branch => branch(value, path));
    return found.reduce((best, each) => (each.length < best.length ? each : best));
  };
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? {...value} : {};
}

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    default:
      return typeof value === type;
  }
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'undefined').slice(0, 80);
}
