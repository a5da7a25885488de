import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SourcesAnswer } from '@vedette/contract';
import { pino } from 'pino';
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../src/config.ts';
import { startHub } from '../src/main.ts';
import { openRecords } from '../src/stores/records.ts';
import { quietLog, startTestPostgres, type TestPostgres } from './support/postgres.ts';
import { fillData } from './support/template.ts';
import { startWorld, type World, type WorldTenant } from './support/world.ts';

const schema = Compile(SourcesAnswer);

describe('GET /api/v1/sources', () => {
  let world: World;
  let acme: WorldTenant;
  beforeAll(async () => {
    world = await startWorld();
    acme = await world.tenant('acme');
  });
  afterAll(() => world.stop());

  const sources = async (tenant = acme) => {
    const { json } = await world.call('/api/v1/sources', { key: tenant.keys.read });
    expect(schema.Check(json), JSON.stringify(json)).toBe(true);
    return json as SourcesAnswer;
  };
  const record = (more: object = {}) => ({ time: Date.now() - 4000, 'client.address': '192.0.2.1', ...more });
  const edge = { 'user-agent': 'vedette-edge/0.1.0 (express)', 'vedette-source': 'web-1' };

  test('is empty before anybody sends', async () => {
    const fresh = await world.tenant('fresh');
    expect(await sources(fresh)).toEqual({ sources: [], first_request: null, next: null });
  });

  test('tells of an edge what it is, how fast, how late, how wrong its clock is and what it gave up', async () => {
    const before = Date.now();
    const send = (dropped: number, body: unknown[]) =>
      world.call('/api/v1/requests', {
        key: acme.keys.ingest,
        headers: { ...edge, 'vedette-sent-at': String(Date.now() + 90_000), 'vedette-dropped': String(dropped) },
        body,
      });
    await send(3, [record(), record()]);
    await send(5, [record(), { time: 'x' }]);
    // It was started anew.
    await sources();
    await send(1, [record()]);
    const { sources: found, first_request } = await sources();
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      kind: 'edge',
      name: 'web-1',
      agent: 'vedette-edge/0.1.0 (express)',
      requests: 4,
      refused: 1,
      dropped: 6,
      state: 'live',
      last_error: { text: 'time: … is neither RFC 3339 nor ms since the epoch' },
    });
    const [source] = found;
    expect(source?.per_second).toBeGreaterThan(0);
    expect(source?.lag_seconds).toBeGreaterThanOrEqual(4);
    expect(source?.lag_seconds).toBeLessThan(60);
    expect(source?.clock_skew_seconds).toBeGreaterThan(80);
    expect(Date.parse(first_request ?? '')).toBeGreaterThanOrEqual(before);
  });

  test('a newer version is the same source, another framework another', async () => {
    const tenant = await world.tenant('versions');
    for (const agent of ['vedette-edge/0.1.0 (express)', 'vedette-edge/0.2.0 (express)', 'vedette-edge/0.2.0 (hono)']) {
      const headers = { ...edge, 'user-agent': agent };
      await world.call('/api/v1/requests', { key: tenant.keys.ingest, headers, body: [record()] });
    }
    const { sources: found } = await sources(tenant);
    expect(found.map(({ agent, requests }) => [agent, requests]).sort()).toEqual([
      ['vedette-edge/0.2.0 (express)', 2],
      ['vedette-edge/0.2.0 (hono)', 1],
    ]);
  });

  test('every way in is a source, also one that only ever fails', async () => {
    const tenant = await world.tenant('ways');
    const { token } = await world.running.hub.records
      .forTenant(tenant.id)
      .keys.create({ scope: 'ingest', name: 'cron' });
    const headers = { 'user-agent': 'curl/8.5.0' };
    await world.call('/api/v1/requests', { key: token, headers, body: [record()] });
    const attributes = [{ key: 'service.name', value: { stringValue: 'shop' } }];
    const log = { timeUnixNano: `${Date.now()}000000`, body: { stringValue: 'hello' } };
    const logs = { resourceLogs: [{ resource: { attributes }, scopeLogs: [{ logRecords: [log] }] }] };
    await world.call('/v1/logs', { key: token, headers, body: logs });
    const line = `${JSON.stringify({ index: {} })}\n${JSON.stringify({ host: { name: 'web-7' }, message: 'x' })}\n`;
    await world.call('/elasticsearch/_bulk', { key: token, headers, body: line });
    await world.call('/v1/traces', { key: token, headers: { ...headers, 'content-type': 'text/plain' }, body: 'x' });
    const old = '192.0.2.1 - - [31/Jan/2026:12:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "curl/8"\n';
    await world.call('/api/v1/imports?name=a.log', { method: 'POST', key: token, headers, body: old });
    const { sources: found } = await sources(tenant);
    expect(found.map(({ kind, name, requests, refused }) => [kind, name, requests, refused]).sort()).toEqual([
      ['api', 'cron', 1, 0],
      ['bulk', 'web-7', 0, 1],
      ['file', 'a.log', 1, 0],
      ['otlp', 'cron', 0, 0],
      ['otlp', 'shop', 0, 1],
    ]);
    expect(found.find(({ name, kind }) => kind === 'otlp' && name === 'cron')?.last_error?.text).toContain(
      'Content-Type',
    );
  });

  test('no error tells an address or anything that was sent', async () => {
    const tenant = await world.tenant('errors');
    const secret = '203.0.113.77';
    const bodies: [string, string, string][] = [
      ['/api/v1/requests', 'application/json', JSON.stringify([record({ 'client.address': `${secret}, x` })])],
      ['/api/v1/requests', 'application/x-ndjson', `{"a": ${secret}`],
      ['/api/v1/requests', 'application/json', `[{"a": "${secret}`],
      ['/v1/logs', 'application/json', `{"${secret}`],
      ['/elasticsearch/_bulk', 'application/x-ndjson', `{"index":{}}\n{"message":"${secret} - - [x"}\n`],
      ['/elasticsearch/_bulk', 'application/x-ndjson', `${secret}\n`],
    ];
    for (const [path, type, body] of bodies) {
      const headers = { 'content-type': type, 'vedette-source': `s${path}` };
      await world.call(path, { method: 'POST', key: tenant.keys.ingest, headers, body });
      const { sources: found } = await sources(tenant);
      expect(found.every(({ last_error }) => last_error !== null)).toBe(true);
      expect(JSON.stringify(found)).not.toContain(secret);
    }
  });

  test('a body of more records than one may hold is refused as a whole, and that is told', async () => {
    const tenant = await world.tenant('many');
    const answer = await world.call('/api/v1/requests', { key: tenant.keys.ingest, body: Array(50_001).fill(0) });
    expect(answer.json).toMatchObject({ status: 413, type: 'urn:vedette:problem:too-many' });
    expect((await sources(tenant)).sources[0]?.last_error?.text).toContain('50001 records');
  });

  test('one tenant’s are nobody else’s, and a key of the installation names the tenant it served', async () => {
    const other = await world.tenant('other');
    const { records } = world.running.hub;
    await records.forTenant(other.id).domains.add('other.example');
    await records.hosts.refresh();
    const { token } = await records.forTenant(records.installation.id).keys.create({ scope: 'ingest', name: 'proxy' });
    await world.call('/api/v1/requests', {
      key: token,
      body: [record({ 'server.address': 'other.example' }), record()],
    });
    expect((await sources(other)).sources).toMatchObject([{ kind: 'api', name: 'proxy', requests: 1 }]);
    expect(JSON.stringify(await sources())).not.toContain('proxy');
    const { json } = await world.control('/api/v1/sources');
    expect(json.sources).toContainEqual(expect.objectContaining({ kind: 'api', name: 'proxy', requests: 1 }));
  });
});

