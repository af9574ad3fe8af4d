// The side of the soak that is measured: real SDKs, router and session, asked again and again in one process.

import {setTimeout as sleep} from 'node:timers/promises';
import {createSession} from '../src/agent/session.ts';
import {systemClock} from '../src/core/clock.ts';
import type {AgentEvent} from '../src/core/events.ts';
import {Secret} from '../src/core/secret.ts';
import {PROVIDERS} from '../src/providers/index.ts';
import {openBreakerStore} from '../src/resilience/breaker-store.ts';
import {createRouter} from '../src/resilience/router.ts';
import {type SoakReport, soakAnswer, soakSettings} from './soak-words.ts';

const [openAiUrl = '', geminiUrl = '', turnsText = '', stateDirectory = ''] = process.argv.slice(2);
const turns = Number(turnsText);

let unhandled = 0;
process.on('unhandledRejection', () => {
  unhandled++;
});

const apiKey = new Secret('sk-soak-0123456789');
const routes = [
  {provider: await PROVIDERS.gemini({apiKey, model: 'g', baseUrl: geminiUrl}), key: 'gemini'},
  {provider: await PROVIDERS.openai({apiKey, model: 'o', baseUrl: openAiUrl}), key: 'openai'},
];
const store = openBreakerStore(stateDirectory);
const router = createRouter({routes, settings: soakSettings, clock: systemClock, store});

/** What a person would have on the screen: text that came, without what was discarded. */
let shown = '';
let current = '';
let attempts = 0;
function emit(event: AgentEvent): void {
  if (event.type === 'text_delta') current += event.delta;
  else if (event.type === 'attempt_discarded') current = '';
  else if (event.type === 'message') shown += event.text;
  else if (event.type === 'attempt_start') {
    current = '';
    attempts++;
  }
}

const session = createSession({
  router,
  tools: [],
  clock: systemClock,
  emit,
  approve: async () => false,
  stepLimit: 5,
  contextTokens: 100_000,
  datasets: async () => ({all: [], active: undefined}),
});

const rightKinds = new Set(['unavailable', 'denied', 'limit']);
const wrong: string[] = [];
const heaps: number[] = [];
let answered = 0;
let failed = 0;

for (let turn = 0; turn < turns; turn++) {
  shown = '';
  current = '';
  const {outcome, answer, error} = await session.prompt('what is the average price?', new AbortController().signal);
  if (outcome === 'answered') {
    answered++;
    if (answer !== soakAnswer || shown !== soakAnswer || current !== soakAnswer)
      wrong.push(`turn ${turn}: answered ${JSON.stringify({answer, shown, current})}`);
  } else {
    failed++;
    if (!error || !rightKinds.has(error.kind)) wrong.push(`turn ${turn}: ${outcome} ${error?.code} ${error?.message}`);
  }
  session.clear();
  if (turn % 20 === 0) {
    globalThis.gc?.();
    heaps.push(process.memoryUsage().heapUsed + process.memoryUsage().external);
  }
}

/** Idle connections are closed by their own time limits; what stays longer is a leak. Pipes are those to the parent. */
async function handlesLeft(): Promise<string[]> {
  const ours = () => process.getActiveResourcesInfo().filter(name => !/Pipe|TTY|Immediate/.test(name));
  for (let waited = 0; waited < 60 && ours().length > 0; waited++) await sleep(100);
  return ours();
}

const quarter = Math.floor(heaps.length / 4);
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const report: SoakReport = {
  turns,
  answered,
  failed,
  attempts,
  wrong,
  unhandled,
  firstQuarterBytes: mean(heaps.slice(0, quarter)),
  lastQuarterBytes: mean(heaps.slice(-quarter)),
  handles: await handlesLeft(),
};
process.send?.(report, () => process.disconnect());
