import { once } from 'node:events';
import { createServer, get, type ServerResponse } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { createEdge, type Edge, type EdgeOptions } from './index.ts';
import { type Delivery, listen, type Receiver, startReceiver } from './receiver.fixture.ts';

const started: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of started.splice(0).reverse()) await stop();
});

interface Setting {
  edge: Edge;
  receiver: Receiver;
  errors: string[];
  /** Asks the app for `/1`, `/2`… and has every answer. */
  ask(count: number): Promise<void>;
}

async function setUp(options: Partial<EdgeOptions> = {}): Promise<Setting> {
  const receiver = await startReceiver();
  const errors: string[] = [];
  const edge = createEdge({
    url: receiver.url,
    key: 'vdt_test',
    flushMs: 60_000,
    timeoutMs: 2000,
    onError: (error) => errors.push(error.message),
    ...options,
  });
  const server = createServer(edge.node((_, response) => response.end('served')));
  const port = await listen(server);
  started.push(
    receiver.stop,
    () => edge.close(500),
    () => server.close(),
    () => server.closeAllConnections(),
  );
  let asked = 0;
  return {
    edge,
    receiver,
    errors,
    async ask(count) {
      for (let i = 0; i < count; i += 1) {
        asked += 1;
        const [answer] = await once(get({ port, host: '127.0.0.1', path: `/${asked}` }), 'response');
        let text = '';
        for await (const chunk of answer) text += chunk;
        expect(text).toBe('served');
      }
      await expect.poll(() => edge.figures().recorded).toBe(asked);
      // Cuts a batch of just these; what becomes of it is waited for elsewhere.
      if (options.flushMs === undefined) void edge.flush(1);
    },
  };
}

const paths = (receiver: Receiver): unknown[] => receiver.lines().map((line) => line['url.path']);

