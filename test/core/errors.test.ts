import {writeFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {toDsAgentError, UsageError} from '../../src/core/errors.ts';

const thrownBy = (work: () => void): unknown => {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
};

describe('what was thrown', () => {
  it.skipIf(process.platform !== 'linux')('is no bug of ours when the disk is full', () => {
    const error = toDsAgentError(thrownBy(() => writeFileSync('/dev/full', 'x')));
    expect(error).toMatchObject({kind: 'configuration', code: 'system.refused', exitCode: 4});
    expect(error.message).toMatch(/^The disk is full \(ENOSPC: .*\)\.$/);
    expect(error.hint).toContain('--workspace');
  });

  it('is a bug of ours when nothing says otherwise, and stays what it is when it is known', () => {
    expect(toDsAgentError(thrownBy(() => JSON.parse('{')))).toMatchObject({kind: 'internal', exitCode: 1});
    expect(toDsAgentError('a text')).toMatchObject({kind: 'internal', message: 'Internal error: a text'});
    expect(toDsAgentError({code: 'ENOSPC'})).toMatchObject({kind: 'internal'});
    const known = new UsageError('usage.x', 'x');
    expect(toDsAgentError(known)).toBe(known);
  });
});
