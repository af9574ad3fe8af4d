// Writes the program's help into the README, between its two marks. Run after a change of commands, options or variables.

import {readFileSync, writeFileSync} from 'node:fs';
import {helpText} from '../src/cli/arguments.ts';

const file = new URL('../README.md', import.meta.url);
const readme = readFileSync(file, 'utf8');
const block = /(<!-- help[^>]*-->\n```text\n)[\s\S]*?(```\n<!-- \/help -->)/;
writeFileSync(
  file,
  readme.replace(block, (_, head, tail) => `${head}${helpText(100)}${tail}`),
);
