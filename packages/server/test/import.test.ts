import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ImportResult } from '../src/model/ways-in.ts';
import { startServe } from './support/serve.ts';
import { type Answer, startWorld, type World, type WorldTenant } from './support/world.ts';

let world: World;
let tenants = 0;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

/** A tenant of one's own, so that every row it has is the test's. */
const own = () => world.tenant(`import-${(tenants += 1)}`);
const stored = (tenant: WorldTenant) => world.running.hub.requestsOf(tenant.id).count();

function send(tenant: WorldTenant, body: string | Uint8Array, query = ''): Promise<Answer> {
  const bytes = typeof body === 'string' ? Buffer.from(body) : Buffer.from(body);
  return world.control(`/api/v1/imports?tenant=${tenant.slug}&name=a.log${query}`, { method: 'POST', body: bytes });
}

/** [read, accepted, rejected, known] of an import that was taken. */
async function figures(sent: Promise<Answer>): Promise<number[]> {
  const { status, json, text } = await sent;
  expect(status, text).toBe(200);
  const { read, accepted, rejected, known } = json.lines;
  return [read, accepted, rejected, known];
}

const line = (n: number, path = `/page-${n}`) =>
  `192.0.2.${n % 250} - - [31/Jan/2026:12:${String(Math.floor(n / 60) % 60).padStart(2, '0')}:${String(n % 60).padStart(2, '0')} +0000] ` +
  `"GET ${path} HTTP/1.1" 200 ${n} "-" "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"\n`;
const lines = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => line(from + i)).join('');

describe('what counts once, and what each time', () => {
  test('a file, however often it is sent, and only the new part of one that grew', async () => {
    const tenant = await own();
    expect(await figures(send(tenant, lines(0, 100)))).toEqual([100, 100, 0, 0]);
    expect(await figures(send(tenant, lines(0, 100)))).toEqual([0, 0, 0, 100]);
    expect(await stored(tenant)).toBe(100);
    expect(await figures(send(tenant, lines(0, 130)))).toEqual([30, 30, 0, 100]);
    expect(await figures(send(tenant, lines(0, 130)))).toEqual([0, 0, 0, 130]);
    expect(await stored(tenant)).toBe(130);
  });

  test('a file that grows from a single line on', async () => {
    const tenant = await own();
    for (let n = 1; n <= 40; n += 13) await figures(send(tenant, lines(0, n)));
    expect(await figures(send(tenant, lines(0, 41)))).toEqual([1, 1, 0, 40]);
    expect(await stored(tenant)).toBe(41);
  });

  test('no older copy of a file, nor another that begins like it and is shorter: it is refused, not passed over', async () => {
    const tenant = await own();
    await figures(send(tenant, lines(0, 3000)));
    const older = await send(tenant, lines(0, 100));
    expect(older.status).toBe(422);
    expect(await stored(tenant)).toBe(3000);
  });

  test('identical lines, each', async () => {
    const tenant = await own();
    expect(await figures(send(tenant, line(1).repeat(7)))).toEqual([7, 7, 0, 0]);
    expect(await figures(send(tenant, line(1).repeat(9)))).toEqual([2, 2, 0, 7]);
    expect(await stored(tenant)).toBe(9);
  });

  test('two files that begin with the same line', async () => {
    const tenant = await own();
    const first = line(1) + lines(10, 20);
    const second = line(1) + lines(30, 40);
    expect(await figures(send(tenant, first))).toEqual([11, 11, 0, 0]);
    expect(await figures(send(tenant, second))).toEqual([11, 11, 0, 0]);
    expect(await figures(send(tenant, first))).toEqual([0, 0, 0, 11]);
    expect(await figures(send(tenant, second))).toEqual([0, 0, 0, 11]);
    expect(await stored(tenant)).toBe(22);
  });

  test.each([
    ['gzip and zstd of it', [gzipSync, zstdCompressSync, gzipSync]],
    [
      'several gzip members of it',
      [(bytes: Buffer) => Buffer.concat([bytes.subarray(0, 999), bytes.subarray(999)].map((part) => gzipSync(part)))],
    ],
  ])('%s are the same file', async (_, compressions) => {
    const tenant = await own();
    const text = Buffer.from(lines(0, 50));
    expect(await figures(send(tenant, text))).toEqual([50, 50, 0, 0]);
    for (const compress of compressions) expect(await figures(send(tenant, compress(text)))).toEqual([0, 0, 0, 50]);
    expect(await stored(tenant)).toBe(50);
  });

  test('another tenant’s copy of the same file is its own', async () => {
    const [one, other] = [await own(), await own()];
    expect(await figures(send(one, lines(0, 10)))).toEqual([10, 10, 0, 0]);
    expect(await figures(send(other, lines(0, 10)))).toEqual([10, 10, 0, 0]);
    expect([await stored(one), await stored(other)]).toEqual([10, 10]);
  });
});

