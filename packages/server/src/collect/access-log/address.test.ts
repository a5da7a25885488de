import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientAddress, hostName, lastAddress, ownText } from './address.ts';

describe('clientAddress', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['0.0.0.0', '0.0.0.0'],
    ['255.255.255.255', '255.255.255.255'],
    ['192.0.2.7:4711', '192.0.2.7'],
    ['2001:DB8::1', '2001:db8::1'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['2001:0db8:0000:0000:0000:0000:0000:0001', '2001:db8::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['::', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:c000:0207', '192.0.2.7'],
    ['[::ffff:192.0.2.7]:80', '192.0.2.7'],
    ['64:ff9b::192.0.2.7', '64:ff9b::c000:207'],
    ['fe80::1%eth0', 'fe80::1'],
    ['-', ''],
    ['', ''],
    ['localhost', ''],
    ['dialup61.example', ''],
    ['192.0.2', ''],
    ['192.0.2.256', ''],
    ['192.0.2.07', ''],
    ['192.0.2.7.', ''],
    ['1.2.3.4.5', ''],
    ['2001:db8::1::2', ''],
    ['2001:db8:1:2:3:4:5', ''],
    ['2001:db8:1:2:3:4:5:6:7', ''],
    ['1:2:3:4:5:6:7::8:9', ''],
    ['12345::', ''],
    [':::', ''],
    [':1', ''],
    ['1:', ''],
    ['::192.0.2.300', ''],
    ['unix:', ''],
    ['[::1', ''],
  ])('%s is %s', (raw, canonical) => {
    expect(clientAddress(raw)).toBe(canonical);
    expect(clientAddress(raw)).toBe(canonical);
  });

  it('gives every IPv6 address one spelling that stays as it is', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        const canonical = clientAddress(address);
        expect(canonical).not.toBe('');
        expect(clientAddress(canonical)).toBe(canonical);
        expect(new URL(`http://[${canonical.includes(':') ? canonical : `::ffff:${canonical}`}]/`).hostname).toBe(
          new URL(`http://[${address}]/`).hostname,
        );
      }),
    );
  });

  it('keeps every IPv4 address', () => {
    fc.assert(fc.property(fc.ipV4(), (address) => clientAddress(address) === address));
  });
});

describe('lastAddress', () => {
  it.each([
    ['203.0.113.9, 198.51.100.7', '198.51.100.7'],
    ['203.0.113.9,2001:db8::1', '2001:db8::1'],
    ['203.0.113.9', '203.0.113.9'],
    ['203.0.113.9, unknown', ''],
  ])('%s ends with %s', (list, address) => expect(lastAddress(list)).toBe(address));
});

describe('hostName', () => {
  it.each([
    ['WWW.Example.com:8080', 'www.example.com'],
    ['example.com.', 'example.com'],
    ['[2001:DB8::1]:443', '2001:db8::1'],
    ['2001:DB8::1', '2001:db8::1'],
    ['192.0.2.7:80', '192.0.2.7'],
    ['-', ''],
    ['_', ''],
    ['', ''],
    [`${'a'.repeat(300)}.example`, ''],
  ])('%s is %s', (raw, host) => expect(hostName(raw)).toBe(host));
});

describe('ownText', () => {
  it('gives the same text back', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 100 }), (text) => ownText(text) === text));
  });
});
