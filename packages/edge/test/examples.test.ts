import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startWorld, type World, type WorldTenant } from '../../server/test/support/world.ts';
import { ensureBuilt } from './built.ts';

let world: World;
let acme: WorldTenant;

beforeAll(async () => {
  ensureBuilt();
  world = await startWorld();
  acme = await world.tenant('acme');
});
afterAll(() => world.stop());

const running = new Set<ChildProcess>();
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
});

interface App {
  url: string;
  /** Ends it as an operator would; resolves to its exit code. */
  end(): Promise<number | null>;
}

async function start(example: string, key: string): Promise<App> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../examples', example)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, VEDETTE_URL: world.url, VEDETTE_KEY: key, PORT: '0' },
  });
  running.add(child);
  const [line] = await once(child.stdout as NodeJS.ReadableStream, 'data');
  const port = /listening on (\d+)/.exec(String(line))?.[1];
  return {
    url: `http://127.0.0.1:${port}`,
    async end() {
      child.kill('SIGTERM');
      const [code] = await once(child, 'exit');
      return code as number | null;
    },
  };
}

describe.each([
  ['node-http/server.js', '/users/{id}'],
  ['express4/server.cjs', '/users/:id'],
  ['express5/server.js', '/users/:id'],
  ['fastify/server.js', '/users/:id'],
  // Koa itself has no routes; the hub makes a template.
  ['koa/server.js', '/users/{id}'],
  ['hono/server.js', '/users/:id'],
])('%s', (example, route) => {
  test('serves, and the hub knows every request', async () => {
    const framework = example.split('/')[0] as string;
    const tenant = await world.tenant(`acme-${framework}`);
    const app = await start(example, tenant.keys.ingest);
    const ask = async (path: string, init?: RequestInit) => {
      const answer = await fetch(`${app.url}${path}`, init);
      return [answer.status, await answer.text()];
    };
    expect(await ask('/')).toEqual([200, 'hello']);
    expect(await ask('/users/4711?token=secret')).toEqual([200, '{"id":"4711"}']);
    const [status, events] = await ask('/events');
    expect([status, String(events).replaceAll(' ', '')]).toEqual([200, 'data:1\n\ndata:2\n\ndata:3\n\n']);
    expect((await ask('/nothing/here'))[0]).toBe(404);
    expect(await ask('/', { method: 'HEAD' })).toEqual([200, '']);
    expect(await app.end()).toBe(0);

    const query = 'metrics=requests,bytes_out&by=path,route,status,method&order=requests&from=-1h';
    const { json } = await world.call(`/api/v1/traffic?${query}`, { key: tenant.keys.read });
    const rows = json.rows as { path: string; route: string; status: number; method: string; bytes_out: number }[];
    const row = (path: string, method = 'GET') => rows.find((one) => one.path === path && one.method === method);
    expect(rows).toHaveLength(5);
    expect(row('/')).toMatchObject({ status: 200, requests: 1, bytes_out: 5 });
    expect(row('/users/4711')).toMatchObject({ status: 200, route, bytes_out: 13 });
    expect(row('/events')).toMatchObject({ status: 200, bytes_out: Buffer.byteLength(String(events)) });
    expect(row('/nothing/here')).toMatchObject({ status: 404 });
    expect(row('/', 'HEAD')).toMatchObject({ status: 200, bytes_out: 0 });
  });
});

test('an edge with the installation’s key reports for every tenant, by host', async () => {
  const { records } = world.running.hub;
  const other = await world.tenant('other');
  await records.forTenant(acme.id).domains.add('www.acme.example');
  await records.forTenant(other.id).domains.add('*.other.example');
  await records.hosts.refresh();
  const { token } = await records.forTenant(records.installation.id).keys.create({ scope: 'ingest' });
  const app = await start('node-http/server.js', token);
  const { request } = await import('node:http');
  for (const host of ['www.acme.example', 'a.other.example', 'nobody.example']) {
    await new Promise((resolve, reject) => {
      const sent = request(`${app.url}/${host}`, { headers: { host }, agent: false }, (answer) =>
        answer.resume().on('end', resolve),
      );
      sent.on('error', reject).end();
    });
  }
  expect(await app.end()).toBe(0);
  const paths = async (key: string) => {
    const { json } = await world.call('/api/v1/traffic?metrics=requests&by=path&from=-1h', { key });
    return json.rows.map((row: { path: string }) => row.path);
  };
  expect(await paths(acme.keys.read)).toEqual(['/www.acme.example']);
  expect(await paths(other.keys.read)).toEqual(['/a.other.example']);
  const { json } = await world.control('/api/v1/traffic?metrics=requests&by=path&from=-1h&where=origin=edge');
  expect(json.rows).toEqual([{ path: '/nobody.example', requests: 1 }]);
});

test('the trace is kept with the request', async () => {
  const tenant = await world.tenant('traced');
  const app = await start('node-http/server.js', tenant.keys.ingest);
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  await (await fetch(app.url, { headers: { traceparent, cookie: 'very-secret' } })).text();
  await app.end();
  const now = Date.now();
  const { rows } = await world.running.hub
    .requestsOf(tenant.id)
    .requests({ from: now - 600_000, to: now + 1, where: [], limit: 10 });
  expect(rows).toHaveLength(1);
  expect(rows[0]?.headers.traceparent).toBe(traceparent);
  expect(JSON.stringify(rows)).not.toContain('very-secret');
});