describe('the end of a file', () => {
  test('an unfinished last line is told, and taken when it is whole', async () => {
    const tenant = await own();
    const half = line(3).slice(0, 60);
    const first = await send(tenant, lines(0, 3) + half);
    expect(first.json.lines).toEqual({ read: 4, accepted: 3, rejected: 1, known: 0 });
    expect(first.json.reasons).toEqual({ 'unfinished-line': 1 });
    expect(first.json.rejects).toEqual([
      { line: 4, reason: 'unfinished-line', detail: expect.stringContaining('no line end'), excerpt: half },
    ]);
    expect(await stored(tenant)).toBe(3);
    expect(await figures(send(tenant, lines(0, 5)))).toEqual([2, 2, 0, 3]);
    expect(await stored(tenant)).toBe(5);
  });

  test('a readable last line counts though its newline is missing; the newline adds nothing', async () => {
    const tenant = await own();
    const text = lines(0, 3);
    expect(await figures(send(tenant, text.slice(0, -1)))).toEqual([3, 3, 0, 0]);
    expect(await figures(send(tenant, text))).toEqual([0, 0, 0, 3]);
    const grown = await send(tenant, `${text}garbage\n${line(4)}`);
    expect(grown.json.lines).toEqual({ read: 2, accepted: 1, rejected: 1, known: 3 });
    expect(grown.json.rejects).toMatchObject([{ line: 4, excerpt: 'garbage' }]);
    expect(await stored(tenant)).toBe(4);
  });

  test('what follows a last line that was taken without its newline keeps its number', async () => {
    const tenant = await own();
    await figures(send(tenant, lines(0, 3).slice(0, -1)));
    const grown = await send(tenant, `${lines(0, 3)}garbage`);
    expect(grown.json.rejects).toMatchObject([{ line: 4, reason: 'unfinished-line', excerpt: 'garbage' }]);
    const whole = await send(tenant, `${lines(0, 3)}garbage\nmore\n`);
    expect(whole.json.rejects).toMatchObject([{ line: 4 }, { line: 5, excerpt: 'more' }]);
  });

  test('truncated gzip: what can be read is taken, said, and completed by the whole file', async () => {
    const tenant = await own();
    const whole = gzipSync(lines(0, 20_000));
    const cut = await send(tenant, whole.subarray(0, whole.length >> 1));
    expect(cut.status).toBe(200);
    expect(cut.json.truncated).toMatch(/ends early/);
    const { accepted, rejected } = cut.json.lines;
    expect(accepted).toBeGreaterThan(1000);
    expect(accepted).toBeLessThan(20_000);
    expect(rejected).toBeLessThanOrEqual(1);
    expect(await stored(tenant)).toBe(accepted);
    expect(await figures(send(tenant, whole))).toEqual([20_000 - accepted, 20_000 - accepted, 0, accepted]);
    expect(await stored(tenant)).toBe(20_000);
  });
});

test('a file rewritten behind the same beginning is refused', async () => {
  const tenant = await own();
  await figures(send(tenant, lines(0, 200)));
  const { status, json } = await send(tenant, lines(0, 100) + lines(300, 500));
  expect([status, json.detail]).toEqual([409, expect.stringContaining('differs')]);
  expect(json.type).toContain('changed-file');
  expect(await stored(tenant)).toBe(200);
});

const W3C = '#Version: 1.0\n#Fields: date time c-ip cs-method cs-uri-stem sc-status\n';
const w3c = (from: number, to: number) =>
  Array.from(
    { length: to - from },
    (_, i) => `2026-01-31 12:00:${10 + from + i} 192.0.2.1 GET /w3c-${from + i} 200\n`,
  ).join('');
