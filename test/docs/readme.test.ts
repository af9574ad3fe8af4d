import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {helpText} from '../../src/cli/arguments.ts';
import {exitCodes} from '../../src/core/errors.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

test('the help in the README is the help of the program', () => {
  const block = /<!-- help[^>]*-->\n```text\n([\s\S]*?)```\n<!-- \/help -->/.exec(readme)?.[1];
  expect(block).toBe(helpText(100));
});

test('every exit code of the program is in the README', () => {
  for (const code of Object.values(exitCodes)) expect(readme).toMatch(new RegExp(`^\\| [\\d, ]*\\b${code}\\b`, 'm'));
});

test('the README names the two commands', () => {
  expect(readme).toContain('npm ci && npm start');
  expect(readme).toContain('npm ci && npm test');
});
