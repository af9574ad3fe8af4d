// Two thousand turns against servers that fail three times in ten, in every way we know: each must end rightly.

import {fork} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {type Service, startFakeLlmServer} from '../test/support/fake-llm-server.ts';
import {
  eofInText,
  errorInStream,
  geminiError,
  geminiRateLimit,
  headersOnly,
  htmlPage,
  noHeaders,
  oneChunkThenSilence,
  openAiError,
  openAiRateLimit,
  resetBeforeHeaders,
  resetInText,
  retryInfo,
  type Step,
  says,
  status,
  stream,
} from '../test/support/fake-llm-steps.ts';
import {cleanEnv} from './measure.ts';
import type {Figure} from './run.ts';
import {type SoakReport, soakAnswer} from './soak-words.ts';

const turns = 2000;
const failingShare = 0.3;

const anyService: Step[] = [
  status(500),
  status(503),
  htmlPage(502),
  htmlPage(200),
  resetBeforeHeaders,
  resetInText(soakAnswer),
  eofInText(soakAnswer),
  noHeaders,
  headersOnly,
  oneChunkThenSilence('The aver'),
  says(soakAnswer, {ending: 'filtered'}),
  stream({texts: ['The ', 'average '], ending: 'reset', gapMs: 5}),
  status(200, 'data: {nope}\n\n', {'content-type': 'text/event-stream'}),
];

const faults: Record<Service, Step[]> = {
  openai: [
    ...anyService,
    openAiRateLimit(),
    openAiRateLimit({'retry-after-ms': '5'}),
    openAiRateLimit({'retry-after': 'soon'}),
    openAiError(400, {message: 'bad'}),
    errorInStream({message: 'oops', type: 'server_error'}, 'The average'),
  ],
  gemini: [
    ...anyService,
    geminiRateLimit(),
    geminiRateLimit(retryInfo('0.005s')),
    geminiError(400, 'INVALID_ARGUMENT', 'bad'),
    errorInStream({code: 503, status: 'UNAVAILABLE', message: 'busy'}, 'The average'),
  ],
};

export async function soak(): Promise<Figure[]> {
  const random = seeded(20_260_131);
  const well = says(soakAnswer);
  const step = (service: Service) => () => {
    if (random() >= failingShare) return well;
    const list = faults[service];
    return list[Math.floor(random() * list.length)] ?? well;
  };
  const server = await startFakeLlmServer({openai: [step('openai')], gemini: [step('gemini')]});
  // Requests are not looked at here, and two thousand bodies are not kept.
  const forget = setInterval(() => {
    server.requests.length = 0;
  }, 1000);
  const state = mkdtempSync(join(tmpdir(), 'ds-agent-soak-'));
  try {
    const report = await runClient([server.openAiBaseUrl, server.geminiBaseUrl, String(turns), state]);
    for (const line of report.wrong.slice(0, 10)) console.log(`  ${line}`);
    if (report.handles.length > 0) console.log(`  still open: ${report.handles.join(', ')}`);
    console.log(`  ${report.answered} answered, ${report.failed} failed rightly, ${report.attempts} requests`);
    return [
      {name: 'turns that ended wrongly, of 2,000', value: report.wrong.length, unit: 'turns', budget: 0},
      {name: 'unhandled rejections', value: report.unhandled, unit: '', budget: 0},
      {
        name: 'memory, last quarter',
        value: report.lastQuarterBytes / report.firstQuarterBytes,
        unit: '× first',
        budget: 1.1,
      },
      {name: 'open handles at the end', value: report.handles.length, unit: '', budget: 0},
    ];
  } finally {
    clearInterval(forget);
    await server.close();
    rmSync(state, {recursive: true, force: true});
  }
}

function runClient(args: string[]): Promise<SoakReport> {
  const path = fileURLToPath(new URL('./soak-client.ts', import.meta.url));
  const child = fork(path, args, {env: cleanEnv(), execArgv: ['--expose-gc']});
  return new Promise((resolve, reject) => {
    let report: SoakReport | undefined;
    child.on('message', message => {
      report = message as SoakReport;
    });
    child.on('error', reject);
    child.on('close', code =>
      report ? resolve(report) : reject(new Error(`the soak ended with ${code}, without a report`)),
    );
  });
}

/** mulberry32: the same faults in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
