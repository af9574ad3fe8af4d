import {globSync, readFileSync} from 'node:fs';
import {platform} from 'node:os';
import {basename} from 'node:path';
import {Worker} from 'node:worker_threads';
import {describe, expect, it} from 'vitest';

/** All that is built to run in a thread: a new one is tried without a line here. */
const threads = globSync('dist/*-worker.js').toSorted();

/** Looks at the thread itself at its very end: `/proc/thread-self` is that of the one who reads. */
const atTheEnd = `
  import {readFileSync} from 'node:fs';
  import {parentPort} from 'node:worker_threads';
  process.on('exit', () => parentPort.postMessage({stat: readFileSync('/proc/thread-self/stat', 'utf8')}));
`;

const niceOf = (stat: string): number => Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);

/** Nothing to do is an error or an empty order to each of them, so that it ends at once. */
function niceAtTheEnd(script: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(script, {
      workerData: null,
      env: {},
      execArgv: ['--no-warnings', '--import', `data:text/javascript,${encodeURIComponent(atTheEnd)}`],
    });
    worker.on('message', message => {
      if (typeof message === 'object' && message !== null && 'stat' in message) resolve(niceOf(String(message.stat)));
    });
    worker.on('error', reject);
    worker.on('exit', () => reject(new Error(`${script} ended without a word of its priority`)));
    worker.postMessage(null);
  });
}

describe.runIf(platform() === 'linux')('the thread that reads keys comes before those that compute', () => {
  it('the threads are found', () => expect(threads.length).toBeGreaterThanOrEqual(5));

  it.each(threads.map(script => ({script, name: basename(script)})))('$name stands back', async ({script}) => {
    const own = niceOf(readFileSync('/proc/thread-self/stat', 'utf8'));
    expect(await niceAtTheEnd(`${process.cwd()}/${script}`)).toBeGreaterThan(own);
  });
});
