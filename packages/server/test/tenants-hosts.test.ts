import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRefusal } from '../src/model/request.ts';
import { openRecords, type Records, type Tenant } from '../src/stores/records.ts';
import { quietLog, startTestPostgres, type TestPostgres } from './support/postgres.ts';

let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(async () => {
  await postgres?.stop();
});

/** Two hubs on one database, with two tenants. */
async function world<T>(
  use: (world: { url: string; here: Records; there: Records; acme: Tenant; other: Tenant }) => Promise<T>,
): Promise<T> {
  const url = await postgres.freshDatabase();
  const here = await openRecords({ url, log: quietLog() });
  const there = await openRecords({ url, log: quietLog() });
  try {
    const [acme, other] = [
      await here.unscoped.tenants.create({ slug: 'acme', name: 'Acme' }),
      await here.unscoped.tenants.create({ slug: 'other', name: 'Other' }),
    ];
    if (isRefusal(acme) || isRefusal(other)) throw new Error('cannot create tenants');
    return await use({ url, here, there, acme, other });
  } finally {
    await Promise.all([here.close(), there.close()]);
  }
}

async function eventually(check: () => unknown): Promise<void> {
  await expect.poll(check, { timeout: 20_000, interval: 10 }).toBeTruthy();
}

describe('the map of hosts', () => {
  it('learns of changes made elsewhere', () =>
    world(async ({ here, there, acme, other }) => {
      expect(there.hosts.resolve('www.example.com')).toBeUndefined();
      await here.forTenant(acme.id).domains.add('*.example.com');
      await eventually(() => there.hosts.resolve('www.example.com') === acme.id);
      await here.forTenant(other.id).domains.add('www.example.com');
      await eventually(() => there.hosts.resolve('www.example.com') === other.id);
      expect(there.hosts.resolve('api.example.com')).toBe(acme.id);
      expect(await here.forTenant(other.id).domains.remove('WWW.example.com.')).toBe(true);
      await eventually(() => there.hosts.resolve('www.example.com') === acme.id);
      expect(there.hosts.size).toBe(1);
    }));

  it('leaves out suspended tenants while they are suspended', () =>
    world(async ({ here, there, acme }) => {
      await here.forTenant(acme.id).domains.add('example.com');
      await eventually(() => there.hosts.resolve('example.com') === acme.id);
      await here.unscoped.tenants.setSuspended(acme.id, true);
      await eventually(() => there.hosts.resolve('example.com') === undefined);
      // Whose it is stays known, so that what comes for it is nobody else's.
      expect(there.hosts.ownerOf('example.com')).toBe(acme.id);
      expect(there.hosts.patterns(null)).toEqual([]);
      await here.unscoped.tenants.setSuspended(acme.id, false);
      await eventually(() => there.hosts.resolve('example.com') === acme.id);
    }));

  it('catches up after its connection was cut', () =>
    world(async ({ url, here, there, acme }) => {
      await here.forTenant(acme.id).domains.add('kept.example');
      await eventually(() => there.hosts.resolve('kept.example') === acme.id);
      // The listeners are cut off and a change is made in the same breath, so that its announcement is missed.
      await postgres.query(
        url,
        `WITH cut AS MATERIALIZED (
           SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
           WHERE application_name = 'vedette-listen' AND datname = current_database()
         )
         INSERT INTO vedette.domains (id, tenant_id, pattern, verified_at, verified_by)
         SELECT gen_random_uuid(), $1, 'missed.example', now(), 'operator' FROM (SELECT count(*) FROM cut) AS all_cut`,
        [acme.id],
      );
      expect(there.hosts.resolve('kept.example')).toBe(acme.id);
      await eventually(() => there.hosts.resolve('missed.example') === acme.id);
      await here.forTenant(acme.id).domains.add('later.example');
      await eventually(() => there.hosts.resolve('later.example') === acme.id);
    }));

  it('goes on answering while the database is away, and no revoked key slips through after it', () =>
    world(async ({ here, there, acme }) => {
      await here.forTenant(acme.id).domains.add('example.com');
      const { token, key } = await here.forTenant(acme.id).keys.create({ scope: 'ingest' });
      await eventually(() => there.hosts.resolve('example.com') === acme.id);
      expect(await there.authenticate(token)).not.toBeNull();
      const pid = postgres.server.pid() ?? 0;
      process.kill(pid, 'SIGKILL');
      expect(there.hosts.resolve('example.com')).toBe(acme.id);
      await eventually(() => postgres.server.pid() !== undefined && postgres.server.pid() !== pid);
      await eventually(async () =>
        here
          .forTenant(acme.id)
          .keys.revoke(key.id)
          .catch(() => false),
      );
      await eventually(async () => (await there.authenticate(token)) === null);
      await here.forTenant(acme.id).domains.add('after.example');
      await eventually(() => there.hosts.resolve('after.example') === acme.id);
    }));

  it('refreshes on demand', () =>
    world(async ({ here, acme }) => {
      await here.forTenant(acme.id).domains.add('example.com');
      await Promise.all([here.hosts.refresh(), here.hosts.refresh(), here.hosts.refresh()]);
      expect(here.hosts.resolve('example.com')).toBe(acme.id);
    }));
});