describe('delivery', () => {
  test('is cut by size, in order', async () => {
    const { edge, receiver, ask } = await setUp({ batchSize: 3, flushMs: 60_000 });
    await ask(7);
    await expect.poll(() => receiver.lines().length).toBe(6);
    const figures = await edge.flush();
    expect(receiver.deliveries.map(({ lines }) => lines.length)).toEqual([3, 3, 1]);
    expect(paths(receiver)).toEqual(['/1', '/2', '/3', '/4', '/5', '/6', '/7']);
    expect(figures).toMatchObject({ recorded: 7, delivered: 7, dropped: 0, waiting: 0, lastError: null });
  });

  test('is cut by time', async () => {
    const { receiver, ask } = await setUp({ batchSize: 1000, flushMs: 10 });
    await ask(2);
    await expect.poll(() => paths(receiver)).toEqual(['/1', '/2']);
  });

  test('keeps its connection', async () => {
    const { edge, receiver, ask } = await setUp();
    for (let i = 0; i < 3; i += 1) {
      await ask(1);
      await edge.flush();
    }
    expect(receiver.deliveries).toHaveLength(3);
    expect(receiver.deliveries.every(({ headers }) => headers.connection === 'keep-alive')).toBe(true);
  });

  test.each<[string, (response: ServerResponse) => void]>([
    ['500', (response) => response.writeHead(500).end('broken')],
    ['408', (response) => response.writeHead(408).end()],
    ['a redirect', (response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
    ['garbage under 200', (response) => response.end('<html>Welcome to this hotel</html>')],
    ['a count that is not the delivery’s', (response) => response.end('{"accepted":0,"rejected":[]}')],
    ['JSON that is no answer', (response) => response.end('{"accepted":"all","rejected":{}}')],
    ['nothing', (response) => response.destroy()],
    ['half an answer', (response) => response.writeHead(200, { 'content-length': 100 }).write('{"acc')],
  ])('is tried again after %s, as it was and under the same key', async (what, answer) => {
    const { edge, receiver, ask } = await setUp({ timeoutMs: 5000 });
    receiver.answers.push((response) => {
      answer(response);
      if (what === 'half an answer') setTimeout(() => response.destroy(), 20);
    });
    await ask(2);
    await expect.poll(() => edge.figures().delivered).toBe(2);
    const keys = receiver.deliveries.map(({ headers }) => headers['idempotency-key']);
    expect(keys[1]).toBe(keys[0]);
    expect(receiver.deliveries[1]?.lines).toEqual(receiver.deliveries[0]?.lines);
    expect(edge.figures()).toMatchObject({ retried: 1, dropped: 0 });
    expect(edge.figures().lastError?.text).toBeTruthy();
  });

  test.each([429, 503])('waits as long as %i asks', async (status) => {
    const { edge, receiver, ask } = await setUp();
    let answered = 0;
    receiver.answers.push((response) => {
      answered = Date.now();
      response.writeHead(status, { 'retry-after': '1' }).end('{"detail":"not now"}');
    });
    await ask(1);
    await expect.poll(() => edge.figures().delivered).toBe(1);
    // No sooner, but for the rounding of two clocks; how much later is the machine's affair.
    expect(Date.now() - answered).toBeGreaterThanOrEqual(990);
    expect(edge.figures().lastError?.text).toBe(`the hub answered ${status}: not now`);
  });

  test.each([400, 401, 403, 404, 415])('gives a delivery up after %i, saying why', async (status) => {
    const { edge, receiver, ask } = await setUp();
    receiver.answers.push((response) => response.writeHead(status).end('{"detail":"because"}'));
    await ask(2);
    await expect.poll(() => edge.figures().dropped).toBe(2);
    expect(edge.figures()).toMatchObject({ delivered: 0, retried: 0, waiting: 0 });
    expect(edge.figures().lastError?.text).toBe(`the hub answered ${status}: because`);
    await ask(1);
    await edge.flush();
    expect(paths(receiver)).toEqual(['/3']);
    expect(receiver.deliveries.at(-1)?.headers['vedette-dropped']).toBe('2');
  });

  test('goes in smaller ones when the hub takes none so large, down to single requests', async () => {
    const { edge, receiver, ask } = await setUp({ batchSize: 8, flushMs: 60_000 });
    const most = (response: ServerResponse, { lines }: Delivery): unknown => {
      receiver.answers.push(most);
      const tooLarge = lines.length > 2 || lines.some((line) => line['url.path'] === '/5');
      return tooLarge && response.writeHead(413).end('{"detail":"send fewer at once"}');
    };
    receiver.answers.push(most);
    await ask(8);
    await expect.poll(() => edge.figures().delivered).toBe(7);
    expect(edge.figures()).toMatchObject({ dropped: 1, retried: 0, waiting: 0 });
    expect(edge.figures().lastError?.text).toBe('the hub answered 413: send fewer at once');
    expect(paths(receiver)).toEqual(['/1', '/2', '/3', '/4', '/6', '/7', '/8']);
    // Those that come later are not cut so large any more.
    const before = receiver.deliveries.length;
    await ask(4);
    await edge.flush();
    for (const { lines } of receiver.deliveries.slice(before)) expect(lines.length).toBeLessThanOrEqual(2);
    expect(paths(receiver).slice(-4)).toEqual(['/9', '/10', '/11', '/12']);
  });

  test('counts what the hub refuses of it', async () => {
    const { edge, receiver, ask } = await setUp();
    receiver.answers.push((response) =>
      response.end('{"accepted":2,"rejected":[{"index":1,"reason":"time: is missing"}]}'),
    );
    await ask(3);
    await edge.flush();
    expect(edge.figures()).toMatchObject({ delivered: 2, refused: 1, dropped: 0, retried: 0 });
    expect(edge.figures().lastError?.text).toBe('the hub refused 1 of 3 requests: time: is missing');
  });
});

describe('while the hub is', () => {
  test('down, the app serves, the oldest are dropped, and the rest come when it is back', async () => {
    const { edge, receiver, ask } = await setUp({ ringSize: 8, batchSize: 1, flushMs: 5 });
    const { port } = receiver;
    await receiver.stop();
    for (let i = 0; i < 20; i += 1) {
      await ask(1);
      await sleep(25);
    }
    await expect.poll(() => edge.figures().waiting).toBeLessThanOrEqual(9);
    const { dropped } = edge.figures();
    expect(dropped).toBeGreaterThanOrEqual(11);
    const back = await startReceiver(port);
    started.push(back.stop);
    await expect.poll(async () => (await edge.flush(100)).delivered, { timeout: 20_000 }).toBe(20 - dropped);
    expect(paths(back).at(-1)).toBe('/20');
    expect(back.deliveries.at(-1)?.headers['vedette-dropped']).toBe(String(dropped));
  });

  test('silent, the app serves, and the call is given up', async () => {
    const { edge, receiver, ask } = await setUp({ timeoutMs: 100 });
    receiver.answers.push(() => undefined);
    await ask(3);
    await expect.poll(() => edge.figures().delivered).toBe(3);
    expect(edge.figures().lastError?.text).toMatch(/no answer from http:\/\/127\.0\.0\.1:\d+ within 100 ms/);
  });

  test('dripping, the call is given up although it is never quiet', async () => {
    const { edge, receiver, ask } = await setUp({ timeoutMs: 1000 });
    receiver.answers.push((response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(drip));
    });
    await ask(1);
    await expect.poll(() => edge.figures().delivered).toBe(1);
    expect(edge.figures().retried).toBe(1);
  });

  test('endless, its answer is not kept', async () => {
    const { edge, receiver, ask } = await setUp();
    receiver.answers.push((response) => {
      const chunk = Buffer.alloc(1024 * 1024, 'x');
      const more = (): void => {
        if (!response.destroyed) response.write(chunk, more);
      };
      more();
    });
    await ask(1);
    await expect.poll(() => edge.figures().delivered).toBe(1);
    expect(edge.figures().lastError?.text).toContain('longer than');
  });

  test('no HTTP server at all, the app serves', async () => {
    const noise = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.end('SSH-2.0-OpenSSH_9.2\r\n');
    });
    const port = await listen(noise);
    started.push(() => noise.close());
    const { edge, ask } = await setUp({ url: `http://127.0.0.1:${port}` });
    await ask(2);
    await expect.poll(() => edge.figures().retried).toBeGreaterThan(0);
    expect(edge.figures()).toMatchObject({ dropped: 0, waiting: 2 });
  });
});

