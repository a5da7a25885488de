import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '../src/config.ts';
import { type RunningHub, startHub } from '../src/main.ts';
import { runHere } from './support/run-here.ts';
import { fillData } from './support/template.ts';
import { newTenant } from './support/tenant.ts';
import { callUrl } from './support/world.ts';

let dir: string;
let running: RunningHub;
let log = '';
const lines = () =>
  log
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vedette-log-'));
  await fillData(dir);
  const stream = new Writable({
    write(chunk: Buffer, _, done) {
      log += chunk;
      done();
    },
  });
  const settings = { VEDETTE_BREACHED_PASSWORDS_URL: 'off' };
  running = await startHub(
    readConfig({ data: dir, port: '0' }, settings),
    '0.0.0-test',
    pino({ level: 'info' }, stream),
  );
});
afterAll(async () => {
  await running.close();
  await rm(dir, { recursive: true, force: true });
});

const vedette = (...argv: string[]) => runHere([...argv, '--data', dir]);

test('the level of a running hub is told and changed', async () => {
  expect(await vedette('log', 'level')).toMatchObject({ code: 0, stdout: 'info\n' });
  await callUrl(`${running.url}/healthz`, {});
  expect(lines().filter(({ msg }) => msg === 'a call')).toEqual([]);
  expect(await vedette('log', 'level', 'debug')).toMatchObject({ code: 0, stdout: 'debug\n' });
  const { headers } = await callUrl(`${running.url}/healthz`, {});
  const id = headers.get('x-request-id');
  expect(id).toMatch(/^[0-9a-f-]{36}$/);
  await expect
    .poll(() => lines().find(({ reqId }) => reqId === id))
    .toMatchObject({ msg: 'a call', method: 'GET', route: '/healthz', status: 200 });
  expect((await vedette('log', 'level', 'loud')).code).toBe(2);
  expect((await vedette('log')).code).toBe(2);
  expect((await callUrl(`${running.url}/api/v1/log-level`, {})).status).toBe(404);
});

test('with everything logged, no key, secret, address or person is in it', async () => {
  await vedette('log', 'level', 'trace');
  const { key, domain } = await newTenant(running.hub.records, 'acme');
  const secrets = [key, '198.51.100.77', 'mia@acme.example', 'correct horse battery', 'GEHEIMES-TOKEN'];
  const record = {
    time: new Date().toISOString(),
    'client.address': '198.51.100.77',
    'server.address': domain,
    'url.path': '/reset/GEHEIMES-TOKEN',
    'url.query': 'email=mia@acme.example',
  };
  const statuses = [];
  for (const [path, call] of [
    ['/api/v1/requests', { key, body: [record] }],
    [
      '/api/v1/requests',
      { key, body: '{"client.address": "198.51.100.77"', headers: { 'content-type': 'application/json' } },
    ],
    ['/api/v1/log-in', { body: { email: 'mia@acme.example', password: 'correct horse battery' } }],
    ['/start/GEHEIMES-TOKEN', { headers: { 'x-forwarded-for': '198.51.100.77' } }],
    ['/api/v1/traffic?where=path=GEHEIMES-TOKEN&x=mia@acme.example', { key }],
    ['/api/v1/me', { key: `${key.slice(0, -1)}x` }],
  ] as const) {
    statuses.push((await callUrl(`${running.url}${path}`, call)).status);
  }
  expect(statuses[0]).toBe(200);
  await expect.poll(() => lines().filter(({ msg }) => msg === 'a call').length).toBeGreaterThan(6);
  expect(secrets.filter((secret) => log.includes(secret))).toEqual([]);
});
