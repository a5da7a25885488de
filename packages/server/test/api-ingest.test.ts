import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startWorld, type World, type WorldTenant } from './support/world.ts';

let world: World;
let acme: WorldTenant;
let count = 0;

beforeAll(async () => {
  world = await startWorld({ VEDETTE_BODY_MAX: '64KB' });
  acme = await world.tenant('acme');
});
afterAll(() => world.stop());

const record = (more: object = {}) => ({
  time: new Date().toISOString(),
  'client.address': '192.0.2.1',
  'server.address': 'www.acme.example',
  'url.path': '/',
  ...more,
});
/** A path of one's own, so that tests do not count each other's requests. */
const ownPath = () => `/own-${(count += 1)}`;

async function stored(path: string, tenant = acme): Promise<number> {
  const { json } = await world.call(`/api/v1/traffic?metrics=requests&from=0&to=%2B2d&where=path=${path}`, {
    key: tenant.keys.read,
  });
  return json.rows[0]?.requests ?? 0;
}

describe('POST /api/v1/requests', () => {
  const halves = (path: string) => [
    `${JSON.stringify(record({ 'url.path': path }))}\n`,
    lines(path).split('\n')[0] as string,
  ];
  const lines = (path: string) => `${JSON.stringify(record({ 'url.path': path }))}\n`.repeat(2);
  test.each([
    [
      'a JSON array',
      'application/json',
      '',
      (path: string) => JSON.stringify([record({ 'url.path': path }), record({ 'url.path': path })]),
    ],
    ['JSON lines', 'application/x-ndjson', '', lines],
    [
      'JSON lines with empty ones and CRLF',
      'application/x-ndjson; charset=utf-8',
      '',
      (path: string) => lines(path).replaceAll('\n', '\r\n\r\n'),
    ],
    ['gzip', 'application/x-ndjson', 'gzip', (path: string) => gzipSync(lines(path))],
    ['zstd', 'application/x-ndjson', 'zstd', (path: string) => zstdCompressSync(lines(path))],
    [
      'gzip in several members',
      'application/x-ndjson',
      'gzip',
      (path: string) => Buffer.concat(halves(path).map((half) => gzipSync(half))),
    ],
    [
      'zstd in several frames, one to be skipped among them',
      'application/x-ndjson',
      'zstd',
      (path: string) => {
        const [first, second] = halves(path).map((half) => zstdCompressSync(half)) as [Buffer, Buffer];
        return Buffer.concat([first, Buffer.from('502a4d180300000061626300'.slice(0, 22), 'hex'), second]);
      },
    ],
    ['a byte order mark', 'application/x-ndjson; charset="UTF-8"', '', (path: string) => `\ufeff${lines(path)}`],
  ])('takes %s', async (_, type, encoding, body) => {
    const path = ownPath();
    const headers = { 'content-type': type, ...(encoding === '' ? {} : { 'content-encoding': encoding }) };
    const answer = await world.call('/api/v1/requests', { key: acme.keys.ingest, headers, body: body(path) });
    expect([answer.status, answer.json]).toEqual([200, { accepted: 2, rejected: [] }]);
    expect(await stored(path)).toBe(2);
  });

  test.each([
    ['zstd that ends within a frame', 'zstd', zstdCompressSync('x'.repeat(5000)).subarray(0, -3), '', 400, 'zstd'],
    ['zstd and something else', 'zstd', Buffer.concat([zstdCompressSync('[]'), Buffer.from('rest')]), '', 400, 'zstd'],
    [
      'more zstd frames than any program makes',
      'zstd',
      Buffer.concat(Array.from({ length: 5000 }, () => zstdCompressSync(''))),
      '',
      400,
      'frames',
    ],
    [
      'zstd frames that are too large together',
      'zstd',
      Buffer.concat(Array.from({ length: 40 }, () => zstdCompressSync(' '.repeat(2000)))),
      '',
      413,
      'larger',
    ],
    ['another charset', '', '[]', '; charset=utf-16', 415, 'utf-16'],
  ])('refuses %s', async (_, encoding, body, charset, status, detail) => {
    const headers = {
      'content-type': `application/json${charset}`,
      ...(encoding === '' ? {} : { 'content-encoding': encoding }),
    };
    const answer = await world.call('/api/v1/requests', { key: acme.keys.ingest, headers, body });
    expect(answer.json).toMatchObject({ status, detail: expect.stringContaining(detail) });
  });

  test('a body that was cut on its way is not taken', async () => {
    const path = ownPath();
    const send = (told: string) =>
      world.call('/api/v1/requests', {
        key: acme.keys.ingest,
        headers: { 'content-type': 'application/x-ndjson', 'vedette-requests': told },
        body: lines(path),
      });
    expect((await send('3')).json).toMatchObject({ status: 408, type: expect.stringContaining('incomplete') });
    expect((await send('2')).json.accepted).toBe(2);
    expect(await stored(path)).toBe(2);
  });

  test('takes what is right and tells what is not, by index and field', async () => {
    const path = ownPath();
    const good = record({ 'url.path': path });
    const body = [
      JSON.stringify(good),
      '{"time":',
      '{}',
      JSON.stringify({ ...good, 'client.address': 'x' }),
      JSON.stringify({ ...good, time: 5 }),
      JSON.stringify(good),
    ];
    const { status, json } = await world.call('/api/v1/requests', {
      key: acme.keys.ingest,
      headers: { 'content-type': 'application/x-ndjson' },
      body: body.join('\n'),
    });
    expect(status).toBe(200);
    expect(json).toEqual({
      accepted: 2,
      rejected: [
        { index: 1, reason: expect.stringContaining('not JSON') },
        { index: 2, reason: 'time: is missing' },
        { index: 3, reason: expect.stringContaining('client.address') },
        { index: 4, reason: expect.stringContaining('1970') },
      ],
    });
    expect(await stored(path)).toBe(2);
  });

  test('bounds depth and number of records, and says by how much a clock is ahead', async () => {
    const send = (body: string, type = 'application/json') =>
      world.call('/api/v1/requests', { key: acme.keys.ingest, headers: { 'content-type': type }, body });
    const deep = `[{"time":${'['.repeat(20_000)}${']'.repeat(20_000)}}]`;
    expect((await send(deep)).json).toMatchObject({
      status: 400,
      detail: expect.stringContaining('inside one another'),
    });
    const many = `[${'0,'.repeat(30_000)}0]`;
    expect((await send(many)).json.rejected).toHaveLength(30_001);
    const ahead = new Date(Date.now() + 2 * 86_400_000).toISOString();
    const { json } = await send(JSON.stringify([record({ time: ahead })]));
    expect(json.rejected[0].reason).toContain(ahead);
    expect(json.rejected[0].reason).toContain(`hub’s clock (${new Date().toISOString().slice(0, 13)}`);
  });

  test('a retry under the same Idempotency-Key is answered, not stored again', async () => {
    const path = ownPath();
    const body = [record({ 'url.path': path }), {}];
    const send = (key: string, tenantKey = acme.keys.ingest) =>
      world.call('/api/v1/requests', { key: tenantKey, headers: { 'idempotency-key': key }, body });
    const first = await send('order-1');
    const again = await send('order-1');
    expect(again.json).toEqual(first.json);
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const twins = await Promise.all([send('order-2'), send('order-2')]);
    expect(twins.map(({ json }) => json.accepted)).toEqual([1, 1]);
    expect(await stored(path)).toBe(2);
    const other = await world.tenant('same-key');
    expect((await send('order-1', other.keys.ingest)).headers.get('idempotency-replayed')).toBeNull();
    expect(await stored(path, other)).toBe(1);
  });

  test('another body under a key that was used is refused, not answered as if it were stored', async () => {
    const [path, another] = [ownPath(), ownPath()];
    const send = (body: object[]) =>
      world.call('/api/v1/requests', { key: acme.keys.ingest, headers: { 'idempotency-key': 'order-3' }, body });
    expect((await send([record({ 'url.path': path })])).status).toBe(200);
    const { status, json } = await send([record({ 'url.path': another })]);
    expect([status, json.type]).toEqual([422, 'urn:vedette:problem:idempotency-key-reused']);
    expect(json.detail).toContain('order-3');
    const [first, second] = [[record({ 'url.path': path })], [record({ 'url.path': another })]];
    const twins = await Promise.all(
      [first, second].map((body) =>
        world.call('/api/v1/requests', { key: acme.keys.ingest, headers: { 'idempotency-key': 'order-4' }, body }),
      ),
    );
    expect(twins.map((twin) => twin.status).sort()).toEqual([200, 422]);
  });

  test.each([
    ['another type', { 'content-type': 'text/csv' }, 'a,b', 415, 'text/csv'],
    ['no type', { 'content-type': '' }, '[]', 415, 'Unsupported'],
    ['no JSON', { 'content-type': 'application/json' }, '[{', 400, 'not JSON'],
    ['too much', { 'content-type': 'application/json' }, `[${' '.repeat(70_000)}]`, 413, '65536'],
    [
      'too much, compressed',
      { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      gzipSync(`[${' '.repeat(70_000)}]`),
      413,
      '65536',
    ],
    ['damaged gzip', { 'content-type': 'application/json', 'content-encoding': 'gzip' }, 'no gzip', 400, 'gzip'],
    ['an unknown encoding', { 'content-type': 'application/json', 'content-encoding': 'lzma' }, '[]', 415, 'lzma'],
    [
      'a bad Idempotency-Key',
      { 'content-type': 'application/json', 'idempotency-key': 'x'.repeat(256) },
      '[]',
      400,
      '255',
    ],
  ])('refuses %s', async (_, headers, body, status, detail) => {
    const answer = await world.call('/api/v1/requests', { key: acme.keys.ingest, headers, body });
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.json).toMatchObject({ status, detail: expect.stringContaining(detail) });
    expect(answer.status).toBe(status);
  });

  test('a key of the installation sends each host’s requests to the tenant that has the domain', async () => {
    const path = ownPath();
    const { records } = world.running.hub;
    await records.forTenant(acme.id).domains.add('*.shop.example');
    await records.hosts.refresh();
    const { token } = await records.forTenant(records.installation.id).keys.create({ scope: 'ingest' });
    const body = ['a.shop.example', 'a.shop.example', 'nobody.example'].map((host) =>
      record({ 'url.path': path, 'server.address': host }),
    );
    const answer = await world.call('/api/v1/requests', { key: token, body: [...body, {}] });
    expect(answer.json).toEqual({ accepted: 3, rejected: [{ index: 3, reason: 'time: is missing' }] });
    expect(await stored(path)).toBe(2);
    const rest = await world.control(`/api/v1/traffic?metrics=requests&by=domain&where=path=${path}&from=-1h&to=%2B1h`);
    expect(rest.json.rows).toEqual([{ domain: 'nobody.example', requests: 1 }]);
  });
});

