import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { connect, createServer as createHttp2Server } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openParser } from '../../server/src/collect/access-log/parser.ts';
import { NO_CONSENT } from './consent.ts';
import type { EdgeRequest } from './edge-request.ts';
import { createEdge } from './index.ts';
import { listen } from './receiver.fixture.ts';
import { type ZeekOptions, zeek } from './zeek.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vedette-zeek-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const AT = Date.UTC(2026, 10, 25, 12, 0, 0);
const entry = (more: Partial<EdgeRequest> = {}): EdgeRequest => ({
  id: 'x',
  alike: 0,
  time: AT + 0.25,
  clientAddress: '192.0.2.7',
  method: 'GET',
  target: { path: '/a b', query: 'c=1' },
  head: {
    host: 'www.example.com',
    userAgent: 'Mozilla\t5.0 \\o/',
    referrer: 'https://ref.example/',
    forwarded: '',
    consent: NO_CONSENT,
    headers: ['origin', 'https://o.example', 'via', '1.1 a, 1.0 b'],
  },
  route: '',
  status: 200,
  duration: 12.5,
  bytesIn: 3,
  bytesOut: 178,
  version: '1.1',
  connection: { number: 1, requests: 2, clientPort: 40_000, serverAddress: '::ffff:198.51.100.1', serverPort: 443 },
  depth: 2,
  ...more,
});

/** The rows of one log file, as the hub's own reader has them. */
async function readBack(format: 'zeek' | 'zeek-json', name?: string) {
  const files = (await readdir(dir)).sort();
  const text = await readFile(join(dir, name ?? (files.at(-1) as string)), 'utf8');
  const parser = openParser(format);
  return text
    .split('\n')
    .map((line) => parser.parse(line))
    .filter((row) => row !== null);
}

async function write(entries: EdgeRequest[], options: Partial<ZeekOptions> = {}): Promise<void> {
  const output = zeek({ dir, ...options });
  for (const one of entries) output.write(one);
  output.slice?.();
  await output.close(1000);
}

describe.each(['tsv', 'json'] as const)('http.log as %s', (format) => {
  test('is read back by a reader of Zeek’s', async () => {
    await write([entry(), entry({ status: 0, clientAddress: '2001:db8::7', target: { path: '/', query: '' } })], {
      format,
    });
    expect(await readBack(format === 'tsv' ? 'zeek' : 'zeek-json')).toMatchObject([
      {
        time: AT,
        clientAddress: '192.0.2.7',
        host: 'www.example.com',
        method: 'GET',
        path: '/a b',
        query: 'c=1',
        status: 200,
        bytesIn: 3,
        bytesOut: 178,
        protocol: 'HTTP/1.1',
        referrer: 'https://ref.example/',
        headers: { origin: 'https://o.example' },
      },
      { clientAddress: '2001:db8::7', path: '/', query: '', status: 0 },
    ]);
  });

  test('whatever clients send, each request is one row', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 });
    const some = await fc.sample(fc.tuple(text, text, text, text), 300);
    await write(
      some.map(([path, userAgent, referrer, via]) =>
        entry({
          target: { path: `/${path}`, query: '' },
          head: { host: 'h', userAgent, referrer, forwarded: '', consent: NO_CONSENT, headers: ['via', via] },
        }),
      ),
      { format },
    );
    const rows = await readBack(format === 'tsv' ? 'zeek' : 'zeek-json');
    expect(rows).toHaveLength(300);
    expect(rows.filter((row) => row !== undefined && 'refused' in row)).toEqual([]);
  });
});

