import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, type RequestListener, request, type Server } from 'node:http';
import { connect, createServer as createHttp2Server } from 'node:http2';
import { connect as connectTcp } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { createEdge, type Edge } from './index.ts';
import { type Line, listen, type Receiver, startReceiver } from './receiver.fixture.ts';

const started: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of started.splice(0).reverse()) await stop();
});

interface Setting {
  edge: Edge;
  receiver: Receiver;
  /** What the edge has told of, so far; waits for it. */
  seen(count: number): Promise<Line[]>;
}

async function setUp(options: object = {}): Promise<Setting> {
  const receiver = await startReceiver();
  const edge = createEdge({ url: receiver.url, key: 'vdt_test', flushMs: 5, ...options });
  started.push(receiver.stop, () => edge.close());
  return {
    edge,
    receiver,
    async seen(count) {
      await expect.poll(() => edge.figures().recorded).toBeGreaterThanOrEqual(count);
      await edge.flush();
      expect(receiver.lines()).toHaveLength(count);
      return receiver.lines();
    },
  };
}

async function serve(server: Server): Promise<number> {
  started.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return listen(server);
}

async function app(edge: Edge, listener: RequestListener): Promise<number> {
  return serve(createServer(edge.node(listener)));
}

interface Got {
  status: number;
  headers: IncomingMessage['headers'];
  text: string;
}

function call(port: number, path: string, options: object = {}, body: (string | Buffer)[] = []): Promise<Got> {
  return new Promise((resolve, reject) => {
    const sent = request({ port, host: '127.0.0.1', path, agent: false, ...options }, async (answer) => {
      const chunks: Buffer[] = [];
      for await (const chunk of answer) chunks.push(chunk as Buffer);
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: Buffer.concat(chunks).toString() });
    });
    sent.on('error', reject);
    for (const part of body) sent.write(part);
    sent.end();
  });
}

describe('one request', () => {
  test('is told of by the names of OpenTelemetry, without anything secret', async () => {
    const { edge, receiver, seen } = await setUp({ name: 'edge-1' });
    const port = await app(edge, (_, response) => response.writeHead(201).end('grüß dich'));
    const before = Date.now();
    const headers = {
      Host: 'WWW.Example.com:8080',
      Cookie: 'sid=cookie-secret',
      Authorization: 'Bearer header-secret',
      'Proxy-Authorization': 'proxy-secret',
      'X-Api-Key': 'api-secret',
      'User-Agent': 'test "agent"\\1',
      Referer: 'https://user:pw-secret@ref.example/a?token=ref-secret#frag-secret',
      'Accept-Language': 'de',
      'X-Forwarded-For': '203.0.113.99',
      'Sec-GPC': '1',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    };
    await call(port, '/a%20b/jane@mail.example?q=1&access_token=query-secret', { headers });
    const [line] = await seen(1);
    expect(line).toEqual({
      time: expect.any(Number),
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      'client.address': '127.0.0.1',
      'server.address': 'www.example.com',
      'http.request.method': 'GET',
      'url.path': '/a%20b/[redacted]',
      'url.query': 'q=1&access_token=[redacted]',
      'http.response.status_code': 201,
      'http.server.request.duration': expect.any(Number),
      'http.request.body.size': 0,
      'http.response.body.size': 11,
      'network.protocol.version': '1.1',
      'user_agent.original': 'test "agent"\\1',
      'http.request.header.referer': 'https://ref.example/a?token=[redacted]',
      'http.request.header.accept-language': 'de',
      'http.request.header.sec-gpc': '1',
      'http.request.header.connection': 'close',
      'http.request.header.traceparent': headers.traceparent,
    });
    expect(line?.time).toBeGreaterThanOrEqual(before - 5);
    expect(line?.time).toBeLessThanOrEqual(Date.now() + 5);
    expect(line?.['http.server.request.duration']).toBeGreaterThan(0);
    expect(Number.parseInt(String(line?.id).replace('-', '').slice(0, 12), 16)).toBe(line?.time);
    expect(JSON.stringify(receiver.deliveries)).not.toMatch(/-secret|203\.0\.113\.99|frag/);
    expect(receiver.deliveries[0]?.headers).toMatchObject({
      authorization: 'Bearer vdt_test',
      'content-type': 'application/x-ndjson',
      'content-encoding': 'gzip',
      'user-agent': 'vedette-edge/0.1.0 (node)',
      'vedette-source': 'edge-1',
      'vedette-instance': expect.stringMatching(/^[0-9a-f-]{36}$/),
      'vedette-dropped': '0',
      'idempotency-key': expect.stringMatching(/^[0-9a-f-]{36}$/),
      'vedette-sent-at': expect.stringMatching(/^\d{13}$/),
    });
  });

  test('has the address that trusted proxies tell of', async () => {
    const { edge, seen } = await setUp({ trustedProxies: ['127.0.0.0/8'] });
    const port = await app(edge, (_, response) => response.end());
    await call(port, '/', { headers: { 'X-Forwarded-For': '198.51.100.1, 203.0.113.7' } });
    expect(await seen(1)).toMatchObject([{ 'client.address': '203.0.113.7' }]);
  });

  test.each([
    ['/plain', '/plain', undefined],
    ['/?', '/', undefined],
    ['http://proxied.example/a?b=1', '/a', 'b=1'],
    ['http://proxied.example', '/', undefined],
    ['*', '*', undefined],
    ['//a//b?c?d', '//a//b', 'c?d'],
  ])('target %s is path %s and query %s', async (target, path, query) => {
    const { edge, seen } = await setUp();
    const port = await app(edge, (_, response) => response.end());
    await call(port, target, { method: target === '*' ? 'OPTIONS' : 'GET' });
    const [line] = await seen(1);
    expect([line?.['url.path'], line?.['url.query']]).toEqual([path, query]);
  });
});

