import {defineConfig} from 'vitest/config';
import {ClosingLine} from './test/support/closing-line.ts';

export default defineConfig({
  test: {
    globalSetup: ['test/support/build-once.ts', 'test/support/leave-nothing.ts'],
    reporters: ['default', new ClosingLine()],
    include: ['test/**/*.test.{ts,tsx}'],
    env: {TZ: 'UTC', NO_COLOR: '1'},
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