describe('domains', () => {
  it('belong to one tenant', () =>
    world(async ({ here, acme, other }) => {
      const added = await here.forTenant(acme.id).domains.add('Bücher.example');
      expect(added).toMatchObject({ pattern: 'xn--bcher-kva.example', tenantId: acme.id });
      expect(await here.forTenant(acme.id).domains.add('bücher.example')).toEqual(added);
      expect(await here.forTenant(other.id).domains.add('bücher.example')).toMatchObject({ refused: 'domain-taken' });
      expect(await here.forTenant(other.id).domains.add('https://x')).toMatchObject({ refused: 'bad-domain' });
      expect((await here.unscoped.domains.list()).map((each) => each.pattern)).toEqual(['xn--bcher-kva.example']);
    }));

  it('are claims until they are verified: a claim maps nothing and hinders nobody, and of two the verified one wins', () =>
    world(async ({ here, there, acme, other }) => {
      const [own, theirs] = [here.forTenant(acme.id).domains, here.forTenant(other.id).domains];
      const claim = await own.claim('example.com');
      expect(claim).toMatchObject({
        verifiedAt: null,
        verifiedBy: null,
        token: expect.stringMatching(/^[0-9a-f]{32}$/),
      });
      expect(await own.claim('example.com')).toEqual(claim);
      expect(await theirs.claim('example.com')).toMatchObject({ verifiedAt: null });
      await here.hosts.refresh();
      expect(here.hosts.ownerOf('example.com')).toBeUndefined();
      expect(await theirs.noteCheck('example.com', { by: 'dns', error: null }, 1000)).toMatchObject({
        verifiedBy: 'dns',
      });
      await eventually(() => there.hosts.resolve('example.com') === other.id);
      expect(await own.noteCheck('example.com', { by: 'file', error: null }, 2000)).toMatchObject({
        refused: 'domain-taken',
      });
      expect(await own.find('example.com')).toMatchObject({
        verifiedAt: null,
        checkedAt: 2000,
        checkError: expect.stringContaining('another'),
      });
      expect(await own.add('example.com')).toMatchObject({ refused: 'domain-taken' });
      expect(await own.list()).toHaveLength(1);
      // What was made for the operator's word alone is not left behind as a claim.
      await theirs.add('more.example');
      expect(await own.add('more.example')).toMatchObject({ refused: 'domain-taken' });
      expect(await own.find('more.example')).toBeNull();
    }));

  it('that two tenants verify at once become one’s', () =>
    world(async ({ here, acme, other }) => {
      const both = [acme, other].map(({ id }) => here.forTenant(id).domains);
      for (const domains of both) await domains.claim('race.example');
      const outcomes = await Promise.all(
        both.map((domains) => domains.noteCheck('race.example', { by: 'dns', error: null }, 1)),
      );
      expect(outcomes.filter((outcome) => 'refused' in outcome)).toHaveLength(1);
      expect(await here.unscoped.domains.verified('race.example')).toMatchObject({ verifiedBy: 'dns' });
    }));
});
