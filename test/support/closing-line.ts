// The last line of a run: "240 passed, 2 failed". A test whose process crashed before its end is one that failed, and so
// is a file that can't be read.

import type {Reporter, TestModule} from 'vitest/node';

export class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly {message: string}[]): void {
    const states = modules.flatMap(module => [...module.children.allTests()].map(test => test.result().state));
    const count = (state: (typeof states)[number]) => states.filter(each => each === state).length;
    const unread = modules.filter(module => module.errors().length > 0).length;
    const crashed = count('pending');
    const failed = count('failed') + crashed + unread;
    if (crashed > 0) process.stdout.write(`${crashed} of the failed did not end: their process broke.\n`);
    process.stdout.write(`${count('passed')} passed, ${failed === 0 && unhandled.length > 0 ? 1 : failed} failed\n`);
  }
}