const ZEEK = [
  '#separator \\x09',
  '#set_separator\t,',
  '#empty_field\t(empty)',
  '#unset_field\t-',
  '#path\thttp',
  '#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tmethod\thost\turi\tstatus_code',
  '#types\ttime\tstring\taddr\tport\taddr\tport\tstring\tstring\tstring\tcount\n',
].join('\n');
const zeek = (from: number, to: number) =>
  Array.from(
    { length: to - from },
    (_, i) =>
      `${1769860800 + from + i}.5\tC1\t192.0.2.1\t5\t198.51.100.1\t80\tGET\tshop.example\t/z-${from + i}\t200\n`,
  ).join('');

describe.each([
  ['W3C', 'w3c', W3C, w3c],
  ['Zeek', 'zeek', ZEEK, zeek],
])('%s', (_, format, directives, rows) => {
  test('a file that is resumed in the middle keeps its directives', async () => {
    const tenant = await own();
    const first = await send(tenant, directives + rows(0, 5));
    expect([first.json.format, first.json.lines.accepted]).toEqual([format, 5]);
    expect(await figures(send(tenant, directives + rows(0, 12)))).toEqual([7, 7, 0, 5]);
    expect(await stored(tenant)).toBe(12);
  });

  test('a last line without its newline is read by the directives before it', async () => {
    const tenant = await own();
    expect(await figures(send(tenant, (directives + rows(0, 5)).slice(0, -1)))).toEqual([5, 5, 0, 0]);
    expect(await figures(send(tenant, directives + rows(0, 6)))).toEqual([1, 1, 0, 5]);
    expect(await stored(tenant)).toBe(6);
  });
});

test('a directive that is half written is read when it is whole', async () => {
  const tenant = await own();
  const next = '#Fields: date time c-ip cs-method cs-uri-stem sc-status sc-bytes\n';
  await figures(send(tenant, W3C + w3c(0, 2) + next.slice(0, 30)));
  const row = '2026-01-31 12:01:00 192.0.2.1 GET /after 200 77\n';
  expect(await figures(send(tenant, W3C + w3c(0, 2) + next + row))).toEqual([1, 1, 0, 2]);
  const { json } = await world.call('/api/v1/traffic?metrics=bytes_out&from=0&where=path=/after', {
    key: tenant.keys.read,
  });
  expect(json.rows).toEqual([{ bytes_out: 77 }]);
});

test('lines that name no host get the domain given, others keep theirs', async () => {
  const tenant = await own();
  await figures(send(tenant, line(1), '&domain=WWW.Fallback.example'));
  await figures(send(tenant, ZEEK + zeek(0, 1), '&domain=fallback.example'));
  const { json } = await world.call('/api/v1/traffic?metrics=requests&by=domain&from=0', { key: tenant.keys.read });
  expect(json.rows.map(({ domain }: { domain: string }) => domain).sort()).toEqual([
    'shop.example',
    'www.fallback.example',
  ]);
});

