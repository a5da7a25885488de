import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClarityExport } from '../src/collect/analytics/clarity-export.ts';
import { createGa4Reports } from '../src/collect/analytics/ga4-report.ts';
import { createGoogleTokens } from '../src/collect/analytics/google-token.ts';
import { createGuardedClient } from '../src/flow/guarded-client.ts';
import { createProviderCalls } from '../src/flow/provider-calls.ts';
import { openKeyRing } from '../src/key-ring.ts';
import { watchMasterKeys } from '../src/master-keys.ts';
import { secretPurpose } from '../src/model/integration.ts';
import { createIntegrationDesk } from '../src/pipelines/integration-desk.ts';
import { createFigureFetcher } from '../src/pipelines/integration-figures.ts';
import { openClientKeyring } from '../src/privacy/client-keys.ts';
import { openMasterKeys } from '../src/privacy/rotation.ts';
import { createSealer, versionOf } from '../src/privacy/sealing.ts';
import { createGa4Measurement } from '../src/respond/ga4-measurement.ts';
import { openRecords, type Records } from '../src/stores/records.ts';
import { isOldSeal, type SealedValues } from '../src/stores/sealed.ts';
import { openTasks } from '../src/stores/tasks.ts';
import { quietLog, startTestPostgres, type TestPostgres } from './support/postgres.ts';
import { runVedette } from './support/serve.ts';
import { startWorld } from './support/world.ts';

const log = quietLog();
const SECRET = 'a-secret-that-no-dump-may-show-4711';
const NETWORKS = { netOf: () => '', siteOf: () => '' };
let postgres: TestPostgres;
let dir: string;

beforeAll(async () => {
  postgres = await startTestPostgres();
  dir = await mkdtemp(join(tmpdir(), 'vedette-rotation-'));
});
afterAll(async () => {
  await postgres?.stop();
  await rm(dir, { recursive: true, force: true });
});

/** Two processes on one database that read one file of the master key. */
async function twoProcesses() {
  const url = await postgres.freshDatabase();
  const file = join(dir, `${randomBytes(4).toString('hex')}.key`);
  await writeFile(file, randomBytes(32));
  const open = async () => {
    const records = await openRecords({ url, log });
    const keys = await watchMasterKeys(openKeyRing(file), records, log);
    return { records, keys, sealer: createSealer(keys), sealed: records.unscoped.sealed };
  };
  const [a, b] = [await open(), await open()];
  return { url, file, a, b, close: () => Promise.all([a.records.close(), b.records.close()]) };
}

const versionsOf = async (records: Records) => {
  const rows = await records.unscoped.dayKeys.list();
  return [...new Set(rows.map(({ sealed }) => versionOf(sealed)))];
};