describe('POST /api/v1/imports', () => {
  const line = (path: string, n: number) =>
    `192.0.2.${n} - - [31/Jan/2026:12:00:0${n} +0000] "GET ${path} HTTP/1.1" 200 5 "-" "curl/8"\n`;

  test('takes a file as it is, counts it once, and adds what it grew by', async () => {
    const path = ownPath();
    const send = (body: string | Buffer) =>
      world.call('/api/v1/imports?name=a.log&domain=WWW.Acme.example', { method: 'POST', key: acme.keys.ingest, body });
    const first = await send(gzipSync(line(path, 1) + line(path, 2)));
    expect(first.json).toMatchObject({
      name: 'a.log',
      format: 'combined',
      lines: { read: 2, accepted: 2, rejected: 0, known: 0 },
      window: { from: '2026-01-31T12:00:01.000Z', to: '2026-01-31T12:00:02.000Z' },
    });
    expect((await send(line(path, 1) + line(path, 2))).json.lines).toEqual({
      read: 0,
      accepted: 0,
      rejected: 0,
      known: 2,
    });
    const grown = await send(`${line(path, 1)}${line(path, 2)}garbage\n${line(path, 3)}`);
    expect(grown.json).toMatchObject({
      lines: { read: 2, accepted: 1, rejected: 1, known: 2 },
      rejects: [{ line: 3, excerpt: 'garbage' }],
    });
    expect(await stored(path)).toBe(3);
  });

  test('tells its progress line by line when asked to', async () => {
    const answer = await world.call('/api/v1/imports?name=b.log&rejects=true', {
      method: 'POST',
      key: acme.keys.ingest,
      headers: { accept: 'application/x-ndjson' },
      body: `${line(ownPath(), 1)}garbage\n`,
    });
    expect(answer.headers.get('content-type')).toMatch(/^application\/x-ndjson/);
    const events = answer.text
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text));
    expect(events.map((event) => Object.keys(event)[0])).toEqual(expect.arrayContaining(['progress', 'reject']));
    expect(events.at(-1).result.lines).toEqual({ read: 2, accepted: 1, rejected: 1, known: 0 });
    expect(events[0].reject ?? events[1].reject).toMatchObject({ line: 2, excerpt: 'garbage' });
  });

  test.each([
    ['an empty file', '', '', 422, 'empty'],
    ['what is no log', '', 'hello\nworld\n', 422, 'fits'],
    ['a format that does not exist', '&format=nonsense', 'x\n', 400, 'nonsense'],
    ['an unknown parameter', '&tennant=acme', 'x\n', 400, 'tennant'],
  ])('refuses %s, also when asked for lines', async (_, query, body, status, detail) => {
    for (const accept of ['application/json', 'application/x-ndjson']) {
      const answer = await world.call(`/api/v1/imports?name=c.log${query}`, {
        method: 'POST',
        key: acme.keys.ingest,
        headers: { accept },
        body,
      });
      expect(answer.json, accept).toMatchObject({ status, detail: expect.stringContaining(detail) });
    }
  });
});

test('whoever calls too often is told when to come back', async () => {
  const strict = await world.running.hub.records.forTenant(acme.id).keys.create({ scope: 'read' });
  const one = await world.call('/api/v1/fields', { key: strict.token });
  expect(Number(one.headers.get('ratelimit-limit'))).toBe(60_000);
  expect(Number(one.headers.get('ratelimit-remaining'))).toBe(59_999);
});
