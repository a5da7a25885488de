import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createGuardedClient, type GuardedClient } from '../src/flow/guarded-client.ts';
import { createProviderCalls } from '../src/flow/provider-calls.ts';
import { type Ga4Settings, secretPurpose } from '../src/model/integration.ts';
import { createMeasurementBuffer, type MeasurementBuffer } from '../src/pipelines/measurement-buffer.ts';
import { createMeasurementSender, pauseOf } from '../src/pipelines/measurement-sender.ts';
import { createSealer, type Sealer } from '../src/privacy/sealing.ts';
import { createGa4Measurement } from '../src/respond/ga4-measurement.ts';
import type { TenantIntegrations } from '../src/stores/integrations.ts';
import { openRecords, type Records } from '../src/stores/records.ts';
import { openTasks, type Tasks } from '../src/stores/tasks.ts';
import { type Ga4Emulator, startGa4 } from './emulators/ga4.ts';
import { closeServer, listenLocally } from './emulators/modes.ts';
import { pageView } from './support/integration-parts.ts';
import { quietLog, startTestPostgres, type TestPostgres } from './support/postgres.ts';

// Real database, queue and HTTP; the clock is the test's, so that nobody waits for 72 hours.
const SETTINGS: Ga4Settings = { measurement_id: 'G-ABCDEF', tag: false, measurement: true, property_id: null };
const HOUR_MS = 3_600_000;
const log = quietLog();

let postgres: TestPostgres;
let url: string;
let ga4: Ga4Emulator;
let records: Records;
let tasks: Tasks;
let client: GuardedClient;
let sealer: Sealer;
let buffer: MeasurementBuffer;
let acme: string;
let own: TenantIntegrations;
let clock: number;

beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres?.stop());
beforeEach(async () => {
  clock = Date.now();
  url = await postgres.freshDatabase();
  ga4 = await startGa4();
  ga4.streams.set('G-ABCDEF', 'hush');
  records = await openRecords({ url, log });
  tasks = await openTasks({ url, log });
  client = createGuardedClient({ userAgent: 'Vedette/test', allowPrivate: ['127.0.0.1'], timeoutMs: 5000 });
  sealer = createSealer(randomBytes(32));
  acme = await tenant('acme');
  own = records.forTenant(acme).integrations;
  await turnOn();
  buffer = createMeasurementBuffer({ records, tasks, log, now: () => clock, mostBuffered: 1000 });
});
afterEach(async () => {
  await buffer.close();
  await tasks.close(100);
  await records.close();
  await client.close();
  await ga4.close();
  expect(inspect(log.said, { depth: 12 })).not.toContain('hush');
});

async function tenant(slug: string): Promise<string> {
  const made = await records.unscoped.tenants.create({ slug, name: slug });
  if ('refused' in made) throw new Error(made.detail);
  return made.id;
}

async function turnOn(more: Partial<Ga4Settings> = {}): Promise<void> {
  const api_secret = sealer.seal(Buffer.from('hush'), secretPurpose(acme, 'ga4', 'api_secret'));
  await own.put('ga4', { enabled: true, settings: { ...SETTINGS, ...more }, secrets: { api_secret } });
  await records.integrations.refresh();
}

/** A process that sends; each has circuits of its own. */
function sender(baseUrl = ga4.baseUrl): () => Promise<void> {
  const calls = createProviderCalls({
    client: { get: client.get, post: (to, post) => client.post(to, { ...post, timeoutMs: 5000 }) },
  });
  const measurement = createGa4Measurement(calls, baseUrl);
  const send = createMeasurementSender({ records, sealer, measurement, tasks, now: () => clock });
  return () => send({ data: { tenantId: acme }, signal: new AbortController().signal });
}

async function waiting(): Promise<number> {
  return (await own.find('ga4'))?.waiting ?? -1;
}

/** Tasks that wait for their time. */
async function pending(): Promise<number> {
  const [row] = await postgres.query(
    url,
    "SELECT count(*)::int AS n FROM pgboss.job WHERE name = 'low' AND state = 'created'",
  );
  return Number(row?.n);
}

