import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AuditNote, createChainWalk } from '../src/model/audit-entry.ts';
import { isRefusal } from '../src/model/request.ts';
import { openDatabase } from '../src/stores/drivers/postgres/database.ts';
import { openRecords, type Records } from '../src/stores/records.ts';
import { quietLog, startTestPostgres, type TestPostgres } from './support/postgres.ts';

const DAY_MS = 86_400_000;
const seal = (content: string) => createHmac('sha256', 'a key of the tests').update(content).digest();
let postgres: TestPostgres;
let url: string;
let records: Records;
beforeAll(async () => {
  postgres = await startTestPostgres();
  url = await postgres.freshDatabase();
  records = await openRecords({ url, log: quietLog() });
});
afterAll(async () => {
  await records?.close();
  await postgres?.stop();
});

const note = (action: string, more: Partial<AuditNote> = {}): AuditNote => ({
  actor: { kind: 'user', id: '0198c0de-0000-7000-8000-000000000001', name: 'Ada Example' },
  action,
  target: 'a thing',
  detail: { z: 1, a: { y: [1, 2.5, 'ü'], b: null } },
  outcome: 'done',
  address: null,
  agent: 'Firefox on Linux',
  ...more,
});

let made = 0;
/** A new tenant with so many entries. */
async function tenantWith(entries: number): Promise<string> {
  const tenant = await records.unscoped.tenants.create({ slug: `chain-${++made}`, name: 'Chain' });
  if (isRefusal(tenant)) throw new Error(tenant.detail);
  const notes = Array.from({ length: entries }, (_, n) =>
    note(`thing.number-${'abcdefghij'[n % 10]}`, { detail: { n } }),
  );
  if (entries > 0) await records.forTenant(tenant.id).audit.append(notes, seal);
  return tenant.id;
}

async function walk(tenantId: string) {
  const chain = createChainWalk(seal);
  for await (const page of records.forTenant(tenantId).audit.chain()) for (const entry of page) chain.add(entry);
  return chain.end();
}

/** As an owner who means it: with the triggers off. */
const tamper = (sql: string, values: unknown[]) =>
  postgres.query(
    url,
    `BEGIN; SET LOCAL session_replication_role = replica; ${sql.replace(/\$(\d)/g, (_, n) => `'${values[Number(n) - 1]}'`)}; COMMIT`,
  );

describe('the chain', () => {
  it('holds for entries of any content, as they come back from the database', async () => {
    const id = await tenantWith(0);
    const { audit } = records.forTenant(id);
    const hard = {
      'quote"': "it's",
      nul: 'a\0b',
      half: '\ud800',
      big: 1e21,
      small: 1e-7,
      minus: -0,
      nested: { b: [{ c: [] }] },
    };
    await audit.append([note('thing.made', { detail: hard, target: null, agent: null }), note('thing.changed')], seal);
    const { faults, entries } = await walk(id);
    expect(faults).toEqual([]);
    expect(entries).toBe(2);
    const [newest, oldest] = await audit.list({}, { after: null, limit: 10 });
    expect(newest).toMatchObject({ number: 2, action: 'thing.changed', agent: 'Firefox on Linux', tenantId: id });
    expect(oldest).toMatchObject({ number: 1, previous: Buffer.alloc(32), detail: { nul: 'ab', big: 1e21 } });
  });

  it('has no gaps and no forks when many write at once, from two hubs', async () => {
    const id = await tenantWith(0);
    const other = await openRecords({ url, log: quietLog() });
    try {
      const writers = [records, other].flatMap((hub) =>
        Array.from({ length: 20 }, () =>
          hub.forTenant(id).audit.append([note('thing.made'), note('thing.kept')], seal),
        ),
      );
      await Promise.all(writers);
    } finally {
      await other.close();
    }
    expect(await walk(id)).toMatchObject({ entries: 80, faults: [] });
  });

  it.each([
    [
      'a changed target',
      "UPDATE vedette.audit_log SET target = 'another' WHERE tenant_id = $1 AND number = 3",
      [{ number: 3, reason: 'it is not as it was written' }],
    ],
    [
      'a changed time',
      "UPDATE vedette.audit_log SET time = time + interval '1 ms' WHERE tenant_id = $1 AND number = 3",
      [{ number: 3, reason: 'it is not as it was written' }],
    ],
    [
      'another actor',
      "UPDATE vedette.audit_log SET actor_name = 'Eve' WHERE tenant_id = $1 AND number = 5",
      [{ number: 5, reason: 'it is not as it was written' }],
    ],
    [
      'a fact in the detail',
      `UPDATE vedette.audit_log SET detail = '{"n": 7}' WHERE tenant_id = $1 AND number = 1`,
      [{ number: 1, reason: 'it is not as it was written' }],
    ],
    [
      'an address that was put in',
      "UPDATE vedette.audit_log SET address = '192.0.2.1' WHERE tenant_id = $1 AND number = 2",
      [{ number: 2, reason: 'it is not as it was written' }],
    ],
    [
      'an entry taken out',
      'DELETE FROM vedette.audit_log WHERE tenant_id = $1 AND number = 3',
      [{ number: 4, reason: 'entries 3 to 3 are missing' }],
    ],
    [
      'the beginning taken away',
      'DELETE FROM vedette.audit_log WHERE tenant_id = $1 AND number < 3',
      [{ number: 3, reason: 'entries 1 to 2 are missing, and no retention removed them' }],
    ],
    [
      'one taken out and the rest moved up',
      'DELETE FROM vedette.audit_log WHERE tenant_id = $1 AND number = 3; UPDATE vedette.audit_log SET number = number - 1 WHERE tenant_id = $1 AND number > 3',
      [
        { number: 3, reason: 'it does not follow the entry before it' },
        { number: 3, reason: 'it is not as it was written' },
        { number: 4, reason: 'it is not as it was written' },
      ],
    ],
    [
      'a hash worked out without the key',
      "UPDATE vedette.audit_log SET hash = sha256('x') WHERE tenant_id = $1 AND number = 4",
      [
        { number: 4, reason: 'it is not as it was written' },
        { number: 5, reason: 'it does not follow the entry before it' },
      ],
    ],
  ])('shows %s by the owner', async (_, sql, faults) => {
    const id = await tenantWith(5);
    expect((await walk(id)).faults).toEqual([]);
    await tamper(sql, [id]);
    expect((await walk(id)).faults).toEqual(faults);
  });

  it('of one tenant is not broken by what another writes, nor may an entry change its tenant', async () => {
    const [a, b] = [await tenantWith(3), await tenantWith(2)];
    expect((await walk(a)).entries).toBe(3);
    await tamper('UPDATE vedette.audit_log SET tenant_id = $1, number = 4 WHERE tenant_id = $2 AND number = 2', [a, b]);
    expect((await walk(a)).faults).toEqual([
      { number: 4, reason: 'it does not follow the entry before it' },
      { number: 4, reason: 'it is not as it was written' },
    ]);
  });
});

