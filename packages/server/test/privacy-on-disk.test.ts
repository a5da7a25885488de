import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readConfig } from '../src/config.ts';
import { startHub } from '../src/main.ts';
import { ipv6Words } from '../src/model/address.ts';
import { type OnDisk, readDisk } from './support/on-disk.ts';
import { fillData } from './support/template.ts';

// Addresses that nothing else in a data directory has: no version, no setting, no binary table.
const IMPORTED = ['203.0.113.77', '2001:db8:5a5a:77::beef'];
const EARLIER = '198.51.100.213';
const LIVE = ['203.0.113.178', '2001:db8:a5a5:78::cafe'];
const SECRETS = [
  'jane.roe@private-mail.example',
  'jane.roe%40private-mail.example',
  'tok-9f2d77c1a4',
  'pw-hunter-4711',
];
const QUERY = `email=${SECRETS[1]}&access_token=${SECRETS[2]}&q=visible-marker`;
const FORM = `contact=${SECRETS[0]}&password=${SECRETS[3]}`;
const SEEN = 'visible-marker';

let dir: string;
let data: string;
let { files, tables, liveParts }: OnDisk = { files: [], tables: new Map(), liveParts: [] };

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vedette-privacy-'));
  data = join(dir, 'data');
  await fillData(data);
  // What is logged must not tell, either.
  const logged: string[] = [];
  const log = pino({ level: 'trace' }, { write: (text: string) => void logged.push(text) });
  const running = await startHub(
    readConfig({ data, port: '0' }, { VEDETTE_SYSLOG: 'tcp://127.0.0.1:0' }),
    '0.0.0-test',
    log,
  );
  const { records, intake } = running.hub;
  const tenant = records.installation.id;
  const { token } = await records.forTenant(tenant).keys.create({ scope: 'ingest' });
  const headers = { authorization: `Bearer ${token}` };
  const post = async (path: string, type: string, body: string) => {
    const answer = await fetch(`${running.url}${path}`, {
      method: 'POST',
      headers: { ...headers, 'content-type': type },
      body,
    });
    const text = await answer.text();
    expect(answer.status, text).toBe(200);
    return JSON.parse(text);
  };
  try {
    const imported = await post('/api/v1/imports?name=a.log', 'text/plain', importedLog());
    expect(imported.lines).toEqual({ read: 8, accepted: 8, rejected: 0, known: 0 });
    const now = Date.now();
    const wire = [...LIVE.map((address) => sent(address, now)), sent(EARLIER, now - 2 * 3_600_000)];
    expect((await post('/api/v1/requests', 'application/json', JSON.stringify(wire))).accepted).toBe(wire.length);
    const more = await sendByOtherWays(post, running.hub.syslog?.endpoints[0]?.port ?? 0, now - 2 * 3_600_000);
    await vi.waitUntil(() => running.hub.syslog?.figures().accepted === 1, { timeout: 20_000 });
    // Retries leave answers and spool records of their own.
    await intake.deliver({ tenantId: tenant, origin: 'edge', records: [], idempotencyKey: 'privacy' });
    const { json } = await question(running.url, records, tenant);
    expect(json.rows).toEqual([{ requests: 8 + wire.length + more }]);
  } finally {
    await running.close();
  }
  ({ files, tables, liveParts } = await readDisk(data));
  files.push({ name: 'what was logged', bytes: Buffer.from(logged.join('')) });
});
afterAll(() => rm(dir, { recursive: true, force: true }));

function importedLog(): string {
  const day = new Date().toISOString().slice(8, 10);
  const month = new Date().toUTCString().slice(8, 11);
  const year = new Date().getUTCFullYear();
  return IMPORTED.flatMap((address) =>
    [QUERY, FORM].flatMap((query) =>
      [`/seen?${query}`, `/seen/${SECRETS[0]}/orders`].map(
        (target) =>
          `${address} - ${SECRETS[0]} [${day}/${month}/${year}:00:00:01 +0000] "GET ${target} HTTP/1.1" 200 5 ` +
          `"https://jane:${SECRETS[3]}@shop.example/from?${query}#${SECRETS[2]}" "Mozilla/5.0 ${SEEN}"\n`,
      ),
    ),
  ).join('');
}

function sent(address: string, time: number): object {
  return {
    time,
    'client.address': address,
    'server.address': 'shop.example',
    'url.path': '/seen',
    'url.query': QUERY,
    'user_agent.original': `Mozilla/5.0 ${SEEN}`,
    'http.request.header.referer': `https://shop.example/from?${FORM}`,
    'http.request.header.x-forwarded-for': address,
    'http.request.header.cookie': `session=${SECRETS[2]}`,
    'http.request.header.authorization': `Bearer ${SECRETS[2]}`,
  };
}

