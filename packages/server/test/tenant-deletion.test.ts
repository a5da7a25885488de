import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../src/config.ts';
import { type RunningHub, startHub } from '../src/main.ts';
import { emptyRequest } from '../src/model/request.ts';
import { type ClickHouse, openClickHouse } from '../src/stores/drivers/clickhouse/client.ts';
import { keepRows, uuidColumn } from '../src/stores/native-rows.ts';
import type { TenantDeletion } from '../src/stores/records.ts';
import { encodeRows } from '../src/stores/requests-encoding.ts';
import { storedRequest } from './support/clickhouse.ts';
import { readDisk } from './support/on-disk.ts';
import { fillData } from './support/template.ts';

/** Stands in everything of the tenant that is deleted, and in nothing of the one that stays. */
const MARK = 'doomed-mark-7f3a';
const STAYS = 'stays-mark-91bc';
const VERSION = '00'.repeat(8);

/**
 * A row of each table of PostgreSQL that has a tenant_id, `$1` the tenant and `$2` the mark. A table without an entry
 * fails the test: whoever adds one says here how it is filled.
 */
const FILL: Record<string, string> = {
  api_keys: `INSERT INTO api_keys (id, tenant_id, name, prefix, secret_hash, scope)
    VALUES (gen_random_uuid(), $1, $2, 'vdt_', decode(md5(random()::text) || md5($2), 'hex'), 'read')`,
  audit_log: `INSERT INTO audit_log (tenant_id, number, id, time, actor_kind, actor_name, action, outcome, previous, hash)
    VALUES ($1, 1000000, gen_random_uuid(), now(), 'hub', $2, 'test.fill', 'done', decode(repeat('00', 32), 'hex'), decode(repeat('00', 32), 'hex'))`,
  consent_choices: `INSERT INTO consent_choices (id, tenant_id, made_at, domain, proof_id, analytical, marketing, asked, change,
      text_version, language, surface, gpc)
    VALUES (gen_random_uuid(), $1, now(), $2, repeat('ab', 16), false, false, '{analytical}', 'first', '${VERSION}', 'en', 'banner', false)`,
  consent_texts: `INSERT INTO consent_texts (tenant_id, version, language, words)
    VALUES ($1, '${VERSION}', 'en', jsonb_build_object('title', $2::text))`,
  domains: `INSERT INTO domains (id, tenant_id, pattern) VALUES (gen_random_uuid(), $1, $2)`,
  erased_ids: `INSERT INTO erased_ids (tenant_id, id_hash, erasure_id, erased_at)
    VALUES ($1, decode(md5($2), 'hex'), gen_random_uuid(), now())`,
  erasures: `INSERT INTO erasures (id, tenant_id, asked_at, erased, searched, complete)
    VALUES (gen_random_uuid(), $1, now(), jsonb_build_array($2::text), '[]', true)`,
  idempotency_keys: `INSERT INTO idempotency_keys (tenant_id, key, batch_token, expires_at)
    VALUES ($1, $2, 'token', now() + interval '1 day')`,
  import_files: `INSERT INTO import_files (id, tenant_id, head_bytes, head_hash, generation, name, format)
    VALUES (('00000000-0000-7000-8000-' || substr(md5($1::uuid::text), 1, 12))::uuid, $1, 1, '\\x00', 0, $2, 'combined')`,
  import_ranges: `INSERT INTO import_ranges (file_id, tenant_id, range_start, range_end, token)
    VALUES (('00000000-0000-7000-8000-' || substr(md5($1::uuid::text), 1, 12))::uuid, $1, 0, 1, $2)`,
  integration_calls: `INSERT INTO integration_calls (tenant_id, kind, project, day, calls) VALUES ($1, 'ga4', $2, current_date, 1)`,
  integration_figures: `INSERT INTO integration_figures (tenant_id, kind, fetched_at, window_from, window_to, figures)
    VALUES ($1, 'ga4', now(), now(), now(), jsonb_build_array($2::text))`,
  integration_outbox: `INSERT INTO integration_outbox (tenant_id, kind, id, visitor_id, happened_at, event)
    VALUES ($1, 'ga4', gen_random_uuid(), $2, now(), '{}')`,
  integration_secrets: `INSERT INTO integration_secrets (id, tenant_id, kind, name, sealed)
    VALUES (gen_random_uuid(), $1, 'ga4', $2, sealed_example())`,
  integration_visits: `INSERT INTO integration_visits (tenant_id, kind, visitor_id, session, last_at) VALUES ($1, 'ga4', $2, 1, now())`,
  integrations: `INSERT INTO integrations (tenant_id, kind, enabled, settings) VALUES ($1, 'ga4', false, jsonb_build_object('x', $2::text))`,
  invitations: `INSERT INTO invitations (id, tenant_id, email, role, token_hash, expires_at)
    VALUES (gen_random_uuid(), $1, $2 || '@new.example', 'viewer', decode(md5(random()::text) || md5($2), 'hex'), now())`,
  login_links: `INSERT INTO login_links (id, tenant_id, token_hash, scope, expires_at)
    VALUES (gen_random_uuid(), $1, decode(md5(random()::text) || md5($2), 'hex'), 'read', now())`,
  mails: `INSERT INTO mails (id, tenant_id, kind, state, error, expires_at, finished_at)
    VALUES (gen_random_uuid(), $1, 'invitation', 'failed', $2, now(), now())`,
  memberships: `INSERT INTO memberships (user_id, tenant_id, role) SELECT id, $1::uuid, 'owner' FROM users WHERE email LIKE $2 || '@%'`,
  saved_views: `INSERT INTO saved_views (id, tenant_id, name, screen, query) VALUES (gen_random_uuid(), $1, $2, 'explore', 'where=path%3D/' || $2)`,
  sources: `INSERT INTO sources (id, tenant_id, kind, name, software, agent, first_seen, last_seen, requests, refused, minute, minute_requests)
    VALUES (gen_random_uuid(), $1, 'api', $2, '', '', now(), now(), 1, 0, 1, 1)`,
  tenant_usage: `INSERT INTO tenant_usage (tenant_id, day, requests) SELECT $1::uuid, current_date - 3, length($2::text)`,
  ui_sessions: `INSERT INTO ui_sessions (id, tenant_id, token_hash, scope, expires_at)
    VALUES (gen_random_uuid(), $1, decode(md5(random()::text) || md5($2), 'hex'), 'read', now())`,
};
/** Tables that others refer to come first. */
const FIRST = ['integrations', 'consent_texts', 'import_files'];

