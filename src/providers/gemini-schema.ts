// JSON Schema cut down to the part of it that Gemini's function declarations accept.

import {isRecord, textField} from '../core/unknown.ts';

type Json = Record<string, unknown>;

const kept = ['description', 'title', 'minItems', 'maxItems', 'minimum', 'maximum', 'required'] as const;
const keptFormats = new Set(['enum', 'date-time', 'float', 'double', 'int32', 'int64']);

/**
 * The parameters of a function, or undefined for a function without any: an object with no properties is refused.
 * References are resolved, `const` becomes a list of one, null becomes `nullable`, and what is unknown to the service
 * (additionalProperties, $schema, default, pattern …) is left out.
 */
export function geminiParameters(schema: Json): Json | undefined {
  const parameters = convert(schema, schema, 0);
  const properties = isRecord(parameters.properties) ? parameters.properties : {};
  return Object.keys(properties).length === 0 ? undefined : parameters;
}

function convert(schema: Json, root: Json, depth: number): Json {
  // A recursive schema has no end; below this depth anything goes.
  if (depth > 12) return {type: 'string'};
  const target = typeof schema.$ref === 'string' ? resolve(schema.$ref, root) : undefined;
  if (target) return convert({...target, ...without(schema, '$ref')}, root, depth + 1);
  const next = (value: Json) => convert(value, root, depth + 1);
  const result: Json = {...typeOf(schema)};
  for (const name of kept) if (schema[name] !== undefined && isSafeBound(schema[name])) result[name] = schema[name];
  const format = textField(schema, 'format');
  if (format && keptFormats.has(format)) result.format = format;
  const properties = isRecord(schema.properties) ? Object.entries(schema.properties) : [];
  if (properties.length > 0)
    result.properties = Object.fromEntries(
      properties.map(([name, value]) => [name, isRecord(value) ? next(value) : {}]),
    );
  if (isRecord(schema.items)) result.items = next(schema.items);
  else if (result.type === 'array') result.items = {type: 'string'};
  Object.assign(result, alternatives(schema, next), choices(schema));
  return result;
}

function typeOf(schema: Json): Json {
  if (!Array.isArray(schema.type)) return schema.type === undefined ? {} : {type: schema.type};
  const types = schema.type.filter(type => type !== 'null');
  const type = types.length > 1 ? {anyOf: types.map(each => ({type: each}))} : {type: types[0] ?? 'string'};
  return {...type, ...(types.length < schema.type.length ? {nullable: true} : {})};
}

/** One alternative beside null is that type, nullable; several stay alternatives. */
function alternatives(schema: Json, next: (value: Json) => Json): Json {
  const listed = schema.anyOf ?? schema.oneOf;
  const all = Array.isArray(listed) ? listed.filter(isRecord) : [];
  const some = all.filter(alternative => alternative.type !== 'null');
  const nullable = some.length < all.length ? {nullable: true} : {};
  const [only] = some;
  if (some.length === 1 && only) return {...next(only), ...nullable};
  return some.length === 0 ? {} : {anyOf: some.map(next), ...nullable};
}

/** Only texts can be listed as choices; others are told in the description. */
function choices(schema: Json): Json {
  const listed = schema.const === undefined ? schema.enum : [schema.const];
  if (!Array.isArray(listed)) return {};
  const some = listed.filter(value => value !== null);
  const nullable = some.length < listed.length ? {nullable: true} : {};
  if (some.every(value => typeof value === 'string')) return {type: 'string', format: 'enum', enum: some, ...nullable};
  const told = `One of: ${some.map(value => JSON.stringify(value)).join(', ')}.`;
  return {...nullable, description: [textField(schema, 'description'), told].filter(Boolean).join(' ')};
}

/** Bounds at the edge of exact integers say nothing and overflow the service's own. */
function isSafeBound(value: unknown): boolean {
  return typeof value !== 'number' || Math.abs(value) < Number.MAX_SAFE_INTEGER;
}

function resolve(reference: string, root: Json): Json | undefined {
  let value: unknown = root;
  for (const step of reference.replace(/^#\/?/, '').split('/').filter(Boolean))
    value = isRecord(value) ? value[step] : undefined;
  return isRecord(value) ? value : undefined;
}

function without(schema: Json, name: string): Json {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== name));
}
