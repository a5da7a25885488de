import { execFileSync } from 'node:child_process';
import { mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeArchive } from '../src/backup/archive-writer.ts';
import { readPlan } from '../src/backup/plan.ts';
import { nothingWritten } from '../src/backup/written.ts';
import type { BackupStream } from '../src/expose/ports.ts';
import { insertPerson, type Person } from './support/people.ts';
import { runVedette, startServe } from './support/serve.ts';
import { callUrl, startWorld, type World, type WorldTenant } from './support/world.ts';

const SLOW = { timeout: 300_000 };
const OLD = join(import.meta.dirname, 'fixtures', 'backup');
const QUESTIONS = [
  '/api/v1/traffic?metrics=requests,people,bots,hosting,uniques&by=hour',
  '/api/v1/traffic?metrics=requests,p50,p95,p99&by=path',
  '/api/v1/traffic?metrics=requests,people&by=status&where=class=people',
  '/api/v1/traffic?metrics=requests&by=country',
  '/api/v1/requests?limit=500',
  '/api/v1/sources',
  '/api/v1/domains',
];
let world: World;
let data: string;
let tenant: WorldTenant;
let person: Person;
let dir: string;

beforeAll(async () => {
  world = await startWorld();
  data = join(world.dir, 'data');
  tenant = await world.tenant('acme');
  person = await insertPerson(world, { email: 'ada@example.com', name: 'Ada', roles: { [tenant.id]: 'owner' } });
  dir = await mkdtemp(join(tmpdir(), 'vedette-backup-'));
  await send(500, '/first');
});
afterAll(async () => {
  await world?.stop();
  await rm(dir, { recursive: true, force: true });
});

/** Requests of people and bots, of the last hour. */
async function send(count: number, path: string): Promise<void> {
  const body = Array.from({ length: count }, (_, index) => ({
    time: Date.now() - (index % 50) * 60_000,
    'client.address': `203.0.113.${index % 200}`,
    'server.address': 'shop.example',
    'url.path': `${path}${index % 7}`,
    'http.request.method': 'GET',
    'http.response.status_code': index % 9 === 0 ? 500 : 200,
    'http.server.request.duration': 0.01 * (index % 30),
    'user_agent.original': index % 3 === 0 ? 'Googlebot/2.1' : 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0',
  }));
  const answer = await world.call('/api/v1/requests', { key: tenant.keys.ingest, body });
  expect(answer.json).toMatchObject({ accepted: count });
}

async function answers(url: string, span: string): Promise<unknown[]> {
  const all: unknown[] = [];
  for (const question of QUESTIONS) {
    const window = /traffic|requests/.test(question) ? `&${span}` : '';
    const { status, json } = await callUrl(`${url}${question}${window}`, { key: tenant.keys.admin });
    expect([question, status]).toEqual([question, 200]);
    // It falls with the time since.
    for (const source of json.sources ?? []) {
      delete source.per_second;
      delete source.state;
    }
    all.push(json);
  }
  return all;
}

/** What a command that ended in the middle of the files has written. */
async function writtenInPart({ id, bytes: records }: BackupStream, data: string): Promise<Buffer> {
  const pieces: Buffer[] = [];
  const written = nothingWritten();
  const parts = {
    records,
    trees: async () => {
      const plan = await readPlan(join(data, 'backup', id));
      return (plan?.trees ?? []).map(({ name, directory }) => ({ name, directory: join(data, directory) }));
    },
    checkHeld: async () => undefined,
  };
  const sink = async (piece: Buffer) => {
    const inFiles = written.sums.has('postgres.json');
    pieces.push(Buffer.from(inFiles ? piece.subarray(0, Math.floor(piece.length * 0.7)) : piece));
    if (inFiles) throw new Error('killed');
  };
  await expect(writeArchive(parts, sink, written, () => undefined)).rejects.toThrow('killed');
  return Buffer.concat(pieces);
}

function window(): string {
  const at = (ms: number) => new Date(Date.now() + ms).toISOString();
  return `from=${at(-6 * 3_600_000)}&to=${at(60_000)}`;
}

function restore(archive: string, to: string, ...more: string[]) {
  return runVedette(['restore', archive, '--data', to, '--master-key', join(data, 'master.key'), '--json', ...more]);
}

test('a backup that cannot begin leaves nothing behind', async () => {
  const place = await mkdtemp(join(dir, 'refused-'));
  const refused = await runVedette(['backup', place, '--data', join(dir, 'nowhere')]);
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(await readdir(place)).toEqual([]);
});

