import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openSpool } from '../src/flow/spool.ts';
import { NO_AGENT, NO_NETWORK, NO_PLACE } from '../src/model/enrichment.ts';
import type { RawBeacon, RawInteraction } from '../src/model/interaction.ts';
import { uuidv7 } from '../src/model/uuid.ts';
import { type InteractionPipeline, openInteractionPipeline } from '../src/pipelines/interactions.ts';
import { createNameBudget } from '../src/pipelines/name-budget.ts';
import { createPrepareInteractions } from '../src/pipelines/prepare-interaction.ts';
import { createReceiptBook } from '../src/pipelines/receipts.ts';
import { openTrafficPipeline, type TrafficPipeline } from '../src/pipelines/traffic.ts';
import { DEFAULT_INTERACTION_POLICY } from '../src/privacy/interaction-policy.ts';
import { DEFAULT_TRAFFIC_POLICY } from '../src/privacy/policy.ts';
import { type ClickHouse, openClickHouse } from '../src/stores/drivers/clickhouse/client.ts';
import { type InteractionStore, openInteractions } from '../src/stores/interactions.ts';
import { encodeInteractions } from '../src/stores/interactions-encoding.ts';
import { openRecords, type Records } from '../src/stores/records.ts';
import { isAboutTheRows, openRequests, type RequestStore } from '../src/stores/requests.ts';
import { encodeRows } from '../src/stores/requests-encoding.ts';
import { openDirectStream } from '../src/stores/stream.ts';
import { DAY_MS, NOON, storedRequest } from './support/clickhouse.ts';
import { type ClickHouseFront, startClickHouseFront } from './support/clickhouse-front.ts';
import { quietLog, startTestPostgres, type TestPostgres } from './support/postgres.ts';
import { runVedette, startServe } from './support/serve.ts';
import { fillData, fillEngine } from './support/template.ts';

let dir: string;
let front: ClickHouseFront;
let clickhouse: ClickHouse;
let requests: RequestStore;
let interactions: InteractionStore;
let postgres: TestPostgres;
let records: Records;
const open: Opened[] = [];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vedette-interactions-'));
  await fillEngine(join(dir, 'clickhouse'), 'clickhouse');
  front = await startClickHouseFront(join(dir, 'clickhouse'));
  clickhouse = await openClickHouse({ url: front.url });
  requests = await openRequests({ clickhouse, now: () => NOON + DAY_MS });
  interactions = openInteractions({ clickhouse, now: () => NOON + DAY_MS });
  postgres = await startTestPostgres();
  records = await openRecords({ url: await postgres.freshDatabase(), log: quietLog() });
});
afterEach(async () => {
  front.trouble('refuse', 0);
  for (const opened of open.splice(0)) await opened.close();
});
afterAll(async () => {
  await records?.close();
  await postgres?.stop();
  await clickhouse?.close();
  await front?.close();
  await rm(dir, { recursive: true, force: true });
});

interface Opened {
  pipeline: InteractionPipeline;
  traffic: TrafficPipeline;
  spoolDir: string;
  close(): Promise<void>;
}

/** One process: both pipelines over one stream. */
async function openProcess(spoolDir?: string): Promise<Opened> {
  const place = spoolDir ?? (await mkdtemp(join(dir, 'spool-')));
  const stream = openDirectStream({ spool: await openSpool(place, 64 * 1024 * 1024), onError: () => undefined });
  const traffic = await openTrafficPipeline({
    prepare: (raw, { tenantId, received }) => storedRequest({ id: uuidv7(raw.time), tenantId, request: raw, received }),
    encode: encodeRows,
    store: requests,
    interactions,
    stream,
    receipts: createReceiptBook(records),
    policyOf: () => DEFAULT_TRAFFIC_POLICY,
    now: () => NOON,
    patienceMs: 10_000,
    isPermanent: isAboutTheRows,
  });
  const stages = {
    enricher: { enrich: () => ({ place: NO_PLACE, network: NO_NETWORK, agent: NO_AGENT }) },
    keyring: { keysFor: () => ({ client: '1', net: '0', site: '0', day: 1 }) },
    names: createNameBudget(100),
  };
  const pipeline = openInteractionPipeline({
    prepare: createPrepareInteractions(stages as never),
    encode: encodeInteractions,
    stream,
    policyOf: () => DEFAULT_INTERACTION_POLICY,
    now: () => NOON,
  });
  let closed = false;
  const opened: Opened = {
    pipeline,
    traffic,
    spoolDir: place,
    async close() {
      if (closed) return;
      closed = true;
      await pipeline.close();
      await traffic.close();
    },
  };
  open.push(opened);
  return opened;
}

