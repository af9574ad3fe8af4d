// The kept state: one file shared by many processes, and every way in which the disk can be unkind.

import {type ChildProcess, spawn} from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import {hostname, tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {openBreakerStore} from '../../src/resilience/breaker-store.ts';
import {type Breaker, newBreaker} from '../../src/resilience/circuit-breaker.ts';
import {holderName, isHolderAlive, takeLock} from '../../src/resilience/lock-file.ts';

const worker = fileURLToPath(new URL('../support/processes/breaker-worker.ts', import.meta.url));
let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ds-agent-state-'));
  file = join(directory, 'breakers.json');
});
afterEach(() => {
  chmodSync(directory, 0o700);
  rmSync(directory, {recursive: true, force: true});
});

const oneMore = (breaker: Breaker): Breaker => ({...breaker, failures: breaker.failures + 1});
const open: Breaker = {
  state: 'open',
  epoch: 4,
  failures: 3,
  lastFailureAt: 1,
  cause: 'rate limit',
  since: 1,
  forMs: 300_000,
};

type Ended = {code: number | null; out: string; err: string};

function start(mode: string, seed = 1): {child: ChildProcess; ended: Promise<Ended>; said: Promise<void>} {
  const child = spawn(process.execPath, [worker, mode, directory, String(seed)], {stdio: ['ignore', 'pipe', 'pipe']});
  let out = '';
  let err = '';
  const said = new Promise<void>(resolve => {
    child.stdout.on('data', chunk => {
      out += chunk;
      resolve();
    });
  });
  child.stderr.on('data', chunk => {
    err += chunk;
  });
  const ended = new Promise<Ended>(resolve => child.on('close', code => resolve({code, out, err})));
  return {child, ended, said};
}

describe('the file', () => {
  it('is private, versioned and read by the next process', async () => {
    await openBreakerStore(directory).change('gemini-abc', () => open);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({version: 1, breakers: {'gemini-abc': open}});
    expect(openBreakerStore(directory).read('gemini-abc')).toEqual(open);
    expect(readdirSync(directory)).toEqual(['breakers.json']);
  });

  it('is not written when nothing changes', async () => {
    const store = openBreakerStore(directory);
    expect(await store.change('a', breaker => breaker)).toBe(newBreaker);
    expect(existsSync(file)).toBe(false);
  });

  it('is made together with its folder', async () => {
    const deep = join(directory, 'state', 'ds-agent');
    const store = openBreakerStore(deep);
    await store.change('a', oneMore);
    expect(existsSync(join(deep, 'breakers.json'))).toBe(true);
    expect(store.takeWarning()).toBeNull();
  });

  it('keeps the breakers of other routes', async () => {
    await openBreakerStore(directory).change('a', oneMore);
    await openBreakerStore(directory).change('b', oneMore);
    expect(openBreakerStore(directory).read('a').failures).toBe(1);
  });

  it('bounds a state that would last for years', () => {
    writeFileSync(file, JSON.stringify({version: 1, breakers: {a: {...open, forMs: 1e15}}}));
    expect(openBreakerStore(directory).read('a')).toMatchObject({forMs: 86_400_000});
  });
});

describe('without a directory', () => {
  it('the state is in memory, without a warning', async () => {
    const store = openBreakerStore(null);
    await store.change('a', oneMore);
    expect(store.read('a').failures).toBe(1);
    expect(store.takeWarning()).toBeNull();
  });
});

