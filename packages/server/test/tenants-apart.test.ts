import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditNote } from '../src/model/audit-entry.ts';
import type { Ga4Settings } from '../src/model/integration.ts';
import { ROLES } from '../src/model/permission.ts';
import { isRefusal } from '../src/model/request.ts';
import { uuidv7 } from '../src/model/uuid.ts';
import { openDatabase } from '../src/stores/drivers/postgres/database.ts';
import { insertUser } from '../src/stores/drivers/postgres/users.ts';
import type { OutboxEvent } from '../src/stores/integrations.ts';
import {
  type ImportFile,
  type NewChoice,
  openRecords,
  type Records,
  type SourceTally,
  type TenantRecords,
} from '../src/stores/records.ts';
import { quietLog, startTestPostgres, type TestPostgres } from './support/postgres.ts';

let postgres: TestPostgres;
let url: string;
/** A connection that is kept: what is read before and after each call would make thousands. */
let owner: pg.Client;
let records: Records;
let ours: TenantRecords;
let theirs: TenantRecords;
let theirFile: ImportFile;
let theirKeyId: string;
let theirUserId: string;
let theirInvitationId: string;
let theirViewId: string;

const AUDIT_SEAL = (content: string) => createHash('sha256').update(content).digest();
const noted = (text: string): AuditNote => ({
  actor: { kind: 'user', id: text, name: text },
  action: 'thing.change',
  target: text,
  detail: { text },
  outcome: 'done',
  address: null,
  agent: text,
});

const HEAD = { headBytes: 64, headHash: Buffer.alloc(32, 1) };
const RANGE = { start: 0, end: 10, token: 'their-token' };
// Nothing of theirs may show in what we are answered.
const SECRET = 'their-secret';
const ERASED = Buffer.alloc(16, 7);
const VIEW = { screen: 'explore', query: 'by=country', shared: true, ownerId: null } as const;
const erasure = (place: string) => ({
  id: uuidv7(),
  askedAt: 1,
  erased: [{ place, rows: 1 }],
  searched: [{ place, found: 0 }],
  complete: true,
});

beforeAll(async () => {
  postgres = await startTestPostgres();
  url = await postgres.freshDatabase();
  owner = new pg.Client({ connectionString: url });
  await owner.connect();
  records = await openRecords({ url, log: quietLog() });
  const [a, b] = [
    await records.unscoped.tenants.create({ slug: 'ours', name: 'Ours' }),
    await records.unscoped.tenants.create({ slug: 'theirs', name: SECRET, policy: { note: SECRET } }),
  ];
  if (isRefusal(a) || isRefusal(b)) throw new Error('cannot create tenants');
  ours = records.forTenant(a.id);
  theirs = records.forTenant(b.id);
  await theirs.domains.add(`${SECRET}.example`);
  theirKeyId = (await theirs.keys.create({ scope: 'admin', name: SECRET })).key.id;
  await theirs.sessions.createLink({ scope: 'admin', validMs: 600_000 });
  const link = await theirs.sessions.createLink({ scope: 'admin', validMs: 600_000 });
  await records.logIn.redeem(link.token, 600_000);
  theirFile = await theirs.imports.createFile({ ...HEAD, name: SECRET, format: 'combined' });
  await theirs.imports.intend(theirFile.id, RANGE);
  await theirs.sources.add([tally(SECRET)]);
  await theirs.erasures.record(erasure(SECRET));
  await theirs.erasures.remember(theirs.erasures.newId(1), [ERASED], 1);
  await theirs.idempotency.claimAll([{ key: 'key', answer: { note: SECRET } }], SECRET, Date.now() + 600_000);
  await theirs.idempotency.claim('pending', SECRET, Date.now() + 600_000);
  await theirs.consent.show({ ...WORDS, words: { title: SECRET } });
  await theirs.consent.add([chosen(`${SECRET}.example`)]);
  await setUpIntegration(theirs, SECRET);
  await theirs.audit.append([noted(SECRET)], AUDIT_SEAL);
  const view = await theirs.views.create({ ...VIEW, name: SECRET });
  if (isRefusal(view)) throw new Error('cannot keep a view');
  theirViewId = view.id;
  await addPeople();
});
afterAll(async () => {
  await owner?.end();
  await records?.close();
  await postgres?.stop();
});

