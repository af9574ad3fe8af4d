import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {runSlash} from '../../src/cli/slash.ts';
import {PrivacyBench} from '../privacy/canary.ts';
import {asks, says} from '../support/fake-llm-steps.ts';

let bench: PrivacyBench;
beforeEach(async () => {
  const reads = asks([{name: 'run_sql', args: {sql: 'SELECT city FROM people LIMIT 3'}}]);
  bench = await PrivacyBench.start({level: 'rows', neverSend: 'ssn'}, {openai: [reads, says('Done.')]});
});
afterEach(() => bench.close());

async function slash(line: string): Promise<string> {
  const answer = await runSlash(line, bench.app, new AbortController().signal);
  return typeof answer === 'string' ? answer : answer.text;
}

describe('/privacy', () => {
  it('says the level, what is never sent, and what was sent', async () => {
    expect(await slash('/privacy')).toMatch(
      /Privacy level rows: .*\nNever sent: ssn\.\nSent in this session: 0 rows, 0 cells/,
    );
    await bench.ask('cities');
    expect(await slash('/privacy')).toContain('Sent in this session: 3 rows, 3 cells of results,');
  });

  it('sets the level for the session, in any case', async () => {
    expect(await slash('/privacy Schema')).toContain('Privacy level schema: names, types and row counts');
    expect(bench.app.gate.policy().level).toBe('schema');
  });

  it('hides and shows columns, kept in the workspace, beside those of the variable', async () => {
    expect(await slash('/privacy hide people.email, *.Phone')).toContain('Never sent: ssn, *.Phone, people.email.');
    expect(await slash('/privacy hide people.email')).not.toContain('No column has this name');
    expect(await slash('/privacy hide fax')).toContain('No column has this name now: fax.');
    const kept = readFileSync(join(bench.app.workspace.root, 'privacy.json'), 'utf8');
    expect(JSON.parse(kept)).toEqual({never_send: ['*.Phone', 'fax', 'people.email']});
    expect(await slash('/privacy show PEOPLE.email fax')).toContain('Never sent: ssn, *.Phone.');
  });

  it.each([
    ['/privacy all', /Usage: \/privacy/],
    ['/privacy rows schema', /Usage/],
    ['/privacy hide', /Usage/],
    ['/privacy show email', /email is not on the list of this workspace/],
    ['/privacy show ssn', /ssn is not on the list/],
  ])('%s is refused', async (line, message) => {
    await expect(slash(line)).rejects.toThrow(message);
  });
});

describe('/wire', () => {
  it('says so when nothing was sent', async () => {
    expect(await slash('/wire')).toBe('Nothing was sent to a provider in this session.');
  });

  it('prints the last request with its size, and no key', async () => {
    await bench.ask('cities, and my key is AIza-test-0123456789abcdef');
    const text = await slash('/wire');
    const [head = '', ...body] = text.split('\n');
    expect(head).toMatch(/^Last request to OpenAI gpt-4o-mini: [\d,]+ bytes\.$/);
    expect(JSON.parse(body.join('\n'))).toMatchObject({
      messages: expect.arrayContaining([{role: 'user', content: 'cities, and my key is •••'}]),
    });
    expect(text).not.toContain('AIza-test');
  });

  it('saves it to a new file only', async () => {
    await bench.ask('cities');
    const file = join(bench.folder, 'wire.json');
    expect(await slash(`/wire save ${file}`)).toContain(`Written to ${file}.`);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toHaveProperty('messages');
    await expect(slash(`/wire save ${file}`)).rejects.toThrow(/can't be written \(EEXIST\)/);
    await expect(slash('/wire off')).rejects.toThrow(/Usage: \/wire/);
    expect(existsSync(join(bench.folder, 'off'))).toBe(false);
  });
});
