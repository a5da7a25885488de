import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { writeMmdb } from '../../test/emulators/mmdb-writer.ts';
import { NETWORK_KINDS, NO_PLACE } from '../model/enrichment.ts';
import { createEnricher, type LocalEnricher } from './enricher.ts';
import { once } from './geo-files.ts';

let dir: string;
let enricher: LocalEnricher;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'vedette-enrich-'));
  enricher = await createEnricher();
});
afterAll(() => {
  enricher.close();
  rmSync(dir, { recursive: true, force: true });
});

function places(country: string): Buffer {
  return writeMmdb([['8.8.8.0/24', { country_code: country }]]);
}

describe('enrichment', () => {
  it('gives place, network and agent', () => {
    const { place, network, agent } = enricher.enrich('8.8.8.8', 'curl/8.5.0');
    expect(place.country).toBe('US');
    expect(network).toMatchObject({ asn: 15169, asOrg: 'Google LLC', kind: 'hosting' });
    expect(network.kindReason).toContain('AS15169');
    expect(agent.isBot).toBe(true);
  });

  it.each([
    ['10.1.2.3', 'private address'],
    ['::ffff:10.1.2.3', 'private address'],
    ['fd00::1', 'private address'],
    ['127.0.0.1', 'loopback address'],
    ['::1', 'loopback address'],
    ['169.254.1.1', 'link-local address'],
    ['192.0.2.1', 'documentation address'],
    ['2001:db8::1', 'documentation address'],
    ['100.64.0.1', 'carrier-grade NAT'],
    ['224.0.0.1', 'multicast address'],
    ['0.0.0.0', 'reserved address'],
    ['', 'no address'],
    ['host.example', 'not an address'],
    ['8.8.8.8:443', 'not an address'],
  ])('%s: no place, and the reason', (address, kindReason) => {
    const { place, network } = enricher.enrich(address, null);
    expect(place).toBe(NO_PLACE);
    expect(network).toEqual({ asn: 0, asOrg: '', isp: '', kind: 'unknown', kindConfidence: 0, kindReason });
  });

  it.each([
    ['8.8.8.8', '::ffff:8.8.8.8'],
    ['8.8.8.8', '::ffff:808:808'],
    ['2001:4860:4860::8888', '2001:4860:4860:0:0:0:0:8888'],
    ['2001:4860:4860::8888', '2001:4860:4860::8888%eth0'],
  ])('%s is answered as %s is', (one, other) => {
    expect(enricher.enrich(other, null).place).toBe(enricher.enrich(one, null).place);
    expect(enricher.enrich(other, null).network).toBe(enricher.enrich(one, null).network);
  });

  it('never throws, and equal answers are one frozen object', () => {
    const seen = new Map<string, object>();
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()), (address) => {
        const { place, network } = enricher.enrich(address, null);
        expect(NETWORK_KINDS).toContain(network.kind);
        expect(network.kindConfidence).toBeGreaterThanOrEqual(0);
        expect(network.kindConfidence).toBeLessThanOrEqual(1);
        for (const part of [place, network]) {
          const key = JSON.stringify(part);
          expect(seen.get(key) ?? part).toBe(part);
          expect(Object.isFrozen(part)).toBe(true);
          seen.set(key, part);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('answers the same with a cache too small to help', async () => {
    const small = await createEnricher({ addressCacheSize: 2, watch: false });
    for (const address of ['8.8.8.8', '1.1.1.1', '9.9.9.9', '8.8.4.4', '8.8.8.8', '2606:4700::1']) {
      expect(small.enrich(address, null).network).toEqual(enricher.enrich(address, null).network);
    }
  });
});

describe('reading ahead', () => {
  it('reads the IPv6 data when told to, and names both files either way', async () => {
    const ahead = await createEnricher({ watch: false });
    const before = ahead.sources().map(({ path }) => path);
    expect(before).toHaveLength(4);
    ahead.preload();
    expect(ahead.sources().map(({ path }) => path)).toEqual(before);
    expect(ahead.sources().every(({ built }) => built > 0)).toBe(true);
  });

  it('tells once that a file cannot be opened later, and goes on without it', () => {
    const faults: unknown[] = [];
    let opened = 0;
    const broken = once<string>(
      null,
      () => {
        opened++;
        throw new Error('gone');
      },
      (fault) => faults.push(fault),
    );
    expect([broken.get(), broken.get(), broken.opened()]).toEqual([null, null, null]);
    expect([opened, faults.length]).toEqual([1, 1]);
  });
});

describe('own files', () => {
  it('reloads what was replaced, and keeps the old data when the new is broken', async () => {
    const path = join(dir, 'own.mmdb');
    writeFileSync(path, places('AQ'));
    const faults: unknown[] = [];
    const own = await createEnricher({ geoPath: path, onFault: (fault) => faults.push(fault) });
    try {
      expect(own.enrich('8.8.8.8', null).place.country).toBe('AQ');
      expect(own.sources()[0]).toMatchObject({ name: 'place', path });
      writeFileSync(join(dir, 'fresh'), places('BV'));
      renameSync(join(dir, 'fresh'), path);
      await vi.waitFor(() => expect(own.enrich('8.8.8.8', null).place.country).toBe('BV'), { timeout: 20_000 });
      writeFileSync(path, 'rubbish');
      await expect(own.reload()).rejects.toMatchObject({ code: 'geo-data-broken' });
      expect(own.enrich('8.8.8.8', null).place.country).toBe('BV');
      await vi.waitFor(() => expect(faults.map(String).join()).toContain(path), { timeout: 20_000 });
    } finally {
      own.close();
    }
  });

  it('says at the start which file is wrong', async () => {
    await expect(createEnricher({ geoPath: join(dir, 'none.mmdb') })).rejects.toThrow(join(dir, 'none.mmdb'));
    await expect(createEnricher({ asnPath: join(dir, 'none.csv') })).rejects.toMatchObject({
      code: 'geo-data-missing',
    });
  });
});
