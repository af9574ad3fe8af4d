// The program that the pty tests start: the real chat view over a scripted host.

import {systemClock} from '../../../src/core/clock.ts';
import {runChat} from '../../../src/tui/app.tsx';
import {ScriptedHost} from './scripted-host.ts';

const host = new ScriptedHost(systemClock, ['first question', 'second question']);
const options = new Set(process.argv.slice(2));
host.firstLine = process.argv.find(argument => argument.startsWith('first='))?.slice('first='.length) ?? null;
if (options.has('breaker')) {
  const openUntil = Date.now() + 6000;
  host.routes = [
    {...host.routes[0], provider: 'gemini', state: 'open', failures: 3, openUntil} as (typeof host.routes)[number],
    {...host.routes[0], provider: 'openai'} as (typeof host.routes)[number],
  ];
}
const {exitCode} = await runChat(host, process, {
  color: options.has('color'),
  accessible: options.has('accessible'),
  clock: systemClock,
  renderTable: table => table.rows.map(row => row.join('  ')).join('\n'),
});
process.stderr.write(`exit ${exitCode}; submitted ${JSON.stringify(host.submitted)}\n`);
process.exit(exitCode);