describe('a hub that goes on', () => {
  test('is backed up, and answers the same elsewhere', SLOW, async () => {
    const archive = join(dir, 'first.tar');
    const span = window();
    const before = await answers(world.url, span);
    const taken = await runVedette(['backup', archive, '--data', data, '--json']);
    expect(taken.stderr).toBe('');
    expect(JSON.parse(taken.stdout)).toMatchObject({ file: archive, resumed: false, client_keys: false });
    await send(10, '/after');
    expect(await runVedette(['backup', '--verify', archive])).toMatchObject({ code: 0, stderr: '' });
    expect(await readdir(join(data, 'backup'))).toEqual([]);
    expect((await readdir(join(data, 'clickhouse', 'shadow'))).filter((name) => name.startsWith('vedette'))).toEqual(
      [],
    );
    const again = await runVedette(['backup', archive, '--data', data]);
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('exists already') });

    const elsewhere = join(dir, 'elsewhere');
    const restored = await restore(archive, elsewhere);
    expect(restored.stderr).toBe('');
    expect(JSON.parse(restored.stdout)).toMatchObject({ rows: { clickhouse: expect.any(Number) }, client_keys: false });
    expect(await readdir(elsewhere)).not.toContain('restore');
    expect((await stat(join(elsewhere, 'master.key'))).mode & 0o777).toBe(0o600);
    const used = await restore(archive, elsewhere);
    expect(used).toMatchObject({ code: 1, stderr: expect.stringContaining('empty') });
    const served = await startServe(elsewhere);
    try {
      expect(await answers(served.url, span)).toEqual(before);
      const { email, password } = person;
      const entered = await callUrl(`${served.url}/api/v1/log-in`, {
        headers: { origin: served.url },
        body: { email, password },
      });
      expect(entered.status).toBeLessThan(300);
      const doctor = await runVedette(['doctor', '--data', elsewhere, '--json']);
      const { findings } = JSON.parse(doctor.stdout) as { findings: { name: string; state: string }[] };
      expect(findings.filter(({ name }) => name === 'audit log')).toMatchObject([{ state: 'good' }]);
      // Opens everything that is sealed.
      const rotated = await runVedette(['rotate-key', '--data', elsewhere, '--json']);
      expect(JSON.parse(rotated.stdout)).toMatchObject({ version: 2 });
    } finally {
      served.child.kill('SIGTERM');
      await served.ended;
    }
  });

  test('has everything in the archive that was acknowledged before the backup began', SLOW, async () => {
    let acknowledged = 0;
    let sending = true;
    const sender = (async () => {
      for (let round = 0; sending; round += 1) {
        await send(20, `/live${round}-`);
        acknowledged += 20;
      }
    })();
    await expect.poll(() => acknowledged, { timeout: 60_000 }).toBeGreaterThan(100);
    const least = acknowledged;
    const archive = join(dir, 'live.tar');
    const taken = await runVedette(['backup', archive, '--data', data, '--client-keys']);
    sending = false;
    await sender;
    expect(taken).toMatchObject({ code: 0, stderr: '' });
    const elsewhere = join(dir, 'live');
    expect(await restore(archive, elsewhere)).toMatchObject({ code: 0, stderr: '' });
    const served = await startServe(elsewhere);
    try {
      const question = `/api/v1/traffic?metrics=requests&by=path&limit=10000&${window()}`;
      const { json } = await callUrl(`${served.url}${question}`, { key: tenant.keys.admin });
      const rows = json.rows as { path: string; requests: number }[];
      const live = rows.filter(({ path }) => path.startsWith('/live')).reduce((sum, { requests }) => sum + requests, 0);
      expect(live).toBeGreaterThanOrEqual(least);
      expect(live % 20).toBe(0);
    } finally {
      served.child.kill('SIGTERM');
      await served.ended;
    }
  });

  test('goes on with a backup that was interrupted, of the same moment', SLOW, async () => {
    const archive = join(dir, 'resumed.tar');
    const { backups } = world.running.hub;
    const order = { clientKeys: false, geo: false, requests: true, resumable: true };
    const broken = await backups.begin(order);
    await expect(backups.begin(order)).rejects.toMatchObject({ code: 'backup-running' });
    const part = await writtenInPart(broken, data);
    await broken.close();
    expect(await readdir(join(data, 'backup'))).toEqual([broken.id]);
    // As if the command had been killed in the middle of an entry.
    await writeFile(`${archive}.part`, part);
    await send(30, '/later');
    const refused = await runVedette(['backup', archive, '--data', data]);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('--resume') });
    const resumed = await runVedette(['backup', archive, '--resume', '--data', data, '--json']);
    expect(resumed.stderr).toBe('');
    expect(JSON.parse(resumed.stdout)).toMatchObject({ resumed: true, id: broken.id });
    expect(await runVedette(['backup', '--verify', archive])).toMatchObject({ code: 0 });
    expect(await readdir(join(data, 'backup'))).toEqual([]);
    await expect(backups.resume(broken.id)).rejects.toMatchObject({ code: 'backup-gone' });
  });
});