describe('bytes and status', () => {
  const BODY = Buffer.alloc(70_000, 'x');
  test.each<[string, object, RequestListener, object]>([
    ['nothing at all', {}, (_, response) => response.end(), { 'http.response.body.size': 0 }],
    ['a buffer', {}, (_, response) => response.end(BODY), { 'http.response.body.size': 70_000 }],
    ['an encoded string', {}, (_, response) => response.end('c3bc', 'hex'), { 'http.response.body.size': 2 }],
    ['a head written first', {}, (_, r) => r.writeHead(200).end('four'), { 'http.response.body.size': 4 }],
    [
      'pieces',
      {},
      (_, r) => {
        r.write('ü');
        r.write(Buffer.from('ab'), () => r.end('cd', () => undefined));
      },
      { 'http.response.body.size': 6 },
    ],
    ['a HEAD', { method: 'HEAD' }, (_, r) => r.end(BODY), { 'http.response.body.size': 0 }],
    [
      'a 304',
      {},
      (_, r) => r.writeHead(304).end('x'),
      { 'http.response.body.size': 0, 'http.response.status_code': 304 },
    ],
    ['a 204', {}, (_, r) => r.writeHead(204).end(), { 'http.response.body.size': 0, 'http.response.status_code': 204 }],
    [
      'a body that is not read',
      { method: 'POST', headers: { 'content-length': 5 } },
      (_, r) => r.end('ok'),
      { 'http.response.body.size': 2 },
    ],
  ])('%s', async (_what, options, listener, expected) => {
    const { edge, seen } = await setUp();
    const port = await app(edge, listener);
    await call(port, '/', options, 'headers' in options ? ['12345'] : []);
    expect(await seen(1)).toMatchObject([expected]);
  });

  test.each([
    ['known length', { 'content-length': 9 }],
    ['pieces', { 'transfer-encoding': 'chunked' }],
  ])('a request body of %s is counted', async (_what, headers) => {
    const { edge, seen } = await setUp();
    const port = await app(edge, async (incoming, response) => {
      let text = '';
      for await (const chunk of incoming) text += chunk;
      response.end(text);
    });
    const answer = await call(port, '/', { method: 'POST', headers }, ['ümlaut', '78']);
    expect(answer.text).toBe('ümlaut78');
    expect(await seen(1)).toMatchObject([{ 'http.request.body.size': 9, 'http.response.body.size': 9 }]);
  });

  test('requests on one connection do not mix', async () => {
    const { edge, seen } = await setUp();
    const port = await app(edge, (incoming, response) => response.end('x'.repeat(Number(incoming.url?.slice(1)))));
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (const size of [3, 500, 1]) await call(port, `/${size}`, { agent });
    agent.destroy();
    const lines = await seen(3);
    expect(lines.map((line) => [line['url.path'], line['http.response.body.size']])).toEqual([
      ['/3', 3],
      ['/500', 500],
      ['/1', 1],
    ]);
  });

  test('pipelined requests are told apart', async () => {
    const { edge, seen } = await setUp();
    const port = await app(edge, (incoming, response) => setTimeout(() => response.end(incoming.url), 5));
    const socket = connectTcp(port, '127.0.0.1');
    socket.write('GET /one HTTP/1.1\r\nHost: a.example\r\n\r\nGET /three HTTP/1.0\r\nHost: b.example\r\n\r\n');
    socket.resume();
    await once(socket, 'close');
    expect(await seen(2)).toMatchObject([
      { 'server.address': 'a.example', 'http.response.body.size': 4, 'network.protocol.version': '1.1' },
      { 'server.address': 'b.example', 'http.response.body.size': 6, 'network.protocol.version': '1.0' },
    ]);
  });
});