let tenants = 0;
async function ownTenant(): Promise<string> {
  const slug = `interactions-${(tenants += 1)}`;
  const made = await records.unscoped.tenants.create({ slug, name: slug });
  if ('refused' in made) throw new Error(made.detail);
  return made.id;
}

const newId = () => randomBytes(16).toString('hex');
const event = (id = newId()): RawInteraction => {
  const none = { path: '/', query: '', referrer: '', value: null };
  return { id, kind: 'click', age: 0, name: 'buy', ...none };
};
const beacon = (tenantId: string, events: readonly RawInteraction[], choice: RawBeacon['choice'] = 'granted') => ({
  tenantId,
  domain: 'www.example.com',
  clientAddress: '192.0.2.1',
  userAgent: null,
  choice,
  gpc: false,
  dnt: false,
  visitorId: 'ab'.repeat(16),
  events,
});

/** Rows, different ids among them, and the sums of both roll-ups. */
async function counts(tenantId: string): Promise<number[]> {
  const [row] = await clickhouse.query<Record<string, number>>(
    `SELECT (SELECT count() FROM interactions WHERE tenant_id = {t:UUID}) AS a,
      (SELECT uniqExact(id) FROM interactions WHERE tenant_id = {t:UUID}) AS b,
      (SELECT sum(interactions) FROM interaction_counts_hour WHERE tenant_id = {t:UUID}) AS c,
      (SELECT sum(interactions) FROM interaction_counts_day WHERE tenant_id = {t:UUID}) AS d`,
    { t: tenantId },
  );
  return Object.values(row ?? {});
}
const each = (count: number) => [count, count, count, count];
const settled = ({ traffic }: Opened) =>
  expect.poll(() => traffic.figures().spool.records, { timeout: 20_000, interval: 20 }).toBe(0);

test('an event that is sent again counts once: at once, later, among others, twice in one beacon', async () => {
  const tenant = await ownTenant();
  const { pipeline } = await openProcess();
  const [a, b, c] = [event(), event(), event()];
  const send = (...events: RawInteraction[]) => pipeline.deliver(beacon(tenant, events));
  const answers = await Promise.all([send(a, b), send(a), send(b, a, a)]);
  expect(answers.map(({ accepted }) => accepted)).toEqual([2, 1, 3]);
  expect(await send(a, c, c)).toEqual({ accepted: 3 });
  expect(await counts(tenant)).toEqual(each(3));
  expect(pipeline.figures()).toMatchObject({ accepted: 3, repeated: 6 });
  const other = await ownTenant();
  await pipeline.deliver(beacon(other, [a]));
  expect(await counts(other)).toEqual(each(1));
});

test('also through another process, after a restart, and while the store is away', async () => {
  const tenant = await ownTenant();
  const first = await openProcess();
  const second = await openProcess();
  const [a, b, c, d] = [event(), event(), event(), event()];
  await first.pipeline.deliver(beacon(tenant, [a]));
  await second.pipeline.deliver(beacon(tenant, [a, b]));
  expect(await counts(tenant)).toEqual(each(2));
  front.trouble('refuse', 10_000);
  expect(await first.pipeline.deliver(beacon(tenant, [b, c]))).toEqual({ accepted: 2 });
  expect(await second.pipeline.deliver(beacon(tenant, [c, d]))).toEqual({ accepted: 2 });
  expect(first.traffic.figures().spool.records).toBeGreaterThan(0);
  expect(await counts(tenant)).toEqual(each(2));
  await first.close();
  front.trouble('refuse', 0);
  const next = await openProcess(first.spoolDir);
  await next.pipeline.deliver(beacon(tenant, [a, b, c, d]));
  await settled(next);
  await settled(second);
  expect(await counts(tenant)).toEqual(each(4));
});

