import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PERSON_TABLES } from '../src/stores/person-places.ts';
import { encodeRows } from '../src/stores/requests-encoding.ts';
import { storedRequest } from './support/clickhouse.ts';
import { startWorld, type World, type WorldTenant } from './support/world.ts';

const PROOF = '0f9a'.repeat(8);
const VISITOR = '7711'.repeat(8);
/** Of the same person, found by the evidence alone. */
const EARLIER = '7722'.repeat(8);
const OTHER_PROOF = 'abcd'.repeat(8);
const OTHER = 'beef'.repeat(8);
const THEIRS = [PROOF, VISITOR, EARLIER];
const HOUR_MS = 3_600_000;

let world: World;
let acme: WorldTenant;
let rival: WorldTenant;
let sql: pg.Client;

beforeAll(async () => {
  world = await startWorld();
  acme = await world.tenant('acme');
  rival = await world.tenant('rival');
  const home = join(world.dir, 'data', 'postgres');
  const [port, password] = await Promise.all(['port', 'password'].map((name) => readFile(join(home, name), 'utf8')));
  const login = `vedette:${encodeURIComponent(String(password).trim())}`;
  sql = new pg.Client({ connectionString: `postgres://${login}@127.0.0.1:${String(port).trim()}/vedette` });
  await sql.connect();
  await sql.query('SET search_path = vedette');
  await evidence();
  // Before the hub writes anything: a second connection to the engine tidies up what the first one's inserts go through.
  await otherPlaces();
  await visit(acme, VISITOR, 3);
  await visit(acme, EARLIER, 1);
  await visit(acme, OTHER, 2);
  await visit(rival, VISITOR, 1);
});
afterAll(async () => {
  await sql?.end().catch(() => undefined);
  await world?.stop();
});

async function evidence(): Promise<void> {
  for (const { id } of [acme, rival]) {
    await sql.query(`INSERT INTO consent_texts (tenant_id, version, language, words) VALUES ($1, $2, 'en', '{}')`, [
      id,
      '00'.repeat(8),
    ]);
  }
  const choice = (tenant: string, proof: string, visitor: string) =>
    sql.query(
      `INSERT INTO consent_choices (id, tenant_id, made_at, domain, proof_id, visitor_id, analytical, marketing, asked,
         change, text_version, language, surface, gpc)
       VALUES (gen_random_uuid(), $1, now(), 'shop.example', $2, $3, true, false, '{analytical}', 'first', $4, 'en', 'banner', false)`,
      [tenant, proof, visitor, '00'.repeat(8)],
    );
  await choice(acme.id, PROOF, EARLIER);
  await choice(acme.id, PROOF, VISITOR);
  await choice(acme.id, OTHER_PROOF, OTHER);
  await choice(rival.id, PROOF, VISITOR);
}

const requestOf = (visitor: string, time: number) => ({
  time,
  'client.address': '198.51.100.7',
  'server.address': 'shop.example',
  'url.path': '/cart',
  'vedette.consent': 'granted',
  'http.request.header.vedette-visitor-id': visitor,
});

async function visit(tenant: WorldTenant, visitor: string, times: number, time = Date.now()) {
  const body = Array.from({ length: times }, () => requestOf(visitor, time));
  return (await world.call('/api/v1/requests', { key: tenant.keys.ingest, body })).json;
}