describe('page views that are offered', () => {
  it.each([
    ['of somebody who refused', { consent: 'refused' }],
    ['of somebody who has not chosen', { consent: 'unknown' }],
    ['without a visitor', { visitorId: '' }],
    ['of a bot', { isBot: true }],
    ['of four days ago', { time: Date.now() - 96 * HOUR_MS }],
  ] as const)('%s do not leave', async (_, more) => {
    buffer.offer([pageView(acme, more)]);
    await buffer.flush();
    expect(await waiting()).toBe(0);
  });

  it('of a tenant that did not ask for it do not leave', async () => {
    const other = await tenant('other');
    buffer.offer([pageView(other), pageView(acme)]);
    await buffer.flush();
    expect(await waiting()).toBe(1);
    expect(await records.forTenant(other).integrations.list()).toEqual([]);
  });

  it('are noted once, redacted, and sent for with one task', async () => {
    const view = pageView(acme, {
      time: clock - 20,
      path: '/reset/ann@shop.example',
      query: 'utm_source=news&token=abcdef&email=ann%40shop.example',
      referrer: 'https://user:pass@a.example/b?password=hush#part',
    });
    buffer.offer([view]);
    await buffer.flush();
    buffer.offer([view, pageView(acme, { time: clock - 10 })]);
    await buffer.flush();
    const [first] = await own.outbox.next('ga4', 10);
    expect(await waiting()).toBe(2);
    expect(await pending()).toBe(1);
    expect(first?.event.query).toContain('utm_source=news');
    expect(JSON.stringify(first)).not.toMatch(/ann|abcdef|hush|pass@/);
  });

  it('beyond the bound are let go, and counted', async () => {
    buffer.offer(Array.from({ length: 1200 }, () => pageView(acme)));
    await buffer.flush();
    expect(await waiting()).toBe(1000);
    expect(buffer.lost).toBe(200);
  });

  it('wait in memory while the database is away', async () => {
    await postgres.query(url, 'ALTER TABLE vedette.integration_outbox RENAME TO away');
    buffer.offer([pageView(acme)]);
    await buffer.flush();
    await postgres.query(url, 'ALTER TABLE vedette.away RENAME TO integration_outbox');
    await expect.poll(waiting).toBe(1);
    expect(buffer.lost).toBe(0);
  });

  it('are let go at once for tenants without the integration, and are no loss', async () => {
    buffer.offer(Array.from({ length: 100_000 }, () => pageView('00000000-0000-7000-8000-000000000000')));
    await buffer.flush();
    expect([await waiting(), buffer.lost]).toEqual([0, 0]);
  });
});

