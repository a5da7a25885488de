import { isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addressScope,
  canonicalAddress,
  formatIpv4,
  formatIpv6,
  ipv4Number,
  ipv6Words,
  netOf,
  siteOf,
} from './address.ts';

const word = fc.integer({ min: 0, max: 0xffffffff });
// Zero words are common in real addresses and are what compression is about.
const sparseWord = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }), word);
const words = fc.tuple(sparseWord, sparseWord, sparseWord, sparseWord).map((w) => Uint32Array.from(w));

describe('canonical text', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['0.0.0.0', '0.0.0.0'],
    ['255.255.255.255', '255.255.255.255'],
    ['::', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0db8:0000:0000:0000:0000:0000:0001', '2001:db8::1'],
    ['2001:db8:1:2:3:4:5::', '2001:db8:1:2:3:4:5:0'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:201', '192.0.2.1'],
    ['0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['fe80::1%eth0', 'fe80::1'],
  ])('%s is %s', (text, expected) => {
    expect(canonicalAddress(text)).toBe(expected);
  });

  it.each([
    '',
    ' ',
    '-',
    'localhost',
    '192.0.2',
    '192.0.2.1.1',
    '192.0.2.256',
    '192.0.2.01',
    '192.0.2.1 ',
    '192.0.2.1:80',
    '1.2.3.',
    '.1.2.3',
    '1..2.3',
    '2130706433',
    '0x7f.1',
    ':',
    ':::',
    '1:2',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1::2::3',
    '12345::',
    'g::',
    '::1%',
    '1:2:3:4:5:6:7:',
    ':1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:192.0.2.1',
    '::192.0.2.1:1',
    '::192.0.2',
    '[::1]',
    `::${'1'.repeat(200)}`,
    '1:2:3:4::5:6:7:8',
  ])('%j is no address', (text) => {
    expect(canonicalAddress(text)).toBe('');
    expect(addressScope(text)).toBe('invalid');
    expect(netOf(text)).toBe('');
  });

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(words, (value) => {
        const text = formatIpv6(value);
        const out = new Uint32Array(4);
        expect(isIPv6(text)).toBe(true);
        expect(ipv6Words(text, out)).toBe(true);
        expect(out).toEqual(value);
        expect(canonicalAddress(canonicalAddress(text))).toBe(canonicalAddress(text));
      }),
    );
    fc.assert(fc.property(word, (value) => ipv4Number(formatIpv4(value)) === value));
  });

  it('agrees with the platform on what is an address and how it is written', () => {
    const junk = fc.string({ unit: fc.constantFrom(...'0123456789abfF:.%x'), maxLength: 24 });
    fc.assert(
      fc.property(fc.oneof(junk, fc.ipV4(), fc.ipV6()), (text) => {
        expect(canonicalAddress(text) !== '', text).toBe(isIPv4(text) || isIPv6(text));
      }),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        const canonical = canonicalAddress(text);
        if (canonical.includes(':')) expect(`[${canonical}]`).toBe(new URL(`http://[${text}]`).hostname);
      }),
    );
  });
});

describe('scope', () => {
  it.each([
    ['8.8.8.8', 'global'],
    ['192.0.0.9', 'global'],
    ['172.32.0.1', 'global'],
    ['100.128.0.1', 'global'],
    ['10.1.2.3', 'private'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.1.1', 'private'],
    ['127.0.0.1', 'loopback'],
    ['127.255.255.255', 'loopback'],
    ['169.254.169.254', 'link-local'],
    ['100.64.0.1', 'shared'],
    ['100.127.255.255', 'shared'],
    ['192.0.2.7', 'documentation'],
    ['198.51.100.7', 'documentation'],
    ['203.0.113.7', 'documentation'],
    ['224.0.0.1', 'multicast'],
    ['239.255.255.255', 'multicast'],
    ['240.0.0.1', 'reserved'],
    ['255.255.255.255', 'reserved'],
    ['0.0.0.0', 'reserved'],
    ['0.1.2.3', 'reserved'],
    ['192.0.0.1', 'reserved'],
    ['198.19.0.1', 'reserved'],
    ['192.88.99.1', 'reserved'],
    ['2606:4700::1111', 'global'],
    ['2a00::1', 'global'],
    ['2001:1::1', 'global'],
    ['2001:4:112::1', 'global'],
    ['2001:200::1', 'global'],
    ['::1', 'loopback'],
    ['::', 'reserved'],
    ['::2', 'reserved'],
    ['::7f00:1', 'reserved'],
    ['fc00::1', 'private'],
    ['fdff::1', 'private'],
    ['fec0::1', 'private'],
    ['fe80::1', 'link-local'],
    ['febf::1', 'link-local'],
    ['ff02::1', 'multicast'],
    ['2001:db8::1', 'documentation'],
    ['3fff:fff::1', 'documentation'],
    ['3fff:1000::1', 'global'],
    ['2001::1', 'reserved'],
    ['2001:2::1', 'reserved'],
    ['100::1', 'reserved'],
    ['5f00::1', 'reserved'],
    ['4000::1', 'reserved'],
    ['::ffff:10.0.0.1', 'private'],
    ['::ffff:8.8.8.8', 'global'],
    ['64:ff9b::127.0.0.1', 'loopback'],
    ['64:ff9b::8.8.8.8', 'global'],
    ['64:ff9b:1::1', 'private'],
    ['2002:7f00:1::', 'loopback'],
    ['2002:808:808::', 'global'],
  ])('%s is %s', (address, scope) => {
    expect(addressScope(address)).toBe(scope);
  });
});

describe('networks', () => {
  it.each([
    ['192.0.2.77', '192.0.2.0/24', ''],
    ['255.255.255.255', '255.255.255.0/24', ''],
    ['::ffff:192.0.2.77', '192.0.2.0/24', ''],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64', '2001:db8:1::/48'],
    ['2001:db8::1', '2001:db8::/64', '2001:db8::/48'],
  ])('%s is in %s and %j', (address, net, site) => {
    expect(netOf(address)).toBe(net);
    expect(siteOf(address)).toBe(site);
  });

  it('is one for all addresses that differ only in the host part', () => {
    fc.assert(
      fc.property(words, word, word, (value, w2, w3) => {
        fc.pre(value[0] !== 0 || value[1] !== 0);
        const other = Uint32Array.of(value[0] as number, value[1] as number, w2, w3);
        expect(netOf(formatIpv6(other))).toBe(netOf(formatIpv6(value)));
      }),
    );
  });
});