/** Somebody in each tenant, with a session, a known browser and a bound on guesses. */
async function addPeople(): Promise<void> {
  const database = openDatabase({ url, log: quietLog(), maxConnections: 1 });
  try {
    for (const [tenant, name] of [
      [ours, 'ours'],
      [theirs, SECRET],
    ] as const) {
      const user = await database.withAccess('platform', async (db) => {
        const row = await insertUser(db, { email: `${name}@example.org`, name, passwordHash: null, locale: null });
        await db
          .insertInto('memberships')
          .values({ user_id: row.id, tenant_id: tenant.tenantId, role: 'owner' })
          .execute();
        return row;
      });
      await addInvitation(tenant, name, user.id);
      const { sessions, devices, guesses } = records.accounts;
      await sessions.open({ userId: user.id, state: 'full', factors: [], agent: name, place: '', validMs: 600_000 });
      await devices.remember(user.id);
      await guesses.take(Buffer.alloc(32, name), { most: 1, refillMs: 1000 });
    }
  } finally {
    await database.close();
  }
}

/** An invitation that somebody of a tenant sent, with its mail. */
async function addInvitation(tenant: TenantRecords, name: string, userId: string): Promise<void> {
  const sent = await tenant.invitations.create({
    email: `new-${name}@example.org`,
    role: 'viewer',
    invitedBy: userId,
    validMs: 600_000,
  });
  if (isRefusal(sent)) throw new Error(sent.detail);
  const { id } = sent.invitation;
  const mail = { id: uuidv7(), tenantId: tenant.tenantId, kind: 'invitation', subjectId: id } as const;
  await records.unscoped.mails.add({ ...mail, expiresAt: Date.now() + 600_000 }, () => Buffer.from([1]));
  await records.unscoped.mails.noteError(mail.id, name);
  await records.resets.open({ id: uuidv7(), userId, token: records.resets.mint(), validMs: 600_000 });
  [theirUserId, theirInvitationId] = [userId, id];
}

/** Tables of which a tenant may see its rows and change none. */
const SEEN_ONLY = new Set(['users', 'mails']);

