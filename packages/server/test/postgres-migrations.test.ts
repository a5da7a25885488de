import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MIGRATIONS, migrate } from '../src/stores/drivers/postgres/migrate.ts';
import { dumpSchema } from '../src/stores/drivers/postgres/schema-dump.ts';
import { openRecords } from '../src/stores/records.ts';
import { quietLog, startTestPostgres, type TestPostgres } from './support/postgres.ts';

const log = quietLog();
let postgres: TestPostgres;
let dir: string;

beforeAll(async () => {
  postgres = await startTestPostgres();
  dir = await mkdtemp(join(tmpdir(), 'vedette-migrations-'));
});
afterAll(async () => {
  await postgres?.stop();
  await rm(dir, { recursive: true, force: true });
});

async function files(): Promise<string[]> {
  return (await readdir(MIGRATIONS)).filter((name) => /^\d{4}_/.test(name)).sort();
}

/** A copy of the migrations to change. */
async function copy(name: string): Promise<string> {
  await cp(MIGRATIONS, join(dir, name), { recursive: true });
  return join(dir, name);
}

async function dump(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await dumpSchema(client);
  } finally {
    await client.end();
  }
}

describe('migrations', () => {
  it('run once, though several processes start at once', async () => {
    const url = await postgres.emptyDatabase();
    const ran = await Promise.all([1, 2, 3, 4, 5].map(() => migrate({ url, log })));
    expect(ran.filter((names) => names.length > 0)).toEqual([await files()]);
    expect(await migrate({ url, log })).toEqual([]);
  });

  it('run in several new databases of one server at once, which share the role', async () => {
    const urls = await Promise.all([postgres.emptyDatabase(), postgres.emptyDatabase(), postgres.emptyDatabase()]);
    for (const url of urls) await postgres.query(url, 'SELECT 1');
    await Promise.all(urls.map((url) => migrate({ url, log })));
    expect(new Set(await Promise.all(urls.map(dump))).size).toBe(1);
  });

  it('give the schema that the golden dump shows', async () => {
    const url = await postgres.emptyDatabase();
    await migrate({ url, log });
    const actual = await dump(url);
    const golden = join(MIGRATIONS, 'schema.golden.sql');
    if (process.env.VEDETTE_UPDATE_GOLDEN === '1') await writeFile(golden, actual);
    expect(actual).toBe(await readFile(golden, 'utf8'));
    expect(actual).toContain('TABLE tenants ROW SECURITY FORCED');
  });

  it('refuse a file that was changed after it was run', async () => {
    const url = await postgres.freshDatabase();
    const changed = await copy('changed');
    const [first = ''] = await files();
    await writeFile(join(changed, first), `${await readFile(join(changed, first), 'utf8')}\n-- more\n`);
    await expect(migrate({ url, log, dir: changed })).rejects.toMatchObject({
      code: 'migration-changed',
      message: expect.stringContaining(first),
    });
  });

  it('do not mind line ends', async () => {
    const url = await postgres.freshDatabase();
    const changed = await copy('line-ends');
    for (const name of await files()) {
      const text = await readFile(join(changed, name), 'utf8');
      await writeFile(join(changed, name), text.replaceAll('\n', '\r\n'));
    }
    expect(await migrate({ url, log, dir: changed })).toEqual([]);
  });

  it('refuse the database of a newer Vedette', async () => {
    const url = await postgres.freshDatabase();
    const newer = await copy('newer');
    const next = `${String((await files()).length + 1).padStart(4, '0')}_later.sql`;
    await writeFile(join(newer, next), 'CREATE TABLE later (id int)');
    expect(await migrate({ url, log, dir: newer })).toEqual([next]);
    await expect(migrate({ url, log })).rejects.toMatchObject({
      code: 'database-newer',
      message: expect.stringContaining(next),
    });
    await expect(openRecords({ url, log })).rejects.toMatchObject({ code: 'database-newer' });
  });

  it('that fail leave nothing behind and say where', async () => {
    const url = await postgres.freshDatabase();
    const broken = await copy('broken');
    const next = `${String((await files()).length + 1).padStart(4, '0')}_broken.sql`;
    await writeFile(join(broken, next), 'CREATE TABLE half (id int);\nSELECT nonsense FROM half;\n');
    await expect(migrate({ url, log, dir: broken })).rejects.toMatchObject({
      code: 'migration-failed',
      message: expect.stringMatching(`${next} at line 2: .*nonsense`),
    });
    expect(await postgres.query(url, "SELECT to_regclass('vedette.half') AS half")).toEqual([{ half: null }]);
    expect(await migrate({ url, log })).toEqual([]);
  });

  it('must be numbered without gaps', async () => {
    const gap = await copy('gap');
    const next = `${String((await files()).length + 2).padStart(4, '0')}_gap.sql`;
    await writeFile(join(gap, next), 'SELECT 1');
    await expect(migrate({ url: postgres.server.url, log, dir: gap })).rejects.toMatchObject({
      code: 'bad-migrations',
    });
  });
});

