import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import table from '../../contract/cases/client-address.json' with { type: 'json' };
import { canonicalAddress as hubs } from '../../server/src/model/address.ts';
import { canonicalAddress, clientAddress, proxyTrust } from './client-address.ts';

/** The hub's setting is text; a number of hops is a number here. */
const option = (trusted: readonly string[]) => (/^\d+$/.test(trusted[0] ?? '') ? Number(trusted[0]) : trusted);

describe('the client of a request', () => {
  test.each(table.cases)('$header: $what', ({ header, trusted, peer, value, client }) => {
    const trust = proxyTrust(option(trusted), header as 'forwarded' | 'x-forwarded-for');
    expect(clientAddress(peer ?? undefined, value ?? '', trust)).toBe(client);
  });

  test('is never what an untrusted peer wrote', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), fc.constantFrom('x-forwarded-for', 'forwarded'), (forged, header) => {
        const trust = proxyTrust(['192.0.2.0/24'], header as 'forwarded');
        expect(clientAddress('203.0.113.9', forged, trust)).toBe('203.0.113.9');
        if (forged.endsWith('\\')) return;
        const added = header === 'forwarded' ? 'for=203.0.113.7' : '203.0.113.7';
        expect(clientAddress('192.0.2.1', `${forged},${added}`, trust)).toBe('203.0.113.7');
      }),
    );
  });
});

test('addresses have the same text as in the hub', () => {
  const near = fc.oneof(fc.ipV4(), fc.ipV6(), fc.stringMatching(/^[0-9a-f:.%]{0,45}$/), fc.string({ maxLength: 60 }));
  fc.assert(
    fc.property(near, (text) => void expect(canonicalAddress(text)).toBe(hubs(text))),
    { numRuns: 2000 },
  );
});

test.each([
  [['10.0.0.0/33']],
  [['proxy.example']],
  [['10.0.0.0/8/8']],
  [['::/129']],
  [-1],
  [1.5],
  [['10.0.0.0/']],
  [['::ffff:1.2.3.4/90']],
])('%j is refused as trusted proxies', (proxies) => {
  expect(() => proxyTrust(proxies, 'forwarded')).toThrow(/trustedProxies: .*(neither|no number)/);
});
