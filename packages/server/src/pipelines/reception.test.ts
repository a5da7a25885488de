import { expect, test } from 'vitest';
import { Fault } from '../model/fault.ts';
import { emptyRequest, type Refusal } from '../model/request.ts';
import type { SourceNote } from '../model/source.ts';
import type { Delivery, Reading } from '../model/ways-in.ts';
import { createReceiver } from './reception.ts';

const NOW = Date.UTC(2026, 0, 31, 12);
const SENDER = { kind: 'otlp' as const, name: 'key', agent: 'x/1', sentAt: null, dropped: null, instance: '' };
const refusal = (detail: string): Refusal => ({ refused: 'bad', detail });

/** Records by host and by who sent them. */
function reading(...records: [host: string, from?: string][]): Reading {
  return {
    records: records.map(([host, from = ''], index) => ({
      index,
      raw: { ...emptyRequest(NOW - 1000 * (index + 1)), host },
      from,
    })),
    rejected: [],
    ignored: 0,
  };
}

function world(fail: (delivery: Delivery) => boolean = () => false, repeated = false) {
  const deliveries: Delivery[] = [];
  const notes: { tenantId: string; note: SourceNote }[] = [];
  const receiver = createReceiver({
    intake: {
      async deliver(delivery) {
        if (fail(delivery)) throw new Fault('overloaded', '5 rows are waiting');
        deliveries.push(delivery);
        const bad = delivery.records.flatMap(({ host }, index) => (host.startsWith('bad') ? [index] : []));
        const refused = bad.map((index) => ({ index, refusal: refusal('a "quoted" word') }));
        return { accepted: delivery.records.length - bad.length, refused, repeated };
      },
    },
    ownerOf: (host) => (host.endsWith('a.example') ? 'a' : host.endsWith('b.example') ? 'b' : undefined),
    sources: { note: (tenantId, note) => void notes.push({ tenantId, note }) },
    now: () => NOW,
  });
  const summary = () =>
    notes.map(({ tenantId, note }) => [tenantId, note.sender.name, note.accepted, note.refused, note.error]);
  return { receiver, deliveries, notes, summary };
}

test('each tenant gets its own, and places in the body stay', async () => {
  const { receiver, deliveries, summary } = world();
  const given = reading(['a.example'], ['bad.b.example'], ['nobody.example'], ['bad'], ['b.example']);
  given.rejected.push({ index: 9, refusal: refusal('no time'), from: '' });
  const reception = await receiver.receive({ sender: SENDER, tenantId: 't', byHost: true, reading: given });
  expect(deliveries.map(({ tenantId, records }) => [tenantId, records.length])).toEqual([
    ['a', 1],
    ['b', 2],
    ['t', 2],
  ]);
  expect(reception).toMatchObject({ accepted: 3, failed: [], fault: undefined, repeated: false });
  expect(reception.rejected.map(({ index }) => index)).toEqual([1, 3, 9]);
  expect(summary().sort()).toEqual([
    ['a', 'key', 1, 0, ''],
    ['b', 'key', 1, 1, 'a … word'],
    ['t', 'key', 1, 2, 'a … word'],
  ]);
});

test('with a tenant’s own key all is its own, whatever the host', async () => {
  const { receiver, deliveries } = world();
  await receiver.receive({ sender: SENDER, tenantId: 't', byHost: false, reading: reading(['a.example'], ['x']) });
  expect(deliveries.map(({ tenantId }) => tenantId)).toEqual(['t']);
});

test('what fails for one tenant is told by place, and taken for the others', async () => {
  const { receiver, summary } = world(({ tenantId }) => tenantId === 'b');
  const given = reading(['a.example'], ['b.example'], ['b.example']);
  const reception = await receiver.receive({ sender: SENDER, tenantId: 't', byHost: true, reading: given });
  expect(reception).toMatchObject({ accepted: 1, failed: [1, 2], fault: { code: 'overloaded' } });
  expect(summary()).toContainEqual(['b', 'key', 0, 0, 'not taken: 5 rows are waiting']);
});

test('senders named in the body are noted apart, with the newest time of each', async () => {
  const { receiver, notes } = world();
  const given = reading(['x', 'shop'], ['x', 'shop'], ['x', 'blog'], ['x']);
  await receiver.receive({ sender: SENDER, tenantId: 't', byHost: false, reading: given });
  expect(notes.map(({ note }) => [note.sender.name, note.accepted, NOW - (note.newest ?? 0)])).toEqual([
    ['shop', 2, 1000],
    ['blog', 1, 3000],
    ['key', 1, 4000],
  ]);
});

test('a repetition is seen but counts nothing', async () => {
  const { receiver, summary } = world(undefined, true);
  const reception = await receiver.receive({ sender: SENDER, tenantId: 't', byHost: false, reading: reading(['x']) });
  expect(reception).toMatchObject({ accepted: 1, repeated: true });
  expect(summary()).toEqual([['t', 'key', 0, 0, '']]);
});

test('a body without requests is seen as well', async () => {
  const { receiver, summary } = world();
  await receiver.receive({ sender: SENDER, tenantId: 't', byHost: false, reading: reading() });
  expect(summary()).toEqual([['t', 'key', 0, 0, '']]);
});
