import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeMmdb } from '../../test/emulators/mmdb-writer.ts';
import { ipv4Number, ipv6Words } from '../model/address.ts';
import { type Cidr, cidrContains, parseCidr } from '../model/cidr.ts';
import { Fault } from '../model/fault.ts';
import { Mmdb } from './mmdb.ts';
import type { MmdbValue } from './mmdb-decoder.ts';

const words = new Uint32Array(4);

function look(database: Mmdb, address: string): MmdbValue | null {
  const v4 = ipv4Number(address);
  if (v4 < 0) ipv6Words(address, words);
  const offset = v4 >= 0 ? database.find4(v4) : database.find6(words);
  return offset === 0 ? null : database.record(offset);
}

function faultOf(run: () => unknown): Fault {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(Fault);
    return error as Fault;
  }
  throw new Error('no fault');
}

describe('reader', () => {
  it('finds in a tree what a list of blocks holds', () => {
    const block4 = fc.tuple(fc.ipV4(), fc.integer({ min: 1, max: 32 })).map(([base, bits]) => `${base}/${bits}`);
    // Beside ::/96, where the IPv4 blocks live, and not above it.
    const block6 = fc
      .tuple(fc.integer({ min: 0x2000, max: 0x3fff }), fc.ipV6(), fc.integer({ min: 4, max: 128 }))
      .map(([top, rest, bits]) => ({ top, rest, bits }))
      .filter(({ rest }) => /^[0-9a-f]+:[0-9a-f]+:/i.test(rest) && !rest.includes('.'))
      .map(({ top, rest, bits }) => `${top.toString(16)}${rest.slice(rest.indexOf(':'))}/${bits}`);
    const blocks = fc.array(fc.oneof(block4, block6), { minLength: 1, maxLength: 12 });
    const nearNull = parseCidr('::/32') as Cidr;
    fc.assert(
      fc.property(blocks, fc.array(fc.oneof(fc.ipV4(), fc.ipV6()), { maxLength: 5 }), (list, others) => {
        const sorted = list.toSorted((a, b) => Number(a.split('/')[1]) - Number(b.split('/')[1]));
        const database = new Mmdb(writeMmdb(sorted.map((block) => [block, block])), 'test');
        for (const address of [...sorted.map((block) => block.split('/')[0] as string), ...others]) {
          if (cidrContains(nearNull, address)) continue;
          const holding = sorted.findLast((block) => {
            const cidr = parseCidr(block);
            return cidr && cidrContains(cidr, address);
          });
          expect(look(database, address), address).toBe(holding ?? null);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('does not answer IPv6 from an IPv4 file', () => {
    const database = new Mmdb(writeMmdb([['32.1.0.0/16', 'four']], { ipVersion: 4 }), 'test');
    expect(look(database, '32.1.2.3')).toBe('four');
    expect(look(database, '2001:203::1')).toBeNull();
  });

  it('turns any damage into a Fault that names the file, or reads on', () => {
    const sound = writeMmdb([
      ['203.0.113.0/24', { country: { iso_code: 'NL' }, list: ['a', 1, { b: 'c'.repeat(300) }] }],
      ['2001:db8::/32', 'six'],
    ]);
    const damage = fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(damage, fc.integer({ min: 0, max: sound.length }), (bytes, length) => {
        const broken = Buffer.from(sound.subarray(0, Math.max(length, sound.length - 40)));
        for (const [at, value] of bytes) if (at < broken.length) broken[at] = value;
        try {
          const database = new Mmdb(broken, '/data/some.mmdb');
          database.verify();
          look(database, '203.0.113.1');
          look(database, '2001:db8::1');
        } catch (error) {
          expect(error).toBeInstanceOf(Fault);
          expect((error as Fault).message).toContain('/data/some.mmdb');
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each<[string, Buffer, string]>([
    ['nothing', Buffer.alloc(0), 'no MaxMind DB'],
    ['text', Buffer.from('hello '.repeat(100)), 'no MaxMind DB'],
    ['gzip', Buffer.from([0x1f, 0x8b, 8, 0]), 'gzip'],
    ['a cut file', writeMmdb([['203.0.113.0/24', 'x']]).subarray(150), 'search tree'],
  ])('%s is refused', (_name, bytes, reason) => {
    const fault = faultOf(() => new Mmdb(bytes, 'x.mmdb'));
    expect(fault.code).toBe('geo-data-broken');
    expect(fault.message).toMatch(/^x\.mmdb: /);
    expect(fault.message).toContain(reason);
  });
});

const shared = join(process.env.VEDETTE_SHARED ?? join(import.meta.dirname, '../../../../../shared'), 'data/geo');

describe.skipIf(!existsSync(shared))('public test databases (shared data)', () => {
  const bad = ['libmaxminddb', 'maxminddb-golang'].flatMap((dir) =>
    existsSync(join(shared, 'bad-data', dir))
      ? readdirSync(join(shared, 'bad-data', dir)).map((file) => join('bad-data', dir, file))
      : [],
  );
  // An empty array at the very end of the metadata is sound; it only trips readers that look one byte too far.
  it.each(bad.filter((file) => !file.includes('empty-array-last')))('%s fails cleanly', (file) => {
    const path = join(shared, file);
    const fault = faultOf(() => new Mmdb(readFileSync(path), path).verify());
    expect(fault.code).toBe('geo-data-broken');
    expect(fault.message).toContain(path);
  });

  it.each([
    'GeoLite2-City-Test',
    'GeoLite2-Country-Test',
    'GeoLite2-ASN-Test',
    'GeoIP2-City-Test',
    'GeoIP2-Anonymous-IP-Test',
    'GeoIP-Anonymous-Plus-Test',
    'GeoIP2-DensityIncome-Test',
    'GeoIP2-IP-Risk-Test',
  ])('%s resolves every network of its source', (name) => {
    const source = join(shared, 'source-data', `${name}.json`);
    const text = existsSync(source) ? readFileSync(source) : gunzipSync(readFileSync(`${source}.gz`));
    const list = JSON.parse(text.toString()) as Record<string, object>[];
    const database = new Mmdb(readFileSync(join(shared, 'test-data', `${name}.mmdb`)), name);
    const pairs = list.flatMap((item) => Object.entries(item));
    expect(pairs.length).toBeGreaterThan(1);
    const blocks = pairs.map(([network, record]) => ({ block: parseCidr(network), record }));
    for (const [network] of pairs) {
      const first = network.split('/')[0] as string;
      // Blocks are written in the order of the source: of several that hold an address, the last one counts.
      const record = blocks.findLast(({ block }) => block && cidrContains(block, first))?.record as object;
      const found = look(database, first);
      expect(JSON.parse(JSON.stringify(found)), network).toMatchObject(record);
    }
  });
});
