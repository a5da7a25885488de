import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NO_QUOTA } from '../model/quota.ts';
import type { Standing, UsageBook } from '../stores/records.ts';
import { type Admission, openAdmission } from './admission.ts';

const NOON = Date.parse('2026-01-31T12:00:00Z');
const MIDNIGHT = Date.parse('2026-02-01T00:00:00Z');

/** The counts as the database has them, shared by several processes. */
function book(): UsageBook & { counts: Map<string, number>; away: boolean } {
  const counts = new Map<string, number>();
  const shared = {
    counts,
    away: false,
    async add(day: string, more: ReadonlyMap<string, number>) {
      if (shared.away) throw new Error('away');
      const totals = new Map<string, number>();
      for (const [id, count] of more) {
        counts.set(`${day} ${id}`, (counts.get(`${day} ${id}`) ?? 0) + count);
        totals.set(id, counts.get(`${day} ${id}`) as number);
      }
      return totals;
    },
    async of(day: string) {
      const own = [...counts].filter(([key]) => key.startsWith(day));
      return new Map(own.map(([key, count]) => [key.slice(day.length + 1), count]));
    },
    expire: async () => 0,
  };
  return shared;
}

const standingOf = (known: Record<string, Partial<Standing>>) => ({
  of: (id: string): Standing | undefined =>
    known[id] === undefined ? undefined : { slug: id, state: 'active', quota: NO_QUOTA, ...known[id] },
  isGone: (id: string) => id === 'gone',
});
const acme = (most: number | null) => standingOf({ acme: { quota: { ...NO_QUOTA, requests_per_day: most } } });

describe('who is let in', () => {
  test.each([
    ['a tenant without a quota', 'free', 1_000_000, 1_000_000, undefined],
    ['a tenant within its quota', 'acme', 10, 10, undefined],
    ['a tenant beyond its quota, up to that', 'acme', 11, 10, 'quota-exceeded'],
    ['nobody of a suspended tenant', 'asleep', 1, 0, 'tenant-suspended'],
    ['nobody of a tenant that is being deleted', 'going', 1, 0, 'tenant-suspended'],
    ['nobody of a tenant that was deleted', 'gone', 1, 0, 'tenant-suspended'],
    ['nobody of a tenant that may send nothing', 'mute', 1, 0, 'quota-exceeded'],
    ['a tenant that was made a moment ago', 'new', 5, 5, undefined],
  ])('%s', async (_, id, count, granted, reason) => {
    const standing = standingOf({
      free: {},
      acme: { quota: { ...NO_QUOTA, requests_per_day: 10 } },
      mute: { quota: { ...NO_QUOTA, requests_per_day: 0 } },
      asleep: { state: 'suspended' },
      going: { state: 'deleting' },
    });
    const admission = await openAdmission({ standing, usage: book(), now: () => NOON });
    const admitted = admission.take(id, count);
    expect(admitted.granted).toBe(granted);
    expect(admitted.refusal?.refused).toBe(reason);
    expect(admission.used(id)).toBe(granted);
  });

  test('says when there is room again', async () => {
    const admission = await openAdmission({ standing: acme(1), usage: book(), now: () => NOON });
    expect(admission.take('acme', 2).refusal?.detail).toContain('2026-02-01T00:00:00.000Z');
  });
});

describe('the count of the day', () => {
  test('begins anew when the day does, and what was counted before is written to its own day', async () => {
    let now = MIDNIGHT - 1;
    const usage = book();
    const admission = await openAdmission({ standing: acme(10), usage, now: () => now });
    expect(admission.take('acme', 10).granted).toBe(10);
    expect(admission.refusalOf('acme')).not.toBeNull();
    now = MIDNIGHT;
    expect(admission.refusalOf('acme')).toBeNull();
    expect(admission.take('acme', 4).granted).toBe(4);
    await admission.flush();
    expect([...usage.counts]).toEqual([
      ['2026-01-31 acme', 10],
      ['2026-02-01 acme', 4],
    ]);
  });

  test('survives a restart, and a database that was away', async () => {
    const usage = book();
    const first = await openAdmission({ standing: acme(10), usage, now: () => NOON });
    first.take('acme', 3);
    usage.away = true;
    await expect(first.flush()).rejects.toThrow('away');
    first.take('acme', 4);
    usage.away = false;
    await first.flush();
    const second = await openAdmission({ standing: acme(10), usage, now: () => NOON });
    expect(second.used('acme')).toBe(7);
    expect(second.take('acme', 9).granted).toBe(3);
  });

  test('gives back what came to nothing, also when it was written down already', async () => {
    const usage = book();
    const admission = await openAdmission({ standing: acme(10), usage, now: () => NOON });
    admission.take('acme', 10);
    await admission.flush();
    admission.giveBack('acme', 6);
    expect(admission.used('acme')).toBe(4);
    await admission.flush();
    expect(usage.counts.get('2026-01-31 acme')).toBe(4);
  });

  test('is the same however many processes count, whatever order they write in', async () => {
    const steps = fc.array(fc.record({ who: fc.nat({ max: 2 }), count: fc.nat({ max: 20 }), flush: fc.boolean() }), {
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(steps, fc.nat({ max: 200 }), async (all, most) => {
        const usage = book();
        const open = () => openAdmission({ standing: acme(most), usage, now: () => NOON });
        const processes: Admission[] = [await open(), await open(), await open()];
        let granted = 0;
        for (const { who, count, flush } of all) {
          const one = processes[who] as Admission;
          granted += one.take('acme', count).granted;
          if (flush) await one.flush();
        }
        for (const one of processes) await one.flush();
        expect(usage.counts.get('2026-01-31 acme') ?? 0).toBe(granted);
        // Once all is written, nobody has more room than there is.
        for (let round = 0; round < 5; round += 1) for (const one of processes) await one.flush();
        for (const one of processes) expect(one.take('acme', 1000).granted).toBe(Math.max(0, most - granted));
      }),
      { numRuns: 60 },
    );
  });
});