describe('what is long or broken off', () => {
  test('a stream of events reaches its reader piece by piece, and is told of when it ends', async () => {
    const { edge, seen } = await setUp();
    const port = await app(edge, async (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.flushHeaders();
      for (const n of [1, 2, 3]) {
        await sleep(10);
        response.write(`data: ${n}\n\n`);
      }
      response.end();
    });
    const pieces: string[] = [];
    const sent = request({ port, host: '127.0.0.1', agent: false });
    sent.end();
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    expect(edge.figures().recorded).toBe(0);
    for await (const chunk of answer) pieces.push(String(chunk));
    expect(pieces).toEqual(['data: 1\n\n', 'data: 2\n\n', 'data: 3\n\n']);
    const [line] = await seen(1);
    expect(line).toMatchObject({ 'http.response.status_code': 200, 'http.response.body.size': 27 });
    expect(line?.['http.server.request.duration']).toBeGreaterThan(0.02);
  });

  test('a client that leaves before the answer leaves no status', async () => {
    const { edge, seen } = await setUp();
    const arrived = Promise.withResolvers<void>();
    const port = await app(edge, () => arrived.resolve());
    const sent = request({ port, host: '127.0.0.1', agent: false, path: '/gone' });
    sent.on('error', () => undefined);
    sent.end();
    await arrived.promise;
    sent.destroy();
    const [line] = await seen(1);
    expect(line).toMatchObject({ 'url.path': '/gone', 'client.address': '127.0.0.1', 'http.response.body.size': 0 });
    expect(line).not.toHaveProperty(['http.response.status_code']);
  });

  test('a client that leaves in the middle leaves the status that was sent', async () => {
    const { edge, seen } = await setUp();
    const port = await app(edge, (_, response) => {
      response.statusCode = 206;
      response.write('begun');
    });
    const sent = request({ port, host: '127.0.0.1', agent: false });
    sent.on('error', () => undefined);
    sent.end();
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    answer.on('error', () => undefined);
    answer.destroy();
    expect(await seen(1)).toMatchObject([{ 'http.response.status_code': 206, 'http.response.body.size': 5 }]);
  });

  test('what is written after the end counts nothing', async () => {
    const { edge, seen } = await setUp();
    const port = await app(edge, (_, response) => {
      response.on('error', () => undefined);
      response.end('four');
      response.write('and more');
      response.end('and more');
    });
    expect((await call(port, '/')).text).toBe('four');
    expect((await seen(1))[0]).toMatchObject({ 'http.response.body.size': 4 });
  });

  test('an upload that is broken off counts what came', async () => {
    const { edge, seen } = await setUp();
    const arrived = Promise.withResolvers<void>();
    const port = await app(edge, (incoming) =>
      incoming.on('data', () => arrived.resolve()).on('error', () => undefined),
    );
    const socket = connectTcp(port, '127.0.0.1');
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nonly this');
    await arrived.promise;
    socket.destroy();
    expect(await seen(1)).toMatchObject([{ 'http.request.body.size': 9 }]);
  });

  test('a listener that throws is as it was without an edge', async () => {
    const { edge } = await setUp();
    const listener: RequestListener = edge.node(() => {
      throw new Error('the app’s own');
    });
    const { IncomingMessage: Incoming, ServerResponse } = await import('node:http');
    const incoming = new Incoming(null as never);
    incoming.url = '/';
    expect(() => listener(incoming, new ServerResponse(incoming) as never)).toThrow('the app’s own');
  });
});

