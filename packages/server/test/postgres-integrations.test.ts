import { randomBytes, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Ga4Settings, secretPurpose } from '../src/model/integration.ts';
import { createSealer } from '../src/privacy/sealing.ts';
import type { OutboxEvent, TenantIntegrations } from '../src/stores/integrations.ts';
import { openRecords, type Records } from '../src/stores/records.ts';
import { quietLog, startTestPostgres, type TestPostgres } from './support/postgres.ts';

const log = quietLog();
const GA4: Ga4Settings = { measurement_id: 'G-ABCDEF', tag: true, measurement: true, property_id: null };
const CLARITY = { project_id: 'abcd1234', tag: true, export: true };
const SEALED = Buffer.from('sealed bytes');
const DAY = 20_000;
const HOUR_MS = 3_600_000;

let postgres: TestPostgres;
let url: string;
let records: Records;
let acme: string;
let other: string;
let own: TenantIntegrations;

beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(async () => {
  await records?.close();
  await postgres?.stop();
});
beforeEach(async () => {
  await records?.close();
  url = await postgres.freshDatabase();
  records = await openRecords({ url, log });
  acme = await tenant('acme');
  other = await tenant('other');
  own = records.forTenant(acme).integrations;
});

async function tenant(slug: string): Promise<string> {
  const made = await records.unscoped.tenants.create({ slug, name: slug });
  if ('refused' in made) throw new Error(made.detail);
  return made.id;
}

function event(more: Partial<OutboxEvent> = {}): OutboxEvent {
  return {
    id: randomUUID(),
    visitorId: 'a'.repeat(32),
    happenedAt: Date.UTC(2026, 0, 31),
    event: { host: 'shop.example', path: '/', query: '', referrer: '', marketing: false },
    ...more,
  };
}

/** Every row of every table, as text. */
async function dumpOf(database: string): Promise<string> {
  const tables = await postgres.query(
    database,
    "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT LIKE 'pg\\_%'",
  );
  const rows = await Promise.all(
    tables.map(({ name }) => postgres.query(database, `SELECT t::text AS row FROM ${name} t`)),
  );
  return rows
    .flat()
    .map(({ row }) => row)
    .join('\n');
}

