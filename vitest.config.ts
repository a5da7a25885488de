import { defineConfig } from 'vitest/config';

// `unit` needs nothing but Node; `world` starts embedded engines, two files at a time, because a world is a whole hub that
// waits half of its time; `services` needs the programs that scripts/services installs.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          sequence: { groupOrder: 0 },
          include: ['packages/*/src/**/*.test.ts', 'bench/**/*.test.ts'],
          environment: 'node',
          // More than cores: those that try what happens late wait most of their time.
          maxWorkers: 4,
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'world',
          sequence: { groupOrder: 1 },
          include: ['packages/{server,edge}/test/**/*.test.ts'],
          environment: 'node',
          pool: 'forks',
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 90_000,
          // What is waited for comes within milliseconds, but on a machine that does much else within seconds.
          expect: { poll: { timeout: 10_000 } },
        },
      },
      {
        test: {
          name: 'services',
          sequence: { groupOrder: 2 },
          include: ['packages/*/test-services/**/*.test.ts'],
          environment: 'node',
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 180_000,
          expect: { poll: { timeout: 10_000 } },
        },
      },
    ],
  },
});
