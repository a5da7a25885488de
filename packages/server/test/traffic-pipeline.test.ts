import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openSpool } from '../src/flow/spool.ts';
import { emptyRequest, type RawRequest } from '../src/model/request.ts';
import { uuidv7 } from '../src/model/uuid.ts';
import { createFileImporter } from '../src/pipelines/import.ts';
import { createReceiptBook, type ReceiptBook } from '../src/pipelines/receipts.ts';
import { openTrafficPipeline, type TrafficPipeline } from '../src/pipelines/traffic.ts';
import { DEFAULT_TRAFFIC_POLICY } from '../src/privacy/policy.ts';
import { DEFAULT_RETENTION_DAYS } from '../src/privacy/retention.ts';
import { type ClickHouse, openClickHouse } from '../src/stores/drivers/clickhouse/client.ts';
import { openRecords, type Records } from '../src/stores/records.ts';
import { isAboutTheRows, openRequests, type RequestStore } from '../src/stores/requests.ts';
import { createRowEncoder, encodeRows } from '../src/stores/requests-encoding.ts';
import { openDirectStream } from '../src/stores/stream.ts';
import { DAY_MS, NOON, storedRequest } from './support/clickhouse.ts';
import { type ClickHouseFront, startClickHouseFront } from './support/clickhouse-front.ts';
import { quietLog, startTestPostgres, type TestPostgres } from './support/postgres.ts';
import { runVedette, startServe } from './support/serve.ts';
import { fillData, fillEngine } from './support/template.ts';

let dir: string;
let front: ClickHouseFront;
let gate: Gate;
let clickhouse: ClickHouse;
let store: RequestStore;
let postgres: TestPostgres;
let records: Records;
const open: TrafficPipeline[] = [];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vedette-pipeline-'));
  await fillEngine(join(dir, 'clickhouse'), 'clickhouse');
  front = await startClickHouseFront(join(dir, 'clickhouse'));
  gate = await openGate(front.url);
  clickhouse = await openClickHouse({ url: gate.url });
  store = await openRequests({ clickhouse, now: () => NOON + DAY_MS });
  postgres = await startTestPostgres();
  records = await openRecords({ url: await postgres.freshDatabase(), log: quietLog() });
});
afterEach(async () => {
  await gate.open();
  for (const pipeline of open.splice(0)) await pipeline.close();
});
afterAll(async () => {
  await records?.close();
  await postgres?.stop();
  await clickhouse?.close();
  await gate?.close();
  await front?.close();
  await rm(dir, { recursive: true, force: true });
});

interface Gate {
  url: string;
  /** Nothing listens any more, and what is under way breaks. */
  shut(): Promise<void>;
  open(): Promise<void>;
  /** The next so many INSERTs are stored, but their answers are lost. */
  loseAnswers(count: number): void;
  close(): Promise<void>;
}

