import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clientAddress, parseProxyTrust } from './client-address.ts';

const proxies = ['192.0.2.0/24', '2001:db8:1::/48', '198.51.100.9'];

describe('X-Forwarded-For', () => {
  test.each([
    ['no proxy trusted: the header is nobody’s word', [], '192.0.2.1', '203.0.113.1', '192.0.2.1'],
    ['peer is not a proxy', proxies, '203.0.113.5', '198.51.100.1', '203.0.113.5'],
    ['peer is a proxy', proxies, '192.0.2.1', '203.0.113.1', '203.0.113.1'],
    ['peer is a proxy without header', proxies, '192.0.2.1', undefined, '192.0.2.1'],
    ['forged values on the left', proxies, '192.0.2.1', '8.8.8.8, 1.1.1.1, 203.0.113.1', '203.0.113.1'],
    ['two proxies', proxies, '192.0.2.1', '8.8.8.8, 203.0.113.1, 198.51.100.9', '203.0.113.1'],
    ['mixed families', proxies, '2001:db8:1::1', '2001:db8:2::5, 192.0.2.7', '2001:db8:2::5'],
    ['all are proxies: the first of them', proxies, '192.0.2.1', '192.0.2.3, 192.0.2.2', '192.0.2.3'],
    ['mapped peer', proxies, '::ffff:192.0.2.1', '203.0.113.1', '203.0.113.1'],
    ['ports', proxies, '192.0.2.1', '203.0.113.1:4711', '203.0.113.1'],
    ['brackets and port', proxies, '192.0.2.1', '[2001:db8:2::5]:443', '2001:db8:2::5'],
    ['garbage ends the walk', proxies, '192.0.2.1', '203.0.113.1, unknown, 192.0.2.2', '192.0.2.2'],
    ['empty entry', proxies, '192.0.2.1', ', ', '192.0.2.1'],
    ['one hop', ['1'], '10.0.0.1', '8.8.8.8, 203.0.113.1', '203.0.113.1'],
    ['two hops', ['2'], '10.0.0.1', '8.8.8.8, 203.0.113.1, 10.0.0.2', '203.0.113.1'],
    ['more hops than entries', ['5'], '10.0.0.1', '203.0.113.1', '203.0.113.1'],
    ['no peer', ['1'], undefined, '203.0.113.1', ''],
  ])('%s', (_, trusted, peer, header, client) => {
    expect(clientAddress(peer, header, parseProxyTrust(trusted, 'x-forwarded-for'))).toBe(client);
  });
});

describe('Forwarded', () => {
  test.each([
    ['for=203.0.113.1;proto=https', '203.0.113.1'],
    ['for=8.8.8.8, for=203.0.113.1', '203.0.113.1'],
    ['proto=http; For="[2001:db8:2::5]:4711"', '2001:db8:2::5'],
    ['for=203.0.113.1;by="a,b", for=192.0.2.9', '203.0.113.1'],
    ['for=_hidden', '192.0.2.1'],
    ['by=203.0.113.43', '192.0.2.1'],
  ])('%s', (header, client) => {
    expect(clientAddress('192.0.2.1', header, parseProxyTrust(proxies, 'forwarded'))).toBe(client);
  });
});

test('whatever a client writes, an untrusted peer is the client and a trusted one says who is', () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 200 }),
      fc.constantFrom('x-forwarded-for' as const, 'forwarded' as const),
      (forged, header) => {
        const trust = parseProxyTrust(proxies, header);
        expect(clientAddress('203.0.113.9', forged, trust)).toBe('203.0.113.9');
        if (/["\\]/.test(forged)) return;
        const added = header === 'forwarded' ? 'for=203.0.113.7' : '203.0.113.7';
        expect(clientAddress('192.0.2.1', `${forged},${added}`, trust)).toBe('203.0.113.7');
      },
    ),
  );
});

test('a wrong setting names what is wrong', () => {
  expect(() => parseProxyTrust(['10.0.0.0/8', 'proxy.example'], 'x-forwarded-for')).toThrow('proxy.example');
});
