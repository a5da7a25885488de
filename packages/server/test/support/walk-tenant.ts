import pg from 'pg';
import { isRefusal } from '../../src/model/request.ts';
import { uuidv7 } from '../../src/model/uuid.ts';
import { insertPerson } from './people.ts';
import type { World, WorldTenant } from './world.ts';
import { databaseUrl } from './world-database.ts';

/** A tenant that has something of everything, all of it named by a text that nobody else may see. */
export interface FilledTenant extends WorldTenant {
  /** Texts and ids that are this tenant's alone. */
  secrets: string[];
  /** Values for parameters of paths, each of this tenant. */
  ids: { key: string; person: string; session: string; domain: string; proof: string; view: string; request: string };
}

/** Fills a tenant. `letter` is a hexadecimal digit of its own. */
export async function fillTenant(world: World, tenant: WorldTenant, letter: string): Promise<FilledTenant> {
  const { records } = world.running.hub;
  const secret = `only-for-${tenant.slug}`;
  const measurement = `G-ONLYFOR${tenant.slug.toUpperCase()}`;
  const own = records.forTenant(tenant.id);
  const domain = `${secret}.example`;
  await own.domains.add(domain);
  await records.hosts.refresh();
  const expectDone = async (call: ReturnType<World['call']>) => {
    const answer = await call;
    if (answer.status >= 300) throw new Error(answer.text);
  };
  const request = { id: uuidv7(), time: Date.now(), 'server.address': domain, 'url.path': `/${secret}` };
  await expectDone(
    world.call('/api/v1/requests', { key: tenant.keys.ingest, headers: { 'vedette-source': secret }, body: [request] }),
  );
  const line = `192.0.2.1 - - [31/Jan/2026:12:00:00 +0000] "GET /${secret} HTTP/1.1" 200 5 "-" "curl/8"\n`;
  await expectDone(
    world.call(`/api/v1/imports?name=${secret}.log`, { method: 'POST', key: tenant.keys.ingest, body: line }),
  );
  const settings = { measurement_id: measurement, tag: false, measurement: false, property_id: null };
  await expectDone(
    world.call('/api/v1/integrations/ga4', {
      method: 'PUT',
      key: tenant.keys.admin,
      body: { enabled: false, settings },
    }),
  );
  const proof = letter.repeat(32);
  await own.consent.show({ version: '0123456789abcdef', language: 'en', words: { title: secret } });
  await own.consent.add([
    {
      time: Date.now(),
      domain,
      proofId: proof,
      visitorId: null,
      analytical: false,
      marketing: false,
      asked: ['analytical'],
      textVersion: '0123456789abcdef',
      language: 'en',
      surface: 'banner',
      gpc: false,
    },
  ]);
  const key = await own.keys.create({ scope: 'read', name: secret });
  const email = `somebody@${domain}`;
  const person = await insertPerson(world, { email, name: secret, roles: { [tenant.id]: 'viewer' } });
  await person.session('full');
  const [session] = await records.accounts.sessions.list(person.id, 1e9);
  const view = await own.views.create({
    name: secret,
    screen: 'explore',
    query: `where=path%3D/${secret}`,
    shared: true,
    ownerId: person.id,
  });
  if (isRefusal(view)) throw new Error(view.detail);
  const ids = {
    view: view.id,
    key: key.key.id,
    person: person.id,
    session: session?.id ?? '',
    domain,
    proof,
    request: request.id,
  };
  return {
    ...tenant,
    secrets: [secret, measurement, key.token, tenant.id, ids.key, ids.person, ids.session, ids.view, ids.request],
    ids,
  };
}

// What changes by looking, by being refused, or by itself.
const PASSING = new Set([
  'audit_log',
  'tenant_usage',
  'sources',
  'guesses',
  'known_devices',
  'idempotency_keys',
  'integration_calls',
]);
const PASSING_COLUMNS = new Set([
  'last_used_at',
  'last_log_in_at',
  'rotated_at',
  'token_hash',
  'previous_hash',
  'checked_at',
]);

/** Reads a world's own database as its owner. */
export async function openDump(
  world: World,
): Promise<{ of(tenantId: string): Promise<string>; close(): Promise<void> }> {
  const client = new pg.Client({ connectionString: await databaseUrl(world) });
  await client.connect();
  const { rows } = await client.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
     WHERE c.relnamespace = 'vedette'::regnamespace AND c.relkind = 'r' ORDER BY 1`,
  );
  const tables = rows.map(({ name }) => name).filter((name) => !PASSING.has(name));
  const people = `SELECT user_id FROM vedette.memberships WHERE tenant_id = $1`;
  const parts = [
    'vedette.tenants AS t WHERE id = $1',
    ...tables.map((name) => `vedette.${name} AS t WHERE tenant_id = $1`),
    `vedette.users AS t WHERE id IN (${people})`,
    `vedette.user_sessions AS t WHERE user_id IN (${people})`,
  ];
  // One statement, planned once: a walk asks it hundreds of times.
  const all = parts.map((part) => `(SELECT json_agg(to_json(t) ORDER BY t::text) FROM ${part})`).join(', ');
  const statement = { name: 'dump', text: `SELECT json_build_array(${all}) AS rows` };
  return {
    async of(tenantId) {
      const { rows } = await client.query<{ rows: unknown }>({ ...statement, values: [tenantId] });
      return JSON.stringify(rows[0]?.rows, (name, value) => (PASSING_COLUMNS.has(name) ? undefined : value));
    },
    close: () => client.end(),
  };
}