describe('the hub refuses to start when its role', () => {
  it.each([
    ['is a superuser', 'ALTER ROLE vedette_app SUPERUSER', 'ALTER ROLE vedette_app NOSUPERUSER', /is a superuser/],
    ['has BYPASSRLS', 'ALTER ROLE vedette_app BYPASSRLS', 'ALTER ROLE vedette_app NOBYPASSRLS', /BYPASSRLS/],
    ['may log in', 'ALTER ROLE vedette_app LOGIN', 'ALTER ROLE vedette_app NOLOGIN', /may log in/],
    [
      'may become a superuser by way of another role',
      'CREATE ROLE between; GRANT between TO vedette_app; CREATE ROLE mighty SUPERUSER; GRANT mighty TO between',
      'DROP ROLE between; DROP ROLE mighty',
      /member of mighty, which is a superuser/,
    ],
    [
      'owns a table',
      'ALTER TABLE vedette.domains OWNER TO vedette_app',
      'ALTER TABLE vedette.domains OWNER TO vedette; GRANT SELECT ON vedette.domains TO vedette_app',
      /owner of, table domains/,
    ],
    [
      'meets a table without forced row security',
      'ALTER TABLE vedette.api_keys NO FORCE ROW LEVEL SECURITY',
      'ALTER TABLE vedette.api_keys FORCE ROW LEVEL SECURITY',
      /not forced on table api_keys/,
    ],
    [
      'meets a new table of tenants without row security',
      'CREATE TABLE vedette.forgotten (tenant_id uuid)',
      'DROP TABLE vedette.forgotten',
      /not forced on table forgotten/,
    ],
  ])('%s', async (_, harm, heal, message) => {
    const url = await postgres.freshDatabase();
    await postgres.query(url, harm);
    try {
      await expect(openRecords({ url, log })).rejects.toMatchObject({
        code: 'row-security',
        message: expect.stringMatching(message),
      });
    } finally {
      await postgres.query(url, heal);
    }
    await (await openRecords({ url, log })).close();
  });
});

it('works for an owner who is no superuser, as with DATABASE_URL', async () => {
  const url = new URL(await postgres.emptyDatabase());
  const database = url.pathname.slice(1);
  await postgres.query(url.toString(), "CREATE ROLE landlord LOGIN CREATEROLE PASSWORD 'secret'");
  await postgres.query(url.toString(), 'GRANT vedette_app TO landlord');
  await postgres.query(url.toString(), `ALTER DATABASE ${database} OWNER TO landlord`);
  url.username = 'landlord';
  url.password = 'secret';
  const records = await openRecords({ url: url.toString(), log });
  try {
    const own = records.forTenant(records.installation.id);
    await own.domains.add('example.com');
    const { token } = await own.keys.create({ scope: 'read' });
    await records.hosts.refresh();
    expect(records.hosts.resolve('example.com')).toBe(records.installation.id);
    expect(await records.authenticate(token)).toMatchObject({ tenantId: records.installation.id });
    const link = await own.sessions.createLink({ scope: 'admin', validMs: 60_000 });
    expect(await records.logIn.redeem(link.token, 60_000)).not.toBeNull();
    await records.unscoped.dayKeys.getOrCreate(1, Buffer.alloc(8));
    expect(await records.unscoped.dayKeys.destroyBefore(2)).toBe(1);
  } finally {
    await records.close();
  }
});