describe('two imports of one file at a time', () => {
  test.each([1, 2])('one is refused (%i)', async () => {
    const tenant = await own();
    const text = lines(0, 20_000);
    const sent = await Promise.all([send(tenant, text), send(tenant, text), send(tenant, text)]);
    const [taken] = sent.filter(({ status }) => status === 200);
    expect(sent.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    for (const { status, json } of sent) if (status === 409) expect(json.type).toContain('import-running');
    expect(taken?.json.lines.accepted).toBe(20_000);
    expect(await stored(tenant)).toBe(20_000);
    expect(await figures(send(tenant, text))).toEqual([0, 0, 0, 20_000]);
  });
});

/** Larger than two ranges of 16 MiB, over a few months, with lines of one's own. */
const BIG_LINES = 270_000;
const bigFile = (() => {
  let made: Buffer | null = null;
  return () => (made ??= Buffer.from(lines(0, BIG_LINES)));
})();

/** Sends a beginning of a body, waits until `enough` says so of the answer's events, then goes away by `end`. */
async function sendPart(
  target: { socketPath: string } | { port: string },
  path: string,
  headers: Record<string, string>,
  body: Buffer,
  until: (bytesDurable: number) => boolean,
  end: (destroy: () => void) => void,
): Promise<void> {
  const call = request({
    ...target,
    host: '127.0.0.1',
    path,
    method: 'POST',
    headers: {
      ...headers,
      accept: 'application/x-ndjson',
      'content-type': 'application/octet-stream',
      'transfer-encoding': 'chunked',
    },
  });
  call.on('error', () => undefined);
  const gone = once(call, 'close');
  call.on('response', (answer) => {
    let text = '';
    let over = false;
    answer.on('error', () => undefined);
    answer.on('data', (chunk: Buffer) => {
      text += chunk;
      const bytes = [...text.matchAll(/"bytes":(\d+)/g)].at(-1)?.[1];
      if (over || bytes === undefined || !until(Number(bytes))) return;
      over = true;
      end(() => call.destroy());
    });
  });
  call.write(body);
  await gone;
}

async function rollUps(
  ask: (path: string) => Promise<{ rows: { requests: number }[]; source: string }>,
): Promise<number[]> {
  const totals: number[] = [];
  for (const by of ['minute', 'hour', 'day']) {
    const { rows, source } = await ask(
      `/api/v1/traffic?metrics=requests&by=${by}&from=2026-01-31&to=2026-02-01&limit=10000`,
    );
    expect(source).toBe('roll-up');
    totals.push(rows.reduce((sum, { requests }) => sum + requests, 0));
  }
  return totals;
}

describe('an import that does not come to its end', () => {
  test('an upload that breaks off, at any byte, is gone on with: all lines once', async () => {
    const tenant = await own();
    const file = bigFile();
    expect(file.length).toBeGreaterThan(40 * 1024 * 1024);
    const path = `/api/v1/imports?tenant=${tenant.slug}&name=big.log`;
    const target = { socketPath: world.running.socketPath };
    // Ends within a line, behind the second range.
    await sendPart(
      target,
      path,
      { host: 'localhost' },
      file.subarray(0, 35 * 1024 * 1024 + 55),
      (bytes) => bytes > 0,
      (destroy) => destroy(),
    );
    await expect.poll(async () => (await send(tenant, file)).status, { timeout: 120_000, interval: 200 }).toBe(200);
    expect(await stored(tenant)).toBe(BIG_LINES);
    expect(await figures(send(tenant, file))).toEqual([0, 0, 0, BIG_LINES]);
    const ask = async (question: string) => (await world.call(question, { key: tenant.keys.read })).json;
    expect(await rollUps(ask)).toEqual([BIG_LINES, BIG_LINES, BIG_LINES]);
  });

  test('kill -9 in the middle: after the restart, all lines once, in rows and roll-ups', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'vedette-import-killed-'));
    try {
      const file = bigFile();
      const first = await startServe(dir);
      const socketPath = join(dir, 'control.sock');
      const path = '/api/v1/imports?tenant=installation&name=big.log';
      await sendPart(
        { socketPath },
        path,
        { host: 'localhost' },
        file,
        (bytes) => bytes > 0,
        () => first.child.kill('SIGKILL'),
      );
      await first.ended;
      const second = await startServe(dir);
      const result = (await overSocket(socketPath, path, file)) as ImportResult;
      expect(result.lines.known).toBeGreaterThan(0);
      expect(result.lines.known + result.lines.read).toBe(BIG_LINES);
      expect(result.lines.rejected).toBe(0);
      const ask = async (question: string) => (await overSocket(socketPath, question)) as never;
      expect(await rollUps(ask)).toEqual([BIG_LINES, BIG_LINES, BIG_LINES]);
      // Not the roll-ups: the rows themselves, which alone know paths.
      const rows = (await ask('/api/v1/traffic?metrics=requests&from=2026-01-31&to=2026-02-01&where=path!=/none')) as {
        rows: unknown;
        source: string;
      };
      expect(rows).toMatchObject({ source: 'rows', rows: [{ requests: BIG_LINES }] });
      second.child.kill('SIGTERM');
      expect((await second.ended).code).toBe(0);
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });
});

function overSocket(socketPath: string, path: string, body?: Buffer): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST';
    const call = request({ socketPath, path, method, headers: { host: 'localhost' } }, async (answer) => {
      const chunks: Buffer[] = [];
      for await (const chunk of answer) chunks.push(chunk as Buffer);
      resolve(JSON.parse(Buffer.concat(chunks).toString()));
    });
    call.on('error', reject);
    call.end(body);
  });
}
