// How long the program takes before and around its work, against a bare Node in the same run.

import {startFakeLlmServer} from '../test/support/fake-llm-server.ts';
import {says} from '../test/support/fake-llm-steps.ts';
import {startPty} from '../test/support/pty.ts';
import {alternately, cleanEnv, example, median, program, run, withTempDirectory} from './measure.ts';
import type {Figure} from './run.ts';

const runs = 11;
const bare = () => run(['-e', '0']);
const walls = (figures: {wallMs: number}[]) => median(figures.map(figure => figure.wallMs));

export async function startUp(): Promise<Figure[]> {
  return withTempDirectory(async directory => {
    const workspace = `${directory}/workspace`;
    const env = {DS_AGENT_WORKSPACE: workspace};
    await run([program, 'upload', example], {env});
    return [await version(), await pipedPrompt(env), ...(await offlineQuestion(env)), await firstFrame(env)];
  });
}

async function version(): Promise<Figure> {
  const [ours, yardstick] = await alternately(runs, () => run([program, '--version']), bare);
  return {name: 'ds-agent --version / node -e 0', value: walls(ours) / walls(yardstick), unit: '×', budget: 1.5};
}

async function pipedPrompt(env: Record<string, string>): Promise<Figure> {
  const server = await startFakeLlmServer({openai: Array.from({length: runs + 1}, () => says('Forty-two.'))});
  try {
    const all = {...env, OPENAI_API_KEY: 'bench-key', OPENAI_BASE_URL: `${server.url}/v1`};
    const [ours, yardstick] = await alternately(runs, () => run([program], {env: all, input: 'What is it?\n'}), bare);
    if (ours.some(figure => figure.code !== 0)) throw new Error('a piped prompt failed');
    return {name: 'piped prompt over bare node', value: walls(ours) - walls(yardstick), unit: 'ms', budget: 250};
  } finally {
    await server.close();
  }
}

async function offlineQuestion(env: Record<string, string>): Promise<Figure[]> {
  const ask = () => run([program, '-n', '-p', 'average price by region'], {env});
  const [ours, yardstick] = await alternately(runs, ask, bare);
  if (ours.some(figure => figure.code !== 0)) throw new Error('a question to the embedded analyst failed');
  const peak = median(ours.map(figure => figure.peakBytes)) / 2 ** 20;
  return [
    {
      name: '-p with the embedded analyst over bare node',
      value: walls(ours) - walls(yardstick),
      unit: 'ms',
      budget: 450,
    },
    {name: 'peak memory of -p', value: peak, unit: 'MB', budget: 200},
  ];
}

async function firstFrame(env: Record<string, string>): Promise<Figure> {
  const times: number[] = [];
  for (let i = 0; i < runs; i++) {
    const started = performance.now();
    const chat = startPty({args: [program], env: {...cleanEnv(env), TERM: 'xterm-256color'}});
    await chat.see('offline');
    times.push(performance.now() - started);
    chat.dispose();
  }
  return {name: 'first chat frame in a pty', value: median(times), unit: 'ms', budget: 250};
}
