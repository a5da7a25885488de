import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readEvents } from './beacon.ts';

const ID = '0123456789abcdef0123456789abcdef';
const event = (more: object = {}) => ({ id: ID, kind: 'page_view', age: 0, path: '/', ...more });

test('what pages send is read, without what is not kept', () => {
  const { events, rejected } = readEvents([
    event({ path: '/a?b=1#c', referrer: 'https://x.example/', name: 'ignored', value: 3 }),
    event({ kind: 'click', name: ' buy\u0000now ', value: 2, query: '?a=1#b' }),
    event({ kind: 'outbound', name: 'https://Other.example/path?token=1' }),
    event({ kind: 'outbound', name: 'other.example' }),
    event({ kind: 'vital', name: 'CLS', value: 0.1 }),
    event({ kind: 'error', name: 'TypeError: jane@private.example is undefined', value: 1 }),
    event({ kind: 'banner', name: 'shown' }),
    event({ kind: 'custom', name: 'Sign up' }),
  ]);
  expect(rejected).toEqual([]);
  expect(events.map(({ kind, name, value }) => [kind, name, value])).toEqual([
    ['page_view', '', null],
    ['click', 'buy now', 2],
    ['outbound', 'other.example', null],
    ['outbound', 'other.example', null],
    ['vital', 'CLS', 0.1],
    ['error', '', null],
    ['banner', '', null],
    ['custom', 'Sign up', null],
  ]);
  expect(events[0]).toMatchObject({ path: '/a', query: 'b=1', referrer: 'https://x.example/' });
  expect(events[1]).toMatchObject({ query: 'a=1' });
});

test.each<[unknown, RegExp]>([
  [null, /must be an object/],
  [[], /must be an object/],
  [event({ id: 'x' }), /^id: /],
  [event({ kind: 'song' }), /^kind: /],
  [event({ age: -1 }), /^age: /],
  [event({ age: 86_400_001 }), /^age: /],
  [event({ path: undefined }), /path/],
  [event({ path: 'a'.repeat(5000) }), /^path: /],
  [event({ kind: 'click' }), /^name: is missing/],
  [event({ kind: 'custom', name: ' \u0001 ' }), /^name: is missing/],
  [event({ kind: 'outbound', name: 'no host at all' }), /^name: must be a host/],
  [event({ kind: 'vital', name: 'XYZ', value: 1 }), /^name: a vital is one of LCP/],
  [event({ kind: 'vital', name: 'LCP' }), /^value: /],
  [event({ kind: 'vital', name: 'LCP', value: -1 }), /^value: /],
])('%j is turned away by its index', (wrong, reason) => {
  const { events, rejected } = readEvents([event(), wrong, event()]);
  expect(events).toHaveLength(2);
  expect(rejected).toEqual([{ index: 1, reason: expect.stringMatching(reason) }]);
});

test('whatever comes is read or turned away, and no reason tells what was in it', () => {
  fc.assert(
    fc.property(fc.array(fc.anything({ maxDepth: 2 }), { maxLength: 5 }), (values) => {
      const { events, rejected } = readEvents(values);
      expect(events.length + rejected.length).toBe(values.length);
    }),
  );
  const secret = 'jane.roe@private.example';
  fc.assert(
    fc.property(fc.constantFrom('id', 'kind', 'age', 'path', 'query', 'referrer', 'value'), (field) => {
      const { rejected } = readEvents([event({ [field]: field === 'path' ? [secret] : { secret } })]);
      expect(JSON.stringify(rejected)).not.toContain(secret);
    }),
  );
});