/** Rows in the places that no way in of this test fills. */
async function otherPlaces(): Promise<void> {
  const { openClickHouse } = await import('../src/stores/drivers/clickhouse/client.ts');
  const clickhouse = await openClickHouse({ path: join(world.dir, 'data', 'clickhouse') });
  for (const visitor of [VISITOR, OTHER]) {
    await clickhouse.command(
      `INSERT INTO interactions (tenant_id, domain, id, time, received, expires_on, class, visitor_id, kind, name)
       VALUES ('${acme.id}', 'shop.example', generateUUIDv4(), now64(3), now64(3), today() + 30, 'people', '${visitor}', 'click', 'buy')`,
    );
    await clickhouse.command(
      `INSERT INTO requests_sample (tenant_id, drawn_by, domain, time, day, expires_on, named_visitor_id)
       VALUES ('${acme.id}', 'request', 'shop.example', now64(3), today(), today() + 30, '${visitor}')`,
    );
    // On a day without requests, which the hub derives no sessions of: it does so six times an hour.
    await clickhouse.command(
      `INSERT INTO sessions (tenant_id, domain, day, started, ended, expires_on, visitor_id, hits, pages)
       VALUES ('${acme.id}', 'shop.example', today() - 5, now64(3) - 432000, now64(3) - 432000, today() + 30, '${visitor}', 3, 1)`,
    );
  }
  await clickhouse.close();
  await sql.query(`INSERT INTO integrations (tenant_id, kind, enabled, settings) VALUES ($1, 'ga4', true, '{}')`, [
    acme.id,
  ]);
  await sql.query(
    `INSERT INTO integration_outbox (tenant_id, kind, id, visitor_id, happened_at, event)
     VALUES ($1, 'ga4', gen_random_uuid(), $2, now(), '{}')`,
    [acme.id, VISITOR],
  );
  await sql.query(
    `INSERT INTO integration_visits (tenant_id, kind, visitor_id, session, last_at) VALUES ($1, 'ga4', $2, 1, now())`,
    [acme.id, VISITOR],
  );
  const rows = [VISITOR, OTHER].map((visitorId) => storedRequest({ tenantId: acme.id, visitorId }));
  const letter = { reason: 'bad', meta: { token: 't', count: 2 }, body: encodeRows(rows).toString('base64') };
  await writeFile(join(world.dir, 'data', 'spool', 'dead', 't.json'), JSON.stringify(letter));
}

const ask = (what: 'export' | 'erase', body: object, key = acme.keys.admin, headers = {}) =>
  world.call(`/api/v1/privacy/${what}`, { body, key, headers });

describe('an export', () => {
  test('holds everything under the proof id and the visitor ids of the same person, and nobody else’s', async () => {
    const answer = await ask('export', { proof_id: PROOF });
    expect(answer.status).toBe(200);
    const places = answer.json.places as { place: string; what: string; records: Record<string, unknown>[] }[];
    expect(Object.fromEntries(places.map(({ place, records }) => [place, records.length]))).toEqual({
      'PostgreSQL consent_choices': 2,
      'PostgreSQL integration_outbox': 1,
      'PostgreSQL integration_visits': 1,
      'ClickHouse requests': 4,
      'ClickHouse interactions': 1,
      'ClickHouse sessions': 1,
    });
    expect(answer.text).not.toContain(OTHER);
    expect(answer.text).not.toContain(rival.id);
    const requests = places.find(({ place }) => place === 'ClickHouse requests')?.records ?? [];
    expect(requests[0]).toMatchObject({ path: '/cart', domain: 'shop.example', consent: 'granted' });
    // By visitor id it is the same.
    const byVisitor = await ask('export', { visitor_id: VISITOR });
    expect(byVisitor.json.places).toEqual(places);
  });

  test('comes as lines too, with a count at the end; of nobody it is empty', async () => {
    const { text } = await ask('export', { visitor_id: OTHER }, acme.keys.admin, { accept: 'application/x-ndjson' });
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.at(-1)).toEqual({
      end: {
        'PostgreSQL consent_choices': 1,
        'ClickHouse requests': 2,
        'ClickHouse interactions': 1,
        'ClickHouse sessions': 1,
      },
    });
    expect(lines.length).toBe(6);
    expect((await ask('export', { proof_id: '0'.repeat(32) })).json.places).toEqual([]);
  });
});

