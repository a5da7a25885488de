import { describe, expect, test } from 'vitest';
import type { RequestRecord } from '../stores/requests.ts';
import { type EventStream, MOST_WAITING, openEventStream } from './event-stream.ts';
import { createLiveWriter, type LiveWriter, readBeginning } from './live-writer.ts';

const START = Date.parse('2026-11-26T12:00:00Z');
const idOf = (number: number) => `01900000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;

/** A request of some 10 KB that was received so many ms after the start. */
function rowOf(number: number): RequestRecord {
  const received = new Date(START + number).toISOString();
  return { id: idOf(number), received, path: `/${number}`, user_agent: 'x'.repeat(10_000) } as RequestRecord;
}

interface Told {
  event: string;
  id: string;
  data: { count?: number; path?: string; from?: string; gap_from?: string | null; readable?: boolean };
}

/** Where a listener goes on that names the id within a minute. */
const placeOf = (id = '') => readBeginning(id, START + 60_000)?.behind;

/** Takes what waits, and what comes as it is taken. */
async function take(stream: EventStream): Promise<Told[]> {
  let text = '';
  const listener = (chunk: Buffer) => {
    text += String(chunk);
  };
  stream.body.on('data', listener);
  // What is told as something is taken comes in a turn of its own.
  while (stream.body.readableLength > 0 || !stream.ready) await new Promise(setImmediate);
  await new Promise(setImmediate);
  stream.body.off('data', listener);
  stream.body.pause();
  return text
    .split('\n\n')
    .filter((block) => /^event: /m.test(block))
    .map((block) => ({
      event: /^event: (.*)$/m.exec(block)?.[1] ?? '',
      id: /^id: (.*)$/m.exec(block)?.[1] ?? '',
      data: JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? 'null'),
    }));
}

function open(eventId = '', now = START): { stream: EventStream; writer: LiveWriter } {
  const beginning = readBeginning(eventId, now);
  if (beginning === null) throw new Error('there is a beginning');
  const stream = openEventStream({ retryMs: 2000, closed: () => undefined, drained: () => writer.drained() });
  const writer = createLiveWriter(stream, beginning);
  writer.begin();
  return { stream, writer };
}

describe('a listener who takes nothing', () => {
  test('has a bounded amount waiting, and is told exactly what was left out once it takes something', async () => {
    const { stream, writer } = open();
    let most = 0;
    for (let batch = 0; batch < 50; batch += 1) {
      const rows = Array.from({ length: 100 }, (_, index) => rowOf(batch * 100 + index));
      writer.arrived(rows, 7);
      most = Math.max(most, stream.body.readableLength);
    }
    expect(stream.ready).toBe(false);
    expect(most).toBeGreaterThanOrEqual(MOST_WAITING);
    expect(most).toBeLessThan(MOST_WAITING + 20_000);
    const told = await take(stream);
    const shown = told.filter(({ event }) => event === 'request').length;
    const skipped = told
      .filter(({ event }) => event === 'skipped')
      .reduce((sum, { data }) => sum + (data.count ?? 0), 0);
    expect(shown).toBeGreaterThan(50);
    expect(shown + skipped).toBe(50 * 107);
    expect(told.at(-1)?.event).toBe('skipped');
    // Whoever goes on from there gets nothing again that it was told of.
    expect(placeOf(told.at(-1)?.id)).toEqual({ received: START + 4999, id: idOf(4999) });
  });

  test('goes on from what it has, if it is cut off before it was told what it missed', async () => {
    const { stream, writer } = open();
    writer.arrived(
      Array.from({ length: 300 }, (_, index) => rowOf(index)),
      0,
    );
    writer.settled(START + 50_000);
    const told = await take(stream);
    const rows = told.filter(({ event }) => event === 'request');
    expect(rows.length).toBeLessThan(300);
    expect(placeOf(rows.at(-1)?.id)?.id).toBe(idOf(rows.length - 1));
    expect(placeOf(told.at(-1)?.id)?.id).toBe(idOf(299));
  });
});

describe('the id of an event', () => {
  test('never goes back, whatever comes late, and a beat carries how far all was told', async () => {
    const { stream, writer } = open();
    writer.arrived([rowOf(500)], 0);
    writer.arrived([rowOf(200)], 0);
    writer.settled(START + 30_000);
    writer.beat();
    let text = '';
    stream.body.on('data', (chunk) => {
      text += String(chunk);
    });
    await new Promise(setImmediate);
    const places = [...text.matchAll(/^id: (.*)$/gm)].map(([, id]) => placeOf(id));
    expect(places).toEqual([
      { received: START, id: '' },
      { received: START + 500, id: idOf(500) },
      { received: START + 500, id: idOf(500) },
      { received: START + 30_000, id: '' },
    ]);
  });

  test.each([
    ['nonsense', 'bm9uc2Vuc2U'],
    ['a time alone', Buffer.from('1795694400000').toString('base64url')],
    ['an id that is none', Buffer.from('1795694400000 x').toString('base64url')],
    ['more than a place', Buffer.from(`1795694400000 ${idOf(1)} x`).toString('base64url')],
  ])('%s is no beginning', (_, id) => {
    expect(readBeginning(id, START)).toBeNull();
  });

  test('of long ago begins now, and says from when on nothing is told', async () => {
    const { stream, writer } = open();
    writer.arrived([rowOf(1000)], 0);
    const [, row] = await take(stream);
    const soon = open(row?.id, START + 9 * 60_000);
    expect((await take(soon.stream))[0]?.data).toEqual({
      from: '2026-11-26T12:00:01.000Z',
      readable: true,
      gap_from: null,
    });
    const late = open(row?.id, START + 11 * 60_000);
    expect((await take(late.stream))[0]?.data).toEqual({
      from: '2026-11-26T12:11:00.000Z',
      readable: true,
      gap_from: '2026-11-26T12:00:01.000Z',
    });
  });

  test('from ahead of the hub’s clock begins now', () => {
    const ahead = Buffer.from(`${START + 5000} `).toString('base64url');
    expect(readBeginning(ahead, START)).toEqual({ behind: { received: START, id: '' }, gapFrom: null });
  });
});
