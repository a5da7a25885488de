import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readWireRequest } from '../../server/src/expose/wire-request.ts';
import { redactQuery } from '../../server/src/privacy/redaction.ts';
import { proxyTrust } from './client-address.ts';
import { createReader } from './edge-request.ts';
import type { Exchange } from './exchange.ts';
import { DEFAULT_HEADERS, headerUses } from './headers.ts';
import { createIds } from './ids.ts';
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

function reader(forwarded = false) {
  const trust = proxyTrust(forwarded ? 1 : [], 'x-forwarded-for');
  return createReader({ trust, use: headerUses(DEFAULT_HEADERS, forwarded ? 'x-forwarded-for' : null, true) });
}

const OFFSET = Date.UTC(2026, 0, 1) - 1000;

describe('what is sent', () => {
  test('whatever a client sends, the hub can read it, and it means the same', () => {
    // A header's value as Node gives it: any byte but the end of a line and NUL.
    const value = fc.string({ unit: fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code)) });
    const name = fc.oneof(fc.constantFrom(...DEFAULT_HEADERS, 'Host', 'COOKIE', 'X-Forwarded-For'), fc.string());
    const any = fc.string({ unit: 'binary', maxLength: 300 });
    const [read, write] = [reader(true), createLineWriter()];
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
        const line = write(read(exchange({ url, rawHeaders: headers.flat(), ...more }), OFFSET));
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
    const line = createLineWriter()(reader()(exchange({ rawHeaders: ['Host', 'a', ...rawHeaders] }), OFFSET));
    const raw = readWireRequest(JSON.parse(line)) as { consent: string; headers: Record<string, string> | null };
    expect(raw.consent).toBe(choice);
    expect(raw.headers?.['vedette-visitor-id']).toBe(visitor);
    expect(line).not.toContain(PROOF);
  });

  test('of a choice: nothing where cookies are not to be read, and that of another cookie where that is told', () => {
    const rawHeaders = ['Cookie', `vedette_consent=1.${PROOF}.a0m0; choice=1.${PROOF}.a1m0.${VISITOR}`];
    const trust = proxyTrust([], 'x-forwarded-for');
    const without = createReader({ trust, use: headerUses(DEFAULT_HEADERS, null) });
    expect(without(exchange({ rawHeaders }), OFFSET).head.consent.choice).toBe('unknown');
    const other = createReader({ trust, use: headerUses(DEFAULT_HEADERS, null, true), consentCookie: 'choice' });
    expect(other(exchange({ rawHeaders }), OFFSET).head.consent.choice).toBe('granted');
  });

  test('what a person asks for goes along, whatever headers are listed', () => {
    const read = createReader({ trust: proxyTrust([], 'x-forwarded-for'), use: headerUses(['accept'], null) });
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
    const read = reader();
    const write = createLineWriter();
    for (const name of names) {
      for (const spelt of [name, name.toLowerCase(), name.toUpperCase()]) {
        expect(write(read(exchange({ rawHeaders: [spelt, secret] }), OFFSET))).not.toContain(secret);
      }
    }
  });

  test('requests in a row that are alike in part do not take over from each other', () => {
    const [read, write] = [reader(), createLineWriter()];
    const line = (url: string, rawHeaders: string[]) => JSON.parse(write(read(exchange({ url, rawHeaders }), OFFSET)));
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

describe('ids', () => {
  test('are UUIDv7s of their time, each of its own, ascending', () => {
    const next = createIds();
    const ids = Array.from({ length: 20_000 }, (_, i) => next(1_795_000_000_000 + Math.floor(i / 6000)));
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids.slice(0, 100))
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt((ids[0] as string).replace('-', '').slice(0, 12), 16)).toBe(1_795_000_000_000);
    const other = createIds();
    expect(ids).not.toContain(other(1_795_000_000_000));
  });
});