test('what is known of sources outlives a restart', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'vedette-sources-'));
  await fillData(dir);
  const start = () => startHub(readConfig({ data: dir, port: '0' }, {}), '0.0.0-test', pino({ level: 'silent' }));
  try {
    let running = await start();
    const { records } = running.hub;
    const { token } = await records.forTenant(records.installation.id).keys.create({ scope: 'admin', name: 'k' });
    const send = () =>
      fetch(`${running.url}/api/v1/requests`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify([{ time: Date.now() }]),
      });
    await send();
    await running.close();
    running = await start();
    await send();
    const answer = await fetch(`${running.url}/api/v1/sources`, { headers: { authorization: `Bearer ${token}` } });
    expect(((await answer.json()) as SourcesAnswer).sources).toMatchObject([{ name: 'k', requests: 2 }]);
    await running.close();
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});

describe('the ledger in PostgreSQL', () => {
  let postgres: TestPostgres;
  beforeAll(async () => {
    postgres = await startTestPostgres();
  });
  afterAll(() => postgres?.stop());

  const tally = (name: string, more: object = {}) => ({
    kind: 'edge' as const,
    name,
    software: '',
    agent: '',
    firstSeen: 1_000_000,
    lastSeen: 1_000_000,
    firstRequest: 1_000_000,
    requests: 1,
    refused: 0,
    counters: {},
    lagMs: 5,
    skewMs: null,
    error: null,
    ...more,
  });

  test('several hubs add up, whatever order they write in', async () => {
    const url = await postgres.freshDatabase();
    const hubs = await Promise.all([1, 2, 3].map(() => openRecords({ url, log: quietLog() })));
    const tenant = hubs[0]?.installation.id ?? '';
    const names = Array.from({ length: 20 }, (_, n) => `edge-${n}`);
    const rounds = Array.from({ length: 10 }, (_, round) =>
      hubs.map((hub, n) =>
        hub.forTenant(tenant).sources.add(
          [...names]
            .sort(() => (round % 2 === 0 ? 1 : -1))
            .map((name) =>
              tally(name, {
                lastSeen: 1_000_000 + round * 3 + n,
                counters: { [`process-${n}`]: { count: round, at: 1_000_000 + round } },
              }),
            ),
        ),
      ),
    );
    for (const round of rounds) await Promise.all(round);
    const known = await hubs[1]?.forTenant(tenant).sources.list();
    expect(known?.map(({ requests }) => requests)).toEqual(names.map(() => 30));
    expect(known?.every(({ minuteRequests, lastSeen }) => minuteRequests === 30 && lastSeen === 1_000_029)).toBe(true);
    expect(known?.map(({ dropped }) => dropped)).toEqual(names.map(() => 27));
    await Promise.all(hubs.map((hub) => hub.close()));
  });

  test('each process’s counter counts by what it grew; a late word of it counts nothing', async () => {
    const url = await postgres.freshDatabase();
    const hub = await openRecords({ url, log: quietLog() });
    const { sources } = hub.forTenant(hub.installation.id);
    const told = async (count: number, at: number, process = 'a') => {
      await sources.add([tally('e', { counters: { [process]: { count, at } } })]);
      return (await sources.list())[0]?.dropped;
    };
    expect(await told(5, 10)).toBe(5);
    expect(await told(9, 30)).toBe(9);
    expect(await told(7, 20)).toBe(9);
    expect(await told(1, 30, 'b')).toBe(10);
    expect(await told(9, 35)).toBe(10);
    expect(await told(2, 40)).toBe(12);
    expect(await told(2, 50)).toBe(12);
    for (let n = 0; n < 150; n += 1) await told(0, 100 + n, `p${n}`);
    expect(await told(0, 500)).toBe(12);
    await hub.close();
  });

  test('is bounded; those heard of longest ago go, but the first of all', async () => {
    const url = await postgres.freshDatabase();
    const hub = await openRecords({ url, log: quietLog() });
    const { sources } = hub.forTenant(hub.installation.id);
    const at = (n: number) => ({ firstSeen: n, lastSeen: n, firstRequest: n });
    for (let from = 0; from < 700; from += 100) {
      await sources.add(Array.from({ length: 100 }, (_, n) => tally(`e${from + n}`, at(1_000_000 + from + n))));
    }
    const known = await sources.list();
    expect(known).toHaveLength(500);
    expect(known[0]?.name).toBe('e699');
    expect(known.at(-1)?.name).toBe('e0');
    await hub.close();
  });
});
