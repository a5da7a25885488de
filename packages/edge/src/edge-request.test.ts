import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readWireRequest } from '../../server/src/expose/wire-request.ts';
import { redactQuery } from '../../server/src/privacy/redaction.ts';
import { createBatchBuilder } from './batch.ts';
import { proxyTrust } from './client-address.ts';
import { createReader } from './edge-request.ts';
import type { Exchange } from './exchange.ts';
import { DEFAULT_HEADERS, headerUses } from './headers.ts';
import { createIds } from './ids.ts';
import { readLines } from './receiver.fixture.ts';
import { createLineWriter } from './request-line.ts';

const exchange = (more: object): Exchange =>
  ({
    started: 1000,
    ended: 1012.5,
    method: 'GET',
    url: '/',
    version: '1.1',
    rawHeaders: [],
    peer: '192.0.2.1',
    status: 200,
    bytesIn: 0,
    bytesOut: 0,
    route: '',
    connection: null,
    depth: 0,
    ...more,
  }) as unknown as Exchange;

function reader(forwarded = false, ids = createIds()) {
  const trust = proxyTrust(forwarded ? 1 : [], 'x-forwarded-for');
  return createReader({ ids, trust, use: headerUses(DEFAULT_HEADERS, forwarded ? 'x-forwarded-for' : null, true) });
}

/** Gives the line of each exchange. */
function liner(forwarded = false): (one: Exchange) => string {
  const ids = createIds();
  const [read, lines] = [reader(forwarded, ids), createLineWriter(ids)];
  return (one) => lines.text(read(one, OFFSET));
}

const OFFSET = Date.UTC(2026, 0, 1) - 1000;

