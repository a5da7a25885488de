import { expect, test } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };
import { waitBefore } from './backoff.ts';
import { createEdge, DEFAULT_HEADERS, type EdgeOptions, zeek } from './index.ts';
import { Ring } from './ring.ts';
import { VERSION } from './version.ts';

const GOOD = { url: 'http://127.0.0.1:1', key: 'vdt_x' };

test.each<[object, RegExp]>([
  [{}, /url is missing/],
  [{ url: 'hub.example', key: 'k' }, /url: "hub.example" is no URL/],
  [{ url: 'ftp://hub.example', key: 'k' }, /neither http/],
  [{ url: GOOD.url }, /key is missing.*key create/],
  [{ url: GOOD.url, key: 'a b' }, /key is missing/],
  [{ ...GOOD, batchsize: 1 }, /no option "batchsize"; there are: url, key/],
  [{ ...GOOD, batchSize: 0 }, /batchSize: 0 is no whole number from 1 to/],
  [{ ...GOOD, ringSize: 1.5 }, /ringSize/],
  [{ ...GOOD, unknownHosts: 'keep' }, /unknownHosts: "keep" is none of send, drop/],
  [{ ...GOOD, forwardedHeader: 'x-real-ip' }, /forwardedHeader/],
  [{ ...GOOD, trustedProxies: ['proxy.example'] }, /trustedProxies: "proxy.example"/],
  [{ ...GOOD, headers: ['Accept', 'Cookie'] }, /headers: "Cookie" holds credentials/],
  [{ spoolDir: '/tmp/x', outputs: [zeek({ dir: '/nonexistent/x' })] }, /spoolDir/],
])('%j is refused, saying why', (options, message) => {
  expect(() => createEdge(options as EdgeOptions)).toThrow(TypeError);
  expect(() => createEdge(options as EdgeOptions)).toThrow(message);
});

test.each([
  'authorization',
  'Proxy-Authorization',
  'cookie',
  'Set-Cookie',
  'x-api-key',
  'X-ApiKey',
  'x-auth-token',
  'x-csrf-token',
  'x-forwarded-for',
  'forwarded',
  'x-real-ip',
  'cf-connecting-ip',
  'true-client-ip',
  'x-amz-security-token',
  'from',
])('the header %s cannot be asked for', (header) => {
  expect(() => createEdge({ ...GOOD, headers: [header] })).toThrow(/never sent/);
});

test('zeek’s options are checked', () => {
  expect(() => zeek({} as never)).toThrow(/dir is missing/);
  expect(() => zeek({ dir: 'x', format: 'xml' as never })).toThrow(/neither tsv nor json/);
});

test('the version is the package’s, and it needs nothing at run time', () => {
  expect(VERSION).toBe(packageJson.version);
  expect(packageJson).not.toHaveProperty('dependencies');
  expect(DEFAULT_HEADERS).toEqual([...DEFAULT_HEADERS].sort());
});

test('waiting grows, is bounded, differs between edges, and is as long as the hub asks', () => {
  expect([0, 1, 2, 3].map((attempt) => waitBefore(attempt, undefined, 0, 1))).toEqual([500, 1000, 2000, 4000]);
  expect([0, 1, 2, 3].map((attempt) => waitBefore(attempt, undefined, 0, 0))).toEqual([250, 500, 1000, 2000]);
  expect(waitBefore(1000, undefined, 0, 1)).toBe(60_000);
  expect(waitBefore(0, '30', 0, 0)).toBe(30_000);
  expect(waitBefore(0, 'Thu, 01 Jan 1970 00:01:00 GMT', 20_000, 0)).toBe(40_000);
  expect(waitBefore(0, '999999999', 0, 0)).toBe(600_000);
  for (const odd of ['soon', '-5', '', 'Thu, 01 Jan 1970 00:00:00 GMT'])
    expect(waitBefore(0, odd, 20_000, 0)).toBe(250);
});

test('the ring gives back in order and refuses what is too much', () => {
  const ring = new Ring<number>(3);
  expect([1, 2, 3, 4, 5].map((n) => ring.push(n))).toEqual([true, true, true, true, false]);
  expect([ring.shift(), ring.shift(), ring.push(6), ring.size]).toEqual([1, 2, true, 3]);
  expect([ring.shift(), ring.shift(), ring.shift(), ring.shift()]).toEqual([3, 4, 6, undefined]);
});