describe('an unkind disk', () => {
  it.each([
    ['no JSON', '{"version": 1, "brea'],
    ['empty', ''],
    ['a list', '[]'],
    ['no version', '{"breakers": {}}'],
    ['a breaker that is none', JSON.stringify({version: 1, breakers: {a: {state: 'ajar'}}})],
    ['a negative count', JSON.stringify({version: 1, breakers: {a: {...open, failures: -1}}})],
    ['a text for a time', JSON.stringify({version: 1, breakers: {a: {...open, since: 'yesterday'}}})],
  ])('a broken file (%s) gives one warning, is put aside, and the next write heals it', async (_, content) => {
    writeFileSync(file, content);
    const store = openBreakerStore(directory);
    expect(store.read('a')).toEqual(newBreaker);
    await store.change('a', oneMore);
    expect(store.takeWarning()).toMatch(/damaged/);
    expect(store.takeWarning()).toBeNull();
    expect(readFileSync(`${file}.broken`, 'utf8')).toBe(content);
    const next = openBreakerStore(directory);
    expect(next.read('a').failures).toBe(1);
    expect(next.takeWarning()).toBeNull();
  });

  it('a file of a newer version is left alone: memory only, one warning', async () => {
    const content = JSON.stringify({version: 2, routes: []});
    writeFileSync(file, content);
    const store = openBreakerStore(directory);
    await store.change('a', oneMore);
    await store.change('a', oneMore);
    expect(store.read('a').failures).toBe(2);
    expect(readFileSync(file, 'utf8')).toBe(content);
    expect(store.takeWarning()).toMatch(/newer/);
    expect(store.takeWarning()).toBeNull();
  });

  it.each(['breakers.json', 'breakers.json.lock'])(
    '%s being a directory means memory only and one warning',
    async name => {
      const {mkdirSync} = await import('node:fs');
      mkdirSync(join(directory, name));
      const store = openBreakerStore(directory);
      await store.change('a', oneMore);
      await store.change('a', oneMore);
      expect(store.read('a').failures).toBe(2);
      expect(store.takeWarning()).toMatch(/memory only/);
      expect(store.takeWarning()).toBeNull();
    },
  );

  it('a folder that cannot be made means memory only and one warning', async () => {
    writeFileSync(join(directory, 'a-file'), '');
    const store = openBreakerStore(join(directory, 'a-file', 'state'));
    await store.change('a', oneMore);
    expect(store.read('a').failures).toBe(1);
    expect(store.takeWarning()).toMatch(/memory only/);
  });

  it.skipIf(process.getuid?.() === 0)('a read-only folder means memory only and one warning', async () => {
    chmodSync(directory, 0o500);
    const store = openBreakerStore(directory);
    await store.change('a', oneMore);
    expect(store.read('a').failures).toBe(1);
    expect(store.takeWarning()).toMatch(/memory only/);
  });

  it('a lock that a living process keeps is waited for 2 s, then memory only', async () => {
    writeFileSync(file, JSON.stringify({version: 1, breakers: {a: open}}));
    const lock = await takeLock(`${file}.lock`, 0);
    const store = openBreakerStore(directory);
    const startedAt = performance.now();
    await store.change('a', oneMore);
    expect(performance.now() - startedAt).toBeGreaterThan(1900);
    expect(performance.now() - startedAt).toBeLessThan(2600);
    expect(store.takeWarning()).toMatch(/no lock/);
    expect(store.read('a')).toEqual({...open, failures: 4});
    lock?.release();
  });
});

describe('a holder', () => {
  it('with our own process id that we did not name is an earlier process, and dead', () => {
    expect(isHolderAlive(holderName())).toBe(true);
    expect(isHolderAlive(`${hostname()}:${process.pid}:000000000000`)).toBe(false);
    expect(isHolderAlive(`another-host:${process.pid}:000000000000`)).toBe(true);
  });

  it('on another machine loses the lock after 10 s', async () => {
    writeFileSync(`${file}.lock`, 'another-host:1:000000000000');
    const old = new Date(Date.now() - 11_000);
    utimesSync(`${file}.lock`, old, old);
    const store = openBreakerStore(directory);
    await store.change('a', oneMore);
    expect(store.takeWarning()).toBeNull();
    expect(readdirSync(directory)).toEqual(['breakers.json']);
  });
});

describe('several processes', () => {
  it('8 of them with 50 changes each lose none', async () => {
    const ended = await Promise.all(Array.from({length: 8}, () => start('count').ended));
    expect(ended.map(({code, err}) => ({code, err}))).toEqual(Array(8).fill({code: 0, err: ''}));
    expect(openBreakerStore(directory).read('shared').failures).toBe(400);
    expect(readdirSync(directory)).toEqual(['breakers.json']);
  }, 60_000);

  it('8 of them with 50 calls each never probe two at a time', async () => {
    const ended = await Promise.all(Array.from({length: 8}, (_, index) => start('probe', index + 1).ended));
    expect(ended.map(({code, err}) => ({code, err}))).toEqual(Array(8).fill({code: 0, err: ''}));
    expect(ended.reduce((sum, {out}) => sum + Number(out), 0)).toBeGreaterThan(5);
  }, 60_000);

  it('a killed lock holder keeps nobody out', async () => {
    const holder = start('hold');
    await holder.said;
    const name = readFileSync(`${file}.lock`, 'utf8');
    expect(isHolderAlive(name)).toBe(true);
    holder.child.kill('SIGKILL');
    await holder.ended;
    expect(isHolderAlive(name)).toBe(false);
    const startedAt = performance.now();
    const ended = await Promise.all(Array.from({length: 4}, () => start('count').ended));
    expect(ended.map(({code}) => code)).toEqual([0, 0, 0, 0]);
    const store = openBreakerStore(directory);
    await store.change('shared', oneMore);
    expect(store.read('shared').failures).toBe(201);
    expect(store.takeWarning()).toBeNull();
    expect(performance.now() - startedAt).toBeLessThan(20_000);
    expect(readdirSync(directory)).toEqual(['breakers.json']);
  }, 60_000);
});
