import { BlockList } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cidrContains, formatCidr, parseCidr } from './cidr.ts';

describe('blocks', () => {
  it.each([
    ['192.0.2.0/24', '192.0.2.0/24'],
    ['192.0.2.77/24', '192.0.2.0/24'],
    ['192.0.2.7', '192.0.2.7/32'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['2001:DB8::1/32', '2001:db8::/32'],
    ['2001:db8::1', '2001:db8::1/128'],
    ['::/0', '::/0'],
    ['::ffff:192.0.2.0/120', '192.0.2.0/24'],
  ])('%s reads as %s', (text, expected) => {
    const cidr = parseCidr(text);
    expect(cidr && formatCidr(cidr)).toBe(expected);
  });

  it.each(['', '/', '192.0.2.0/', '192.0.2.0/33', '192.0.2.0/08', '192.0.2.0/-1', '::/129', 'a.example/8', '1.2.3/8'])(
    '%j is refused',
    (text) => {
      expect(parseCidr(text)).toBeNull();
    },
  );

  it('holds what the platform says it holds', () => {
    const near4 = fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 }), fc.ipV4());
    const near6 = fc.tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 }), fc.ipV6());
    for (const [family, arbitrary] of [
      ['ipv4', near4],
      ['ipv6', near6],
    ] as const) {
      fc.assert(
        fc.property(arbitrary, ([base, bits, other]) => {
          const cidr = parseCidr(`${base}/${bits}`);
          fc.pre(cidr !== null && cidr.family === (family === 'ipv4' ? 4 : 6) && !other.includes('::ffff:'));
          const list = new BlockList();
          list.addSubnet(base, bits, family);
          expect(cidr && cidrContains(cidr, other)).toBe(list.check(other, family));
          expect(cidr && cidrContains(cidr, base)).toBe(true);
        }),
      );
    }
  });
});
