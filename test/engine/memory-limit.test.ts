import {expect, it} from 'vitest';
import {defaultMemoryLimitBytes} from '../../src/engine/duckdb.ts';

const gib = 2 ** 30;

it.each([
  ['without a container, of the machine', 16, 0, 11.2],
  ['in a container that is smaller than the machine, of the container', 16, 2, 1.4],
  ['in a container without a limit of its own, of the machine', 16, 2 ** 33, 11.2],
])('the engine takes at most 70 %% of the memory: %s', (_, machine, allowed, expected) => {
  expect(defaultMemoryLimitBytes(machine * gib, allowed * gib)).toBe(Math.floor(expected * gib));
});
