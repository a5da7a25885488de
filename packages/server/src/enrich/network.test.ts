import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeMmdb } from '../../test/emulators/mmdb-writer.ts';
import { formatIpv4, formatIpv6, ipv4Number, ipv6Words } from '../model/address.ts';
import { type AsnDatabase, openAsnDatabase, systemOf } from './network.ts';
import { type AsEntry, AsnRanges } from './network-csv.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'vedette-asn-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function at(systems: Pick<AsnDatabase, 'find4' | 'find6'>, address: string): AsEntry | null {
  const v4 = ipv4Number(address);
  if (v4 >= 0) return systems.find4(v4);
  const words = new Uint32Array(4);
  ipv6Words(address, words);
  return systems.find6(words);
}

const csv = (text: string, family: 4 | 6 = 4): AsnRanges => new AsnRanges(Buffer.from(text), family, 'asn.csv');

describe('ranges from CSV', () => {
  it('finds what a list of ranges holds, whichever way addresses are written', () => {
    const bounds = fc.uniqueArray(fc.integer({ min: 0, max: 0xffffffff }), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(bounds, fc.array(fc.integer({ min: 0, max: 0xffffffff })), fc.boolean(), (numbers, probes, text) => {
        const sorted = numbers.toSorted((a, b) => a - b);
        const ranges: [number, number][] = [];
        for (let i = 0; i + 1 < sorted.length; i += 2) ranges.push([sorted[i] as number, sorted[i + 1] as number]);
        const write = (value: number): string => (text ? formatIpv4(value) : String(value));
        const table = csv(
          ranges.map(([first, last], i) => `${write(first)},${write(last)},${i + 1},"AS ""${i}"", Ltd"`).join('\n'),
        );
        for (const probe of [...sorted, ...probes]) {
          const i = ranges.findIndex(([first, last]) => first <= probe && probe <= last);
          expect(table.find4(probe)).toEqual(i < 0 ? null : { asn: i + 1, asOrg: `AS "${i}", Ltd`, isp: '' });
        }
      }),
    );
  });

  it('reads 128-bit addresses in decimal and in text alike', () => {
    const word = fc.integer({ min: 0, max: 0xffffffff });
    fc.assert(
      fc.property(fc.tuple(word, word, word, word), (parts) => {
        const words = Uint32Array.from(parts);
        const decimal = parts.reduce((sum, part) => (sum << 32n) + BigInt(part), 0n).toString();
        const text = formatIpv6(words);
        expect(at(csv(`${decimal},${decimal},64496,One`, 6), text)?.asn).toBe(64496);
        expect(at(csv(`${text},${text},64496,One\r\n`, 6), text)).toEqual({ asn: 64496, asOrg: 'One', isp: '' });
      }),
    );
  });

  it('finds the same in a file of many blocks, whatever is asked first', () => {
    const line = (i: number) => `${i * 10},${i * 10 + 5},${i % 300},"System ${i % 300}"`;
    const text = Array.from({ length: 5000 }, (_, i) => line(i)).join('\n');
    fc.assert(
      fc.property(fc.array(fc.nat(50_010), { minLength: 1, maxLength: 40 }), (probes) => {
        const table = csv(text);
        for (const probe of probes) {
          const i = Math.floor(probe / 10);
          const held = i < 5000 && probe % 10 <= 5;
          expect(table.find4(probe)?.asn).toBe(held ? i % 300 : undefined);
        }
        expect(table.readAll()).toBe(5000);
      }),
      { numRuns: 30 },
    );
    const lines = text.split('\n');
    for (const [at, broken] of [
      [2501, 'nonsense'],
      [2501, '1,2,3,early'],
      [2501, '99999,99999,3,late'],
    ] as const) {
      const faulty = lines.toSpliced(at, 0, broken).join('\n');
      expect(() => csv(faulty).readAll()).toThrow(/asn.csv: line 250[23] is/);
    }
  });

  it('gives the range that begins last where ranges overlap', () => {
    const table = csv('10,30,1,A\n20,25,2,B\n');
    expect([9, 10, 19, 20, 25].map((address) => table.find4(address)?.asn)).toEqual([undefined, 1, 1, 2, 2]);
  });

  it('answers the same object for the same system', () => {
    const table = csv('10,20,1,A\n30,40,1,A\n');
    expect(table.find4(15)).toBe(table.find4(35));
  });

  it.each([
    ['', 'holds no ranges'],
    ['\n\n', 'holds no ranges'],
    ['1,2,3,A\nfoo,4,5,B', 'line 2 is not'],
    ['1,2,x,A', 'line 1 is not'],
    ['5,2,1,A', 'line 1 is not'],
    ['1,4294967296,1,A', 'line 1 is not'],
    ['1,2', 'line 1 is not'],
    ['1,2\n3,4,5,A', 'line 1 is not'],
    ['10,20,1,A\n5,6,2,B', 'line 2 is out of order'],
  ])('%j is refused', (text, reason) => {
    expect(() => csv(text).readAll()).toThrow(`asn.csv: ${reason}`);
    expect(() => csv(text).readAll()).toThrow(expect.objectContaining({ code: 'geo-data-broken' }));
  });

  it('survives anything', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom<4 | 6>(4, 6), (bytes, family) => {
        try {
          expect(new AsnRanges(Buffer.from(bytes), family, 'x').readAll()).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toMatchObject({ code: 'geo-data-broken' });
        }
      }),
    );
  });
});