describe('what is sent', () => {
  test('whatever a client sends, the hub can read it, and it means the same', () => {
    // A header's value as Node gives it: any byte but the end of a line and NUL.
    const value = fc.string({ unit: fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code)) });
    const name = fc.oneof(fc.constantFrom(...DEFAULT_HEADERS, 'Host', 'COOKIE', 'X-Forwarded-For'), fc.string());
    const any = fc.string({ unit: 'binary', maxLength: 300 });
    const lineOf = liner(true);
    const run = fc.property(
      fc.oneof(
        any,
        any.map((text) => `/${text}`),
        fc.webUrl({ withQueryParameters: true }),
      ),
      fc.array(fc.tuple(name, value), { maxLength: 8 }),
      fc.record({
        status: fc.oneof(fc.constant(0), fc.integer({ min: 100, max: 999 })),
        bytesIn: fc.nat(),
        bytesOut: fc.maxSafeNat(),
        ended: fc.double({ min: 1000, max: 1e9, noNaN: true }),
        route: any,
        peer: fc.oneof(fc.ipV4(), fc.ipV6(), fc.constant(undefined)),
      }),
      (url, headers, more) => {
        const line = lineOf(exchange({ url, rawHeaders: headers.flat(), ...more }));
        expect(line.endsWith('}\n') && line.indexOf('\n') === line.length - 1).toBe(true);
        const raw = readWireRequest(JSON.parse(line));
        expect(raw).not.toHaveProperty('refused');
        expect(raw).toMatchObject({
          time: Date.UTC(2026, 0, 1),
          status: more.status,
          bytesIn: more.bytesIn,
          bytesOut: more.bytesOut,
          protocol: 'HTTP/1.1',
        });
        const mark = url.indexOf('?');
        const query = mark < 0 ? '' : redactQuery(url.slice(mark + 1)).slice(0, 16_384);
        expect((raw as { query: string }).query).toBe(query.startsWith('?') ? query.slice(1) : query.toWellFormed());
      },
    );
    fc.assert(run, { numRuns: 1500 });
  });

  const PROOF = '0123456789abcdef0123456789abcdef';
  const VISITOR = 'fedcba9876543210fedcba9876543210';

  test.each<[string, string[], string, string | undefined]>([
    ['granted', ['Cookie', `s=1; vedette_consent=1.${PROOF}.a1m0.${VISITOR}`], 'granted', VISITOR],
    [
      'granted, in one of several headers',
      ['cookie', 's=1', 'cookie', `vedette_consent=1.${PROOF}.a1m0.${VISITOR}`],
      'granted',
      VISITOR,
    ],
    ['refused', ['Cookie', `vedette_consent=1.${PROOF}.a0m1`], 'refused', undefined],
    ['no choice', ['Cookie', 's=1'], 'unknown', undefined],
    ['no cookies', [], 'unknown', undefined],
    ['a visitor id that the client made up', ['Vedette-Visitor-Id', VISITOR], 'unknown', undefined],
    [
      'another, beside a refusal',
      ['vedette-visitor-id', VISITOR, 'Cookie', `vedette_consent=1.${PROOF}.a0m0`],
      'refused',
      undefined,
    ],
  ])('of a choice: %s', (_, rawHeaders, choice, visitor) => {
    const line = liner()(exchange({ rawHeaders: ['Host', 'a', ...rawHeaders] }));
    const raw = readWireRequest(JSON.parse(line)) as { consent: string; headers: Record<string, string> | null };
    expect(raw.consent).toBe(choice);
    expect(raw.headers?.['vedette-visitor-id']).toBe(visitor);
    expect(line).not.toContain(PROOF);
  });

  test('of a choice: nothing where cookies are not to be read, and that of another cookie where that is told', () => {
    const rawHeaders = ['Cookie', `vedette_consent=1.${PROOF}.a0m0; choice=1.${PROOF}.a1m0.${VISITOR}`];
    const trust = proxyTrust([], 'x-forwarded-for');
    const without = createReader({ ids: createIds(), trust, use: headerUses(DEFAULT_HEADERS, null) });
    expect(without(exchange({ rawHeaders }), OFFSET).head.consent.choice).toBe('unknown');
    const use = headerUses(DEFAULT_HEADERS, null, true);
    const other = createReader({ ids: createIds(), trust, use, consentCookie: 'choice' });
    expect(other(exchange({ rawHeaders }), OFFSET).head.consent.choice).toBe('granted');
  });

  test('what a person asks for goes along, whatever headers are listed', () => {
    const trust = proxyTrust([], 'x-forwarded-for');
    const read = createReader({ ids: createIds(), trust, use: headerUses(['accept'], null) });
    const { headers } = read(exchange({ rawHeaders: ['Sec-GPC', '1', 'DNT', '1', 'Via', 'x'] }), OFFSET).head;
    expect(headers).toEqual(['sec-gpc', '1', 'dnt', '1']);
  });

  test('no spelling lets out what is never sent', () => {
    const secret = 'very-secret';
    const names = [
      'Cookie',
      'Authorization',
      'PROXY-AUTHORIZATION',
      'Set-Cookie',
      'X-Api-Key',
      'X-Auth-Token',
      'x-unheard-of',
    ];
    const lineOf = liner();
    for (const name of names) {
      for (const spelt of [name, name.toLowerCase(), name.toUpperCase()]) {
        expect(lineOf(exchange({ rawHeaders: [spelt, secret] }))).not.toContain(secret);
      }
    }
  });

  test('requests in a row that are alike in part do not take over from each other', () => {
    const lineOf = liner();
    const line = (url: string, rawHeaders: string[]) => JSON.parse(lineOf(exchange({ url, rawHeaders })));
    expect(line('/a?x=1', ['Host', 'a', 'Accept', 'x', 'Referer', 'r'])).toMatchObject({ 'server.address': 'a' });
    const second = line('/a', ['Host', 'b']);
    expect(second).toMatchObject({ 'server.address': 'b', 'url.path': '/a', 'user_agent.original': '' });
    expect(Object.keys(second)).not.toContain('url.query');
    expect(Object.keys(second).filter((key) => key.startsWith('http.request.header.'))).toEqual([]);
    expect(line('/b', ['Host', 'b'])).toMatchObject({ 'server.address': 'b', 'url.path': '/b' });
    expect(line('/b', ['Host', 'b', 'Accept', 'y'])).toMatchObject({ 'http.request.header.accept': 'y' });
  });

  test('what is long is cut after it was redacted', () => {
    const read = reader();
    const url = `/${'p'.repeat(20_000)}?${'a'.repeat(16_380)}&token=${'s'.repeat(100)}`;
    const { target } = read(exchange({ url }), OFFSET);
    expect([target.path.length, target.query.length]).toEqual([16_384, 16_384]);
    expect(target.query).not.toContain('sss');
    const { head } = read(exchange({ rawHeaders: ['User-Agent', 'u'.repeat(5000), 'Via', 'v'.repeat(5000)] }), OFFSET);
    expect([head.userAgent.length, head.headers[1]?.length]).toEqual([2048, 2048]);
  });

  test.each([
    '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0',
    '00-00000000000000000000000000000000-b7ad6b7169203331-01',
    '00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01',
    'ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    'x',
  ])('traceparent %s is none', (value) => {
    expect(reader()(exchange({ rawHeaders: ['Traceparent', value] }), OFFSET).head.headers).toEqual([]);
  });
});

