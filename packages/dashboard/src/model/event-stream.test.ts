import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEventReader, type ServerEvent } from './event-stream.ts';

const STREAM = [
  'retry: 2000',
  '',
  'event: state',
  'id: one',
  'data: {"from":"now"}',
  '',
  ': still here',
  'id: two',
  '',
  'data: first',
  'data:second',
  'data',
  'unknown: field',
  '',
  'event: request',
  'id',
  'data: ü',
  '',
  'data: never ends',
].join('\n');

const EVENTS: ServerEvent[] = [
  { event: 'state', data: '{"from":"now"}' },
  { event: 'message', data: 'first\nsecond\n' },
  { event: 'request', data: 'ü' },
];

function readAll(pieces: readonly string[]) {
  const reader = createEventReader();
  const events = pieces.flatMap((piece) => reader.read(piece));
  return { events, lastId: reader.lastId, retryMs: reader.retryMs };
}

describe('server-sent events', () => {
  it('have names, data of several lines, and ids that may be taken back', () => {
    expect(readAll([STREAM])).toEqual({ events: EVENTS, lastId: '', retryMs: 2000 });
  });

  it.each(['\n', '\r\n', '\r'])('are the same wherever their text is cut, with lines ended by %j', (end) => {
    const text = STREAM.replaceAll('\n', end);
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 12 }), (places) => {
        const cuts = [0, ...places.toSorted((a, b) => a - b), text.length];
        const pieces = cuts.slice(1).map((cut, index) => text.slice(cuts[index], cut));
        expect(readAll(pieces).events).toEqual(EVENTS);
      }),
    );
  });

  it('without data say only from where to go on', () => {
    const { events, lastId } = readAll(['id: a\ndata: x\n\n', ': beat\nid: b\n\n', 'id: c\n']);
    expect(events).toEqual([{ event: 'message', data: 'x' }]);
    // The last one is not complete.
    expect(lastId).toBe('b');
  });

  it('keep to what the standard takes for an id and for a time', () => {
    expect(readAll(['id: a\0b\nretry: soon\n\n'])).toEqual({ events: [], lastId: '', retryMs: null });
  });
});
