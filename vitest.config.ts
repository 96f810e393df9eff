import { defineConfig } from 'vitest/config';

// Two threads that keep their modules between files: nothing in src/ remembers anything between calls, and loading the
// parser and the special functions once per file would cost more than most tests.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 180_000,
    pool: 'threads',
    maxWorkers: 2,
    isolate: false,
    reporters: ['default', './scripts/total-reporter.mjs'],
  },
});