let dir: string;
let data: string;
let hub: RunningHub;
let sql: pg.Client;
let doomed: string;
let stays: string;
const log = pino({ level: 'silent' });
const start = () => startHub(readConfig({ data, port: '0' }, {}), '0.0.0-test', log);

async function connect(): Promise<pg.Client> {
  const home = join(data, 'postgres');
  const [port, password] = await Promise.all(['port', 'password'].map((name) => readFile(join(home, name), 'utf8')));
  const login = `vedette:${encodeURIComponent(String(password).trim())}`;
  const client = new pg.Client({ connectionString: `postgres://${login}@127.0.0.1:${String(port).trim()}/vedette` });
  // It is cut off when the hub stops.
  client.on('error', () => undefined);
  await client.connect();
  await client.query('SET search_path = vedette');
  return client;
}

async function makeTenant(slug: string, mark: string): Promise<string> {
  const tenant = await hub.hub.records.unscoped.tenants.create({ slug, name: mark });
  if ('refused' in tenant) throw new Error(tenant.detail);
  for (const email of [`${mark}@one.example`, `${mark}@two.example`]) {
    await sql.query(`INSERT INTO users (id, email, name) VALUES (gen_random_uuid(), $1, $2)`, [email, mark]);
  }
  return tenant.id;
}

/** The tables of PostgreSQL with a tenant_id. */
/** What only passes through: the hub itself may have taken a row of it away by the time it is looked at. */
const PASSING = new Set(['integration_outbox']);

