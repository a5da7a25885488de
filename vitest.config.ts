import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Engines that come and go by the dozen make and delete many small files: in memory, where there is room for them. */
function scratch(): string {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm');
    return bavail * bsize > 6 * 2 ** 30 ? '/dev/shm' : tmpdir();
  } catch {
    return tmpdir();
  }
}

/** What is waited for comes within milliseconds, but on a machine that does much else within many seconds. */
const PATIENT = { poll: { timeout: 30_000 } };

/** What takes longest, whatever the size of its file: by that one Vitest goes where it has not run before. */
const LONG = ['faults', 'access-walk', 'backup-broken', 'traffic-pipeline', 'integrations', 'backup', 'import', 'cli'];

/** Long ones first, so that none of them is left alone at the end. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId, project }: TestSpecification) => {
      const at = project.name === 'world' ? LONG.indexOf(basename(moduleId, '.test.ts')) : -1;
      return at < 0 ? LONG.length : at;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

// `unit` needs nothing but Node; `world` starts embedded engines, four files at a time, because a world is a whole hub
// that waits most of its time; `services` needs the programs that scripts/services installs.
export default defineConfig({
  test: {
    sequence: { sequencer: LongFirst },
    projects: [
      {
        test: {
          name: 'unit',
          sequence: { groupOrder: 0 },
          include: ['packages/*/src/**/*.test.ts', 'bench/**/*.test.ts'],
          environment: 'node',
          // More than cores: those that try what happens late wait most of their time.
          maxWorkers: 4,
          // Loading the code anew for each file would take as long as most of them do. Nothing may be left behind, then.
          isolate: false,
          testTimeout: 120_000,
          hookTimeout: 60_000,
          expect: PATIENT,
        },
      },
      {
        test: {
          name: 'world',
          sequence: { groupOrder: 1 },
          include: ['packages/{server,edge}/test/**/*.test.ts'],
          environment: 'node',
          pool: 'forks',
          maxWorkers: 4,
          // As for `unit`; the embedded ClickHouse can be opened anew in a process that has closed it.
          isolate: false,
          globalSetup: 'packages/server/test/support/template.ts',
          // Compiled sources are kept, also for the hubs that tests start as programs: half of what a short one takes.
          env: { TMPDIR: process.env.TMPDIR ?? scratch(), NODE_COMPILE_CACHE: 'node_modules/.cache/vedette-compiled' },
          testTimeout: 180_000,
          hookTimeout: 180_000,
          expect: PATIENT,
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
          globalSetup: 'packages/server/test/support/template.ts',
          testTimeout: 120_000,
          hookTimeout: 180_000,
          expect: PATIENT,
        },
      },
    ],
  },
});