describe('closing', () => {
  test('brings what waits', async () => {
    const { edge, receiver, ask } = await setUp({ flushMs: 60_000 });
    await ask(3);
    expect(await edge.close()).toMatchObject({ delivered: 3, waiting: 0 });
    expect(paths(receiver)).toEqual(['/1', '/2', '/3']);
    await ask(0);
  });

  test('ends in time when nothing answers, and counts what is lost', async () => {
    const { edge, receiver, ask } = await setUp({ flushMs: 60_000, timeoutMs: 60_000 });
    receiver.answers.push(
      () => undefined,
      () => undefined,
    );
    await ask(3);
    expect(await edge.close(200)).toMatchObject({ delivered: 0, dropped: 3, waiting: 0 });
    expect(await edge.close()).toMatchObject({ dropped: 3 });
  });

  test('leaves the app as it was: it serves, and nothing is recorded', async () => {
    const { edge, receiver, ask } = await setUp();
    await ask(1);
    await edge.close();
    const server = createServer(edge.node((_, response) => response.end('still here')));
    const port = await listen(server);
    const [answer] = await once(get({ port, host: '127.0.0.1', agent: false }), 'response');
    answer.resume();
    await once(answer, 'end');
    server.close();
    expect(edge.figures().recorded).toBe(1);
    expect(receiver.lines()).toHaveLength(1);
  });
});

test('an app’s own onError that throws stops nothing', async () => {
  const { edge, receiver, ask } = await setUp({
    onError: () => {
      throw new Error('of the app');
    },
  });
  receiver.answers.push((response) => response.writeHead(400).end());
  await ask(1);
  await expect.poll(() => edge.figures().dropped).toBe(1);
  await ask(1);
  await expect.poll(() => edge.figures().delivered).toBe(1);
});
