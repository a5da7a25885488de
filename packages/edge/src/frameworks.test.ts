import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import express4 from 'express4';
import express5 from 'express5';
import Fastify from 'fastify';
import { Hono } from 'hono';
import Koa from 'koa';
import { afterEach, describe, expect, test } from 'vitest';
import { createEdge, type Edge } from './index.ts';
import { type Line, listen, type Receiver, startReceiver } from './receiver.fixture.ts';

const started: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of started.splice(0).reverse()) await stop();
});

async function setUp(): Promise<{ edge: Edge; receiver: Receiver }> {
  const receiver = await startReceiver();
  const edge = createEdge({ url: receiver.url, key: 'vdt_test', flushMs: 60_000 });
  started.push(receiver.stop, () => edge.close());
  return { edge, receiver };
}

async function ask(port: number, path: string): Promise<{ status: number; text: string }> {
  const [answer] = (await once(get({ port, host: '127.0.0.1', path, agent: false }), 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of answer) text += chunk;
  return { status: answer.statusCode ?? 0, text };
}

async function told({ edge, receiver }: { edge: Edge; receiver: Receiver }, count: number): Promise<Line[]> {
  await expect.poll(() => edge.figures().recorded).toBe(count);
  await edge.flush();
  return receiver.lines();
}

const routes = (lines: Line[]): unknown[] =>
  lines.map((line) => [line['url.path'], line['http.route'], line['http.response.status_code']]);

// The types of Express 5 do for both.
describe.each([
  ['4', express4 as unknown as typeof express5],
  ['5', express5],
])('Express %s', (_version, express) => {
  test.each(['express', 'attach'] as const)(
    'routes are told with where their router is mounted, by %s',
    async (way) => {
      const setting = await setUp();
      const app = express();
      if (way === 'express') app.use(setting.edge.express());
      const users = express.Router();
      users.get('/:id', (_, response) => void response.send('user'));
      users.get('/:id/fails', (_, __, next) => next(new Error('of the app')));
      users.get('/', (_, response) => void response.send('users'));
      app.use('/v1/users', users);
      const orders = express.Router();
      orders.get('/items/:item', (_, response) => void response.send('item'));
      app.use('/orders/:order', orders);
      app.get('/', (_, response) => void response.send('home'));
      // biome-ignore lint/complexity/useMaxParams: Express tells an error handler by its four parameters
      app.use(
        (_: unknown, __: unknown, response: { status(code: number): { send(text: string): void } }, ___: unknown) =>
          response.status(500).send('sorry'),
      );
      const server = createServer(app as unknown as RequestListener);
      started.push(() => server.close());
      if (way === 'attach') setting.edge.attach(server);
      const port = await listen(server);
      for (const path of ['/', '/v1/users/7?x=1', '/v1/users', '/orders/4711/items/1', '/none', '/v1/users/7/fails']) {
        await ask(port, path);
      }
      const lines = await told(setting, 6);
      expect(routes(lines)).toEqual([
        ['/', '/', 200],
        ['/v1/users/7', '/v1/users/:id', 200],
        ['/v1/users', '/v1/users', 200],
        // The mount point holds a value: the hub makes a template of the whole.
        ['/orders/4711/items/1', undefined, 200],
        ['/none', undefined, 404],
        ['/v1/users/7/fails', undefined, 500],
      ]);
      expect(setting.receiver.deliveries[0]?.headers['user-agent']).toBe(
        `vedette-edge/0.1.0 (${way === 'express' ? 'express' : 'node'})`,
      );
    },
  );
});

test.each([false, true])(
  'Fastify: routes, errors, what is not found, from within scopes; attached: %s',
  async (attached) => {
    const setting = await setUp();
    const app = Fastify();
    if (attached) setting.edge.attach(app.server);
    await app.register(setting.edge.fastify());
    app.get('/items/:id', async () => 'item');
    app.get('/fails', async () => {
      throw new Error('of the app');
    });
    await app.register(async (scope) => void scope.get('/inner/*', async () => 'inner'), { prefix: '/scope' });
    await app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = app.server.address() as AddressInfo;
    for (const path of ['/items/7', '/fails', '/scope/inner/a/b', '/none']) await ask(port, path);
    expect(routes(await told(setting, 4))).toEqual([
      ['/items/7', '/items/:id', 200],
      ['/fails', '/fails', 500],
      ['/scope/inner/a/b', '/scope/inner/*', 200],
      ['/none', undefined, 404],
    ]);
    await app.close();
  },
);

test('Fastify: closing the app brings what waits', async () => {
  const { edge, receiver } = await setUp();
  const app = Fastify();
  await app.register(edge.fastify());
  app.get('/', async () => 'hello');
  await app.listen({ port: 0, host: '127.0.0.1' });
  await ask((app.server.address() as AddressInfo).port, '/');
  await expect.poll(() => edge.figures().recorded).toBe(1);
  await app.close();
  expect(receiver.lines()).toHaveLength(1);
});

test.each(['middleware', 'app', 'attach'])(
  'Koa, by %s: what middleware answers, with the route a router leaves',
  async (way) => {
    const setting = await setUp();
    const app = new Koa();
    app.silent = true;
    if (way === 'middleware') app.use(setting.edge.koa());
    else expect(setting.edge.koa(app)).toBe(app);
    app.use((context) => {
      if (context.path === '/fails') context.throw(503, 'of the app');
      // As @koa/router does.
      if (context.path.startsWith('/items/'))
        (context as unknown as { _matchedRoute: string })._matchedRoute = '/items/:id';
      context.body = context.path === '/none' ? null : { some: 'JSON' };
      if (context.path === '/none') context.status = 404;
    });
    const server = createServer(app.callback());
    started.push(() => server.close());
    if (way === 'attach') setting.edge.attach(server);
    const port = await listen(server);
    for (const path of ['/items/7', '/fails', '/none']) await ask(port, path);
    expect(routes(await told(setting, 3))).toEqual([
      ['/items/7', '/items/:id', 200],
      ['/fails', undefined, 503],
      ['/none', undefined, 404],
    ]);
  },
);

test('Hono: routes of sub-apps, errors, and what is not found', async () => {
  const setting = await setUp();
  const app = new Hono();
  app.use(setting.edge.hono());
  const inner = new Hono();
  inner.get('/:id', (context) => context.text('item'));
  app.route('/items', inner);
  app.get('/fails', () => {
    throw new Error('of the app');
  });
  app.onError((_, context) => context.text('sorry', 500));
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server;
  started.push(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  for (const path of ['/items/7', '/fails', '/none']) await ask(port, path);
  expect(routes(await told(setting, 3))).toEqual([
    ['/items/7', '/items/:id', 200],
    ['/fails', '/fails', 500],
    ['/none', undefined, 404],
  ]);
});

test('Hono elsewhere than on Node’s server lets requests pass', async () => {
  const { edge } = await setUp();
  const app = new Hono();
  app.use(edge.hono());
  app.get('/', (context) => context.text('hello'));
  expect(await (await app.request('/')).text()).toBe('hello');
  expect(edge.figures().recorded).toBe(0);
});