async function tenantTables(): Promise<string[]> {
  const { rows } = await sql.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
     WHERE c.relnamespace = 'vedette'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

async function fillPostgres(tenant: string, mark: string): Promise<void> {
  const tables = await tenantTables();
  expect(
    tables.filter((table) => FILL[table] === undefined),
    'tables that the test does not know how to fill',
  ).toEqual([]);
  for (const table of [...FIRST, ...tables.filter((name) => !FIRST.includes(name))]) {
    const text = (FILL[table] as string).replace('sealed_example()', `'\\x01'`);
    await sql.query(text, [tenant, mark]).catch((error: unknown) => {
      throw new Error(`${table}: ${String(error)}`);
    });
  }
  // A task about the tenant, which the hub does not come to before the test is over.
  await sql.query(
    `INSERT INTO pgboss.job (name, start_after, data)
     VALUES ('low', now() + interval '1 day', jsonb_build_object('task', 'x', 'data', jsonb_build_object('tenantId', $1::text)))`,
    [tenant],
  );
}

/** A row in every table of ClickHouse that has a tenant_id; a mark where there is a text to put it. */
async function fillClickHouse(clickhouse: ClickHouse): Promise<string[]> {
  const columns = await clickhouse.query<{ table: string; column: string }>(
    `SELECT c.table AS table, c.name AS column FROM system.columns AS c JOIN system.tables AS t
       ON t.database = c.database AND t.name = c.table
     WHERE c.database = currentDatabase() AND t.engine LIKE '%MergeTree' AND c.name IN ('tenant_id', 'domain', 'address')
     ORDER BY table`,
  );
  const tables = [...Map.groupBy(columns, ({ table }) => table)].filter(([, own]) =>
    own.some(({ column }) => column === 'tenant_id'),
  );
  for (const [table, own] of tables) {
    const text = own.find(({ column }) => column !== 'tenant_id')?.column ?? '';
    for (const [tenant, mark] of [
      [doomed, MARK],
      [stays, STAYS],
    ]) {
      await clickhouse.command(`INSERT INTO ${table} (tenant_id, ${text}) VALUES ('${tenant}', '${mark}.example')`);
    }
  }
  return tables.map(([table]) => table);
}

async function leaveDeadLetters(): Promise<void> {
  const rows = [doomed, stays, doomed].map((tenantId) =>
    storedRequest({ tenantId, domain: `${tenantId === doomed ? MARK : STAYS}.example` }),
  );
  const letter = (which: typeof rows) =>
    JSON.stringify({
      reason: 'bad',
      meta: {
        token: 't',
        count: which.length,
        receipts: which.map(({ tenantId }, at) => ({ tenantId, key: `key-${at}`, receipt: {}, start: at, rows: 1 })),
      },
      body: encodeRows(which).toString('base64'),
    });
  const dead = join(data, 'spool', 'dead');
  await mkdir(dead, { recursive: true });
  await writeFile(join(dead, 'mixed.json'), letter(rows));
  await writeFile(join(dead, 'damaged.bin'), Buffer.concat([Buffer.from('xx'), encodeRows(rows.slice(0, 1))]));
  await writeFile(join(dead, 'others.json'), letter(rows.slice(1, 2)));
}

let clickhouseTables: string[] = [];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vedette-deletion-'));
  data = join(dir, 'data');
  await fillData(data);
  hub = await start();
  sql = await connect();
  doomed = await makeTenant('doomed', MARK);
  stays = await makeTenant('stays', STAYS);
  await fillPostgres(doomed, MARK);
  await fillPostgres(stays, STAYS);
  // One of the people of the doomed tenant is a member of the other one as well.
  await sql.query(
    `INSERT INTO memberships (user_id, tenant_id, role) SELECT id, $1::uuid, 'viewer' FROM users WHERE email = $2`,
    [stays, `${MARK}@two.example`],
  );
  const clickhouse = await openClickHouse({ path: join(data, 'clickhouse') });
  clickhouseTables = await fillClickHouse(clickhouse);
  await clickhouse.close();
  await leaveDeadLetters();
});
afterAll(async () => {
  await sql?.end().catch(() => undefined);
  await hub?.close();
  await rm(dir, { recursive: true, force: true });
});