describe('requests in a row', () => {
  test('are the same lines in a batch as each by itself', () => {
    const run = fc.property(
      fc.array(
        fc.record({
          // Few of each, so that most are like the one before.
          url: fc.constantFrom('/', '/', '/', '/ü?a=1', `/${'x'.repeat(3000)}`),
          status: fc.constantFrom(200, 200, 200, 404),
          rawHeaders: fc.constantFrom(['Host', 'a'], ['Host', 'a'], ['Host', 'a', 'Accept', '"x"']),
          bytesOut: fc.constantFrom(11, 11, 12),
          peer: fc.constantFrom('192.0.2.1', '192.0.2.1', undefined),
          // Of more than one ms, back and forth, from long before the epoch's thirteenth digit too.
          started: fc.constantFrom(1000, 1000, 1000.3, 1001, 999, -OFFSET + 5),
          // Up to and over what has one digit before the point.
          took: fc.oneof(fc.double({ min: 0, max: 30, noNaN: true }), fc.constantFrom(9999.9994, 9999.9996, 20_000)),
        }),
        { minLength: 1, maxLength: 200 },
      ),
      (requests) => {
        const [batchIds, ids] = [createIds(), createIds()];
        const builder = createBatchBuilder(batchIds);
        const [readForBatch, read] = [reader(false, batchIds), reader(false, ids)];
        const expected: string[] = [];
        const seen = new Set<string>();
        for (const { took, ...one } of requests) {
          const given = exchange({ ...one, ended: one.started + took });
          builder.add(readForBatch(given, OFFSET));
          // A writer that has seen no other request.
          expected.push(createLineWriter(ids).text(read(given, OFFSET)));
        }
        const text = builder.cut()?.bytes.toString().split('\n') ?? [];
        expect(text.pop()).toBe('');
        const lines = readLines(text);
        expect(lines).toHaveLength(requests.length);
        lines.forEach((line, i) => {
          const { id, ...rest } = line as { id: string; time: number };
          const { id: _, ...other } = JSON.parse(expected[i] as string);
          expect(rest).toEqual(other);
          expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(rest.time);
          seen.add(id);
        });
        expect(seen.size).toBe(requests.length);
      },
    );
    fc.assert(run, { numRuns: 200 });
  });

  test('fill a batch beyond its buffer', () => {
    const ids = createIds();
    const [read, builder] = [reader(false, ids), createBatchBuilder(ids)];
    for (let i = 0; i < 1200; i += 1) {
      builder.add(read(exchange({ url: `/${'p'.repeat(1500)}${i >= 600 ? i : ''}` }), OFFSET));
    }
    expect(builder.full).toBe(true);
    const cut = builder.cut();
    const lines = readLines(cut?.bytes.toString().trim().split('\n') ?? []);
    expect([cut?.count, lines.length, builder.count]).toEqual([1200, 1200, 0]);
    expect(new Set(lines.map(({ id }) => id)).size).toBe(1200);
    expect(lines.map((line) => (line['url.path'] as string).length)).toEqual(
      Array.from({ length: 1200 }, (_, i) => 1501 + (i >= 600 ? String(i).length : 0)),
    );
  });
});

describe('ids', () => {
  test('are UUIDv7s of their time, each of its own, ascending', () => {
    const make = createIds();
    const next = (timeMs: number): string => {
      make.next(timeMs);
      return make.text();
    };
    const ids = Array.from({ length: 20_000 }, (_, i) => next(1_795_000_000_000 + Math.floor(i / 6000)));
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids.slice(0, 100))
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt((ids[0] as string).replace('-', '').slice(0, 12), 16)).toBe(1_795_000_000_000);
    const other = createIds();
    other.next(1_795_000_000_000);
    expect(ids).not.toContain(other.text());
  });
});

test('of a header that came twice the first counts, or both, as the app sees it', () => {
  const rawHeaders = 'Host a.example Host b.example User-Agent one User-Agent two Via x via y Accept z'.split(' ');
  const { head } = reader()(exchange({ rawHeaders }), OFFSET);
  expect(head).toMatchObject({ host: 'a.example', userAgent: 'one' });
  expect(head.headers).toEqual(['via', 'x, y', 'accept', 'z']);
});
