// One of several processes that share a state directory: counts failures, probes, or holds the lock until it is killed.

import {closeSync, openSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {systemClock} from '../../../src/core/clock.ts';
import {openBreakerStore} from '../../../src/resilience/breaker-store.ts';
import {holderName, takeLock} from '../../../src/resilience/lock-file.ts';
import {RouteBreaker} from '../../../src/resilience/route-breaker.ts';
import {scriptedProvider} from '../scripted-provider.ts';

const [mode = '', directory = '', seed = '1'] = process.argv.slice(2);
const calls = 50;
const store = openBreakerStore(directory);

/** A small generator of [0, 1), the same in every run. */
let state = Number(seed);
function random(): number {
  state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
  return state / 2_147_483_648;
}

async function countFailures(): Promise<void> {
  for (let call = 0; call < calls; call++)
    await store.change('shared', breaker => ({...breaker, failures: breaker.failures + 1}));
}

/** Fails loudly when another process is probing at the same time: the witness file can be created only once. */
async function callAndProbe(): Promise<void> {
  const rules = {breakerThreshold: 3, breakerCooldownMs: 10, timeoutMs: 60_000};
  const parts = {clock: systemClock, store, holder: holderName()};
  const breaker = new RouteBreaker({provider: scriptedProvider('gemini'), key: 'shared'}, rules, parts);
  const ignore = () => {};
  let probes = 0;
  for (let call = 0; call < calls; call++) {
    const permit = await breaker.admit('none', ignore);
    if (permit?.kind === 'probe') {
      const witness = join(directory, 'probing');
      closeSync(openSync(witness, 'wx'));
      probes++;
      await sleep(2);
      rmSync(witness);
    } else await sleep(2 * random());
    if (permit) {
      const fails = random() < 0.8;
      await breaker.settle(permit, fails ? {kind: 'failure', cause: 'rate limit'} : {kind: 'works'}, null, ignore);
    }
  }
  process.stdout.write(`${probes}\n`);
}

async function holdLock(): Promise<void> {
  await takeLock(join(directory, 'breakers.json.lock'), 1000);
  process.stdout.write('held\n');
  await sleep(60_000);
}

if (mode === 'count') await countFailures();
else if (mode === 'probe') await callAndProbe();
else await holdLock();
const warning = store.takeWarning();
if (warning) {
  process.stderr.write(`${warning}\n`);
  process.exitCode = 3;
}
