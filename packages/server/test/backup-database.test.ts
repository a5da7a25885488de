import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestPostgres, type TestPostgres } from './support/postgres.ts';
import { type Run, runVedette, startServe } from './support/serve.ts';
import { callUrl, startWorld, type World, type WorldTenant } from './support/world.ts';

const SLOW = { timeout: 300_000 };
let postgres: TestPostgres;
let world: World;
let tenant: WorldTenant;
let dir: string;
let data: string;
/** As whoever may make roles and databases, but sees no rows past row security. */
let source: string;
let target: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vedette-database-'));
  postgres = await startTestPostgres({ bare: true });
  [source, target] = [await databaseOf('landlord'), await databaseOf('other')];
  data = join(dir, 'data');
  world = await startWorld({ DATABASE_URL: source }, data);
  // The role of the application is one for the whole server, and whose it is who was there first.
  await asSuperuser('GRANT vedette_app TO other');
  tenant = await world.tenant('acme');
  const body = Array.from({ length: 50 }, (_, index) => ({
    time: Date.now() - index * 1000,
    'server.address': 'shop.example',
    'url.path': `/${index % 7}`,
  }));
  expect((await world.call('/api/v1/requests', { key: tenant.keys.ingest, body })).json).toMatchObject({
    accepted: 50,
  });
}, SLOW.timeout);
afterAll(async () => {
  await world?.stop();
  await postgres?.stop();
  await rm(dir, { recursive: true, force: true });
});

/** A database of its own, of a role that is no superuser. */
async function databaseOf(role: string): Promise<string> {
  const url = new URL(await postgres.emptyDatabase());
  await postgres.query(url.toString(), `CREATE ROLE ${role} LOGIN CREATEROLE PASSWORD 'secret'`);
  await postgres.query(url.toString(), `ALTER DATABASE ${url.pathname.slice(1)} OWNER TO ${role}`);
  [url.username, url.password] = [role, 'secret'];
  return url.toString();
}

/** As the superuser of the server. */
function asSuperuser(sql: string): Promise<unknown> {
  return postgres.query(postgres.server.url, sql);
}

function restore(archive: string, to: string, more: string[] = []): Promise<Run> {
  const argv = ['restore', archive, '--data', to, '--master-key', join(data, 'master.key'), '--json', ...more];
  return runVedette(argv, { env: { DATABASE_URL: target } });
}

test('a PostgreSQL server is backed up, and restored into another database', SLOW, async () => {
  const archive = join(dir, 'backup.tar');
  const hidden = await runVedette(['backup', archive, '--data', data]);
  expect(hidden).toMatchObject({ code: 1, stderr: expect.stringContaining('ALTER ROLE landlord BYPASSRLS') });
  expect(await readdir(join(data, 'backup'))).toEqual([]);
  expect(await readdir(dir)).toEqual(['data']);
  await asSuperuser('ALTER ROLE landlord BYPASSRLS');
  expect(await runVedette(['backup', archive, '--data', data])).toMatchObject({ code: 0, stderr: '' });

  const to = join(dir, 'elsewhere');
  const restored = await restore(archive, to);
  expect(restored.stderr).toBe('');
  const done = JSON.parse(restored.stdout) as { id: string; created: string };
  expect(await readdir(to)).not.toContain('postgres');
  const served = await startServe(to, { env: { DATABASE_URL: target } });
  try {
    const question = '/api/v1/traffic?metrics=requests&from=-2h&to=now';
    const { json } = await callUrl(`${served.url}${question}`, { key: tenant.keys.read });
    expect(json.rows).toMatchObject([{ requests: 50 }]);
  } finally {
    served.child.kill('SIGTERM');
    await served.ended;
  }

  const again = await restore(archive, join(dir, 'again'));
  expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('has records already') });
  await expect(readdir(join(dir, 'again'))).rejects.toMatchObject({ code: 'ENOENT' });

  // As a restore leaves it that was killed after the records were there, and before it had ended.
  const killed = join(dir, 'killed');
  await mkdir(join(killed, 'restore'), { recursive: true, mode: 0o700 });
  await writeFile(join(killed, 'restore', 'state.json'), JSON.stringify(done));
  expect(await restore(archive, killed, ['--resume'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('has records already'),
  });
  const mark = JSON.stringify({ backup: done.id, dropped: { mails: 3 } });
  await postgres.query(target, `COMMENT ON SCHEMA vedette IS '${mark}'`);
  const resumed = await restore(archive, killed, ['--resume']);
  expect(resumed.stderr).toBe('');
  expect(JSON.parse(resumed.stdout)).toMatchObject({ id: done.id, dropped: { mails: 3 } });
  expect(await readdir(killed)).not.toContain('restore');
  const [comment] = await postgres.query(
    target,
    "SELECT obj_description('vedette'::regnamespace, 'pg_namespace') AS text",
  );
  expect(comment).toEqual({ text: null });
});
