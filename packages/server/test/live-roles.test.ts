import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRecords, type Records } from '../src/stores/records.ts';
import { type ClickHouseFront, startClickHouseFront } from './support/clickhouse-front.ts';
import { listen } from './support/events.ts';
import { quietLog, startTestPostgres, type TestPostgres } from './support/postgres.ts';
import { type Served, startServe } from './support/serve.ts';

let dir: string;
let postgres: TestPostgres;
let front: ClickHouseFront;
let records: Records;
let collectors: Served[];
let expose: Served;
let key: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vedette-live-'));
  [postgres, front] = await Promise.all([startTestPostgres(), startClickHouseFront(join(dir, 'clickhouse'))]);
  const masterKey = join(dir, 'shared.key');
  await writeFile(masterKey, randomBytes(32));
  const env = {
    DATABASE_URL: await postgres.freshDatabase(),
    CLICKHOUSE_URL: front.url,
    VEDETTE_MASTER_KEY_FILE: masterKey,
  };
  records = await openRecords({ url: env.DATABASE_URL, log: quietLog() });
  const start = (name: string, roles: string) =>
    startServe(join(dir, name), { env: { ...env, VEDETTE_ROLES: roles, VEDETTE_RATE_LIMIT: '1000000' } });
  expose = await start('expose', 'expose,work');
  collectors = await Promise.all([start('collect-a', 'collect,process'), start('collect-b', 'collect,process')]);
  key = (await records.forTenant(records.installation.id).keys.create({ scope: 'admin' })).token;
}, 240_000);
afterAll(async () => {
  for (const { child, ended } of [...(collectors ?? []), expose].filter((one) => one !== undefined)) {
    child.kill('SIGTERM');
    await ended;
  }
  await records?.close();
  await front?.close();
  await postgres?.stop();
  await rm(dir, { recursive: true, force: true });
});

const headers = () => ({ authorization: `Bearer ${key}` });

async function send(collector: Served | undefined, paths: readonly string[]): Promise<void> {
  const body = JSON.stringify(
    paths.map((path) => ({ time: Date.now(), 'server.address': 'a.example', 'url.path': path })),
  );
  const answer = await fetch(`${collector?.url}/api/v1/requests`, {
    method: 'POST',
    headers: { ...headers(), 'content-type': 'application/json' },
    body,
  });
  expect(await answer.json()).toEqual({ accepted: paths.length, rejected: [] });
}

test('what several collectors take in is told by the process that answers, each once, also after a break', async () => {
  const url = `${expose.url}/api/v1/requests/live?where=domain=a.example`;
  const events = await listen(url, headers());
  expect(events.status).toBe(200);
  await events.next('state');
  const paths = (from: number) => Array.from({ length: 20 }, (_, index) => `/live-${from + index}`);
  await Promise.all([send(collectors[0], paths(0)), send(collectors[1], paths(20))]);
  const seen: string[] = [];
  let last = '';
  const until = async (stream: typeof events, count: number) => {
    while (seen.length < count) {
      const { data, id } = await stream.next('request');
      seen.push(data.path);
      last = id ?? '';
    }
  };
  await until(events, 40);
  await events.leave();
  await Promise.all([send(collectors[1], paths(40)), send(collectors[0], paths(60))]);
  const again = await listen(url, { ...headers(), 'last-event-id': last });
  await until(again, 80);
  await send(collectors[1], ['/the-last']);
  await again.next('request', ({ path }) => {
    if (path !== '/the-last') seen.push(path);
    return path === '/the-last';
  });
  expect(seen.toSorted()).toEqual([...paths(0), ...paths(20), ...paths(40), ...paths(60)].toSorted());
  await again.leave();
}, 120_000);

test('a process that only collects answers no such question', async () => {
  const answer = await fetch(`${collectors[0]?.url}/api/v1/requests/live`, { headers: headers() });
  expect(answer.status).toBe(404);
});