describe('a restore', () => {
  let archive: string;
  beforeAll(async () => {
    archive = join(dir, 'whole.tar');
    expect(await runVedette(['backup', archive, '--data', data])).toMatchObject({ code: 0, stderr: '' });
  }, SLOW.timeout);

  test('that was interrupted goes on; until then no hub starts there', SLOW, async () => {
    const cut = join(dir, 'cut.tar');
    const whole = await readFile(archive);
    await writeFile(cut, whole.subarray(0, Math.floor(whole.length / 2)));
    const to = join(dir, 'interrupted');
    expect(await restore(cut, to)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('not written to its end'),
    });
    await expect(startServe(to)).rejects.toThrow(/was interrupted/);
    expect(await restore(archive, to)).toMatchObject({ code: 1, stderr: expect.stringContaining('--resume') });
    expect(await restore(archive, to, '--resume')).toMatchObject({ code: 0, stderr: '' });
    expect(await readdir(to)).not.toContain('restore');
  });

  test('of a damaged archive names the entry, and nothing starts', SLOW, async () => {
    const damaged = join(dir, 'damaged.tar');
    const bytes = await readFile(archive);
    // The header of an entry begins a block, and its content the next one.
    const at = Math.floor(bytes.indexOf('/data.bin\0') / 512) * 512 + 512 + 20;
    bytes.writeUInt8((bytes[at] as number) ^ 1, at);
    await writeFile(damaged, bytes);
    const to = join(dir, 'damaged');
    const failed = await restore(damaged, to);
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(/damaged: clickhouse\/\S+/);
    await expect(startServe(to)).rejects.toThrow(/was interrupted/);
  });

  test('with another master key, or none, writes nothing', SLOW, async () => {
    const to = join(dir, 'wrong-key');
    const none = await runVedette(['restore', archive, '--data', to]);
    expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('--master-key') });
    const other = join(dir, 'other.key');
    await writeFile(other, Buffer.alloc(32, 7));
    const wrong = await runVedette(['restore', archive, '--data', to, '--master-key', other]);
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('not the master key') });
    await expect(stat(to)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('of a newer archive is refused', SLOW, async () => {
    const newer = join(dir, 'newer.tar');
    const file = await open(archive, 'r');
    const head = Buffer.alloc(64 * 1024);
    await file.read(head, 0, head.length, 0);
    await file.close();
    const later = head
      .toString('latin1')
      .replace('0011_audit.sql', '0911_audit.sql')
      .replace('"version": 11,', '"version": 91,');
    expect(later).not.toBe(head.toString('latin1'));
    await writeFile(newer, Buffer.from(later, 'latin1'));
    const refused = await restore(newer, join(dir, 'newer'));
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('0911_audit.sql') });
  });

  test('of an older archive, which comes through a pipe, is migrated when the hub starts', SLOW, async () => {
    const older = join(dir, 'older.pipe');
    execFileSync('mkfifo', [older]);
    const fed = writeFile(older, gunzipSync(await readFile(join(OLD, 'migration-0011.tar.gz'))));
    const to = join(dir, 'older');
    const restored = await runVedette([
      'restore',
      older,
      '--data',
      to,
      '--master-key',
      join(OLD, 'migration-0011.key'),
    ]);
    expect(restored).toMatchObject({ code: 0, stderr: '' });
    await fed;
    const served = await startServe(to);
    try {
      expect((await callUrl(`${served.url}/readyz`, {})).status).toBe(200);
      const tenants = await runVedette(['tenant', 'list', '--data', to]);
      expect(tenants.stdout).toContain('acme');
    } finally {
      served.child.kill('SIGTERM');
      await served.ended;
    }
  });
});