/** The same request by all other ways in, with refused ones whose reasons quote it; answers how many were taken. */
async function sendByOtherWays(
  post: (path: string, type: string, body: string) => Promise<unknown>,
  syslogPort: number,
  time: number,
): Promise<number> {
  const { time: _, ...fields } = sent(EARLIER, time) as Record<string, unknown>;
  const named = { ...fields, 'http.request.method': 'GET' };
  const attributes = Object.entries(named).map(([key, value]) => ({ key, value: { stringValue: value } }));
  const bad = `${EARLIER} - ${SECRETS[0]} [x] "GET /seen?${QUERY} HTTP/1.1" 200 5 "-" "-"`;
  const span = { kind: 2, startTimeUnixNano: `${time}000000`, attributes };
  const badSpan = { ...span, startTimeUnixNano: '0' };
  await post(
    '/v1/traces',
    'application/json',
    JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span, badSpan] }] }] }),
  );
  const records = [{ timeUnixNano: `${time}000000`, attributes }, { body: { stringValue: bad } }];
  await post(
    '/v1/logs',
    'application/json',
    JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: records }] }] }),
  );
  const documents = [
    { ...named, '@timestamp': time, host: { name: 'web-1' } },
    { message: bad, host: { name: 'web-1' } },
  ];
  const actions = documents.map((document) => `{"index":{}}\n${JSON.stringify(document)}\n`);
  await post('/elasticsearch/_bulk', 'application/x-ndjson', actions.join(''));
  await post(
    '/api/v1/requests',
    'application/json',
    JSON.stringify([{ ...named, time, 'client.address': `${EARLIER},` }]),
  );
  const line = { time, remote_addr: EARLIER, request: `GET /seen?${QUERY} HTTP/1.1`, status: 200, user_agent: SEEN };
  await new Promise((done, fail) => {
    const socket = connect(syslogPort, '127.0.0.1').on('error', fail).on('close', done).resume();
    socket.end(`<134>1 - web-1 nginx - - - ${JSON.stringify(line)}\n<134>1 - web-1 nginx - - - ${bad}\n`);
  });
  return 4;
}

async function question(
  url: string,
  records: { forTenant(id: string): { keys: { create(key: { scope: 'read' }): Promise<{ token: string }> } } },
  tenant: string,
): Promise<{ json: { rows: unknown } }> {
  const { token } = await records.forTenant(tenant).keys.create({ scope: 'read' });
  const where = 'where=path=/seen*&metrics=requests&from=-2d&to=%2B1d';
  const answer = await fetch(`${url}/api/v1/traffic?${where}`, { headers: { authorization: `Bearer ${token}` } });
  return { json: (await answer.json()) as { rows: unknown } };
}

const tablesWith = (needle: string) => [...tables].filter(([, text]) => text.includes(needle)).map(([name]) => name);
const isLive = (name: string) => liveParts.some((part) => name.startsWith(part));
/** Names of the files that hold the needle. */
const holding = (needle: string | Buffer) =>
  files.filter(({ bytes }) => bytes.includes(needle)).map(({ name }) => name);

/** The 16 bytes of an IPv6 address in network order, as ClickHouse and PostgreSQL write it. */
function bytesOf(address: string): Buffer {
  const words = new Uint32Array(4);
  if (!ipv6Words(address, words)) throw new Error(`${address} is no IPv6 address`);
  const bytes = Buffer.alloc(16);
  for (const [i, word] of words.entries()) bytes.writeUInt32BE(word, i * 4);
  return bytes;
}

const V6 = [...IMPORTED, ...LIVE].filter((address) => address.includes(':'));

describe('in the data directory of a hub that has stopped', () => {
  test('every file was looked into, and what may be seen can be found', () => {
    expect(files.length).toBeGreaterThan(500);
    for (const place of ['clickhouse/', 'postgres/'])
      expect(files.filter(({ name }) => name.startsWith(place)).length, place).toBeGreaterThan(0);
    expect(liveParts.length).toBe(1);
    expect(files.filter(({ name }) => isLive(name)).length).toBeGreaterThan(0);
    expect(tables.get('requests')).toContain(SEEN);
    expect(tables.get('requests')).toContain('[redacted]');
    for (const address of LIVE) expect(tables.get('live_addresses')).toContain(address);
  });

  test.each([...IMPORTED, EARLIER])('%s is in no file and in no table', (address) => {
    expect(holding(address)).toEqual([]);
    expect(tablesWith(address)).toEqual([]);
  });

  test.each(LIVE)('%s, which was just seen, is in the table of live addresses and nowhere else', (address) => {
    expect(holding(address).filter((name) => !isLive(name))).toEqual([]);
    expect(tablesWith(address)).toEqual(['live_addresses']);
  });

  test.each(V6)('nor are the bytes of %s', (address) => {
    expect(holding(bytesOf(address)).filter((name) => !isLive(name))).toEqual([]);
  });

  test.each(SECRETS)('%s, from queries, paths and referrers, is in no file and in no table', (secret) => {
    expect(holding(secret)).toEqual([]);
    expect(tablesWith(secret)).toEqual([]);
  });
});
