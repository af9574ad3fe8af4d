import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {idle, openChatBench} from '../support/chat-bench.ts';
import {says} from '../support/fake-llm-steps.ts';

const {bench, server, model} = await openChatBench();

const copied = (output: string) =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the end of the sequence is a control character
  [...output.matchAll(/\x1b\]52;c;([\w+/=]*)\x07/g)].map(([, text = '']) => Buffer.from(text, 'base64').toString());

describe('/copy', () => {
  it('sends the last answer, its code, its table as tab-separated text, or a result to the clipboard', async () => {
    const answer =
      'Two **regions**:\n\n| region | n |\n|---|--:|\n| north | 1,200 |\n\n```sql\nSELECT 1;\nSELECT 2\n```\n';
    server.setScript('openai', [says(answer)]);
    const program = await bench.ready(['--data', 'sales.csv'], {env: model()});
    program.write('/copy\r');
    await program.see('There is no answer to copy.');
    program.write('regions?\r');
    await program.see('SELECT 2');
    await idle(program);
    for (const [line, seen] of [
      ['/copy', 'The last answer'],
      ['/copy code', 'The last code'],
      ['/copy table', 'The last table, tab-separated'],
    ] as const) {
      program.write(`${line}\r`);
      await program.see(`${seen}: Sent`);
      await idle(program);
    }
    expect(copied(program.output())).toEqual([answer, 'SELECT 1;\nSELECT 2', 'region\tn\nnorth\t1,200']);
    program.write('/sql SELECT region, count(*) AS n, NULL AS x FROM sales GROUP BY ALL ORDER BY 1\r');
    await program.see('#1 ·');
    await idle(program);
    program.write('/copy 1\r');
    await program.see('Result 1: Sent');
    expect(copied(program.output()).at(-1)).toBe('region\tn\tx\neast\t20\t\nnorth\t20\t\nsouth\t20\t');
  });

  it('puts what no terminal takes into a file and says so; says what tmux needs', async () => {
    const program = await bench.ready([], {env: {TMUX: '/tmp/x,1,0'}});
    program.write("/sql SELECT repeat('x', 100000) AS x\r");
    await program.see('#1 ·');
    await idle(program);
    program.write('/copy 1\r');
    await program.see('the text is in workspace/clipboard.txt');
    expect(readFileSync(bench.path('workspace', 'clipboard.txt'), 'utf8')).toHaveLength(100_002);
    expect(copied(program.output())).toEqual([]);
    program.write('/sql SELECT 7 AS x\r');
    await program.see('#2 ·');
    await idle(program);
    program.write('/copy 2\r');
    await program.see('set-clipboard on');
    expect(copied(program.output())).toContain('x\n7');
    expect(program.output()).toContain('\x1bPtmux;\x1b\x1b]52;c;');
  });
});

describe('/model', () => {
  it('changes the model or the provider from the next question on, and says what can be used', async () => {
    server.setScript('openai', [says('One.'), says('Two.')]);
    server.setScript('gemini', [says('Three.')]);
    const program = await bench.ready([], {env: model({GEMINI_API_KEY: 'test'}), columns: 120});
    program.write('/model\r');
    await program.see('usable  Gemini gemini-2.5-flash');
    await idle(program);
    program.write('a\r');
    await program.see('One.');
    await idle(program);
    program.write('/model gpt-test\r');
    await program.see('first   OpenAI gpt-test');
    await idle(program);
    program.write('b\r');
    await program.see('Two.');
    await program.see('openai ● closed · gpt-test');
    await idle(program);
    program.write('/model gemini gemini-x\r');
    await program.see('first   Gemini gemini-x');
    await idle(program);
    program.write('c\r');
    await program.see('Three.');
    await program.see('gemini ● closed · gemini-x');
    const asked = server.requestsTo('openai').map(request => (request.body as {model: string}).model);
    expect(asked.slice(-2)).toEqual(['gpt-4o-mini', 'gpt-test']);
    await idle(program);
    program.write('/status\r');
    await program.see('Money: no price known for gpt-4o-mini, gpt-test, gemini-x');
    expect(program.lines().filter(line => /no price known(?! for)/.test(line))).toHaveLength(1);
    program.write('/model nothing such\r');
    await program.see('The name of a model has no blanks.');
  });

  it('counts money at the prices that were given, and as no estimate', async () => {
    server.setScript('openai', [says('One.')]);
    const program = await bench.ready([], {env: model({DS_AGENT_PRICES: 'gpt-4o-mini=1000/1000'}), columns: 140});
    program.write('a\r');
    await program.see('One.');
    await program.until(() => /· \$0\.\d+ ·/.test(program.screen().join('\n')), 'the money');
    await idle(program);
    program.write('/status\r');
    await program.see('at the prices of DS_AGENT_PRICES');
  });

  it('refuses a provider without a key and names the variable', async () => {
    const program = await bench.ready([]);
    program.write('/model gemini\r');
    await program.see('GEMINI_API_KEY is not set');
  });
});
