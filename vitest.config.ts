import {defineConfig} from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: ['test/support/build-once.ts'],
    include: ['test/**/*.test.{ts,tsx}'],
    env: {TZ: 'UTC', NO_COLOR: '1'},
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