describe('nobody changes it', () => {
  it.each([
    ['UPDATE vedette.audit_log SET target = NULL', /only added to; UPDATE is refused/],
    ['DELETE FROM vedette.audit_log', /only added to; DELETE is refused/],
    ['TRUNCATE vedette.audit_log', /only added to; TRUNCATE is refused/],
    ['TRUNCATE vedette.tenants CASCADE', /only added to; TRUNCATE is refused/],
  ])('the owner by mistake: %s', async (sql, refusal) => {
    await tenantWith(1);
    await expect(postgres.query(url, sql)).rejects.toThrow(refusal);
  });

  it.each([
    'UPDATE audit_log SET target = NULL',
    'DELETE FROM audit_log',
    'TRUNCATE audit_log',
    'ALTER TABLE audit_log DISABLE TRIGGER ALL',
    'DROP TRIGGER keep_audit_log ON audit_log',
    'SET session_replication_role = replica',
  ])('the application: %s', async (sql) => {
    const database = openDatabase({ url, log: quietLog() });
    try {
      await expect(database.pool.query(sql)).rejects.toThrow(/permission denied|must be owner/);
    } finally {
      await database.close();
    }
  });

  it('a hub whose role was given more rights does not start', async () => {
    const fresh = await postgres.freshDatabase();
    await postgres.query(fresh, 'GRANT DELETE ON vedette.audit_log TO vedette_app');
    await expect(openRecords({ url: fresh, log: quietLog() })).rejects.toThrow(/more to the audit log than add to it/);
  });

  it('says so when a trigger was switched off', async () => {
    expect(await records.unscoped.audit.weaknesses()).toEqual([]);
    await postgres.query(url, 'ALTER TABLE vedette.audit_log DISABLE TRIGGER keep_audit_log');
    expect(await records.unscoped.audit.weaknesses()).toEqual([expect.stringContaining('keep_audit_log')]);
    await postgres.query(url, 'ALTER TABLE vedette.audit_log ENABLE TRIGGER keep_audit_log');
  });

  it('and it goes with its tenant', async () => {
    const id = await tenantWith(3);
    const database = openDatabase({ url, log: quietLog() });
    try {
      await database.withAccess('platform', (db) => db.deleteFrom('tenants').where('id', '=', id).execute());
    } finally {
      await database.close();
    }
    expect(await postgres.query(url, 'SELECT * FROM vedette.audit_log WHERE tenant_id = $1', [id])).toEqual([]);
  });
});