describe('sending to Google Analytics', () => {
  it('hands over everything that waits, valid and once', async () => {
    const visitors = ['a', 'b', 'c'].map((digit) => digit.repeat(32));
    const views = Array.from({ length: 90 }, (_, i) =>
      pageView(acme, { visitorId: visitors[i % 3] ?? '', path: `/page/${i}`, time: clock - 5000 + i }),
    );
    buffer.offer(views);
    await buffer.flush();
    await sender()();
    const counted = ga4.counted();
    expect(counted.map(({ params }) => params.page_location).sort()).toEqual(
      views.map(({ path }) => `https://shop.example${path}`).sort(),
    );
    expect(new Set(counted.map(({ clientId }) => clientId)).size).toBe(3);
    expect(ga4.collected.every(({ payload }) => payload.events.length <= 25)).toBe(true);
    expect(await own.find('ga4')).toMatchObject({ sent: 90, waiting: 0, failures: 0, lastError: null });
    expect((await own.find('ga4'))?.lastSuccess).toBe(clock);
  });

  it('goes on with the session it told of before', async () => {
    for (const time of [clock - 50 * 60_000, clock - 40 * 60_000, clock]) {
      buffer.offer([pageView(acme, { time })]);
      await buffer.flush();
      await sender()();
    }
    const sessions = ga4.counted().map(({ params }) => params.session_id);
    expect(sessions[0]).toBe(sessions[1]);
    expect(sessions[2]).not.toBe(sessions[0]);
  });

  it('is done by one process at a time', async () => {
    buffer.offer(
      Array.from({ length: 200 }, (_, i) => pageView(acme, { visitorId: i.toString(16).padStart(32, '0') })),
    );
    await buffer.flush();
    await Promise.all([sender()(), sender()(), sender()()]);
    expect(ga4.counted()).toHaveLength(200);
    expect(await waiting()).toBe(0);
  });

  it.each(['error', 'hang', 'closing', 'redirect'] as const)(
    'notes the failure when Google is in mode %s, comes back later, and loses nothing',
    async (mode) => {
      const send = sender();
      buffer.offer([pageView(acme), pageView(acme)]);
      await buffer.flush();
      const before = await pending();
      ga4.modes.collect = mode;
      await send();
      const record = await own.find('ga4');
      expect(record).toMatchObject({ waiting: 2, failures: 1, sent: 0 });
      expect(record?.lastError?.text).not.toContain('hush');
      expect(record?.retryAt).toBeGreaterThan(clock);
      expect(await pending()).toBe(before + 1);
      // Until then it is not tried again.
      ga4.modes.collect = 'normal';
      await send();
      expect(await waiting()).toBe(2);
      clock = (record?.retryAt ?? 0) + 1;
      await send();
      expect(await own.find('ga4')).toMatchObject({ waiting: 0, failures: 0, retryAt: null, sent: 2 });
      expect(ga4.counted()).toHaveLength(2);
    },
  );

  it('waits twice as long after each failure, half an hour at most', async () => {
    const pauses = Array.from({ length: 20 }, (_, i) => pauseOf(i + 1));
    expect(pauses[0]).toBeGreaterThanOrEqual(24_000);
    expect(pauses[0]).toBeLessThanOrEqual(30_000);
    expect(pauses[3]).toBeGreaterThanOrEqual(8 * 24_000);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(30 * 60_000);
    expect(pauses.at(-1)).toBeGreaterThanOrEqual(24 * 60_000);
  });

  it('drops what is older than 72 hours, and says so', async () => {
    ga4.modes.collect = 'error';
    buffer.offer([pageView(acme), pageView(acme)]);
    await buffer.flush();
    await sender()();
    clock += 73 * HOUR_MS;
    ga4.now = () => clock;
    ga4.modes.collect = 'normal';
    buffer.offer([pageView(acme, { time: clock })]);
    await buffer.flush();
    await sender()();
    const record = await own.find('ga4');
    expect(record).toMatchObject({ waiting: 0, sent: 1 });
    expect(record?.lastError?.text).toMatch(/^2 page views were dropped: .*72 hours/);
    expect(ga4.counted()).toHaveLength(1);
  });

  it('gives up what Google’s address refuses again and again', async () => {
    const server = createServer((_, response) => response.writeHead(404).end());
    const nowhere = await listenLocally(server);
    try {
      buffer.offer([pageView(acme)]);
      await buffer.flush();
      for (let attempt = 0; attempt < 5; attempt++) {
        expect(await waiting()).toBe(1);
        await sender(nowhere)();
        clock += HOUR_MS;
      }
      expect(await own.find('ga4')).toMatchObject({
        waiting: 0,
        sent: 0,
        lastError: { text: expect.stringContaining('404') },
      });
    } finally {
      await closeServer(server);
    }
  });

  it('drops what waits when it is turned off meanwhile', async () => {
    buffer.offer([pageView(acme)]);
    await buffer.flush();
    await turnOn({ measurement: false });
    await sender()();
    expect(await waiting()).toBe(0);
    expect(ga4.collected).toEqual([]);
  });

  it('sends nothing of a tenant that is suspended', async () => {
    buffer.offer([pageView(acme)]);
    await buffer.flush();
    await records.unscoped.tenants.setSuspended(acme, true);
    await records.integrations.refresh();
    await sender()();
    expect(ga4.collected).toEqual([]);
    expect(await waiting()).toBe(1);
  });

  it('says so when the master key is another', async () => {
    buffer.offer([pageView(acme)]);
    await buffer.flush();
    sealer = createSealer(randomBytes(32));
    await sender()();
    expect(await own.find('ga4')).toMatchObject({
      failures: 1,
      lastError: { text: expect.stringContaining('master key') },
    });
    expect(await waiting()).toBe(1);
  });
});
