import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPlausible } from './plausible.ts';

const read = (body: unknown) => readPlausible(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));

describe('the bodies of Plausible’s snippets and servers', () => {
  const long = { name: 'pageview', url: 'https://www.shop.example/a%20b?x=1#c', domain: 'shop.example' };
  test.each([
    [long],
    [{ n: 'pageview', u: long.url, d: 'shop.example', r: null, p: {}, v: 30 }],
    [{ ...long, domain: ' Shop.example ', interactive: false, props: '{"a":1}', referrer: '' }],
  ])('%j is a page view', (body) => {
    expect(read(body)).toEqual({
      sites: ['shop.example'],
      host: 'www.shop.example',
      event: {
        id: expect.stringMatching(/^[0-9a-f]{32}$/),
        kind: 'page_view',
        age: 0,
        path: '/a%20b',
        query: 'x=1',
        referrer: '',
        name: '',
        value: null,
      },
    });
  });

  test.each([
    [{ n: 'Signup', u: 'https://a.example', d: 'a.example,b.example' }, ['custom', 'Signup', '/'], 2],
    [{ n: 'Signup', u: '/only/a/path?b=c', d: 'a.example' }, ['custom', 'Signup', '/only/a/path'], 1],
    [
      { n: 'Outbound Link: Click', u: 'https://a.example/x', p: { url: 'https://Other.example/?e=jane@x.example' } },
      ['outbound', 'other.example', '/x'],
      1,
    ],
    [
      { n: 'Outbound Link: Click', u: 'https://a.example/x', m: '{"url":7}' },
      ['custom', 'Outbound Link: Click', '/x'],
      1,
    ],
    [{ n: 'App open', u: 'app://shop.example/start' }, ['custom', 'App open', '/start'], 1],
  ])('%j', (body, expected, sites) => {
    const reading = read(body);
    if ('errors' in reading) throw new Error(JSON.stringify(reading));
    expect([reading.event?.kind, reading.event?.name, reading.event?.path]).toEqual(expected);
    expect(reading.sites).toHaveLength(sites);
  });

  test('how long a page was looked at is not kept', () => {
    expect(read({ n: 'engagement', u: 'https://a.example/', e: 5000, sd: 80 })).toMatchObject({ event: null });
  });

  test.each([
    ['{', { request: ['Unable to parse request body as json'] }],
    ['[]', { request: ['Unable to parse request body as json'] }],
    ['null', { request: ['Unable to parse request body as json'] }],
    [{}, { url: ['is required'], event_name: ["can't be blank"], domain: ["can't be blank"] }],
    [{ n: 'pageview', u: 7, d: 'a' }, { url: ['must be a string'] }],
    [{ n: 'pageview', u: 'data:text/html,x', d: 'a' }, { url: ['scheme is not allowed'] }],
    [{ n: 'pageview', u: 'https://a.example', d: ' ' }, { domain: ["can't be blank"] }],
    [{ n: 'x'.repeat(121), u: 'https://a.example' }, { event_name: ['should be at most 120 character(s)'] }],
    [{ n: 'x', u: `https://a.example/${'y'.repeat(2001)}` }, { pathname: ['should be at most 2000 character(s)'] }],
    [{ n: 'x', u: 'https://a.example/', r: 'y'.repeat(2001) }, { referrer: ['should be at most 2000 character(s)'] }],
  ])('%j is told as Plausible tells it', (body, errors) => {
    expect(read(body)).toEqual({ errors });
  });
});

test('whatever comes is an event or an error', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.record({
          n: fc.anything(),
          u: fc.oneof(fc.webUrl(), fc.string(), fc.anything()),
          d: fc.anything(),
          p: fc.anything(),
        }),
      ),
      (body) => {
        const text =
          typeof body === 'string' ? body : (JSON.stringify(body, (_, v) => (typeof v === 'bigint' ? 0 : v)) ?? '');
        const reading = read(text);
        if ('errors' in reading) expect(Object.keys(reading.errors).length).toBeGreaterThan(0);
        else expect(reading.sites.length).toBeGreaterThan(0);
      },
    ),
  );
});
