import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import type { ScanAnswer } from '@vedette/contract';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { tarOf } from '../src/flow/tar-writer.fixture.ts';
import { encodeRows } from '../src/stores/requests-encoding.ts';
import { storedRequest } from './support/clickhouse.ts';
import { runVedette } from './support/serve.ts';
import { startWorld, type World, type WorldTenant } from './support/world.ts';

const LEAKED = '203.0.113.77';
const EMAIL = 'jane.roe@private-mail.example';
const KEY = `vdt_${'aB3-_'.repeat(8)}xyz`;
const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36';

let world: World;
let tenant: WorldTenant;
let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vedette-scan-'));
  world = await startWorld();
  tenant = await world.tenant('acme');
  const visits = [1, 2, 3].map((n) => ({
    time: Date.now(),
    'client.address': `198.51.100.${n}`,
    'server.address': n === 3 ? '192.0.2.10' : 'shop.example',
    'url.path': '/cart',
    'url.query': `email=${EMAIL}&v=1.2.3.4&u=http://192.0.2.99/x`,
    'user_agent.original': n === 2 ? 'bot/1.0 (bot@crawler.example)' : CHROME,
  }));
  expect((await world.call('/api/v1/requests', { key: tenant.keys.ingest, body: visits })).status).toBe(200);
  // Addresses are written a little later than the rows.
  await vi.waitUntil(async () => ((await addressesThere()) ?? 0) >= 3, { timeout: 60_000 });
});
afterAll(async () => {
  await world.stop();
  await rm(dir, { recursive: true, force: true });
});

async function addressesThere(): Promise<number | undefined> {
  const kept = await world.running.hub.requestsOf(tenant.id).kept();
  return kept.find(({ name }) => name === 'live_addresses')?.rows;
}

const wrongIn = ({ findings }: Pick<ScanAnswer, 'findings'>) => findings.filter(({ excepted }) => excepted === null);
const doctor = (...more: string[]) => runVedette(['doctor', '--privacy', '--data', join(world.dir, 'data'), ...more]);

describe('a hub in good order', () => {
  test('is scanned whole, and what is there has its reason', async () => {
    const run = await doctor('--json');
    expect(run.stderr).toBe('');
    const answer = JSON.parse(run.stdout) as ScanAnswer & { good: boolean };
    expect(wrongIn(answer)).toEqual([]);
    expect([answer.good, run.code]).toEqual([true, 0]);
    const looked = answer.looked_at.map(({ place }) => place);
    for (const place of [
      'ClickHouse requests',
      'ClickHouse counts_minute',
      'ClickHouse live_addresses',
      'PostgreSQL vedette.tenants',
      'PostgreSQL pgboss.schedule',
      `file ${join(world.dir, 'data', 'layout.json')}`,
    ]) {
      expect(looked).toContain(place);
    }
    expect(answer.looked_at.find(({ place }) => place === 'ClickHouse requests')).toMatchObject({
      items: expect.any(Number),
      bytes: expect.any(Number),
    });
    expect(answer.looked_at.find(({ place }) => place === 'ClickHouse requests')?.bytes).toBeGreaterThan(100);
    const skipped = Object.fromEntries(answer.skipped.map(({ place, why }) => [place, why]));
    expect(skipped.Kafka).toContain('not used');
    expect(skipped.logs).toContain('--logs');
    expect(skipped[`file ${join(world.dir, 'data', 'clickhouse')}`]).toContain('through its tables');
    const excepted = answer.findings.map(({ place, kind, sample }) => `${kind} ${place} ${sample}`);
    expect(excepted).toContain('address ClickHouse live_addresses.address 198.x.x.x');
    expect(excepted).toContain('address ClickHouse requests.domain 192.x.x.x');
    expect(excepted).toContain('address ClickHouse requests.query 192.x.x.x');
    expect(excepted).toContain('email ClickHouse requests.user_agent b…@….example');
    expect(run.stdout).not.toContain('198.51.100.1');
  });

  test('every table that there is was looked at, or told as left out', async () => {
    const answer = (await world.control('/api/v1/privacy/scan')).json as ScanAnswer;
    expect(answer.state).toBe('done');
    const told = new Set([...answer.looked_at, ...answer.skipped].map(({ place }) => place));
    const { texts } = world.running.hub.records.unscoped;
    let tables = 0;
    for await (const { table } of texts.search(['nothing'], new AbortController().signal)) {
      expect(told).toContain(`PostgreSQL ${table}`);
      tables += 1;
    }
    expect(tables).toBeGreaterThan(15);
  });
});

