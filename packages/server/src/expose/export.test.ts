import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { csvLines, sendExport } from './export.ts';

describe('a cell of CSV', () => {
  const cell = (value: unknown) =>
    csvLines(['a.b'])
      .of({ a: { b: value } })
      .slice(0, -2);

  test.each<[unknown, string]>([
    ['plain', 'plain'],
    ['two words', 'two words'],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    [null, ''],
    [undefined, ''],
    [-5, '-5'],
    [0.25, '0.25'],
    [false, 'false'],
    [['a', 'b'], 'a b'],
    [[], ''],
    [{ x: 1 }, '"{""x"":1}"'],
    ['=1+1', "'=1+1"],
    ['+49', "'+49"],
    ['-5', "'-5"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', '"\'\r=1"'],
    ['＝1+1', "'＝1+1"],
    ['=HYPERLINK("http://x","y")', '"\'=HYPERLINK(""http://x"",""y"")"'],
    [['=1', 'b'], "'=1 b"],
  ])('%j is written %j', (value, text) => {
    expect(cell(value)).toBe(text);
  });

  test('of a field that is not there is empty', () => {
    expect(csvLines(['a', 'b.c', 'd']).of({ a: 1, b: null })).toBe('1,,\r\n');
  });
});

describe('an export', () => {
  const app = Fastify();
  let pages = 0;
  let ended = false;
  const page = Array.from({ length: 1000 }, () => ({ text: 'x'.repeat(100) }));

  async function* endless(): AsyncGenerator<typeof page> {
    try {
      for (;;) {
        pages += 1;
        await sleep(0);
        yield page;
      }
    } finally {
      ended = true;
    }
  }

  async function* failing(after: number): AsyncGenerator<typeof page> {
    for (let i = 0; i < after; i += 1) yield page;
    throw new Error('the store is away');
  }

  beforeAll(async () => {
    const columns = ['text'];
    app.get('/endless', (_, reply) => sendExport(reply, 'csv', { name: 'e', columns, pages: endless() }));
    app.get('/failing/:after', (request, reply) => {
      const { after } = request.params as { after: string };
      return sendExport(reply, 'ndjson', { name: 'f', columns, pages: failing(Number(after)) });
    });
    await app.listen({ host: '127.0.0.1', port: 0 });
  });
  afterAll(() => app.close());

  test('is read no faster than its client reads, and ends when that leaves', async () => {
    const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
    socket.write('GET /endless HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(socket, 'readable');
    // Nothing is read from here on: what fits into buffers is made, and then no more.
    let before = -1;
    while (before !== pages) {
      before = pages;
      await sleep(200);
    }
    expect(pages).toBeGreaterThan(1);
    expect(pages * 100_000).toBeLessThan(64 * 1024 * 1024);
    expect(ended).toBe(false);
    socket.destroy();
    await expect.poll(() => ended).toBe(true);
    const last = pages;
    await sleep(50);
    expect(pages).toBe(last);
  });

  test('that cannot begin is an error, and one that cannot go on is broken off', async () => {
    const { port } = app.server.address() as AddressInfo;
    expect((await fetch(`http://127.0.0.1:${port}/failing/0`)).status).toBe(500);
    const answer = await fetch(`http://127.0.0.1:${port}/failing/2`);
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow();
  });
});
