// Writes the JSON Schema files of what the commands print into schemas/. Run after a change of that JSON or of the events.

import {mkdirSync, writeFileSync} from 'node:fs';
import {jsonSchemas, schemaText} from '../src/cli/json-schemas.ts';

const folder = new URL('../schemas/', import.meta.url);
mkdirSync(folder, {recursive: true});
for (const name of Object.keys(jsonSchemas)) writeFileSync(new URL(`${name}.schema.json`, folder), schemaText(name));