describe('retention', () => {
  /** Entries as if they had been written so many days ago, sealed as they would have been. */
  async function aged(days: readonly number[]): Promise<string> {
    const id = await tenantWith(0);
    const { audit } = records.forTenant(id);
    const real = Date.now;
    try {
      for (const day of days) {
        Date.now = () => real() - day * DAY_MS;
        await audit.append([note('thing.made', { detail: { day } })], seal);
      }
    } finally {
      Date.now = real;
    }
    return id;
  }
  const cut = (id: string, days = 400) => records.unscoped.audit.cut(id, Date.now() - days * DAY_MS, seal);

  it('removes what is older, says so in the chain, and leaves a chain that holds', async () => {
    const id = await aged([500, 450, 401, 399, 1]);
    expect(await cut(id)).toBe(3);
    const { first, last, faults } = await walk(id);
    expect(faults).toEqual([]);
    expect(first?.number).toBe(4);
    expect(last).toMatchObject({
      number: 6,
      action: 'audit.retention',
      actor: { kind: 'hub' },
      detail: { removed: 3, through: 3 },
    });
    expect(await cut(id)).toBe(0);
    await tamper('DELETE FROM vedette.audit_log WHERE tenant_id = $1 AND number = 4', [id]);
    expect((await walk(id)).faults).toEqual([
      { number: 5, reason: 'entries 4 to 4 are missing, and no retention removed them' },
    ]);
  });

  it('keeps the last entry, so that the chain goes on from it', async () => {
    const id = await aged([500, 450]);
    expect(await cut(id)).toBe(1);
    await records.forTenant(id).audit.append([note('thing.later')], seal);
    expect(await walk(id)).toMatchObject({ entries: 3, faults: [] });
  });

  it('does not go on for ever about its own entries', async () => {
    const id = await aged([500, 450]);
    const real = Date.now;
    try {
      Date.now = () => real() - 420 * DAY_MS;
      // As if the cut had been made long ago.
      await records.unscoped.audit.cut(id, real() - 440 * DAY_MS, seal);
    } finally {
      Date.now = real;
    }
    expect(await cut(id)).toBe(1);
    expect(await cut(id)).toBe(0);
    expect((await walk(id)).faults).toEqual([]);
  });

  it('is refused below 30 days, and to whoever is not the installation', async () => {
    const id = await aged([500, 1]);
    await expect(cut(id, 29)).rejects.toThrow(/30 days at least/);
    const database = openDatabase({ url, log: quietLog() });
    try {
      const call = (db: Parameters<Parameters<typeof database.asTenant>[1]>[0]) =>
        db.selectNoFrom((e) => e.fn('cut_audit_log', [e.val(id), e.val(new Date(0))]).as('cut')).execute();
      await expect(database.asTenant(id, call)).rejects.toThrow(/by the installation only/);
    } finally {
      await database.close();
    }
    expect((await walk(id)).entries).toBe(2);
  });
});

describe('a list', () => {
  it('is of what was asked for, the newest first, and goes on where it was', async () => {
    const id = await tenantWith(25);
    const { audit } = records.forTenant(id);
    await audit.append(
      [note('key.create', { actor: { kind: 'key', id: 'k1', name: '100% sure_name' } }), note('key.revoke')],
      seal,
    );
    const numbers = async (question: Parameters<typeof audit.list>[0]) =>
      (await audit.list(question, { after: null, limit: 100 })).map(({ number }) => number);
    expect(await numbers({ action: 'key.' })).toEqual([27, 26]);
    expect(await numbers({ action: 'key.revoke' })).toEqual([27]);
    expect(await numbers({ action: 'k_y' })).toEqual([]);
    expect(await numbers({ actor: 'k1' })).toEqual([26]);
    expect(await numbers({ actor: '100% SURE_' })).toEqual([26]);
    expect(await numbers({ actor: '%' })).toEqual([26]);
    expect(await numbers({ to: Date.now() - 60_000 })).toEqual([]);
    expect((await numbers({ from: Date.now() - 60_000 })).length).toBe(27);
    const pages: number[] = [];
    for (let after: string | null = null; ; ) {
      const page = await audit.list({}, { after, limit: 10 });
      pages.push(...page.map(({ number }) => number));
      after = page.at(-1)?.id ?? null;
      if (page.length < 10) break;
    }
    expect(pages).toEqual(Array.from({ length: 27 }, (_, n) => 27 - n));
    const all = await records.unscoped.audit.list({ action: 'key.' }, { after: null, limit: 100 });
    expect(all.map(({ tenantId }) => tenantId)).toEqual([id, id]);
  });
});