test('requests and interactions share a spool, and each comes back to its own tables', async () => {
  const tenant = await ownTenant();
  const first = await openProcess();
  front.trouble('refuse', 10_000);
  const raw = { ...storedRequest().request, time: NOON };
  await first.traffic.deliver({ tenantId: tenant, origin: 'edge', records: [raw, raw] });
  await first.pipeline.deliver(beacon(tenant, [event(), event(), event()]));
  await first.close();
  front.trouble('refuse', 0);
  await settled(await openProcess(first.spoolDir));
  expect([await requests.forTenant(tenant).count(), await counts(tenant)]).toEqual([2, each(3)]);
});

test('whatever goes wrong on the way to the store, no event is lost and none is doubled', async () => {
  const tenant = await ownTenant();
  const processes = [await openProcess(), await openProcess()];
  const events = Array.from({ length: 120 }, () => event());
  // A sequence that looks random and is the same each time.
  let state = 42;
  const roll = (sides: number) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % sides;
  };
  let sending: Promise<unknown>[] = [];
  for (let at = 0; at < events.length; at += 3) {
    if (roll(3) === 0) front.trouble(roll(2) === 0 ? 'refuse' : 'lose', 1 + roll(2));
    const some = events.slice(at, at + 3);
    const again = events.slice(Math.max(0, at - roll(12)), at);
    sending.push(processes[roll(2)]?.pipeline.deliver(beacon(tenant, some)) ?? Promise.reject(new Error('none')));
    if (again.length > 0)
      sending.push(processes[roll(2)]?.pipeline.deliver(beacon(tenant, again)) ?? Promise.resolve());
    if (roll(4) === 0) {
      await Promise.all(sending);
      sending = [];
    }
    if (roll(12) === 0) {
      const index = roll(2);
      const old = processes[index] as Opened;
      await Promise.all(sending);
      await old.close();
      processes[index] = await openProcess(old.spoolDir);
    }
  }
  await Promise.all(sending);
  front.trouble('refuse', 0);
  for (const process of processes) await settled(process);
  expect(await counts(tenant)).toEqual(each(120));
});

test('what cannot be taken at the moment is refused, and taken when it comes again', async () => {
  const { pipeline } = await openProcess();
  const tenant = await ownTenant();
  await pipeline.close();
  await expect(pipeline.deliver(beacon(tenant, [event()]))).rejects.toMatchObject({ code: 'overloaded' });
});

test('kill -9 under load: every acknowledged event is stored once, however often it was sent', async () => {
  const data = join(dir, 'killed');
  await fillData(data);
  let hub = await startServe(data);
  const run = (...words: string[]) => runVedette([...words, '--data', data]);
  expect((await run('domain', 'add', 'killed.example', '--tenant', 'installation')).stderr).toBe('');
  const key = (await run('key', 'create', '--tenant', 'installation', '--scope', 'admin')).stdout.trim();
  const sent: RawInteraction[][] = [];
  const acknowledged = new Set<string>();
  const post = async (events: readonly RawInteraction[]) => {
    const wire = events.map(({ id, kind, age, path, name }) => ({ id, kind, age, path, name }));
    const choices = { analytical: true, marketing: false };
    const body = JSON.stringify({ domain: 'killed.example', choices, visitor_id: 'cd'.repeat(16), events: wire });
    const answer = await fetch(`${hub.url}/api/v1/interactions`, { method: 'POST', body }).catch(() => null);
    if (answer?.status !== 202) return false;
    for (const { id } of events) acknowledged.add(id);
    return true;
  };
  for (const enough of [40, 160]) {
    const goal = acknowledged.size + enough;
    const sender = async () => {
      for (;;) {
        const events = [event(), event()];
        sent.push(events);
        if (!(await post(events))) return;
        if (acknowledged.size >= goal) hub.child.kill('SIGKILL');
      }
    };
    await Promise.all([sender(), sender(), sender(), sender()]);
    expect((await hub.ended).signal).toBe('SIGKILL');
    hub = await startServe(data);
  }
  // The pages send all of it again, what was acknowledged too.
  for (const events of sent) expect(await post(events)).toBe(true);
  const headers = { authorization: `Bearer ${key}` };
  const ask = async (by: string) => {
    const answer = await fetch(`${hub.url}/api/v1/interactions?from=-2h&to=%2B1h&by=${by}`, { headers });
    return ((await answer.json()) as { total: unknown }).total;
  };
  const all = sent.length * 2;
  expect(await ask('kind')).toEqual({ count: all, consented: all });
  hub.child.kill('SIGTERM');
  expect((await hub.ended).code).toBe(0);
}, 600_000);
