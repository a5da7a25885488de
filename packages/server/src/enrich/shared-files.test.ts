import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeMmdb } from '../../test/emulators/mmdb-writer.ts';
import { createEnricher } from './enricher.ts';
import { bundledFiles } from './geo-files.ts';
import { readSharedFiles } from './shared-files.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'vedette-shared-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('files read once for all threads', () => {
  it('answer as files that are read by the enricher itself', async () => {
    const contents = await readSharedFiles({});
    const { place4, asn4 } = bundledFiles();
    expect([...contents.keys()]).toEqual(expect.arrayContaining([place4, asn4]));
    const shared = await createEnricher({ watch: false, contents });
    const own = await createEnricher({ watch: false });
    for (const address of ['8.8.8.8', '1.1.1.1', '2001:4860:4860::8888', '10.0.0.1', 'nonsense']) {
      expect(shared.enrich(address, null)).toEqual(own.enrich(address, null));
    }
    expect(shared.sources()).toEqual(own.sources());
  });

  it('are those that are opened: own paths, then updated files, then what comes with the install', async () => {
    const database = writeMmdb([['8.8.8.0/24', { country: { iso_code: 'AQ' } }]]);
    const own = join(dir, 'own.mmdb');
    const updated = join(dir, 'dbip-city-lite.mmdb');
    for (const path of [own, updated]) writeFileSync(path, database);
    expect([...(await readSharedFiles({ geoPath: own, updateDir: dir, asnPath: own })).keys()]).toEqual([own]);
    const contents = await readSharedFiles({ updateDir: dir });
    expect(new Set(contents.keys())).toEqual(new Set([updated, bundledFiles().asn4]));
    const enricher = await createEnricher({ updateDir: dir, watch: false, contents });
    expect(enricher.enrich('8.8.8.8', null).place.country).toBe('AQ');
  });

  it('leave the fault of a missing one to the opening', async () => {
    const geoPath = join(dir, 'none.mmdb');
    const contents = await readSharedFiles({ geoPath });
    expect(contents.has(geoPath)).toBe(false);
    await expect(createEnricher({ geoPath, contents })).rejects.toMatchObject({ code: 'geo-data-missing' });
  });
});
