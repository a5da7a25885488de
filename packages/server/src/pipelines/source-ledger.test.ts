import { expect, test } from 'vitest';
import type { SourceNote } from '../model/source.ts';
import type { SourceTally } from '../stores/records.ts';
import { createSourceLedger } from './source-ledger.ts';

const note = (
  more: Partial<SourceNote> & { name?: string; agent?: string; dropped?: number; instance?: string } = {},
): SourceNote => {
  const { name = 'web-1', agent = 'edge/1 (x)', dropped = null, instance = 'p', ...rest } = more;
  const sender = { kind: 'edge' as const, name, agent, sentAt: 2000, dropped, instance };
  return { sender, at: 1000, accepted: 1, refused: 0, newest: 900, error: '', ...rest };
};

function ledger(fail = () => false) {
  const written: { tenantId: string; tallies: readonly SourceTally[] }[] = [];
  const created = createSourceLedger(async (tenantId, tallies) => {
    if (fail()) throw new Error('away');
    written.push({ tenantId, tallies });
  });
  return { ...created, written };
}

test('what is noted between two writes is added up; the newest word counts', async () => {
  const { note: tell, flush, written } = ledger();
  tell('t', note({ dropped: 3 }));
  tell('t', note({ dropped: 1, instance: 'q', accepted: 0 }));
  tell('t', note({ agent: 'edge/2 (x)', at: 5000, newest: 4500, refused: 2, error: 'bad', dropped: 4 }));
  tell('t', note({ at: 6000, agent: 'edge/2 (x)', accepted: 0, newest: null }));
  await flush();
  expect(written).toEqual([
    {
      tenantId: 't',
      tallies: [
        {
          kind: 'edge',
          name: 'web-1',
          software: 'edge (x)',
          agent: 'edge/2 (x)',
          firstSeen: 1000,
          lastSeen: 6000,
          firstRequest: 1000,
          requests: 2,
          refused: 2,
          counters: { p: { count: 4, at: 5000 }, q: { count: 1, at: 1000 } },
          lagMs: 500,
          skewMs: -4000,
          error: { text: 'bad', at: 5000 },
        },
      ],
    },
  ]);
  await flush();
  expect(written).toHaveLength(1);
});

test('what could not be written is written the next time, with what came since', async () => {
  let away = true;
  const { note: tell, flush, written } = ledger(() => away);
  tell('t', note());
  await expect(flush()).rejects.toThrow('away');
  tell('t', note({ at: 2000 }));
  tell('t', note({ name: 'other' }));
  away = false;
  await flush();
  expect(written[0]?.tallies.map(({ name, requests, lastSeen }) => [name, requests, lastSeen])).toEqual([
    ['web-1', 2, 2000],
    ['other', 1, 1000],
  ]);
});

test('one tenant can be written alone', async () => {
  const { note: tell, flush, written } = ledger();
  tell('a', note());
  tell('b', note());
  await flush('b');
  expect(written.map(({ tenantId }) => tenantId)).toEqual(['b']);
});

test('names made up without end are counted under one', async () => {
  const { note: tell, flush, written } = ledger();
  for (let i = 0; i < 1000; i += 1) tell('t', note({ name: `n${i}` }));
  await flush();
  const tallies = written[0]?.tallies ?? [];
  expect(tallies).toHaveLength(201);
  expect(tallies.at(-1)).toMatchObject({ name: 'others', requests: 800 });
});
