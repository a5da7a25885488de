import { afterEach, expect, test } from 'vitest';
import { diskBounds } from '../model/disk.ts';
import { type DiskGuard, openDiskGuard } from './disk-guard.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
let guard: DiskGuard | undefined;
afterEach(() => guard?.close());

test.each([
  ['a small one', 8 * GIB, 512 * MIB, 1 * GIB],
  ['one of 100 GiB', 100 * GIB, 5 * GIB, 10 * GIB],
  ['a large one', 10_000 * GIB, 5 * GIB, 20 * GIB],
  ['a tiny one, half of which stays of use', 600 * MIB, 300 * MIB, 600 * MIB],
])('the bounds of %s follow from its size', (_, size, stop, warn) => {
  expect(diskBounds(size, { warn: 'auto', stop: 'auto' })).toEqual({ stop, warn });
});

test('bounds can be told in bytes or as a share, and it is never warned later than stopped', () => {
  expect(diskBounds(GIB, { warn: { share: 0.5 }, stop: { bytes: MIB } })).toEqual({ warn: GIB / 2, stop: MIB });
  expect(diskBounds(GIB, { warn: { bytes: 1 }, stop: { bytes: MIB } })).toEqual({ warn: MIB, stop: MIB });
});

async function watching(free: { value: number }) {
  const told: string[] = [];
  guard = await openDiskGuard({
    paths: ['/data'],
    warn: { bytes: 2 * GIB },
    stop: { bytes: GIB },
    read: async () => ({ free: free.value, size: 10 * GIB, device: 1 }),
    onChange: (state, before) => told.push(`${before} → ${state}`),
  });
  return { guard, told };
}

test('warns, then refuses, then refuses even what is urgent, and goes back with room to spare', async () => {
  const free = { value: 5 * GIB };
  const { guard, told } = await watching(free);
  const states: string[] = [];
  for (const gib of [2, 1.9, 1, 0.9, 1.05, 1.2, 0.2, 0.26, 0.5, 2.1, 2.3]) {
    free.value = gib * GIB;
    await guard.look();
    states.push(`${gib} ${guard.state()}`);
  }
  expect(states).toEqual([
    '2 good',
    '1.9 low',
    '1 low',
    '0.9 stopped',
    '1.05 stopped',
    '1.2 low',
    '0.2 full',
    '0.26 full',
    '0.5 stopped',
    '2.1 low',
    '2.3 good',
  ]);
  expect(told).toEqual([
    'good → low',
    'low → stopped',
    'stopped → low',
    'low → full',
    'full → stopped',
    'stopped → low',
    'low → good',
  ]);
});

test('what is refused has a code of its own and is counted by way in; what is urgent is taken for longer', async () => {
  const free = { value: 0.9 * GIB };
  const { guard } = await watching(free);
  expect(() => guard.refuse('requests')).toThrow(expect.objectContaining({ code: 'disk-low' }));
  expect(() => guard.refuseUnlessUrgent('consent')).not.toThrow();
  free.value = 0.1 * GIB;
  await guard.look();
  expect(() => guard.refuseUnlessUrgent('consent')).toThrow(expect.objectContaining({ code: 'disk-low' }));
  free.value = 5 * GIB;
  await guard.look();
  expect(() => guard.refuse('requests')).not.toThrow();
  expect([...guard.refused()]).toEqual([
    ['requests', 1],
    ['consent', 1],
  ]);
});

test('of several disks the worst counts, and one that cannot be read stays as it was', async () => {
  const free: Record<string, number> = { '/data': 5 * GIB, '/data/postgres': 0.5 * GIB };
  let broken = false;
  guard = await openDiskGuard({
    paths: ['/data', '/data/clickhouse', '/data/postgres'],
    warn: { bytes: 2 * GIB },
    stop: { bytes: GIB },
    async read(path) {
      if (broken && path === '/data/postgres') throw new Error('gone');
      const device = path === '/data/postgres' ? 2 : 1;
      return { free: free[path] ?? (free['/data'] as number), size: 10 * GIB, device };
    },
  });
  const shown = () => guard?.figures().map(({ path, state }) => `${path} ${state}`);
  expect(shown()).toEqual(['/data/postgres stopped', '/data good']);
  broken = true;
  free['/data'] = 4 * GIB;
  await guard.look();
  expect(guard.state()).toBe('stopped');
});
