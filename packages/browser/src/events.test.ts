import { Beacon } from '@vedette/contract';
import fc from 'fast-check';
import { Compile } from 'typebox/compile';
import { describe, expect, it } from 'vitest';
import { beaconText, createEvent, firstBatch, MOST_EVENTS, type NewEvent } from './events.ts';

const beacon = Compile(Beacon);
const visitor = 'a'.repeat(32);
const view: NewEvent = { kind: 'page_view', path: '/a', query: 'q=1', referrer: 'https://b.example/', refused: false };
const granted = {
  domain: 'a.example',
  choices: { analytical: true, marketing: false },
  visitor,
  gpc: false,
  dnt: false,
};

describe('a beacon', () => {
  it.each([
    ['granted', granted, false, true],
    ['unknown', { ...granted, choices: undefined, visitor: undefined }, false, false],
    ['refused', { ...granted, choices: { analytical: false, marketing: false }, visitor: undefined }, false, false],
    [
      'withdrawn, with an id still at hand',
      { ...granted, choices: { analytical: false, marketing: false } },
      false,
      false,
    ],
    ['granted after it was refused', granted, true, false],
  ])('of a person who has %s', (_, sender, refused, known) => {
    const text = beaconText([createEvent({ ...view, refused })], sender);
    expect(text.includes(visitor)).toBe(known);
    expect(text.includes('b.example')).toBe(known);
    expect(text.includes('q=1')).toBe(known);
    const { choices } = JSON.parse(text) as Beacon;
    expect(choices?.analytical ?? null).toBe(sender.choices === undefined ? null : known);
  });

  it('fits the contract and a beacon’s 64 KiB, whatever pages call themselves', () => {
    const event = fc.record({
      kind: fc.constantFrom('page_view', 'custom', 'vital'),
      path: fc.string({ maxLength: 5000 }).map((text) => encodeURI(`/${text}`)),
      query: fc.string({ maxLength: 5000 }).map(encodeURI),
      name: fc.option(fc.string({ maxLength: 300 }), { nil: undefined }),
      value: fc.option(fc.double(), { nil: undefined }),
      refused: fc.constant(false),
    });
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 40 }), (list) => {
        const text = beaconText(firstBatch(list.map((one) => createEvent(one as NewEvent))), granted);
        expect([...beacon.Errors(JSON.parse(text))]).toEqual([]);
        expect(Buffer.byteLength(text)).toBeLessThan(65_536);
      }),
    );
  });

  it('is a list even where arrays were taught a toJSON', () => {
    const prototype = Array.prototype as unknown as { toJSON?: () => string };
    prototype.toJSON = () => 'odd';
    try {
      expect(beaconText([createEvent(view)], granted)).toContain('"events":[{"id"');
    } finally {
      delete prototype.toJSON;
    }
  });
});

it('a batch holds no more than 15, and nothing refused beside what was not', () => {
  const of = (refused: boolean, times: number) =>
    Array.from({ length: times }, () => createEvent({ ...view, refused }));
  expect(firstBatch(of(false, 40))).toHaveLength(MOST_EVENTS);
  expect(firstBatch([...of(true, 2), ...of(false, 3)])).toHaveLength(2);
  expect(firstBatch([])).toEqual([]);
});
