import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {type FakeLlmServer, startFakeLlmServer} from '../support/fake-llm-server.ts';
import {asks, says} from '../support/fake-llm-steps.ts';
import {type PtyProgram, startPty} from '../support/pty.ts';

const program = fileURLToPath(new URL('../../bin/ds-agent.js', import.meta.url));

let folder: string;
let server: FakeLlmServer;
let terminal: PtyProgram;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ds-agent-e2e-grounding-'));
  writeFileSync(join(folder, 'sales.csv'), 'region,price\nnorth,10\nsouth,20\neast,30\n');
  server = await startFakeLlmServer();
  terminal = startPty({
    args: [program, '--data', 'sales.csv'],
    cwd: folder,
    columns: 140,
    env: {
      HOME: folder,
      XDG_CONFIG_HOME: folder,
      XDG_STATE_HOME: folder,
      OPENAI_API_KEY: 'sk-test',
      OPENAI_BASE_URL: server.openAiBaseUrl,
      GEMINI_API_KEY: '',
    },
  });
  await terminal.see('› Ask about your data', 15_000);
});
afterEach(async () => {
  terminal.dispose();
  await server.close();
  rmSync(folder, {recursive: true, force: true});
});

const text = () => terminal.lines().join('\n');

describe('in the chat', () => {
  it('a number that no result holds is named beneath its answer, and the bar tells what was sent', async () => {
    const reads = asks([{name: 'run_sql', args: {sql: 'SELECT avg(price) AS a FROM sales'}}]);
    server.setScript('openai', [reads, says('On average 20, or 21.75 with care.')]);
    terminal.write('average price\r');
    await terminal.see('⚠ unsupported: 21.75 stands in no result', 15_000);
    expect(text().indexOf('with care.')).toBeLessThan(text().indexOf('⚠ unsupported'));
    await terminal.see('privacy rows · 1 row sent', 5_000);
  });

  it('/privacy schema takes effect at once, and values are filled in as they stream', async () => {
    terminal.write('/privacy schema\r');
    await terminal.see('Privacy level schema', 5_000);
    const reads = asks([{name: 'run_sql', args: {sql: 'SELECT avg(price) + 0.125 AS a FROM sales'}}]);
    server.setScript('openai', [reads, says('It is {{1:1:a}} on average.')]);
    terminal.write('average price\r');
    await terminal.see('It is 20.125 on average.', 15_000);
    expect(JSON.stringify(server.requests.map(({body}) => body.messages))).not.toContain('20.125');
    terminal.write('/wire\r');
    await terminal.see('Its values are withheld, since the level is schema', 5_000);
  });
});
