import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorld, type World, type WorldTenant } from './support/world.ts';

let world: World;
let acme: WorldTenant;

beforeAll(async () => {
  world = await startWorld({
    VEDETTE_RATE_LIMIT: '3',
    VEDETTE_HOSTS: 'hub.example',
    VEDETTE_TRUSTED_PROXIES: '127.0.0.1',
  });
  acme = await world.tenant('acme');
});
afterAll(() => world.stop());

/** fetch() does not let the Host header be chosen. */
function withHost(host: string, path = '/healthz', headers: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = request(`${world.url}${path}`, { headers: { ...headers, host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    call.on('error', reject);
    call.end();
  });
}

test('one key’s calls are counted apart from another’s, and refused with when to come back', async () => {
  const statuses: number[] = [];
  for (let i = 0; i < 4; i += 1) statuses.push((await world.call('/api/v1/fields', { key: acme.keys.read })).status);
  expect(statuses).toEqual([200, 200, 200, 429]);
  const refused = await world.call('/api/v1/fields', { key: acme.keys.read });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(refused.headers.get('ratelimit-remaining')).toBe('0');
  expect(refused.json).toMatchObject({ status: 429, type: 'urn:vedette:problem:rate-limited' });
  expect((await world.call('/api/v1/fields', { key: acme.keys.admin })).status).toBe(200);
});

test('guessing keys is slowed down by address', async () => {
  const statuses: number[] = [];
  for (let i = 0; i < 4; i += 1) {
    const headers = { 'x-forwarded-for': '203.0.113.66' };
    statuses.push((await world.call('/api/v1/fields', { key: `vdt_${i}`, headers })).status);
  }
  expect(statuses).toEqual([401, 401, 401, 429]);
});

test('a name that is not the hub’s is refused', async () => {
  expect(await withHost('hub.example')).toBe(200);
  expect(await withHost('localhost:1')).toBe(200);
  expect(await withHost('evil.example')).toBe(421);
});

test('metrics are open on this machine, not to who comes through a proxy', async () => {
  expect((await world.call('/metrics')).status).toBe(200);
  expect((await world.call('/metrics', { headers: { 'x-forwarded-for': '203.0.113.1' } })).status).toBe(401);
});

test('the hub knows its own callers by what a trusted proxy says', async () => {
  await world.call('/marked', { headers: { 'x-forwarded-for': '9.9.9.9, 8.8.8.8' } });
  await expect
    .poll(async () => {
      const { json } = await world.control('/api/v1/traffic?metrics=requests&by=asn&where=path=/marked');
      return json.rows;
    })
    .toEqual([{ asn: 15169, requests: 1 }]);
});
