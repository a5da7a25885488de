import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { open as openByPackage } from 'maxmind';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type WritableValue, writeMmdb } from '../../test/emulators/mmdb-writer.ts';
import { ipv4Number, ipv6Words } from '../model/address.ts';
import { NO_PLACE, type Place } from '../model/enrichment.ts';
import { openPlaceDatabase, type PlaceDatabase, placeOf } from './geo.ts';
import { bundledFiles } from './geo-files.ts';
import type { MmdbValue } from './mmdb-decoder.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'vedette-place-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function file(name: string, bytes: Buffer | string): string {
  const path = join(dir, name);
  writeFileSync(path, bytes);
  return path;
}

function at(places: PlaceDatabase, address: string): Place {
  const v4 = ipv4Number(address);
  if (v4 >= 0) return places.place4(v4);
  const words = new Uint32Array(4);
  ipv6Words(address, words);
  return places.place6(words);
}

describe('layouts', () => {
  it.each<[string, WritableValue, Place]>([
    [
      'GeoLite2',
      {
        country: { iso_code: 'SE' },
        subdivisions: [{ names: { en: 'Östergötland County' } }],
        city: { names: { de: 'x', en: 'Linköping' } },
      },
      { country: 'SE', region: 'Östergötland County', city: 'Linköping' },
    ],
    [
      'no English name',
      { country: { iso_code: 'jp' }, city: { names: { ja: '東京' } } },
      { country: 'JP', region: '', city: '東京' },
    ],
    [
      'flat',
      { country_code: 'US', state1: 'California', city: 'San Jose' },
      { country: 'US', region: 'California', city: 'San Jose' },
    ],
    ['country only', { country: 'FR' }, { country: 'FR', region: '', city: '' }],
    ['unknown country', { country_code: 'ZZ', city: 'Nowhere' }, { country: '', region: '', city: 'Nowhere' }],
    ['other types', { country: 12, city: ['a'], subdivisions: 'x' }, { country: '', region: '', city: '' }],
    ['no map', 'text', { country: '', region: '', city: '' }],
  ])('%s', (_name, record, place) => {
    expect(placeOf(record as MmdbValue)).toEqual(place);
  });
});

describe('files', () => {
  it('answers what the reader of the maxmind package answers', async () => {
    const places = openPlaceDatabase();
    const { place4, place6 } = bundledFiles();
    const other4 = await openByPackage(place4);
    const other6 = await openByPackage(place6);
    fc.assert(
      fc.property(
        fc.ipV4(),
        fc.tuple(fc.integer({ min: 0x2000, max: 0x2dff }), fc.nat(0xffff), fc.nat(0xffff)),
        (v4, [a, b, c]) => {
          const v6 = `${a.toString(16)}:${b.toString(16)}:${c.toString(16)}::1`;
          for (const [address, other] of [
            [v4, other4],
            [v6, other6],
          ] as const) {
            const record = other.get(address) as unknown as MmdbValue | null;
            expect(at(places, address), address).toEqual(record === null ? NO_PLACE : placeOf(record));
          }
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('answers from what comes with the install, equal places as one object', () => {
    const places = openPlaceDatabase();
    expect(at(places, '8.8.8.8')).toMatchObject({ country: 'US' });
    expect(at(places, '2001:4860:4860::8888').country).toMatch(/^[A-Z]{2}$/);
    expect(at(places, '8.8.8.8')).toBe(at(places, '8.8.8.8'));
    expect(Object.isFrozen(at(places, '8.8.8.8'))).toBe(true);
    const seen = new Map<string, Place>();
    let shared = 0;
    for (let i = 0; i < 20_000; i++) {
      const place = places.place4((i * 214_013 * 7919) >>> 0);
      const key = JSON.stringify(place);
      const other = seen.get(key);
      if (other) {
        expect(place).toBe(other);
        shared++;
      }
      seen.set(key, place);
    }
    expect(shared).toBeGreaterThan(100);
    expect(places.sources().every(({ attribution, built }) => attribution.includes('DB-IP') && built > 0)).toBe(true);
  });

  it('takes both families from one file, IPv6 from the install when the own file has none', () => {
    const record = { country: { iso_code: 'AQ' } };
    const both = file(
      'both.mmdb',
      writeMmdb([
        ['8.8.8.0/24', record],
        ['2001:4860::/32', record],
      ]),
    );
    const four = file('four.mmdb', writeMmdb([['8.8.8.0/24', record]], { ipVersion: 4 }));
    const one = openPlaceDatabase({ v4: both });
    expect(at(one, '8.8.8.8').country).toBe('AQ');
    expect(at(one, '2001:4860:4860::8888').country).toBe('AQ');
    expect(at(one, '9.9.9.9')).toBe(NO_PLACE);
    expect(one.sources()).toMatchObject([{ family: 'both', path: both }]);
    const two = openPlaceDatabase({ v4: four });
    expect(at(two, '8.8.8.8').country).toBe('AQ');
    expect(at(two, '2001:4860:4860::8888')).toEqual(at(openPlaceDatabase(), '2001:4860:4860::8888'));
    const split = openPlaceDatabase({ v4: four, v6: both });
    expect(at(split, '2001:4860:4860::8888').country).toBe('AQ');
  });

  it.each([
    ['missing.mmdb', null, 'geo-data-missing', 'no such file'],
    ['broken.mmdb', 'not a database', 'geo-data-broken', 'no MaxMind DB'],
  ])('%s: the Fault names the file and the reason', (name, content, code, reason) => {
    const path = content === null ? join(dir, name) : file(name, content);
    expect(() => openPlaceDatabase({ v4: path })).toThrow(expect.objectContaining({ code }));
    expect(() => openPlaceDatabase({ v4: path })).toThrow(path);
    expect(() => openPlaceDatabase({ v4: path })).toThrow(reason);
  });
});
