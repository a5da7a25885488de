import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import table from '../../../contract/cases/client-address.json' with { type: 'json' };
import { clientAddress, parseProxyTrust } from './client-address.ts';

const proxies = ['192.0.2.0/24', '2001:db8:1::/48', '198.51.100.9'];

describe('the client of a request', () => {
  test.each(table.cases)('$header: $what', ({ header, trusted, peer, value, client }) => {
    const trust = parseProxyTrust(trusted, header as 'forwarded' | 'x-forwarded-for');
    expect(clientAddress(peer ?? undefined, value ?? undefined, trust)).toBe(client);
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
        if (forged.endsWith('\\')) return;
        const added = header === 'forwarded' ? 'for=203.0.113.7' : '203.0.113.7';
        expect(clientAddress('192.0.2.1', `${forged},${added}`, trust)).toBe('203.0.113.7');
      },
    ),
  );
});

test('a wrong setting names what is wrong', () => {
  expect(() => parseProxyTrust(['10.0.0.0/8', 'proxy.example'], 'x-forwarded-for')).toThrow('proxy.example');
});