const call = async (key: string, body: unknown) =>
  fetch(`${hub.url}/api/v1/requests`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

async function waitsForLock(): Promise<boolean> {
  // Within a transaction the view stays as it was first seen.
  await sql.query('SELECT pg_stat_clear_snapshot()');
  const { rows } = await sql.query(
    `SELECT FROM pg_stat_activity WHERE application_name = 'vedette-delete-tenant' AND wait_event_type = 'Lock'`,
  );
  return rows.length > 0;
}

async function finished(id: string): Promise<TenantDeletion> {
  const find = () => hub.hub.records.unscoped.deletions.find(id);
  await expect.poll(async () => (await find())?.finishedAt, { timeout: 100_000 }).toEqual(expect.any(Number));
  return (await find()) as TenantDeletion;
}

describe('a deletion', () => {
  let id = '';
  let key = '';

  test('is begun by typing the slug, and not otherwise', async () => {
    for (const confirm of ['', 'Doomed', 'stays', MARK]) {
      expect(await hub.hub.tenants.delete(doomed, confirm, 'test')).toMatchObject({ refused: 'not-confirmed' });
    }
    expect(hub.hub.records.standing.of(doomed)?.state).toBe('active');
    const { installation } = hub.hub.records;
    expect(await hub.hub.tenants.delete(installation.id, installation.slug, 'test')).toMatchObject({
      refused: 'is-installation',
    });
  });

  test('goes on after a stop in the middle', async () => {
    ({ token: key } = await hub.hub.records.forTenant(doomed).keys.create({ scope: 'admin' }));
    expect((await call(key, [{ time: Date.now(), 'server.address': `${MARK}.example` }])).status).toBe(200);
    await sql.query('BEGIN');
    await sql.query('LOCK TABLE erased_ids IN ACCESS EXCLUSIVE MODE');
    // A run that has looked already, and found nothing to do, is not the last one.
    const other = await connect();
    await other.query(
      `INSERT INTO pgboss.job (name, singleton_key, policy, state, started_on, heartbeat_on, data)
       VALUES ('scheduled', 'delete-tenants', 'exclusive', 'active', now(), now(), '{"task": "delete-tenants"}')
       ON CONFLICT DO NOTHING`,
    );
    const begun = await hub.hub.tenants.delete(doomed, 'doomed', 'Ada <ada@example.org>');
    if ('refused' in begun) throw new Error(begun.detail);
    ({ id } = begun);
    await other.query(
      `UPDATE pgboss.job SET state = 'completed', completed_on = now()
       WHERE singleton_key = 'delete-tenants' AND state = 'active'`,
    );
    await other.end();
    expect(await hub.hub.tenants.delete(doomed, 'doomed', 'somebody else')).toMatchObject({
      id,
      askedBy: 'Ada <ada@example.org>',
    });
    expect((await call(key, [])).status).toBe(403);
    // ClickHouse is done when the lock is met; the hub stops there.
    const { deletions } = hub.hub.records.unscoped;
    await expect.poll(async () => (await deletions.find(id))?.deleted.length, { timeout: 100_000 }).toBeGreaterThan(0);
    await expect.poll(waitsForLock, { timeout: 100_000 }).toBe(true);
    await hub.close();
    await sql.end().catch(() => undefined);
    hub = await start();
    sql = await connect();
    expect(hub.hub.records.standing.isGone(doomed)).toBe(true);
    const halfway = (await hub.hub.records.unscoped.deletions.find(id))?.deleted ?? [];
    expect(halfway.some(({ place }) => place.startsWith('ClickHouse'))).toBe(true);
    expect(halfway.some(({ place }) => place.startsWith('PostgreSQL'))).toBe(false);
    const deletion = await finished(id);
    expect(deletion).toMatchObject({
      slug: 'doomed',
      name: MARK,
      askedBy: 'Ada <ada@example.org>',
      complete: true,
      error: null,
    });
  }, 400_000);

  test('removes the rows of every table of both engines, people who are nowhere else, tasks and dead letters', async () => {
    const { deleted, found } = (await hub.hub.records.unscoped.deletions.find(id)) as TenantDeletion;
    const rows = new Map(deleted.map((one) => [one.place, one.rows]));
    for (const table of await tenantTables()) {
      if (!PASSING.has(table)) expect(rows.get(`PostgreSQL ${table}`), table).toBeGreaterThan(0);
    }
    for (const table of clickhouseTables) expect(rows.get(`ClickHouse ${table}`), table).toBeGreaterThan(0);
    expect(clickhouseTables.length).toBeGreaterThan(8);
    expect(rows.get('PostgreSQL tenants')).toBe(1);
    expect(rows.get('PostgreSQL users')).toBe(1);
    expect(rows.get('dead letters')).toBe(3);
    expect([...rows].filter(([place]) => place.startsWith('PostgreSQL pgboss.')).some(([, n]) => n === 1)).toBe(true);
    // Every place that something was deleted from is searched again, and holds nothing.
    const again = new Map(found?.map((one) => [one.place, one.rows]));
    for (const place of rows.keys()) expect(again.get(place), place).toBe(0);
    expect([...again.values()].every((count) => count === 0)).toBe(true);
    expect([...again.keys()]).toEqual(expect.arrayContaining(['spool', 'dead letters']));
  });

  test('leaves everything of the others', async () => {
    for (const table of await tenantTables()) {
      const { rows } = await sql.query(`SELECT FROM ${table} WHERE tenant_id = $1`, [stays]);
      if (!PASSING.has(table)) expect(rows.length, table).toBeGreaterThan(0);
    }
    const users = await sql.query<{ email: string }>(`SELECT email FROM users ORDER BY email`);
    expect(users.rows.map(({ email }) => email)).toEqual([
      `${MARK}@two.example`,
      `${STAYS}@one.example`,
      `${STAYS}@two.example`,
    ]);
    const letter = JSON.parse(await readFile(join(data, 'spool', 'dead', 'mixed.json'), 'utf8'));
    const body = Buffer.from(letter.body, 'base64');
    expect(uuidColumn(body, 'tenant_id')).toEqual([stays]);
    expect(keepRows(body, () => true)).toEqual(body);
    expect(letter.meta.receipts).toMatchObject([{ tenantId: stays, start: 0, rows: 1 }]);
  });

  test('turns away what arrives afterwards', async () => {
    expect((await call(key, [])).status).toBe(401);
    const { records, intake } = hub.hub;
    expect(records.standing.of(doomed)).toBeUndefined();
    const late = { ...emptyRequest(Date.now()), host: `${MARK}.example` };
    const receipt = await intake.deliver({ tenantId: doomed, origin: 'edge', records: [late], idempotencyKey: 'late' });
    expect(receipt).toMatchObject({ accepted: 0, refused: [{ refusal: { refused: 'tenant-suspended' } }] });
    expect((await records.unscoped.deletions.countRows(doomed)).every(({ rows }) => rows === 0)).toBe(true);
  });

  test('leaves nothing on the disk but the proof', async () => {
    // One who is in the other tenant, too, stays with it.
    await sql.query(`UPDATE users SET email = 'somebody@two.example', name = 'Somebody' WHERE email = $1`, [
      `${MARK}@two.example`,
    ]);
    await sql.query(`UPDATE tenant_deletions SET name = 'gone' WHERE id = $1`, [id]);
    await sql.query('VACUUM (FULL, ANALYZE) users');
    await sql.query('VACUUM (FULL, ANALYZE) tenant_deletions');
    await sql.query('VACUUM (FULL) pg_catalog.pg_statistic');
    await sql.query('SELECT pg_switch_wal()');
    await sql.query('CHECKPOINT');
    await sql.end();
    await hub.close();
    const { files, tables } = await readDisk(data);
    const placesOf = (needle: string) => [
      ...files.filter(({ bytes }) => bytes.includes(needle)).map(({ name }) => name),
      ...[...tables].filter(([, text]) => text.includes(needle)).map(([name]) => `table ${name}`),
    ];
    expect(placesOf(STAYS).length).toBeGreaterThan(5);
    expect(placesOf(MARK)).toEqual([]);
    expect([...tables.values()].some((text) => text.includes(doomed))).toBe(false);
  });
});