/** What lies between the hub and a ClickHouse that may be away. */
async function openGate(target: string): Promise<Gate> {
  let lost = 0;
  const server: Server = createServer((request, response) => {
    const on = new URL(request.url ?? '/', target);
    const lose = request.method === 'POST' && (on.searchParams.get('query') ?? '').startsWith('INSERT') && lost > 0;
    if (lose) lost -= 1;
    const forward = httpRequest(on, { method: request.method, headers: request.headers }, (answer) => {
      if (lose) {
        answer.resume().once('end', () => request.socket.destroy());
        return;
      }
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    forward.on('error', () => response.destroy());
    request.pipe(forward);
  });
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const shut = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return {
    url: `http://127.0.0.1:${port}${new URL(target).pathname}`,
    shut,
    open: () => (server.listening ? Promise.resolve() : listen(port)),
    loseAnswers(count) {
      lost = count;
    },
    close: shut,
  };
}

let tenants = 0;
async function ownTenant(): Promise<string> {
  const slug = `pipeline-${(tenants += 1)}`;
  const made = await records.unscoped.tenants.create({ slug, name: slug });
  if ('refused' in made) throw new Error(made.detail);
  return made.id;
}

interface Opened {
  pipeline: TrafficPipeline;
  spoolDir: string;
  errors: string[];
}

async function openPipeline(
  options: {
    spoolDir?: string;
    spoolBytes?: number;
    encode?: typeof encodeRows;
    patienceMs?: number;
    receipts?: ReceiptBook;
  } = {},
): Promise<Opened> {
  const spoolDir = options.spoolDir ?? (await mkdtemp(join(dir, 'spool-')));
  const errors: string[] = [];
  const onError = (error: unknown, doing: string) => void errors.push(`${doing}: ${String(error)}`);
  const spool = await openSpool(spoolDir, options.spoolBytes ?? 64 * 1024 * 1024);
  const pipeline = await openTrafficPipeline({
    prepare: (raw, { tenantId, received }) =>
      raw.path === '/refuse'
        ? { refused: 'test', detail: 'refused' }
        : storedRequest({ id: raw.id === '' ? uuidv7(raw.time) : raw.id, tenantId, request: raw, received }),
    encode: options.encode ?? encodeRows,
    store,
    interactions: { insert: () => Promise.reject(new Error('there are none')) },
    stream: openDirectStream({ spool, onError, now: () => NOON }),
    receipts: options.receipts ?? createReceiptBook(records),
    policyOf: () => DEFAULT_TRAFFIC_POLICY,
    now: () => NOON,
    onError,
    patienceMs: options.patienceMs ?? 500,
    isPermanent: isAboutTheRows,
  });
  open.push(pipeline);
  return { pipeline, spoolDir, errors };
}

const raws = (count: number, path = '/'): RawRequest[] =>
  Array.from({ length: count }, (_, i) => ({
    ...emptyRequest(NOON + i),
    method: 'GET',
    path,
    route: path,
    status: 200,
  }));
const delivery = (tenantId: string, count: number, idempotencyKey?: string, path?: string) => ({
  tenantId,
  origin: 'edge' as const,
  records: raws(count, path),
  ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
});

/** [rows, and the sum of each roll-up] of a tenant. */
async function counts(tenantId: string): Promise<number[]> {
  const tenant = store.forTenant(tenantId);
  const all = [await tenant.count()];
  for (const by of ['minute', 'hour', 'day']) {
    const window = { from: NOON - DAY_MS, to: NOON + DAY_MS, where: [], limit: 1000 };
    const { rows, source } = await tenant.traffic({ ...window, metrics: ['requests'], by: [by] } as never);
    expect(source).toBe('roll-up');
    all.push(rows.reduce((sum, row) => sum + Number(row['requests']), 0));
  }
  return all;
}
const each = (count: number) => [count, count, count, count];
const settled = (pipeline: TrafficPipeline) =>
  expect.poll(() => pipeline.figures().spool.records, { timeout: 20_000, interval: 20 }).toBe(0);

describe('while the store is away', () => {
  test('deliveries are answered from the spool, and stored once when it is back', async () => {
    const tenant = await ownTenant();
    const { pipeline, errors } = await openPipeline();
    expect((await pipeline.deliver(delivery(tenant, 3))).accepted).toBe(3);
    await gate.shut();
    const answers = await Promise.all([1, 2, 3, 4].map((count) => pipeline.deliver(delivery(tenant, count))));
    expect(answers.map(({ accepted }) => accepted)).toEqual([1, 2, 3, 4]);
    expect((await pipeline.deliver(delivery(tenant, 5))).accepted).toBe(5);
    expect(pipeline.figures()).toMatchObject({ storeReachable: false, accepted: 18, dead: 0 });
    expect(pipeline.figures().spool.records).toBeGreaterThan(1);
    expect(errors.join()).toContain('spool');
    await gate.open();
    await settled(pipeline);
    await expect.poll(() => pipeline.figures().storeReachable).toBe(true);
    expect(await counts(tenant)).toEqual(each(18));
    expect((await pipeline.deliver(delivery(tenant, 2))).accepted).toBe(2);
    expect(await counts(tenant)).toEqual(each(20));
  });

  test('a batch whose answer was lost is stored once', async () => {
    const tenant = await ownTenant();
    const { pipeline } = await openPipeline();
    gate.loseAnswers(2);
    expect((await pipeline.deliver(delivery(tenant, 7))).accepted).toBe(7);
    await settled(pipeline);
    expect(await counts(tenant)).toEqual(each(7));
  });

  test('it stops within its patience, and what waits is stored at the next start, before what is new', async () => {
    const tenant = await ownTenant();
    const { pipeline, spoolDir } = await openPipeline();
    await gate.shut();
    await pipeline.deliver(delivery(tenant, 6));
    await pipeline.close();
    await expect(pipeline.deliver(delivery(tenant, 1))).rejects.toMatchObject({ code: 'overloaded' });
    await gate.open();
    const { pipeline: next } = await openPipeline({ spoolDir, patienceMs: 30_000 });
    expect(next.figures().spool.records).toBe(0);
    expect(await counts(tenant)).toEqual(each(6));
  });

  test('a spool that is full refuses, and takes again when there is room', async () => {
    const tenant = await ownTenant();
    const { pipeline } = await openPipeline({ spoolBytes: 40_000 });
    await gate.shut();
    let taken = 0;
    let refusal: unknown = null;
    for (let i = 0; i < 200 && refusal === null; i += 1) {
      await pipeline.deliver(delivery(tenant, 10)).then(
        ({ accepted }) => {
          taken += accepted;
        },
        (error: unknown) => {
          refusal = error;
        },
      );
    }
    expect(refusal).toMatchObject({ code: 'overloaded' });
    expect(taken).toBeGreaterThan(0);
    expect(pipeline.figures().spool.bytes).toBeLessThanOrEqual(40_000);
    await gate.open();
    await settled(pipeline);
    expect((await pipeline.deliver(delivery(tenant, 10))).accepted).toBe(10);
    expect(await counts(tenant)).toEqual(each(taken + 10));
  });
});

describe('retries under one Idempotency-Key', () => {
  test('are answered alike and not stored again, one after the other and at once', async () => {
    const tenant = await ownTenant();
    const { pipeline } = await openPipeline();
    const twins = await Promise.all([1, 2, 3].map(() => pipeline.deliver(delivery(tenant, 4, 'a'))));
    expect(twins.map(({ accepted, repeated }) => [accepted, repeated])).toEqual([
      [4, false],
      [4, true],
      [4, true],
    ]);
    expect(await pipeline.deliver(delivery(tenant, 4, 'a'))).toEqual({ accepted: 4, refused: [], repeated: true });
    expect(await counts(tenant)).toEqual(each(4));
    const other = await ownTenant();
    expect((await pipeline.deliver(delivery(other, 4, 'a'))).repeated).toBe(false);
    expect(await counts(other)).toEqual(each(4));
  });

  test('also where nothing of it was accepted', async () => {
    const tenant = await ownTenant();
    const { pipeline } = await openPipeline();
    const first = await pipeline.deliver(delivery(tenant, 2, 'none', '/refuse'));
    expect(first).toMatchObject({ accepted: 0, refused: [{ index: 0 }, { index: 1 }] });
    expect(await pipeline.deliver(delivery(tenant, 2, 'none'))).toEqual({ ...first, repeated: true });
    expect(await counts(tenant)).toEqual(each(0));
  });

  test('after a restart, and while the batch waits in the spool', async () => {
    const tenant = await ownTenant();
    const { pipeline, spoolDir } = await openPipeline();
    await pipeline.deliver(delivery(tenant, 3, 'stored'));
    await gate.shut();
    expect((await pipeline.deliver(delivery(tenant, 5, 'waiting'))).repeated).toBe(false);
    expect(await pipeline.deliver(delivery(tenant, 5, 'waiting'))).toMatchObject({ accepted: 5, repeated: true });
    await pipeline.close();
    // The store is still away when the next one opens.
    const { pipeline: next } = await openPipeline({ spoolDir });
    expect(await next.deliver(delivery(tenant, 5, 'waiting'))).toMatchObject({ accepted: 5, repeated: true });
    expect(await next.deliver(delivery(tenant, 3, 'stored'))).toMatchObject({ accepted: 3, repeated: true });
    await gate.open();
    await settled(next);
    expect(await next.deliver(delivery(tenant, 5, 'waiting'))).toMatchObject({ accepted: 5, repeated: true });
    expect(await counts(tenant)).toEqual(each(8));
  });
});

test('a delivery that two collectors took under one key is stored once, and what shares its batches is stored too', async () => {
  const tenant = await ownTenant();
  const [a, b] = [await openPipeline(), await openPipeline()];
  await gate.shut();
  // Neither need know of the other (one may have claimed the key before the other looks): both answer, and have it on disk.
  const answers = await Promise.all([
    a.pipeline.deliver(delivery(tenant, 4, 'shared')),
    a.pipeline.deliver(delivery(tenant, 3)),
    b.pipeline.deliver(delivery(tenant, 2, 'own')),
    b.pipeline.deliver(delivery(tenant, 4, 'shared')),
    b.pipeline.deliver(delivery(tenant, 1)),
  ]);
  expect(answers.map(({ accepted }) => accepted)).toEqual([4, 3, 2, 4, 1]);
  await gate.open();
  await settled(a.pipeline);
  await settled(b.pipeline);
  expect(await counts(tenant)).toEqual(each(4 + 3 + 2 + 1));
  for (const { pipeline } of [a, b]) {
    expect(await pipeline.deliver(delivery(tenant, 4, 'shared'))).toMatchObject({ accepted: 4, repeated: true });
  }
  expect(await counts(tenant)).toEqual(each(10));
});

test('two bodies that two collectors took under one key are both stored', async () => {
  const tenant = await ownTenant();
  const book = createReceiptBook(records);
  const bothLooked = Promise.withResolvers<void>();
  let looked = 0;
  const receipts: ReceiptBook = {
    ...book,
    async find(...of) {
      const found = await book.find(...of);
      looked += 1;
      if (looked === 2) bothLooked.resolve();
      return found;
    },
    async keep(...of) {
      await bothLooked.promise;
      return book.keep(...of);
    },
  };
  const [a, b] = [await openPipeline({ receipts }), await openPipeline({ receipts })];
  await gate.shut();
  // Before either has claimed the key: both are acknowledged.
  await Promise.all([
    a.pipeline.deliver({ ...delivery(tenant, 4, 'shared'), fingerprint: 'of one' }),
    b.pipeline.deliver({ ...delivery(tenant, 3, 'shared'), fingerprint: 'of another' }),
  ]);
  await gate.open();
  await settled(a.pipeline);
  await settled(b.pipeline);
  expect(await counts(tenant)).toEqual(each(4 + 3));
});

test('of several copies of a batch one counts, however often it is asked for', async () => {
  const book = createReceiptBook(records);
  const token = `copies-${process.pid}`;
  const asked = await Promise.all(['t/0/1', 't/1/7', 't/0/1'].map((copy) => book.isFirst(token, copy)));
  const winner = asked[0] ? 't/0/1' : 't/1/7';
  expect(asked).toEqual([winner === 't/0/1', winner === 't/1/7', winner === 't/0/1']);
  expect(await book.isFirst(token, winner)).toBe(true);
  expect(await book.isFirst(token, 't/2/0')).toBe(false);
  expect(await book.isFirst(`${token}-other`, 't/2/0')).toBe(true);
});

describe('a batch that the store refuses for good', () => {
  /** Rows at this path become bytes that no ClickHouse reads. */
  const broken: typeof encodeRows = (rows) =>
    rows.some(({ request }) => request.path === '/broken') ? Buffer.from('no block') : encodeRows(rows);

  test('is set aside with the reason, and does not hold up what follows', async () => {
    const tenant = await ownTenant();
    const { pipeline, spoolDir, errors } = await openPipeline({ encode: broken });
    expect((await pipeline.deliver(delivery(tenant, 2, 'dead', '/broken'))).accepted).toBe(2);
    expect((await pipeline.deliver(delivery(tenant, 3))).accepted).toBe(3);
    expect(pipeline.figures()).toMatchObject({ dead: 1, storeReachable: true, spool: { records: 0 } });
    expect(await pipeline.deliver(delivery(tenant, 2, 'dead', '/broken'))).toMatchObject({ repeated: true });
    const names = await readdir(join(spoolDir, 'dead'));
    expect(names).toHaveLength(1);
    const letter = JSON.parse(await readFile(join(spoolDir, 'dead', names[0] as string), 'utf8'));
    expect(letter).toMatchObject({ meta: { count: 2 }, reason: expect.stringMatching(/\w{5}/) });
    expect(Buffer.from(letter.body, 'base64').toString()).toBe('no block');
    expect(errors.join()).toContain('dead letter');
    expect(await counts(tenant)).toEqual(each(3));
  });

  test('also when it waited in the spool', async () => {
    const tenant = await ownTenant();
    const { pipeline, spoolDir } = await openPipeline({ encode: broken });
    await gate.shut();
    await pipeline.deliver(delivery(tenant, 1));
    await pipeline.deliver(delivery(tenant, 2, undefined, '/broken'));
    await pipeline.deliver(delivery(tenant, 4));
    await gate.open();
    await settled(pipeline);
    expect(pipeline.figures().dead).toBe(1);
    expect(await readdir(join(spoolDir, 'dead'))).toHaveLength(1);
    expect(await counts(tenant)).toEqual(each(5));
  });
});

test('an import that ended between the store and the note of it, and goes on days later, counts once', async () => {
  const lines = Array.from(
    { length: 50 },
    (_, i) => `192.0.2.${i} - - [18/Mar/2026:10:00:${10 + (i % 40)} +0000] "GET /${i} HTTP/1.1" 200 5\n`,
  ).join('');
  const tenant = await ownTenant();
  const real = records.forTenant(tenant).imports;
  let received = NOON;
  let retention = DEFAULT_RETENTION_DAYS;
  let killed = true;
  const importer = createFileImporter({
    prepare: (raw, context) =>
      storedRequest({
        tenantId: context.tenantId,
        request: raw,
        received: context.received,
        expiresOn: Math.floor(context.received / DAY_MS) + context.policy.retention.unknown,
      }),
    encoder: createRowEncoder,
    insert: (batch) => store.insert(batch),
    holdMerges: async () => async () => undefined,
    ledgerOf: () => ({
      ...real,
      advance: async (id, step) => {
        if (killed) throw new Error('killed');
        return real.advance(id, step);
      },
    }),
    policyOf: () => ({ ...DEFAULT_TRAFFIC_POLICY, retention }),
    now: () => received,
  });
  const run = () => importer.import({ tenantId: tenant, name: 'a.log', stream: pieces(lines) });
  await expect(run()).rejects.toThrow('killed');
  expect(await store.forTenant(tenant).count()).toBe(50);
  killed = false;
  received += 3 * DAY_MS;
  retention = { ...retention, unknown: 7 };
  expect(await run()).toMatchObject({ lines: { read: 50, accepted: 50, rejected: 0 } });
  expect(await store.forTenant(tenant).count()).toBe(50);
});

async function* pieces(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

test('kill -9 under load: every acknowledged request is stored once', async () => {
  const data = join(dir, 'killed');
  await fillData(data);
  const acknowledged: string[] = [];
  const sent: string[] = [];
  let hub = await startServe(data);
  const created = ['key', 'create', '--tenant', 'installation', '--scope', 'admin', '--data', data];
  const key = (await runVedette(created)).stdout.trim();
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const post = async (paths: string[]) => {
    const wire = paths.map((path) => ({ id: uuidv7(Date.now()), time: Date.now(), 'url.path': path }));
    const init = { method: 'POST', headers, body: JSON.stringify(wire) };
    const answer = await fetch(`${hub.url}/api/v1/requests`, init).catch(() => null);
    const taken = (await answer?.json().catch(() => null)) as { accepted: number } | null | undefined;
    return taken?.accepted === paths.length;
  };
  for (const enough of [60, 400]) {
    const goal = acknowledged.length + enough;
    const sender = async () => {
      for (;;) {
        const paths = [`/killed/a${sent.length}`, `/killed/b${sent.length}`];
        sent.push(...paths);
        if (!(await post(paths))) return;
        acknowledged.push(...paths);
        if (acknowledged.length >= goal) hub.child.kill('SIGKILL');
      }
    };
    await Promise.all([sender(), sender(), sender(), sender()]);
    expect((await hub.ended).signal).toBe('SIGKILL');
    hub = await startServe(data);
  }
  const ask = async (question: string) => {
    const answer = await fetch(`${hub.url}/api/v1/traffic?from=-1h&to=%2B1h&limit=10000&${question}`, { headers });
    return (await answer.json()) as { rows: Record<string, unknown>[]; source: string };
  };
  const { rows } = await ask('metrics=requests&by=path&where=path=/killed/*');
  const found = new Map(rows.map(({ path, requests }) => [String(path), requests]));
  expect(acknowledged.filter((path) => found.get(path) !== 1)).toEqual([]);
  // What was stored but not acknowledged is there once as well.
  expect([...found].filter(([path, requests]) => requests !== 1 || !sent.includes(path))).toEqual([]);
  hub.child.kill('SIGTERM');
  expect((await hub.ended).code).toBe(0);
}, 600_000);
