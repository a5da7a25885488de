import { once } from 'node:events';
import { createServer, get } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { createHostMap } from './host-map.ts';
import { createHubClient } from './hub-client.ts';
import { createEdge } from './index.ts';
import { listen, type Receiver, startReceiver } from './receiver.fixture.ts';

const started: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of started.splice(0).reverse()) await stop();
});

async function withHosts(hosts: object, headers: Record<string, string> = {}): Promise<Receiver> {
  const receiver = await startReceiver();
  receiver.hosts.body = JSON.stringify({ hosts });
  receiver.hosts.headers = headers;
  started.push(receiver.stop);
  return receiver;
}

function mapOf(receiver: Receiver) {
  const errors: string[] = [];
  const client = createHubClient({ url: receiver.url, key: 'vdt_test', timeoutMs: 1000 });
  const map = createHostMap(client, (error) => errors.push((error as Error).message));
  started.push(client.close, map.stop);
  return { map, errors };
}

test('a host has its own tenant, or that of the longest wildcard above it', async () => {
  const receiver = await withHosts({ 'www.a.example': 'A', '*.a.example': 'B', '*.deep.a.example': 'C', '::1': 'D' });
  const { map } = mapOf(receiver);
  expect(map.tenantOf('www.a.example')).toBeUndefined();
  await map.loaded;
  const found = ['www.a.example', 'x.a.example', 'x.deep.a.example', 'x.y.a.example', '::1'].map(map.tenantOf);
  expect(found).toEqual(['A', 'B', 'C', 'B', 'D']);
  for (const host of ['a.example', '.a.example', 'other.example', '', 'constructor', '__proto__']) {
    expect(map.tenantOf(host), host).toBe('');
  }
});

test('is asked for again with its ETag when it is old, and used while the hub is away', async () => {
  const receiver = await withHosts(
    { 'a.example': 'A' },
    { etag: '"one"', 'cache-control': 'private, max-age=0, stale-while-revalidate=86400' },
  );
  const { map, errors } = mapOf(receiver);
  await map.loaded;
  receiver.hosts.status = 304;
  receiver.hosts.body = '';
  await expect.poll(() => receiver.hosts.asked.length).toBe(2);
  expect(receiver.hosts.asked[1]).toMatchObject({ 'if-none-match': '"one"', authorization: 'Bearer vdt_test' });
  await receiver.stop();
  await expect.poll(() => errors.length).toBeGreaterThan(0);
  expect(map.tenantOf('a.example')).toBe('A');
});

test('a map that may not be stale is not used when it is', async () => {
  const receiver = await withHosts({ 'a.example': 'A' }, { 'cache-control': 'max-age=0, stale-while-revalidate=0' });
  const { map } = mapOf(receiver);
  await map.loaded;
  expect(map.tenantOf('a.example')).toBeUndefined();
});

test.each([
  [500, ''],
  [200, 'garbage'],
  [200, '{"hosts":[]}'],
  [200, 'null'],
  [304, ''],
])('an answer of %i %s is no map, and is told', async (status, body) => {
  const receiver = await withHosts({});
  receiver.hosts.status = status;
  receiver.hosts.body = body;
  const { map, errors } = mapOf(receiver);
  await map.loaded;
  expect(map.tenantOf('a.example')).toBeUndefined();
  expect(errors).toHaveLength(1);
});

test('requests for hosts of nobody are dropped on request, and only once the map is known', async () => {
  const receiver = await withHosts({ '*.a.example': 'A' });
  const edge = createEdge({ url: receiver.url, key: 'vdt_test', unknownHosts: 'drop' });
  await expect.poll(() => edge.tenantOf('WWW.A.example:8080')).toBe('A');
  expect(edge.tenantOf('b.example')).toBe('');
  const server = createServer(edge.node((_, response) => response.end()));
  const port = await listen(server);
  for (const host of ['www.a.example', 'b.example', 'x.a.example:1']) {
    const [answer] = await once(get({ port, host: '127.0.0.1', agent: false, headers: { host } }), 'response');
    answer.resume();
    await once(answer, 'end');
  }
  server.close();
  await expect.poll(() => edge.figures().recorded).toBe(3);
  expect(await edge.close()).toMatchObject({ recorded: 3, delivered: 2, unknown: 1, dropped: 0 });
  expect(receiver.lines().map((line) => line['server.address'])).toEqual(['www.a.example', 'x.a.example']);
});