test('every column of both schemas that holds an id of a person is in the list of places', async () => {
  const { rows } = await sql.query<{ name: string }>(
    `SELECT c.relname || '.' || a.attname AS name FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
     WHERE c.relnamespace = 'vedette'::regnamespace AND c.relkind = 'r' AND a.attname ~ '(proof|visitor|person)' ORDER BY 1`,
  );
  const migrations = new URL('../migrations/clickhouse/', import.meta.url);
  const golden = await readFile(new URL('golden/schema.sql', migrations), 'utf8');
  const tables = [...golden.matchAll(/CREATE TABLE \S*?`?(\w+)`?\s*\n?\(([\s\S]*?)\n\)\s*\n?ENGINE = `?(\w+)/g)]
    // What everything enters keeps nothing.
    .filter(([, name]) => !name?.endsWith('_in'))
    .flatMap(([, name, columns = '']) =>
      [...columns.matchAll(/`(\w*(?:visitor_id|proof_id))` String/g)].map(([, column]) => `${name}.${column}`),
    );
  expect(tables.length).toBeGreaterThan(1);
  const listed = PERSON_TABLES.flatMap(({ table, visitors, proofs }) =>
    [...visitors, ...proofs].filter((column) => /^\w+$/.test(column)).map((column) => `${table}.${column}`),
  );
  expect([...rows.map(({ name }) => name), ...tables].sort()).toEqual(listed.sort());
});

test.each([
  ['a key of scope read', () => ask('erase', { proof_id: PROOF }, acme.keys.read), 403],
  ['a key of scope ingest', () => ask('export', { proof_id: PROOF }, acme.keys.ingest), 403],
  ['both ids', () => ask('erase', { proof_id: PROOF, visitor_id: VISITOR }), 400],
  ['neither', () => ask('erase', {}), 400],
  ['what is no id', () => ask('erase', { visitor_id: "x' OR 1=1" }), 400],
])('%s is refused', async (_name, call, status) => {
  expect((await call()).status).toBe(status);
});

describe('an erasure', () => {
  test('deletes all of it, and proves it by searching every store', async () => {
    const answer = await ask('erase', { proof_id: PROOF });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.json).toMatchObject({ complete: false, repeated: null });
    expect(
      Object.fromEntries(answer.json.erased.map((one: { place: string; rows: number }) => [one.place, one.rows])),
    ).toEqual({
      'PostgreSQL consent_choices': 2,
      'PostgreSQL integration_outbox': 1,
      'PostgreSQL integration_visits': 1,
      'ClickHouse requests': 4,
      // The one that was put there, and what was drawn of the others.
      'ClickHouse requests_sample': expect.toSatisfy((rows: number) => rows >= 1),
      'ClickHouse interactions': 1,
      'ClickHouse sessions': 1,
      spool: 0,
      'dead letters': 1,
    });
    // The other tenant's visitor of the same id is that tenant's: nothing is erased there, and the search says so.
    const left = answer.json.searched.filter(({ found }: { found: number }) => found > 0);
    expect(left).toEqual(
      expect.arrayContaining([
        { place: 'ClickHouse requests', found: 1 },
        { place: 'PostgreSQL vedette.consent_choices', found: 1 },
      ]),
    );
    const other = await ask('erase', { visitor_id: VISITOR }, rival.keys.admin);
    expect(other.json).toMatchObject({ complete: true, repeated: null });
    const searched = other.json.searched.map(({ place }: { place: string }) => place);
    for (const { engine, table } of PERSON_TABLES) {
      expect(searched).toContain(engine === 'PostgreSQL' ? `PostgreSQL vedette.${table}` : `ClickHouse ${table}`);
    }
    expect(searched).toEqual(expect.arrayContaining(['PostgreSQL pgboss.job_common', 'spool', 'dead letters']));
    expect((await ask('export', { proof_id: PROOF })).json.places).toEqual([]);
    expect((await ask('export', { visitor_id: OTHER })).json.places.length).toBe(4);
  });

  test('turns away what comes late under the id, and counts what comes anew as refused', async () => {
    const late = await visit(acme, VISITOR, 1, Date.now() - HOUR_MS);
    expect(late).toMatchObject({ accepted: 0, rejected: [{ index: 0, reason: expect.stringContaining('erased') }] });
    expect(await visit(acme, VISITOR, 2)).toMatchObject({ accepted: 2 });
    expect((await ask('export', { visitor_id: VISITOR })).json.places).toEqual([]);
    const total = await world.call('/api/v1/traffic?metrics=requests&from=-1d&to=%2B1d', { key: acme.keys.read });
    expect(total.json.rows).toEqual([{ requests: 8 }]);
  });

  test('is known again, and the list names nobody', async () => {
    const again = await ask('erase', { visitor_id: EARLIER });
    expect(again.status, again.text).toBe(200);
    const list = await world.call('/api/v1/privacy/erasures', { key: acme.keys.admin });
    const [last, first] = list.json.erasures;
    expect(again.json).toMatchObject({ id: last.id, repeated: first.id, complete: true });
    for (const id of THEIRS) expect(list.text).not.toContain(id);
    expect((await world.call('/api/v1/privacy/erasures', { key: rival.keys.admin })).json.erasures.length).toBe(1);
  });

  test('leaves no file on the disk with one of the ids', async () => {
    await sql.end();
    await world.running.close();
    const data = join(world.dir, 'data');
    const entries = await readdir(data, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    expect(files.length).toBeGreaterThan(500);
    const holding: string[] = [];
    let others = 0;
    for (const file of files) {
      const bytes = await readFile(file);
      if (THEIRS.some((id) => bytes.includes(id))) holding.push(relative(data, file));
      if (bytes.includes(OTHER_PROOF)) others += 1;
    }
    expect(holding).toEqual([]);
    expect(others).toBeGreaterThan(0);
  });
});