/** The files of the server: tables, write-ahead log, everything. */
async function filesOf(database: string): Promise<Buffer[]> {
  await postgres.query(database, 'CHECKPOINT');
  const entries = await readdir(postgres.dir, { recursive: true, withFileTypes: true });
  const files: Buffer[] = [];
  // One after the other: there are as many files as a process may have open.
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const bytes = await readFile(join(entry.parentPath, entry.name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (bytes !== null) files.push(bytes);
  }
  return files;
}

describe('integrations', () => {
  it('are none until one is set up, and then as they were set up', async () => {
    expect(await own.list()).toEqual([]);
    expect(await own.find('ga4')).toBeNull();
    const made = await own.put('ga4', { enabled: true, settings: GA4, secrets: { api_secret: SEALED } });
    expect(made).toMatchObject({ tenantId: acme, kind: 'ga4', enabled: true, settings: GA4, sent: 0, waiting: 0 });
    expect(made.secrets).toEqual([{ name: 'api_secret', changedAt: expect.any(Number) }]);
    expect(await own.sealed('ga4', 'api_secret')).toEqual(SEALED);
    await own.put('ga4', { enabled: false, settings: { ...GA4, tag: false }, secrets: {} });
    expect(await own.list()).toMatchObject([{ enabled: false, settings: { tag: false }, secrets: [{}] }]);
    await own.put('ga4', { enabled: false, settings: GA4, secrets: { api_secret: null } });
    expect(await own.sealed('ga4', 'api_secret')).toBeNull();
  });

  it('go with all that is theirs', async () => {
    await own.put('ga4', { enabled: true, settings: GA4, secrets: { api_secret: SEALED } });
    await own.outbox.add('ga4', [event()], 10);
    await own.outbox.saveVisits('ga4', [{ visitorId: 'a'.repeat(32), session: 1, lastAt: 1 }]);
    await own.saveFigures('ga4', { fetchedAt: 1, window: { from: 0, to: 1 }, figures: [] });
    expect(await own.remove('ga4')).toBe(true);
    expect(await own.remove('ga4')).toBe(false);
    for (const table of ['secrets', 'figures', 'outbox', 'visits']) {
      const [row] = await postgres.query(url, `SELECT count(*)::int AS n FROM vedette.integration_${table}`);
      expect(row, table).toEqual({ n: 0 });
    }
    // What comes late for one that is gone is let go.
    expect(await own.outbox.add('ga4', [event()], 10)).toBe(0);
  });

  it('say how it goes', async () => {
    await own.put('ga4', { enabled: true, settings: GA4, secrets: {} });
    expect(await own.failed('ga4', { at: 5000, text: 'x'.repeat(900), retryAt: 6000 })).toBe(1);
    expect(await own.failed('ga4', { at: 7000, text: 'away', retryAt: 9000 })).toBe(2);
    expect(await own.find('ga4')).toMatchObject({
      lastError: { at: 7000, text: 'away' },
      lastSuccess: null,
      failures: 2,
      retryAt: 9000,
    });
    // A failure of something else moves neither.
    expect(await own.failed('ga4', { at: 8000, text: 'figures' })).toBe(2);
    await own.succeeded('ga4', 10_000, 25);
    await own.succeeded('ga4', 9_500, 5);
    expect(await own.find('ga4')).toMatchObject({
      lastError: { text: 'figures' },
      lastSuccess: 10_000,
      failures: 0,
      retryAt: null,
      sent: 30,
    });
  });

  it('of two tenants know nothing of one another', async () => {
    const others = records.forTenant(other).integrations;
    await others.put('ga4', { enabled: true, settings: GA4, secrets: { api_secret: SEALED } });
    await others.outbox.add('ga4', [event()], 10);
    await others.saveFigures('ga4', { fetchedAt: 1, window: { from: 0, to: 1 }, figures: [] });
    expect(await own.list()).toEqual([]);
    expect(await own.sealed('ga4', 'api_secret')).toBeNull();
    expect(await own.figures('ga4')).toBeNull();
    expect(await own.outbox.next('ga4', 10)).toEqual([]);
    expect(await own.outbox.forget('a'.repeat(32))).toBe(0);
    await own.put('ga4', { enabled: true, settings: GA4, secrets: {} });
    expect(await own.remove('ga4')).toBe(true);
    expect(await others.list()).toMatchObject([{ waiting: 1, secrets: [{ name: 'api_secret' }] }]);
  });

  it('keep the figures that were fetched last', async () => {
    await own.put('clarity', { enabled: true, settings: CLARITY, secrets: {} });
    const figures = [{ key: 'Sessions', unit: 'sessions', value: 2.5 }];
    await own.saveFigures('clarity', { fetchedAt: 1000, window: { from: 0, to: 500 }, figures: [] });
    await own.saveFigures('clarity', { fetchedAt: 2000, window: { from: 100, to: 900 }, figures });
    expect(await own.figures('clarity')).toEqual({ fetchedAt: 2000, window: { from: 100, to: 900 }, figures });
  });
});

describe('calls a day', () => {
  it('are counted for all processes together, whatever they do at once', async () => {
    const second = await openRecords({ url, log });
    try {
      const both = [own, second.forTenant(acme).integrations];
      const taken = await Promise.all(
        Array.from({ length: 24 }, (_, i) => both[i % 2]?.takeCall('clarity', 'abcd1234', DAY, 10)),
      );
      expect(taken.filter((took) => took === true)).toHaveLength(10);
    } finally {
      await second.close();
    }
    expect(await own.callsMade('clarity', 'abcd1234', DAY)).toBe(10);
    // Another day, another project, another tenant.
    expect(await own.takeCall('clarity', 'abcd1234', DAY + 1, 10)).toBe(true);
    expect(await own.takeCall('clarity', 'efgh5678', DAY, 10)).toBe(true);
    expect(await records.forTenant(other).integrations.takeCall('clarity', 'abcd1234', DAY, 10)).toBe(true);
  });

  it('are used up when the provider says so, and setting up again gives none', async () => {
    await own.put('clarity', { enabled: true, settings: CLARITY, secrets: {} });
    await own.takeCall('clarity', 'abcd1234', DAY, 10);
    await own.exhaustCalls('clarity', 'abcd1234', DAY, 10);
    await own.remove('clarity');
    expect(await own.takeCall('clarity', 'abcd1234', DAY, 10)).toBe(false);
    await records.unscoped.integrations.prune(0, DAY + 1);
    expect(await own.callsMade('clarity', 'abcd1234', DAY)).toBe(0);
  });
});

describe('the outbox', () => {
  beforeEach(() => own.put('ga4', { enabled: true, settings: GA4, secrets: {} }));

  it('gives the oldest first, and each event once', async () => {
    const events = [3, 1, 2].map((n) => event({ happenedAt: n * 1000 }));
    expect(await own.outbox.add('ga4', events, 100)).toBe(3);
    expect(await own.outbox.add('ga4', events, 100)).toBe(0);
    const next = await own.outbox.next('ga4', 2);
    expect(next.map(({ happenedAt }) => happenedAt)).toEqual([1000, 2000]);
    expect(next[0]).toEqual(events[1]);
    await own.outbox.done('ga4', [next[0]?.id ?? '']);
    expect(await own.find('ga4')).toMatchObject({ waiting: 2 });
    expect(await own.outbox.dropBefore('ga4', 2500)).toBe(1);
    expect((await own.outbox.next('ga4', 9)).map(({ happenedAt }) => happenedAt)).toEqual([3000]);
  });

  it('is bounded', async () => {
    const events = Array.from({ length: 8 }, () => event());
    expect(await own.outbox.add('ga4', events.slice(0, 4), 6)).toBe(4);
    expect(await own.outbox.add('ga4', events.slice(4), 6)).toBe(2);
    expect(await own.outbox.add('ga4', [event()], 6)).toBe(0);
  });

  it('gives up what was refused too often', async () => {
    const [good, bad] = [event(), event()];
    await own.outbox.add('ga4', [good, bad], 10);
    expect(await own.outbox.refused('ga4', [bad.id], 2)).toBe(0);
    expect(await own.outbox.refused('ga4', [bad.id], 2)).toBe(1);
    expect((await own.outbox.next('ga4', 9)).map(({ id }) => id)).toEqual([good.id]);
  });

  it('is sent by one holder at a time, until it lets go or its time is over', async () => {
    const [a, b] = [randomUUID(), randomUUID()];
    expect(await own.outbox.hold('ga4', a, 60_000)).toBe(true);
    expect(await own.outbox.hold('ga4', b, 60_000)).toBe(false);
    expect(await own.outbox.hold('ga4', a, 60_000)).toBe(true);
    await own.outbox.release('ga4', b);
    expect(await own.outbox.hold('ga4', b, 60_000)).toBe(false);
    await own.outbox.release('ga4', a);
    expect(await own.outbox.hold('ga4', b, 1)).toBe(true);
    await expect.poll(() => own.outbox.hold('ga4', a, 60_000)).toBe(true);
  });

  it('forgets a visitor, and can prove it', async () => {
    const countOf = async (id: string) => {
      const counts = ['outbox', 'visits'].map((table) =>
        postgres.query(url, `SELECT count(*)::int AS n FROM vedette.integration_${table} WHERE visitor_id = $1`, [id]),
      );
      return (await Promise.all(counts)).reduce((sum, [row]) => sum + Number(row?.n), 0);
    };
    const [visitor, neighbour] = ['b'.repeat(32), 'c'.repeat(32)];
    await own.outbox.add('ga4', [event({ visitorId: visitor }), event({ visitorId: neighbour })], 10);
    await own.outbox.saveVisits('ga4', [
      { visitorId: visitor, session: 5, lastAt: 6000 },
      { visitorId: neighbour, session: 7, lastAt: 8000 },
    ]);
    expect(await countOf(visitor)).toBe(2);
    expect(await own.outbox.forget(visitor)).toBe(2);
    expect(await countOf(visitor)).toBe(0);
    expect(await countOf(neighbour)).toBe(2);
    expect(await own.outbox.visits('ga4', [visitor, neighbour])).toEqual([
      { visitorId: neighbour, session: 7, lastAt: 8000 },
    ]);
  });

  it('is swept by the clock', async () => {
    const now = Date.now();
    await own.outbox.add('ga4', [event({ happenedAt: now - 73 * HOUR_MS }), event({ happenedAt: now })], 10);
    await own.outbox.saveVisits('ga4', [{ visitorId: 'd', session: 1, lastAt: now - 73 * HOUR_MS }]);
    expect(await records.unscoped.integrations.waiting()).toEqual([{ tenantId: acme, kind: 'ga4' }]);
    expect(await records.unscoped.integrations.prune(now - 72 * HOUR_MS, 0)).toBe(2);
    expect(await own.find('ga4')).toMatchObject({ waiting: 1 });
  });
});

describe('what browsers are told', () => {
  it('comes from memory, and follows changes made by any process', async () => {
    const map = records.integrations;
    expect(map.tagsOf(acme)).toEqual({ ga4: null, clarity: null });
    const second = await openRecords({ url, log });
    try {
      const elsewhere = second.forTenant(acme).integrations;
      await elsewhere.put('ga4', { enabled: true, settings: GA4, secrets: {} });
      await elsewhere.put('clarity', { enabled: true, settings: CLARITY, secrets: {} });
      const tags = { ga4: { measurement_id: 'G-ABCDEF' }, clarity: { project_id: 'abcd1234' } };
      await expect.poll(() => map.tagsOf(acme)).toEqual(tags);
      expect(map.tagsOf(other)).toEqual({ ga4: null, clarity: null });
      // Without the secret nothing can be sent.
      expect(map.measures(acme)).toBe(false);
      await elsewhere.put('ga4', { enabled: true, settings: GA4, secrets: { api_secret: SEALED } });
      await expect.poll(() => map.measures(acme)).toBe(true);
      await elsewhere.put('ga4', { enabled: false, settings: GA4, secrets: {} });
      await expect.poll(() => map.tagsOf(acme).ga4).toBeNull();
      expect(map.measures(acme)).toBe(false);
      await second.unscoped.tenants.setSuspended(acme, true);
      await expect.poll(() => map.tagsOf(acme).clarity).toBeNull();
      expect(await records.unscoped.integrations.enabled()).toEqual([]);
    } finally {
      await second.close();
    }
  });
});

describe('secrets', () => {
  it('are sealed: a dump of the database has none of them', async () => {
    const sealer = createSealer(randomBytes(32));
    const secrets = { api_secret: 'S3cretOfMeasurement', service_account: '-----BEGIN PRIVATE KEY-----MIIEvQIBADAN' };
    const seal = (name: keyof typeof secrets) =>
      sealer.seal(Buffer.from(secrets[name]), secretPurpose(acme, 'ga4', name));
    const sealed = { api_secret: seal('api_secret'), service_account: seal('service_account') };
    await own.put('ga4', { enabled: true, settings: GA4, secrets: sealed });
    const dump = await dumpOf(url);
    expect(dump).toContain('G-ABCDEF');
    expect(dump).toContain(sealed.api_secret.toString('hex'));
    const files = await filesOf(url);
    expect(files.some((bytes) => bytes.includes('G-ABCDEF'))).toBe(true);
    expect(files.some((bytes) => bytes.includes(sealed.api_secret))).toBe(true);
    for (const secret of Object.values(secrets)) {
      for (const encoding of ['utf8', 'hex', 'base64'] as const) {
        const written = Buffer.from(secret).toString(encoding).replace(/=+$/, '');
        expect(dump).not.toContain(written);
        expect(files.some((bytes) => bytes.includes(written))).toBe(false);
      }
    }
    const opened = sealer.open(
      (await own.sealed('ga4', 'api_secret')) as Buffer,
      secretPurpose(acme, 'ga4', 'api_secret'),
    );
    expect(opened.toString()).toBe(secrets.api_secret);
  });

  it('open for their own tenant, kind and name only', () => {
    const sealer = createSealer(randomBytes(32));
    const sealed = sealer.seal(Buffer.from('hush'), secretPurpose(acme, 'ga4', 'api_secret'));
    for (const purpose of [
      secretPurpose(other, 'ga4', 'api_secret'),
      secretPurpose(acme, 'clarity', 'api_secret'),
      secretPurpose(acme, 'ga4', 'service_account'),
    ]) {
      expect(() => sealer.open(sealed, purpose)).toThrow('cannot be opened');
    }
  });
});