describe('tab-separated', () => {
  test('has Zeek’s header, types, escapes and end', async () => {
    await write([entry()]);
    const [name = ''] = await readdir(dir);
    expect(name).toMatch(/^http\.\d{4}(-\d\d){5}\.log$/);
    const lines = (await readFile(join(dir, name), 'utf8')).split('\n');
    expect(lines.slice(0, 5)).toEqual([
      '#separator \\x09',
      '#set_separator\t,',
      '#empty_field\t(empty)',
      '#unset_field\t-',
      '#path\thttp',
    ]);
    expect(lines[5]).toMatch(/^#open\t\d{4}(-\d\d){5}$/);
    expect(name).toBe(`http.${lines[5]?.slice(6)}.log`);
    const fields = lines[6]?.split('\t').slice(1) ?? [];
    const types = lines[7]?.split('\t').slice(1) ?? [];
    const values = lines[8]?.split('\t') ?? [];
    expect(lines[9]).toMatch(/^#close\t\d{4}(-\d\d){5}$/);
    expect([fields.length, types.length, values.length]).toEqual([30, 30, 30]);
    const row = Object.fromEntries(fields.map((field, i) => [field, values[i]]));
    expect(row).toMatchObject({
      ts: `${AT / 1000}.000250`,
      uid: expect.stringMatching(/^C[0-9A-Za-z]{17}$/),
      'id.orig_p': '40000',
      'id.resp_h': '198.51.100.1',
      'id.resp_p': '443',
      trans_depth: '2',
      user_agent: 'Mozilla\\x095.0 \\\\o/',
      status_msg: 'OK',
      tags: '(empty)',
      proxied: 'VIA -> 1.1 a\\x2c 1.0 b',
      username: '-',
      password: '-',
    });
  });

  test.each([
    ['-', '\\x2d'],
    ['(empty)', '\\x28empty)'],
    ['', '-'],
  ])('a user agent of %j is %s', async (userAgent, expected) => {
    await write([entry({ head: { ...entry().head, userAgent } })]);
    const [name = ''] = await readdir(dir);
    expect((await readFile(join(dir, name), 'utf8')).split('\n')[8]?.split('\t')[12]).toBe(expected);
  });
});

describe('rotation', () => {
  test('by size, with names of its own and no row lost', async () => {
    const output = zeek({ dir, rotateBytes: 3000, rotateMs: 0 });
    for (let i = 0; i < 40; i += 1) {
      output.write(entry({ target: { path: `/${i}`, query: '' } }));
      output.slice?.();
      await output.flush(1000);
    }
    await output.close(1000);
    const names = (await readdir(dir)).sort();
    expect(names.length).toBeGreaterThan(2);
    const rows = (await Promise.all(names.map((name) => readBack('zeek', name)))).flat();
    expect(rows.map((row) => Number((row as { path: string }).path.slice(1))).sort((a, b) => a - b)).toEqual([
      ...Array(40).keys(),
    ]);
  });

  test('by time', async () => {
    const output = zeek({ dir, rotateMs: 30 });
    output.write(entry());
    output.slice?.();
    await expect.poll(async () => (await readdir(dir)).filter((name) => name !== 'http.log')).toHaveLength(1);
    await output.close(1000);
  });

  test('keeps as many as it should', async () => {
    const output = zeek({ dir, rotateBytes: 1, keep: 2 });
    for (let i = 0; i < 5; i += 1) {
      output.write(entry());
      output.slice?.();
      await output.flush(1000);
    }
    await output.close(1000);
    expect(await readdir(dir)).toHaveLength(2);
  });

  test('sets aside what a process left that was killed', async () => {
    await writeFile(join(dir, 'http.log'), '#path\thttp\n#open\t2026-11-24-10-11-12\nrow\n');
    await write([entry()]);
    const names = (await readdir(dir)).sort();
    expect(names[0]).toBe('http.2026-11-24-10-11-12.log');
    expect(names).toHaveLength(2);
  });

  test('tells what it cannot write, and goes on', async () => {
    const errors: string[] = [];
    await writeFile(join(dir, 'file'), '');
    const output = zeek({ dir: join(dir, 'file'), onError: (error) => errors.push(error.message) });
    output.write(entry());
    output.slice?.();
    await output.close(1000);
    expect(errors.join()).toContain('EEXIST');
  });
});

test('an edge without a hub writes connections apart, and no secrets', async () => {
  const edge = createEdge({ outputs: [zeek({ dir })] });
  const server = createServer(edge.node((_, response) => response.end('ok')));
  const port = await listen(server);
  for (const path of ['/one?token=very-secret', '/two']) {
    await new Promise((resolve) => {
      const headers = { authorization: 'Basic amFuZTp2ZXJ5LXNlY3JldA==', cookie: 'very-secret' };
      request({ port, host: '127.0.0.1', path, agent: false, headers }, (answer) =>
        answer.resume().on('end', resolve),
      ).end();
    });
  }
  server.close();
  await expect.poll(() => edge.figures().recorded).toBe(2);
  expect(await edge.close()).toMatchObject({ recorded: 2, delivered: 0, dropped: 0 });
  const [name = ''] = await readdir(dir);
  const text = await readFile(join(dir, name), 'utf8');
  expect(text).not.toMatch(/very-secret|jane|amFuZ/);
  const rows = text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('\t'));
  expect(new Set(rows.map((row) => row[1])).size).toBe(2);
  expect(rows.map((row) => [row[2], row[6], row[9]])).toEqual([
    ['127.0.0.1', '1', '/one?token=[redacted]'],
    ['127.0.0.1', '1', '/two'],
  ]);
});

test('what cannot be written is told to the edge', async () => {
  await writeFile(join(dir, 'file'), '');
  const errors: string[] = [];
  const onError = (error: Error): void => void errors.push(error.message);
  const edge = createEdge({ outputs: [zeek({ dir: join(dir, 'file') })], onError });
  const server = createServer(edge.node((_, response) => response.end()));
  const port = await listen(server);
  await new Promise<void>((resolve) => {
    request({ port, host: '127.0.0.1', agent: false }, (answer) => answer.resume().on('end', resolve)).end();
  });
  server.close();
  await edge.close();
  expect(errors.join()).toContain('EEXIST');
  expect(edge.figures().lastError?.text).toContain('EEXIST');
});

test('requests of one HTTP/2 connection have one uid, and count up', async () => {
  const edge = createEdge({ outputs: [zeek({ dir, format: 'json' })] });
  const server = createHttp2Server();
  server.on('request', (_, response) => response.end('ok'));
  edge.attach(server);
  const port = await listen(server);
  const client = connect(`http://127.0.0.1:${port}`);
  for (let i = 0; i < 3; i += 1) {
    await new Promise((resolve) =>
      client
        .request({ ':path': `/${i}` })
        .resume()
        .on('end', resolve)
        .end(),
    );
  }
  await new Promise<void>((resolve) => client.close(resolve));
  server.close();
  await edge.close();
  const [name = ''] = (await readdir(dir)).filter((file) => file.endsWith('.log'));
  const rows = (await readFile(join(dir, name), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(new Set(rows.map(({ uid }) => uid)).size).toBe(1);
  expect(rows.map(({ trans_depth }) => trans_depth)).toEqual([1, 2, 3]);
  expect(rows[0]['id.resp_p']).toBe(port);
});