/** All rows of the other tenant, whatever tables there will be; read as the owner, who sees everything. */
async function everythingTheirs(): Promise<string> {
  const { rows: tables } = await owner.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
     WHERE c.relnamespace = 'vedette'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY 1`,
  );
  const read = async (sql: string) => (await owner.query(sql, [theirs.tenantId])).rows;
  const parts = [await read('SELECT * FROM vedette.tenants WHERE id = $1')];
  for (const { name } of tables) {
    parts.push(await read(`SELECT * FROM vedette.${name} t WHERE tenant_id = $1 ORDER BY t::text`));
  }
  return JSON.stringify(parts);
}

const GA4: Ga4Settings = { measurement_id: 'G-ABCDEF', tag: true, measurement: true, property_id: null };
const EVENT_ID = '00000000-0000-7000-8000-00000000000a';
const HOLDER = '00000000-0000-7000-8000-00000000000b';
const figuresOf = (text: string) => ({
  fetchedAt: 1,
  window: { from: 0, to: 1 },
  figures: [{ key: text, unit: 'page views', value: 1 }],
});
const viewOf = (visitorId: string): OutboxEvent => ({
  id: EVENT_ID,
  visitorId,
  happenedAt: 1,
  event: { host: visitorId, path: '/', query: '', referrer: '', marketing: false },
});

/** An integration with one of everything that belongs to it, all of it named `text`. */
async function setUpIntegration({ integrations }: TenantRecords, text: string): Promise<void> {
  await integrations.put('ga4', { enabled: true, settings: GA4, secrets: { [text]: Buffer.from(text) } });
  await integrations.failed('ga4', { at: 1, text });
  await integrations.takeCall('ga4', 'project', 1, 10);
  await integrations.saveFigures('ga4', figuresOf(text));
  await integrations.outbox.add('ga4', [viewOf(text)], 10);
  await integrations.outbox.saveVisits('ga4', [{ visitorId: text, session: 1, lastAt: 1 }]);
  await integrations.outbox.hold('ga4', HOLDER, 600_000);
}

// One walk for every method of the scoped handle. A method without an entry fails the test below.
const step = () => ({
  range: RANGE,
  lines: { read: 1, accepted: 1, rejected: 0 },
  firstEventAt: null,
  lastEventAt: null,
  parserState: null,
  tailHash: null,
});
const tally = (name: string): SourceTally => ({
  kind: 'edge',
  name,
  software: '',
  agent: name,
  firstSeen: 1,
  lastSeen: 2,
  firstRequest: 1,
  requests: 1,
  refused: 0,
  counters: { [name]: { count: 3, at: 2 } },
  lagMs: null,
  skewMs: null,
  error: { text: name, at: 2 },
});
const PERSON = { proofId: 'a'.repeat(32) };
const WORDS = { version: '0123456789abcdef', language: 'en', words: { title: 'ours' } };
const SPAN = { from: 0, to: Date.now() + 86_400_000 };
const chosen = (domain: string): NewChoice => ({
  ...PERSON,
  time: Date.now(),
  domain,
  visitorId: 'b'.repeat(32),
  analytical: true,
  marketing: false,
  asked: ['analytical'],
  textVersion: WORDS.version,
  language: 'en',
  surface: 'banner',
  gpc: false,
});
const THEIR_IDS = { proofs: [PERSON.proofId], visitors: ['b'.repeat(32)] };
const WALKS: Record<string, () => Promise<unknown>> = {
  'tenant.get': () => ours.tenant.get(),
  'tenant.change': () => ours.tenant.change({ name: 'Ours Ltd' }),
  'tenant.setPolicy': () => ours.tenant.setPolicy({ retentionDays: { unknown: 1 } }),
  'domains.add': async () => {
    const answer = await ours.domains.add(`${SECRET}.example`);
    // Domains are unique among all tenants, so that one is taken may show; whose it is may not.
    expect(answer).toMatchObject({ refused: 'domain-taken' });
    expect(JSON.stringify(answer)).not.toContain(theirs.tenantId);
    return ours.domains.add('ours.example');
  },
  'domains.list': () => ours.domains.list(),
  'domains.claim': () => ours.domains.claim('claimed.example'),
  'domains.find': async () => void expect(await ours.domains.find(`${SECRET}.example`)).toBeNull(),
  'domains.noteCheck': async () => {
    const found = { by: 'dns', error: null } as const;
    expect(await ours.domains.noteCheck(`${SECRET}.example`, found, 1)).toMatchObject({ refused: 'unknown-domain' });
    // Also where the tenant has a claim to it.
    await ours.domains.claim(`${SECRET}.example`);
    const answer = await ours.domains.noteCheck(`${SECRET}.example`, found, 1);
    expect(answer).toMatchObject({ refused: 'domain-taken' });
    expect(await ours.domains.remove(`${SECRET}.example`)).toBe(true);
  },
  'domains.remove': async () => void expect(await ours.domains.remove(`${SECRET}.example`)).toBe(false),
  'keys.create': () => ours.keys.create({ scope: 'admin' }),
  'keys.list': () => ours.keys.list(),
  'keys.revoke': async () => void expect(await ours.keys.revoke(theirKeyId)).toBe(false),
  'keys.rotate': async () =>
    void expect(await ours.keys.rotate(theirKeyId, 0)).toMatchObject({ refused: 'unknown-key' }),
  'people.room': () => ours.people.room(),
  'sessions.createLink': () => ours.sessions.createLink({ scope: 'admin', validMs: 600_000 }),
  'sessions.revokeAll': async () => void expect(await ours.sessions.revokeAll()).toBe(0),
  'imports.findFiles': async () => void expect(await ours.imports.findFiles([HEAD])).toEqual([]),
  'imports.createFile': async () => {
    const file = await ours.imports.createFile({ ...HEAD, name: 'ours.log', format: 'combined' });
    expect(file.generation).toBe(0);
    return file;
  },
  'imports.getFile': async () => void expect(await ours.imports.getFile(theirFile.id)).toBeNull(),
  'imports.intend': async () =>
    void expect(await ours.imports.intend(theirFile.id, { ...RANGE, token: 'ours' })).toMatchObject({
      refused: 'no-such-file',
    }),
  'imports.advance': async () => void expect(await ours.imports.advance(theirFile.id, step())).toBe(false),
  'imports.list': () => ours.imports.list(),
  'erasures.linked': async () => {
    expect(await ours.erasures.linked(THEIR_IDS)).toEqual(THEIR_IDS);
  },
  'erasures.places': async () => {
    for (const place of ours.erasures.places()) {
      for await (const record of place.export(THEIR_IDS)) throw new Error(`${place.name}: ${JSON.stringify(record)}`);
      expect(await place.erase(THEIR_IDS), place.name).toBe(0);
    }
  },
  'erasures.remember': () => ours.erasures.remember(ours.erasures.newId(1), [Buffer.alloc(16, 9)], 1),
  'erasures.known': async () => void expect(await ours.erasures.known([ERASED])).toBeNull(),
  'erasures.record': () => ours.erasures.record(erasure('ours')),
  'erasures.list': async () => void expect((await ours.erasures.list(10)).length).toBe(1),
  'erasures.newId': async () => ours.erasures.newId(1),
  'erasures.kept': async () => {
    const kept = await ours.erasures.kept();
    expect(kept).toContainEqual(expect.objectContaining({ name: 'erasures', rows: 1 }));
    return kept;
  },
  'sources.add': () => ours.sources.add([tally('edge-1')]),
  'sources.list': async () => {
    await ours.sources.add([{ ...tally('theirs-by-name'), kind: 'api' }]);
    const known = await ours.sources.list();
    expect(known.map(({ name }) => name).sort()).toEqual(['edge-1', 'theirs-by-name']);
    return known;
  },
  'integrations.list': async () => void expect(await ours.integrations.list()).toEqual([]),
  'integrations.find': async () => void expect(await ours.integrations.find('ga4')).toBeNull(),
  'integrations.sealed': async () => void expect(await ours.integrations.sealed('ga4', SECRET)).toBeNull(),
  'integrations.figures': async () => void expect(await ours.integrations.figures('ga4')).toBeNull(),
  'integrations.callsMade': async () => void expect(await ours.integrations.callsMade('ga4', 'project', 1)).toBe(0),
  'integrations.outbox.next': async () => void expect(await ours.integrations.outbox.next('ga4', 9)).toEqual([]),
  'integrations.outbox.visits': async () =>
    void expect(await ours.integrations.outbox.visits('ga4', [SECRET])).toEqual([]),
  'integrations.outbox.forget': async () => void expect(await ours.integrations.outbox.forget(SECRET)).toBe(0),
  'integrations.outbox.hold': async () =>
    void expect(await ours.integrations.outbox.hold('ga4', HOLDER, 600_000)).toBe(false),
  'integrations.outbox.release': () => ours.integrations.outbox.release('ga4', HOLDER),
  'integrations.outbox.done': () => ours.integrations.outbox.done('ga4', [EVENT_ID]),
  'integrations.outbox.refused': async () =>
    void expect(await ours.integrations.outbox.refused('ga4', [EVENT_ID], 1)).toBe(0),
  'integrations.outbox.dropBefore': async () =>
    void expect(await ours.integrations.outbox.dropBefore('ga4', Date.now())).toBe(0),
  'integrations.succeeded': () => ours.integrations.succeeded('ga4', 2, 7),
  'integrations.failed': async () => void expect(await ours.integrations.failed('ga4', { at: 2, text: 'x' })).toBe(0),
  'integrations.saveFigures': () => ours.integrations.saveFigures('ga4', figuresOf('ours')),
  'integrations.outbox.add': async () =>
    void expect(await ours.integrations.outbox.add('ga4', [viewOf('ours')], 10)).toBe(0),
  'integrations.outbox.saveVisits': () =>
    ours.integrations.outbox.saveVisits('ga4', [{ visitorId: 'ours', session: 1, lastAt: 1 }]),
  'integrations.takeCall': async () => void expect(await ours.integrations.takeCall('ga4', 'project', 1, 1)).toBe(true),
  'integrations.exhaustCalls': () => ours.integrations.exhaustCalls('ga4', 'project', 1, 10),
  'integrations.remove': async () => void expect(await ours.integrations.remove('ga4')).toBe(false),
  'integrations.put': async () => {
    await setUpIntegration(ours, 'ours');
    return ours.integrations.list();
  },
  'idempotency.claim': async () => {
    const claim = await ours.idempotency.claim('key', 'ours', Date.now() + 600_000);
    expect(claim).toEqual({ first: true, batchToken: 'ours', answer: null });
  },
  'idempotency.find': async () => {
    expect(await ours.idempotency.find('another')).toBeNull();
    return ours.idempotency.find('key');
  },
  'idempotency.claimAll': async () => {
    const entries = [{ key: 'key', answer: { note: 'ours' } }];
    expect(await ours.idempotency.claimAll(entries, 'ours', Date.now() + 600_000)).toEqual([]);
    return ours.idempotency.find('key');
  },
  'members.list': async () => {
    expect(await ours.members.list({ after: null, limit: 100 })).toHaveLength(1);
    return ours.members.list({ after: null, limit: 100 });
  },
  'members.find': async () => void expect(await ours.members.find(theirUserId)).toBeNull(),
  'members.setRole': async () =>
    void expect(await ours.members.setRole(theirUserId, 'viewer', ROLES)).toMatchObject({ refused: 'unknown-person' }),
  'members.remove': async () =>
    void expect(await ours.members.remove(theirUserId, ROLES)).toMatchObject({ refused: 'unknown-person' }),
  'invitations.list': async () => {
    expect(await ours.invitations.list()).toMatchObject([{ inviter: 'ours', mail: { error: 'ours' } }]);
    return ours.invitations.list();
  },
  'invitations.find': async () => void expect(await ours.invitations.find(theirInvitationId)).toBeNull(),
  'invitations.renew': async () =>
    void expect(await ours.invitations.renew(theirInvitationId, { invitedBy: null, validMs: 1 })).toMatchObject({
      refused: 'unknown-invitation',
    }),
  'invitations.withdraw': async () => void expect(await ours.invitations.withdraw(theirInvitationId)).toBe(false),
  'invitations.create': async () => {
    // Who is theirs, or invited by them, is nobody here; and does not show.
    const invitation = { role: 'viewer', invitedBy: null, validMs: 600_000 } as const;
    for (const email of [`${SECRET}@example.org`, `new-${SECRET}@example.org`]) {
      expect(await ours.invitations.create({ ...invitation, email })).toMatchObject({ invitation: { email } });
    }
  },
  'views.list': async () => {
    expect(await ours.views.list(null, { after: null, limit: 100 })).toEqual([]);
    // Neither does the owner of theirs see it by way of us.
    expect(await ours.views.list(theirUserId, { after: null, limit: 100 })).toEqual([]);
  },
  'views.find': async () => void expect(await ours.views.find(theirUserId, theirViewId)).toBeNull(),
  'views.change': async () =>
    void expect(await ours.views.change(theirUserId, theirViewId, { name: 'ours' })).toMatchObject({
      refused: 'unknown-view',
    }),
  'views.remove': async () => void expect(await ours.views.remove(theirUserId, theirViewId)).toBe(false),
  'views.create': () => ours.views.create({ ...VIEW, name: 'ours' }),
  'audit.append': async () => {
    const written = await ours.audit.append([noted('ours')], AUDIT_SEAL);
    // A chain of its own, not the other's gone on with.
    expect(written).toMatchObject([{ number: 1, previous: Buffer.alloc(32) }]);
    return written;
  },
  'audit.list': () => ours.audit.list({}, { after: null, limit: 1000 }),
  'audit.chain': async () => {
    for await (const page of ours.audit.chain()) expect(JSON.stringify(page)).not.toContain(SECRET);
  },
  'idempotency.settle': () => ours.idempotency.settle('key', SECRET, { note: 'ours' }, Date.now() + 600_000),
  'idempotency.release': () => ours.idempotency.release('pending', SECRET),
  'consent.knows': async () => void expect(await ours.consent.knows(WORDS.version)).toBe(false),
  'consent.show': () => ours.consent.show(WORDS),
  'consent.texts': async () => {
    expect(await ours.consent.texts()).toMatchObject([{ ...WORDS, choices: 0 }]);
  },
  'consent.history': async () => void expect(await ours.consent.history(PERSON.proofId)).toEqual([]),
  'consent.expire': async () => void expect(await ours.consent.expire(SPAN.to)).toBe(0),
  'consent.days': async () => void expect(await ours.consent.days(SPAN)).toEqual([]),
  'consent.people': async () =>
    void expect(await ours.consent.people(SPAN)).toEqual({ granted: 0, partly: 0, refused: 0 }),
  'consent.pages': async () => {
    for await (const page of ours.consent.pages(SPAN)) expect(page).toEqual([]);
  },
  'consent.add': async () => {
    expect(await ours.consent.add([chosen('ours.example')])).toBe(1);
    expect(await ours.consent.history(PERSON.proofId)).toMatchObject([{ change: 'first' }]);
  },
};

function methodsOf(handle: object, path: string[] = []): string[] {
  return Object.entries(handle).flatMap(([name, value]) => {
    if (typeof value === 'function') return [[...path, name].join('.')];
    return typeof value === 'object' && value !== null ? methodsOf(value, [...path, name]) : [];
  });
}

describe('a tenant', () => {
  it('has a walk for each method of its handle', () => {
    expect(methodsOf(ours).sort()).toEqual(Object.keys(WALKS).sort());
  });

  it.each(Object.keys(WALKS))('%s neither shows nor changes what is another’s', async (name) => {
    const before = await everythingTheirs();
    expect(before).toContain(SECRET);
    const answer = await WALKS[name]?.();
    const text = JSON.stringify(answer ?? null);
    expect(text).not.toContain(SECRET);
    expect(text).not.toContain(theirs.tenantId);
    expect(await everythingTheirs()).toBe(before);
  });

  it('is named by a UUID and nothing else', async () => {
    for (const id of ['', 'ours', "' OR true --", `${ours.tenantId}'`]) {
      await expect(records.forTenant(id).domains.list()).rejects.toMatchObject({ code: 'bad-tenant' });
    }
    const nobody = records.forTenant('00000000-0000-7000-8000-000000000000');
    expect(await nobody.keys.list()).toEqual([]);
    await expect(nobody.tenant.get()).rejects.toMatchObject({ code: 'no-such-tenant' });
    await expect(nobody.keys.create({ scope: 'read' })).rejects.toThrow(/foreign key/);
  });
});