describe('a whole server', () => {
  test('is watched whatever is added to it, once', async () => {
    const { edge, seen } = await setUp();
    const server = edge.attach(edge.attach(createServer()));
    const port = await serve(server);
    server.on(
      'request',
      edge.node((_, response) => response.end('x')),
    );
    server.on('checkContinue', (_, response) => {
      response.writeContinue();
      response.end('go on');
    });
    await call(port, '/');
    await call(port, '/continue', { method: 'POST', headers: { expect: '100-continue' } });
    expect(await seen(2)).toMatchObject([{ 'http.response.body.size': 1 }, { 'http.response.body.size': 5 }]);
  });

  test('without a listener for upgrades still treats them as requests', async () => {
    const { edge, seen } = await setUp();
    const server = edge.attach(createServer((_, response) => response.end('no upgrade')));
    const port = await serve(server);
    const answer = await call(port, '/', { headers: { connection: 'upgrade', upgrade: 'websocket' } });
    expect([answer.status, answer.text]).toEqual([200, 'no upgrade']);
    expect(await seen(1)).toMatchObject([{ 'http.response.status_code': 200 }]);
  });

  test('a websocket works, and is told of with 101 and its bytes when it ends', async () => {
    const { edge, seen } = await setUp();
    const server = edge.attach(createServer());
    const sockets = new WebSocketServer({ server });
    sockets.on('connection', (socket) => socket.on('message', (message) => socket.send(`you said ${message}`)));
    const port = await serve(server);
    const socket = new WebSocket(`ws://127.0.0.1:${port}/chat?token=x`, { origin: 'https://a.example' });
    await once(socket, 'open');
    socket.send('hello');
    const [message] = (await once(socket, 'message')) as [Buffer];
    expect(String(message)).toBe('you said hello');
    socket.close();
    const [line] = await seen(1);
    expect(line).toMatchObject({
      'url.path': '/chat',
      'url.query': 'token=[redacted]',
      'http.response.status_code': 101,
      'http.request.header.origin': 'https://a.example',
      'http.request.header.upgrade': 'websocket',
      // Frames: a head of 6 bytes and the text; then a close frame, of 6 bytes without and with 8 or fewer with a reason.
      'http.request.body.size': 11 + 6,
      'http.response.body.size': 16 + 2,
    });
    sockets.close();
  });

  test('a refused upgrade has the status it was refused with', async () => {
    const { edge, seen } = await setUp();
    const server = edge.attach(createServer());
    server.on('upgrade', (_, socket) => socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno'));
    const port = await serve(server);
    await call(port, '/', { headers: { connection: 'upgrade', upgrade: 'websocket' } });
    expect(await seen(1)).toMatchObject([{ 'http.response.status_code': 401, 'http.response.body.size': 2 }]);
  });
});

test('two edges on one server both see everything', async () => {
  const [one, two] = [await setUp(), await setUp()];
  const server = one.edge.attach(two.edge.attach(createServer((incoming, response) => incoming.pipe(response))));
  const port = await serve(server);
  await call(port, '/both', { method: 'POST' }, ['body']);
  for (const { seen } of [one, two]) {
    expect(await seen(1)).toMatchObject([
      { 'url.path': '/both', 'http.request.body.size': 4, 'http.response.body.size': 4 },
    ]);
  }
});

describe('HTTP/2', () => {
  async function ask(port: number, headers: object, body?: string): Promise<{ status: number; text: string }> {
    const session = connect(`http://127.0.0.1:${port}`);
    const stream = session.request(headers as never);
    let status = 0;
    let text = '';
    stream.on('response', (answer) => {
      status = Number(answer[':status']);
    });
    stream.on('data', (chunk) => {
      text += chunk;
    });
    stream.end(body);
    await once(stream, 'close');
    session.close();
    return { status, text };
  }

  test('requests are told of as others are', async () => {
    const { edge, seen } = await setUp();
    const server = createHttp2Server(
      edge.node((async (
        incoming: IncomingMessage,
        response: { write(text: string): void; end(text: string): void },
      ) => {
        let text = '';
        for await (const chunk of incoming) text += chunk;
        response.write('got ');
        response.end(text);
      }) as unknown as RequestListener) as never,
    );
    const port = await listen(server);
    started.push(() => server.close());
    const answer = await ask(
      port,
      { ':method': 'POST', ':path': '/h2?x=1', ':authority': 'H2.example', cookie: 'secret', 'user-agent': 'h2' },
      'body',
    );
    expect(answer).toEqual({ status: 200, text: 'got body' });
    const [line] = await seen(1);
    expect(line).toMatchObject({
      'server.address': 'h2.example',
      'url.path': '/h2',
      'url.query': 'x=1',
      'network.protocol.version': '2',
      'http.request.body.size': 4,
      'http.response.body.size': 8,
      'http.response.status_code': 200,
      'client.address': '127.0.0.1',
      'user_agent.original': 'h2',
    });
    expect(JSON.stringify(line)).not.toContain('secret');
  });

  test('streams are told of, also those without requests', async () => {
    const { edge, seen } = await setUp();
    const server = edge.attach(createHttp2Server());
    server.on('stream', (stream) => {
      stream.respond({ ':status': 418 });
      stream.write('tea');
      stream.end('pot');
    });
    const port = await listen(server);
    started.push(() => server.close());
    expect(await ask(port, { ':path': '/stream' })).toEqual({ status: 418, text: 'teapot' });
    expect(await seen(1)).toMatchObject([
      { 'url.path': '/stream', 'http.response.status_code': 418, 'http.response.body.size': 6 },
    ]);
  });

  test('a stream that is reset is told of', async () => {
    const { edge, seen } = await setUp();
    const server = edge.attach(createHttp2Server((_, response) => response.write('begun')));
    const port = await listen(server);
    started.push(() => server.close());
    const session = connect(`http://127.0.0.1:${port}`);
    const stream = session.request({ ':path': '/reset' });
    stream.on('error', () => undefined);
    await once(stream, 'data');
    stream.close(8);
    expect(await seen(1)).toMatchObject([{ 'url.path': '/reset', 'http.response.status_code': 200 }]);
    session.close();
  });
});