describe('what does not belong', () => {
  beforeAll(async () => {
    // Behind the pipeline's back, as a fault of it would.
    const leaky = storedRequest({
      tenantId: tenant.id,
      visitorId: LEAKED,
      request: { path: `/who/${LEAKED}`, query: `k=${KEY}`, headers: { via: `1.1 ${LEAKED}`, origin: EMAIL } },
    });
    const { records } = world.running.hub;
    await records.unscoped.settings.set('leaky', { nested: [{ who: EMAIL }] });
    const dead = join(world.dir, 'data', 'spool', 'dead');
    const body = encodeRows([leaky]).toString('base64');
    await writeFile(join(dead, 'leaky.json'), JSON.stringify({ reason: 'bad', meta: { token: 't', count: 1 }, body }));
    await writeFile(join(world.dir, 'data', 'notes.txt'), `called ${EMAIL} back\n`);
  });

  test('is found in PostgreSQL, dead letters and stray files, masked, and the exit code says so', async () => {
    const run = await doctor();
    expect(run.code).toBe(1);
    expect(run.stdout).toContain('FOUND, AND MAY NOT BE THERE');
    for (const secret of [LEAKED, EMAIL, KEY]) expect(run.stdout).not.toContain(secret);
    const found = wrongIn((await world.control('/api/v1/privacy/scan')).json as ScanAnswer);
    const dead = `spool ${join('dead', 'leaky.json')}`;
    expect(found.map(({ kind, place, count }) => [kind, place, count])).toEqual(
      expect.arrayContaining([
        ['email', 'PostgreSQL vedette.settings.value', 1],
        ['address', `${dead}.visitor_id`, 1],
        ['address', `${dead}.path`, 1],
        ['address', `${dead}.headers`, 1],
        ['email', `${dead}.headers`, 1],
        ['secret', `${dead}.query`, 1],
        ['email', `file ${join(world.dir, 'data', 'notes.txt')}`, 1],
      ]),
    );
    expect(found.length).toBe(7);
  });

  test('is found in logs and backups, compressed and packed', async () => {
    const log = `${JSON.stringify({ level: 30, msg: `hello ${LEAKED}` })}\n${'x'.repeat(200_000)} ${EMAIL}\n`;
    await mkdir(join(dir, 'logs', 'old'), { recursive: true });
    await writeFile(join(dir, 'logs', 'hub.log'), log);
    await writeFile(join(dir, 'logs', 'old', 'hub.log.1.gz'), gzipSync(log));
    const dump = gzipSync(`COPY t FROM stdin;\n1\t${KEY}\n`);
    const binary = Buffer.concat([Buffer.alloc(5000, 0), Buffer.from(`\0\x01${EMAIL}\0`), Buffer.alloc(100, 255)]);
    const tar = tarOf([
      ['postgres.sql.gz', dump],
      ['blob.bin', binary],
    ]);
    await writeFile(join(dir, 'backup.tar.zst'), zstdCompressSync(tar));
    const run = await doctor('--json', '--logs', join(dir, 'logs'), '--backups', join(dir, 'backup.tar.zst'));
    expect(run.code).toBe(1);
    const answer = JSON.parse(run.stdout) as ScanAnswer;
    const found = wrongIn(answer).filter(({ place }) => place.startsWith(`file ${dir}`));
    expect(found.map(({ kind, place }) => `${kind} ${place.slice(`file ${dir}/`.length)}`).sort()).toEqual([
      'address logs/hub.log',
      'address logs/old/hub.log.1.gz',
      'email backup.tar.zst!blob.bin',
      'email logs/hub.log',
      'email logs/old/hub.log.1.gz',
      'secret backup.tar.zst!postgres.sql.gz',
    ]);
    expect(answer.looked_at).toContainEqual({
      place: `file ${join(dir, 'logs', 'hub.log')}`,
      items: 2,
      bytes: log.length,
    });
  });

  test('what cannot be read is told, and what is not there is wrong usage', async () => {
    await writeFile(join(dir, 'torn.gz'), gzipSync(`${LEAKED}\n`.repeat(1000)).subarray(0, 40));
    await writeFile(join(dir, 'odd.xz'), Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 1, 2, 3]));
    const run = await doctor('--json', '--backups', join(dir, 'torn.gz'), '--backups', join(dir, 'odd.xz'));
    const { skipped } = JSON.parse(run.stdout) as ScanAnswer;
    expect(skipped.filter(({ place }) => place.startsWith(`file ${dir}`)).map(({ place }) => place)).toEqual([
      `file ${join(dir, 'torn.gz')}`,
      `file ${join(dir, 'odd.xz')}`,
    ]);
    expect((await doctor('--logs', join(dir, 'nowhere'))).code).toBe(2);
    expect((await runVedette(['doctor', '--logs', dir])).code).toBe(2);
  });

  test('is only for operators to see', async () => {
    for (const method of ['GET', 'POST']) {
      expect((await world.call('/api/v1/privacy/scan', { method, key: tenant.keys.admin })).status).toBe(403);
    }
  });

  test('without a hub the command starts the engines itself', async () => {
    await world.running.close();
    const run = await doctor('--json');
    expect(run.code).toBe(1);
    const answer = JSON.parse(run.stdout) as ScanAnswer;
    expect(wrongIn(answer).map(({ place }) => place)).toContain('PostgreSQL vedette.settings.value');
    expect(answer.looked_at.map(({ place }) => place)).toContain('ClickHouse requests');
    const nowhere = await runVedette(['doctor', '--privacy', '--data', join(dir, 'no-data')]);
    expect([nowhere.code, nowhere.stderr]).toEqual([2, expect.stringContaining('--data')]);
  });
});