describe('the database', () => {
  it('shows no table of tenants to a statement that names no tenant, nor to one of another', async () => {
    const database = openDatabase({ url, log: quietLog() });
    try {
      const { rows } = await database.pool.query(
        "SELECT relname AS name FROM pg_class WHERE relnamespace = 'vedette'::regnamespace AND relkind = 'r' AND relrowsecurity",
      );
      expect(rows.length).toBeGreaterThanOrEqual(8);
      for (const { name } of rows) {
        expect((await database.pool.query(`SELECT * FROM ${name}`)).rows, name).toEqual([]);
        const client = await database.pool.connect();
        await client.query('BEGIN');
        await client.query("SELECT set_config('vedette.tenant', $1, true)", [ours.tenantId]);
        const seen = (await client.query(`SELECT * FROM ${name}`)).rows;
        const columns = await client.query(
          'SELECT attname AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0',
          [name],
        );
        const own = columns.rows.some((column) => column.name === 'tenant_id') ? 'tenant_id' : 'id';
        // What belongs to people and not to one tenant has nothing to be moved by: nobody may change a row of it.
        const away = columns.rows.some((column) => column.name === own)
          ? client.query(`UPDATE ${name} SET ${own} = $1`, [theirs.tenantId])
          : client.query(`DELETE FROM ${name}`);
        const outcome = await away.then(
          ({ rowCount }) => `changed ${rowCount === 0 ? 'nothing' : rowCount}`,
          (error: Error) => error.message,
        );
        // Even what is ours cannot be made theirs.
        const refusal = /row-level security|foreign key|duplicate|permission denied/;
        if (seen.length > 0 && !SEEN_ONLY.has(name)) await expect(away, name).rejects.toThrow(refusal);
        else await away.catch((error: unknown) => expect(String(error), name).toMatch(/permission denied/));
        // A tenant sees who its people are and how its mails fare, and changes nothing about them.
        const kept =
          seen.length > 0 && !SEEN_ONLY.has(name) ? /row-level security|foreign key|duplicate/ : /changed nothing/;
        expect(outcome, name).toMatch(new RegExp(`${kept.source}|permission denied`));
        await client.query('ROLLBACK');
        client.release();
        expect(JSON.stringify(seen), name).not.toContain(theirs.tenantId);
      }
    } finally {
      await database.close();
    }
  });

  it('has every session step down before its first statement, and for good', async () => {
    const database = openDatabase({ url, log: quietLog() });
    try {
      for (const sql of ['SELECT 1', 'RESET ROLE', 'RESET ALL', 'DISCARD ALL']) {
        await database.pool.query(sql);
        const { rows } = await database.pool.query('SELECT current_user AS name');
        expect(rows, sql).toEqual([{ name: 'vedette_app' }]);
      }
      await expect(database.pool.query('CREATE TABLE mine (id int)')).rejects.toThrow(/permission denied/);
      await expect(database.pool.query('ALTER TABLE api_keys DISABLE ROW LEVEL SECURITY')).rejects.toThrow(/owner/);
    } finally {
      await database.close();
    }
  });

  it('lets each purpose across tenants do its own only', async () => {
    const database = openDatabase({ url, log: quietLog() });
    try {
      const counts = async (access: 'domain-map' | 'key-lookup' | 'log-in') =>
        database.withAccess(access, async (db) => ({
          domains: (await db.selectFrom('domains').selectAll().execute()).length > 0,
          keys: (await db.selectFrom('api_keys').selectAll().execute()).length > 0,
          links: (await db.selectFrom('login_links').selectAll().execute()).length > 0,
          files: (await db.selectFrom('import_files').selectAll().execute()).length > 0,
        }));
      const none = { domains: false, keys: false, links: false, files: false };
      expect(await counts('domain-map')).toEqual({ ...none, domains: true });
      expect(await counts('key-lookup')).toEqual({ ...none, keys: true });
      expect(await counts('log-in')).toEqual({ ...none, links: true });
      const removed = await database.withAccess('key-lookup', (db) => db.deleteFrom('api_keys').executeTakeFirst());
      expect(removed.numDeletedRows).toBe(0n);
    } finally {
      await database.close();
    }
  });

  it('tells what broke a transaction, not that it cannot be rolled back, and its scope ends with it', async () => {
    const database = openDatabase({ url, log: quietLog(), maxConnections: 1 });
    try {
      const broken = database.withAccess('platform', async (db) => {
        await sql`SET LOCAL transaction_timeout = '20ms'`.execute(db);
        await sql`SELECT pg_sleep(30)`.execute(db);
      });
      await expect(broken).rejects.toMatchObject({ code: '25P04' });
      const count = async () => (await database.pool.query('SELECT FROM tenants')).rowCount;
      const seen = await database.withAccess('platform', (db) => db.selectFrom('tenants').select('id').execute());
      expect(seen.length).toBeGreaterThan(1);
      expect(await count()).toBe(0);
      await expect(database.withAccess('platform', (db) => sql`SELECT 1 / 0`.execute(db))).rejects.toThrow(/zero/);
      expect(await count()).toBe(0);
    } finally {
      await database.close();
    }
  });
});