describe('files', () => {
  it('answers from what comes with the install', () => {
    const systems = openAsnDatabase();
    expect(at(systems, '8.8.8.8')).toMatchObject({ asn: 15169, asOrg: 'Google LLC' });
    expect(at(systems, '2001:4860:4860::8888')).toMatchObject({ asn: 15169 });
    expect(at(systems, '10.0.0.1')).toBeNull();
    expect(systems.sources()).toMatchObject([{ family: 'IPv4' }, { family: 'IPv6' }]);
    expect(systems.sources().every(({ built, attribution }) => built > 0 && attribution.includes('RouteViews'))).toBe(
      true,
    );
  });

  it('takes an MMDB or a CSV of the operator', () => {
    const record = { autonomous_system_number: 64496, autonomous_system_organization: 'Own', isp: 'Own ISP' };
    const mmdb = join(dir, 'own.mmdb');
    writeFileSync(
      mmdb,
      writeMmdb([
        ['8.8.8.0/24', record],
        ['2001:4860::/32', record],
      ]),
    );
    const one = openAsnDatabase({ v4: mmdb });
    expect(at(one, '8.8.8.8')).toEqual({ asn: 64496, asOrg: 'Own', isp: 'Own ISP' });
    expect(at(one, '2001:4860::1')).toBe(at(one, '2001:4860::2'));
    expect(at(one, '9.9.9.9')).toBeNull();
    const path = join(dir, 'own.csv');
    writeFileSync(path, '8.8.8.0,8.8.8.255,64497,Mine\n');
    const two = openAsnDatabase({ v4: path });
    expect(at(two, '8.8.8.8')?.asOrg).toBe('Mine');
    expect(at(two, '2001:4860:4860::8888')?.asn).toBe(15169);
    expect(() => openAsnDatabase({ v4: join(dir, 'none.csv') })).toThrow(join(dir, 'none.csv'));
  });

  it.each<[object, AsEntry]>([
    [
      { autonomous_system_number: 1, autonomous_system_organization: 'A' },
      { asn: 1, asOrg: 'A', isp: '' },
    ],
    [
      { as_number: 2, as_organization: 'B', isp: 'C' },
      { asn: 2, asOrg: 'B', isp: 'C' },
    ],
    [
      { asn: 'AS3', as_name: 'D' },
      { asn: 3, asOrg: 'D', isp: '' },
    ],
    [{ asn: 'x' }, { asn: 0, asOrg: '', isp: '' }],
  ])('%j', (record, expected) => {
    expect(systemOf(record as never)).toEqual(expected);
  });
});

const shared = join(process.env.VEDETTE_SHARED ?? join(import.meta.dirname, '../../../../../shared'), 'data/geo');

describe.skipIf(!existsSync(shared))('GeoLite2-ASN test database (shared data)', () => {
  it('gives every network of its source', () => {
    const systems = openAsnDatabase({ v4: join(shared, 'test-data/GeoLite2-ASN-Test.mmdb') });
    const list = JSON.parse(gunzipSync(readFileSync(join(shared, 'source-data/GeoLite2-ASN-Test.json.gz'))).toString());
    for (const [network, record] of (list as object[]).flatMap((item) => Object.entries(item))) {
      const found = at(systems, network.split('/')[0] as string);
      expect(found?.asn, network).toBe(record.autonomous_system_number);
      expect(found?.asOrg, network).toBe(record.autonomous_system_organization ?? '');
    }
  });
});