test('a rotation seals everything anew, verifies it, destroys the old key, and the other process follows', async () => {
  const { url, file, a, b, close } = await twoProcesses();
  try {
    const { dayKeys } = a.records.unscoped;
    for (let day = 1; day <= 250; day += 1) {
      await dayKeys.getOrCreate(day, a.sealer.seal(Buffer.from(`${SECRET} ${day}`), `day key ${day}`));
    }
    await dayKeys.destroyBefore(3);
    const { sealed } = await a.sealed.secret('test', (purpose) => a.sealer.seal(Buffer.from(SECRET), purpose));
    const oldKey = openKeyRing(file).key(1) as Buffer;
    const done = await a.keys.rotate();
    expect(done).toEqual({
      version: 2,
      resumed: false,
      resealed: expect.arrayContaining([
        { place: 'day_keys.sealed', values: 248 },
        { place: 'sealed_secrets.sealed', values: 1 },
      ]),
      verified: 249,
      retired: [1],
      left: null,
    });
    expect(await versionsOf(a.records)).toEqual([2]);
    expect(openKeyRing(file).versions()).toEqual([2]);
    // The other process has been told, and reads the file again for the version it does not know.
    await expect.poll(() => b.keys.sealing()).toBe(2);
    for (const { day, sealed: value } of await b.records.unscoped.dayKeys.list()) {
      expect(b.sealer.open(value, `day key ${day}`).toString()).toBe(`${SECRET} ${day}`);
    }
    // Neither secrets nor keys, nor what was sealed under the old one, is in what a dump or the table's files hold.
    const dump = JSON.stringify(await postgres.query(url, 'SELECT * FROM vedette.day_keys, vedette.master_keys'));
    expect(dump).not.toContain(SECRET);
    expect(dump).not.toContain(Buffer.from(SECRET).toString('hex'));
    await postgres.query(url, 'CHECKPOINT');
    const files = await Promise.all(
      (await readdir(postgres.dir, { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile() && !entry.parentPath.includes('pg_wal'))
        .map((entry) => readFile(join(entry.parentPath, entry.name))),
    );
    expect(files.length).toBeGreaterThan(500);
    expect(files.some((bytes) => bytes.includes('sealed_secrets'))).toBe(true);
    for (const secret of [Buffer.from(SECRET), oldKey, oldKey.toString('hex'), sealed.subarray(17)]) {
      expect(files.filter((bytes) => bytes.includes(secret)).length).toBe(0);
    }
  } finally {
    await close();
  }
});

test('secrets of integrations are sealed anew under their own purpose, and open by it', async () => {
  const { url, a, close } = await twoProcesses();
  try {
    const tenant = a.records.installation.id;
    const purpose = secretPurpose(tenant, 'ga4', 'api_secret');
    await postgres.query(
      url,
      `INSERT INTO vedette.integrations (tenant_id, kind, enabled, settings) VALUES ($1, 'ga4', true, '{}')`,
      [tenant],
    );
    await postgres.query(
      url,
      `INSERT INTO vedette.integration_secrets (id, tenant_id, kind, name, sealed)
       VALUES (gen_random_uuid(), $1, 'ga4', 'api_secret', $2)`,
      [tenant, a.sealer.seal(Buffer.from(SECRET), purpose)],
    );
    expect((await a.keys.rotate()).resealed).toContainEqual({ place: 'integration_secrets.sealed', values: 1 });
    const [row] = await postgres.query(url, 'SELECT sealed FROM vedette.integration_secrets');
    const sealed = row?.sealed as Buffer;
    expect([versionOf(sealed), a.sealer.open(sealed, purpose).toString()]).toEqual([2, SECRET]);
    const elsewhere = secretPurpose(tenant, 'ga4', 'service_account');
    expect(() => a.sealer.open(sealed, elsewhere)).toThrow(expect.objectContaining({ code: 'unsealing-failed' }));
  } finally {
    await close();
  }
});

test('a process that has not heard of a rotation is turned away, and seals again', async () => {
  const { file, a, b, close } = await twoProcesses();
  try {
    // Of a third process only what it knows: its keys are not told of anything.
    const deaf = await openMasterKeys(openKeyRing(file), b.records.unscoped.sealed);
    await a.keys.rotate();
    const sealer = createSealer(deaf);
    expect(deaf.sealing()).toBe(1);
    const { dayKeys } = b.records.unscoped;
    const old = sealer.seal(randomBytes(32), 'day key 9');
    await expect(dayKeys.getOrCreate(9, old)).rejects.toSatisfy(isOldSeal);
    const ring = await openClientKeyring(dayKeys, sealer, NETWORKS, 9 * 86_400_000);
    expect(ring.days()).toEqual([8, 9, 10]);
    expect(await versionsOf(b.records)).toEqual([2]);
  } finally {
    await close();
  }
});

test('an integration that is saved while the master key is replaced is sealed under the new one', async () => {
  const { url, file, a, b, close } = await twoProcesses();
  const tasks = await openTasks({ url, log });
  const client = createGuardedClient({ userAgent: 'Vedette/test', allowPrivate: [] });
  try {
    const deaf = await openMasterKeys(openKeyRing(file), b.records.unscoped.sealed);
    await a.keys.rotate();
    const sealer = createSealer(deaf);
    const calls = createProviderCalls({ client });
    const tokens = createGoogleTokens(calls, 'http://127.0.0.1:9');
    const reports = createGa4Reports({ calls, tokens, baseUrl: 'http://127.0.0.1:9' });
    const { records } = b;
    const fetcher = createFigureFetcher({ records, sealer, reports, clarity: createClarityExport(calls, '') });
    const measurement = createGa4Measurement(calls, 'http://127.0.0.1:9');
    const own = { byDay: async () => new Map(), total: async () => ({ pageViews: 0, visitors: 0, sessions: 0 }) };
    const desk = createIntegrationDesk({ records, sealer, calls, measurement, fetcher, tasks, own });
    const tenant = records.installation.id;
    const settings = { measurement_id: 'G-ABCDEF', tag: false, measurement: true, property_id: null };
    const saved = await desk.change(tenant, 'ga4', { enabled: true, settings, secrets: { api_secret: SECRET } });
    expect(saved).toMatchObject({ kind: 'ga4', enabled: true });
    const stored = await a.records.forTenant(tenant).integrations.sealed('ga4', 'api_secret');
    expect(versionOf(stored as Buffer)).toBe(2);
    expect(a.sealer.open(stored as Buffer, secretPurpose(tenant, 'ga4', 'api_secret')).toString()).toBe(SECRET);
  } finally {
    await tasks.close(100);
    await client.close();
    await close();
  }
});

test.each([1, 2, 3, 5])('killed after %i steps, the next call ends it, and nothing is lost', async (steps) => {
  const { file, a, close } = await twoProcesses();
  try {
    const { dayKeys } = a.records.unscoped;
    for (let day = 1; day <= 210; day += 1) {
      await dayKeys.getOrCreate(day, a.sealer.seal(Buffer.from(`${day}`), `day key ${day}`));
    }
    let left = steps;
    const mortal = new Proxy(a.sealed, {
      get(target, name: keyof SealedValues) {
        const value = target[name];
        if (!['supersede', 'reseal', 'compact', 'retire'].includes(name)) return value;
        return (...given: never[]) => {
          left -= 1;
          if (left < 0) return Promise.reject(new Error('killed'));
          return (value as (...all: never[]) => unknown)(...given);
        };
      },
    });
    const killed = await openMasterKeys(openKeyRing(file), mortal);
    await expect(killed.rotate()).rejects.toThrow('killed');
    const again = await openMasterKeys(openKeyRing(file), a.sealed);
    const done = await again.rotate();
    expect(done).toMatchObject({ version: 2, resumed: true, verified: 210, retired: [1], left: null });
    expect(openKeyRing(file).versions()).toEqual([2]);
    const sealer = createSealer(again);
    for (const { day, sealed } of await dayKeys.list()) {
      expect(sealer.open(sealed, `day key ${day}`).toString()).toBe(`${day}`);
    }
    expect((await again.rotate()).version).toBe(3);
  } finally {
    await close();
  }
});

test('only one process rotates at a time', async () => {
  const { a, b, close } = await twoProcesses();
  try {
    const begun = Promise.withResolvers<void>();
    const end = Promise.withResolvers<void>();
    const held = a.sealed.alone(() => {
      begun.resolve();
      return end.promise;
    });
    await begun.promise;
    expect(await b.sealed.alone(async () => 'free')).toBeNull();
    await expect(b.keys.rotate()).rejects.toMatchObject({ code: 'rotation-running' });
    end.resolve();
    await held;
    expect((await b.keys.rotate()).version).toBe(2);
  } finally {
    await close();
  }
});

test('a version that the operator put into the file is taken, and a file that cannot be written is told', async () => {
  const { file, a, close } = await twoProcesses();
  try {
    const ring = openKeyRing(file);
    const readOnly = {
      ...ring,
      change: () => Promise.reject(Object.assign(new Error('EROFS'), { code: 'key-file-read-only' })),
    };
    const { Fault } = await import('../src/model/fault.ts');
    const refusing = {
      ...readOnly,
      change: () => Promise.reject(new Fault('key-file-read-only', 'cannot be written')),
    };
    await expect((await openMasterKeys(refusing, a.sealed)).rotate()).rejects.toMatchObject({
      code: 'key-file-read-only',
      message: expect.stringContaining('openssl rand -hex 32'),
    });
    await ring.change({ add: new Map([[5, randomBytes(32)]]) });
    refusing.reload();
    const done = await (await openMasterKeys(refusing, a.sealed)).rotate();
    expect(done).toMatchObject({ version: 5, retired: [1], left: expect.stringContaining('take version 1 out') });
  } finally {
    await close();
  }
});

test('a file with another key, or without a version in use, is refused', async () => {
  const { file, a, close } = await twoProcesses();
  try {
    await a.keys.rotate();
    await writeFile(file, `2 ${randomBytes(32).toString('hex')}`);
    await expect(openMasterKeys(openKeyRing(file), a.sealed)).rejects.toMatchObject({
      code: 'bad-master-key',
      message: expect.stringContaining('is not the master key'),
    });
    await writeFile(file, randomBytes(32));
    await expect(openMasterKeys(openKeyRing(file), a.sealed)).rejects.toMatchObject({
      code: 'bad-master-key',
      message: expect.stringContaining('lacks version 2'),
    });
  } finally {
    await close();
  }
});

test('every column of sealed values is in the list, with its trigger', async () => {
  const { url, a, close } = await twoProcesses();
  try {
    const columns = await postgres.query(
      url,
      `SELECT c.relname || '.' || a.attname AS name FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
       WHERE c.relnamespace = 'vedette'::regnamespace AND c.relkind = 'r' AND a.atttypid = 'bytea'::regtype
         AND a.attname NOT LIKE '%hash' AND a.attname NOT IN ('fingerprint', 'previous') ORDER BY 1`,
    );
    expect(columns.map(({ name }) => name)).toEqual([...a.sealed.places].sort());
    const guarded = await postgres.query(
      url,
      `SELECT c.relname || '.' || convert_from(substring(tgargs FROM 1 FOR length(tgargs) - 1), 'UTF8') AS name
       FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE t.tgname = 'refuse_old_seal' ORDER BY 1`,
    );
    expect(guarded.map(({ name }) => name)).toEqual([...a.sealed.places].sort());
  } finally {
    await close();
  }
});

test('vedette rotate-key rotates a running hub, which goes on', async () => {
  const world = await startWorld();
  try {
    const tenant = await world.tenant('acme');
    const send = async () => {
      const body = [{ time: Date.now(), 'client.address': '203.0.113.9', 'url.path': '/' }];
      return (await world.call('/api/v1/requests', { key: tenant.keys.ingest, body })).json;
    };
    expect(await send()).toMatchObject({ accepted: 1 });
    const rotated = await runVedette(['rotate-key', '--data', join(world.dir, 'data')]);
    expect(rotated.stderr).toBe('');
    expect(rotated.code).toBe(0);
    expect(rotated.stdout).toContain('version 2 seals now');
    expect(rotated.stdout).toMatch(/day_keys\.sealed +3 sealed anew/);
    expect(await send()).toMatchObject({ accepted: 1 });
    const json = await runVedette(['rotate-key', '--json', '--data', join(world.dir, 'data')]);
    expect(JSON.parse(json.stdout)).toMatchObject({ version: 3, retired: [2] });
    // Over the network nobody may.
    const answer = await world.call('/api/v1/master-key', { method: 'POST', key: tenant.keys.admin });
    expect(answer.status).toBe(404);
  } finally {
    await world.stop();
  }
});
