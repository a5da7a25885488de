import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GeoDownloadServer, startGeoDownload } from '../../test/emulators/geo-download.ts';
import { writeMmdb } from '../../test/emulators/mmdb-writer.ts';
import { createGuardedClient, type GuardedClient } from '../flow/guarded-client.ts';
import { createEnricher } from './enricher.ts';
import { type GeoUpdateOutcome, updateGeoData } from './geo-update.ts';

const JUNE = Date.UTC(2026, 5, 2);

let server: GeoDownloadServer;
let fetcher: GuardedClient;
let dir: string;
beforeEach(async () => {
  server = await startGeoDownload();
  fetcher = createGuardedClient({ allowPrivate: ['127.0.0.1'], userAgent: 'Vedette/test' });
  dir = mkdtempSync(join(tmpdir(), 'vedette-geo-'));
});
afterEach(async () => {
  await fetcher.close();
  await server.close();
  rmSync(dir, { recursive: true, force: true });
});

function place(city: string, built: number): Buffer {
  const record = { country: { iso_code: 'NL' }, city: { names: { en: city } } };
  return gzipSync(
    writeMmdb(
      [
        ['8.8.8.0/24', record],
        ['2a00::/16', record],
      ],
      { type: 'DBIP-City-Lite', built },
    ),
  );
}

function network(name: string, built: number): Buffer {
  const record = { autonomous_system_number: 64496, autonomous_system_organization: name };
  return gzipSync(writeMmdb([['8.8.8.0/24', record]], { type: 'DBIP-ASN-Lite', built }));
}

async function update(now = JUNE): Promise<GeoUpdateOutcome[]> {
  return updateGeoData({ dir, fetcher, log: () => {}, baseUrl: server.baseUrl, now, sizeScale: 0 });
}

const statuses = (outcomes: GeoUpdateOutcome[]): string[] => outcomes.map(({ status }) => status);

describe('update', () => {
  it('brings in both files, which the enricher then answers from, and asks no second time', async () => {
    server.files.set('dbip-city-lite-2026-06.mmdb.gz', place('June', JUNE));
    server.files.set('dbip-asn-lite-2026-06.mmdb.gz', network('Example Net', JUNE));
    expect(statuses(await update())).toEqual(['updated', 'updated']);
    const enricher = await createEnricher({ updateDir: dir, watch: false });
    expect(enricher.enrich('8.8.8.8', null)).toMatchObject({
      place: { country: 'NL', city: 'June' },
      network: { asn: 64496 },
    });
    expect(enricher.enrich('2a00::1', null).place.city).toBe('June');
    expect(enricher.sources()[0]?.attribution).toContain('DB-IP');
    expect(statuses(await update())).toEqual(['current', 'current']);
    expect(server.asked).toHaveLength(2);
  });

  it("takes last month's while this one's is not out, then this one's, and keeps the one before", async () => {
    server.files.set('dbip-city-lite-2025-12.mmdb.gz', place('December', JUNE));
    server.files.set('dbip-asn-lite-2025-12.mmdb.gz', network('Old', JUNE));
    const january = Date.UTC(2026, 0, 1);
    expect(statuses(await update(january))).toEqual(['updated', 'updated']);
    expect(statuses(await update(january))).toEqual(['current', 'current']);
    server.files.set('dbip-city-lite-2026-01.mmdb.gz', place('January', JUNE + 1000));
    expect(statuses(await update(january))).toEqual(['updated', 'current']);
    expect(readFileSync(join(dir, 'dbip-city-lite.mmdb')).includes('January')).toBe(true);
    expect(readFileSync(join(dir, 'dbip-city-lite.mmdb.previous')).includes('December')).toBe(true);
  });

  it.each<[string, Buffer | number, string]>([
    ['a body that is no gzip', Buffer.from('<html>hello</html>'), 'could not be unpacked'],
    ['a gzip cut short', place('x', JUNE + 5000).subarray(0, 200), 'could not be unpacked'],
    ['no database inside', gzipSync(Buffer.from('a,b,c\n'.repeat(2000))), 'no MaxMind DB'],
    [
      'a file far smaller than the one in use',
      gzipSync(writeMmdb([['8.8.8.0/24', { country_code: 'DE' }]], { ipVersion: 4, built: JUNE + 1 })),
      'are expected',
    ],
    ['an older one', place('older', JUNE - 86_400_000), 'older than the data in use'],
    [
      'one that knows nothing',
      gzipSync(
        writeMmdb(
          [
            ['203.0.113.0/24', { country_code: 'DE' }],
            ['2a00::/64', 'x'],
          ],
          { built: JUNE + 5000 },
        ),
      ),
      'well-known',
    ],
    ['a server error', 500, 'status 500'],
    ['nothing for two months', 404, 'neither for this month nor for the last'],
  ])('%s changes nothing and says why', async (_name, body, reason) => {
    server.files.set('dbip-city-lite-2026-06.mmdb.gz', place('June', JUNE));
    server.files.set('dbip-asn-lite-2026-06.mmdb.gz', network('Example Net', JUNE));
    await update();
    const before = readFileSync(join(dir, 'dbip-city-lite.mmdb'));
    server.files.clear();
    server.files.set('dbip-city-lite-2026-08.mmdb.gz', body);
    const [outcome] = await update(Date.UTC(2026, 7, 1));
    expect(outcome).toMatchObject({ status: 'failed', built: JUNE });
    expect(outcome?.detail).toContain(reason);
    expect(readFileSync(join(dir, 'dbip-city-lite.mmdb'))).toEqual(before);
    expect(readdirSync(dir).filter((name) => name.includes('part') || name.includes('keep'))).toEqual([]);
  });

  it('says so when offline', async () => {
    await server.close();
    const outcomes = await update();
    expect(statuses(outcomes)).toEqual(['failed', 'failed']);
    expect(outcomes[0]?.detail).toMatch(/ECONNREFUSED.*stays as it is/);
    server = await startGeoDownload();
  });

  it('replaces a file that became unreadable, and the enricher passes over one meanwhile', async () => {
    writeFileSync(join(dir, 'dbip-city-lite.mmdb'), 'rubbish');
    const faults: unknown[] = [];
    const enricher = await createEnricher({ updateDir: dir, watch: false, onFault: (error) => faults.push(error) });
    expect(faults.map(String).join()).toContain('dbip-city-lite.mmdb');
    expect(enricher.enrich('8.8.8.8', null).place.country).toBe('US');
    server.files.set('dbip-city-lite-2026-06.mmdb.gz', place('June', JUNE));
    expect(statuses(await update())[0]).toBe('updated');
    await enricher.reload();
    expect(enricher.enrich('8.8.8.8', null).place.city).toBe('June');
    expect(existsSync(join(dir, 'geo-update.json'))).toBe(true);
  });
});
