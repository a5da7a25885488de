import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../src/config.ts';
import { startHub } from '../src/main.ts';
import { openClickHouse } from '../src/stores/drivers/clickhouse/client.ts';
import { fillData } from './support/template.ts';

/** Whoever a page tells of, each from an address of their own and with everything they could be known by. */
interface Visitor {
  name: string;
  address: string;
  visitorId: string;
  /** What the page says, and what the browser sends. */
  said: object;
  headers: Record<string, string>;
  /** Whether the consent table has a row for it. */
  kept: boolean;
}

const granted = { analytical: true, marketing: false };
const VISITORS: Visitor[] = [
  ['granted', { choices: granted }, {}, true],
  ['grantedgpc', { choices: granted, gpc: true }, { 'sec-gpc': '1' }, true],
  ['unknown', {}, {}, false],
  ['refused', { choices: { analytical: false, marketing: true } }, {}, false],
  ['gpcpage', { gpc: true }, {}, false],
  ['gpcheader', {}, { 'sec-gpc': '1' }, false],
].map(([name, said, headers, kept], index) => ({
  name: name as string,
  address: `203.0.113.${31 + index}`,
  visitorId: Buffer.from(`visitor ${index} of us`.padEnd(16, '.').slice(0, 16)).toString('hex'),
  said: said as object,
  headers: headers as Record<string, string>,
  kept: kept as boolean,
}));
const SECRETS = ['jane.roe@private-mail.example', 'pw-hunter-4711', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.c2VjcmV0'];
const ERROR_TEXT = 'undefined-is-not-a-function';
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

let dir: string;
/** Rows of each table as text, and every file with its bytes, while the hub ran and after. */
const tables = new Map<string, string>();
const files: { name: string; bytes: Buffer }[] = [];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vedette-privacy-pages-'));
  const data = join(dir, 'data');
  await fillData(data);
  const logged: string[] = [];
  const log = pino({ level: 'trace' }, { write: (text: string) => void logged.push(text) });
  const config = readConfig({ data, port: '0' }, { VEDETTE_TRUSTED_PROXIES: '127.0.0.1' });
  const running = await startHub(config, '0.0.0-test', log);
  try {
    const { records } = running.hub;
    const made = await records.unscoped.tenants.create({ slug: 'shop', name: 'Shop' });
    if ('refused' in made) throw new Error(made.detail);
    await records.forTenant(made.id).domains.add('www.shop.example');
    await records.hosts.refresh();
    for (const visitor of VISITORS) await visit(running.url, visitor);
    files.push(...(await readAll(data)).map((file) => ({ ...file, name: `running: ${file.name}` })));
  } finally {
    await running.close();
  }
  files.push(...(await readAll(data)));
  await readTables(join(data, 'clickhouse'));
  files.push({ name: 'what was logged', bytes: Buffer.from(logged.join('')) });
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** A visit as the browser script tells it, and as Plausible’s does. */
async function visit(url: string, { name, address, visitorId, said, headers }: Visitor): Promise<void> {
  const query = `email=${SECRETS[0]}&password=${SECRETS[1]}&t=${SECRETS[2]}`;
  const common = { path: `/page-of-${name}/${SECRETS[0]}`, query, referrer: `https://from-${name}.example/?${query}` };
  const events = [
    { kind: 'page_view' },
    { kind: 'click', name: `widget-${name} ${SECRETS[0]}` },
    { kind: 'outbound', name: `https://out-${name}.example/?email=${SECRETS[0]}` },
    { kind: 'vital', name: 'LCP', value: 1200 },
    { kind: 'error', name: ERROR_TEXT },
  ].map((event, index) => ({
    id: Buffer.from(`${name.padEnd(15, '.')}${index}`).toString('hex'),
    age: 10,
    ...common,
    ...event,
  }));
  const all = {
    'content-type': 'text/plain',
    'x-forwarded-for': address,
    'user-agent': `${BROWSER} browser-of-${name}`,
    referer: `https://www.shop.example/page-of-${name}?${query}`,
    ...headers,
  };
  const post = async (path: string, body: object) => {
    const answer = await fetch(`${url}${path}`, { method: 'POST', headers: all, body: JSON.stringify(body) });
    const text = await answer.text();
    expect(answer.status, text).toBe(202);
    return text;
  };
  const answer = await post('/api/v1/interactions', {
    domain: 'www.shop.example',
    visitor_id: visitorId,
    ...said,
    events,
  });
  expect(JSON.parse(answer)).toEqual({ accepted: 5, rejected: [] });
  const page = `https://www.shop.example/plausible-of-${name}?${query}`;
  await post('/api/event', {
    n: 'pageview',
    u: page,
    d: 'www.shop.example',
    r: common.referrer,
    p: { mail: SECRETS[0] },
  });
}

async function readAll(directory: string): Promise<{ name: string; bytes: Buffer }[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const read = entries
    .filter((entry) => entry.isFile())
    .map(async ({ parentPath, name }) => {
      const path = join(parentPath, name);
      // What merges and checkpoints take away meanwhile is nowhere any more.
      const bytes = await readFile(path).catch(() => Buffer.alloc(0));
      return { name: relative(directory, path), bytes };
    });
  return Promise.all(read);
}

/** On disk the columns are compressed: the engine tells what is in them. */
async function readTables(path: string): Promise<void> {
  const clickhouse = await openClickHouse({ path });
  const columns = await clickhouse.query<{ name: string; column: string }>(
    `SELECT t.name AS name, c.name AS column FROM system.tables AS t
     JOIN system.columns AS c ON c.database = t.database AND c.table = t.name
     WHERE t.database = currentDatabase() AND t.engine LIKE '%MergeTree' AND c.type NOT LIKE '%AggregateFunction(q%'
       AND c.type NOT LIKE '%AggregateFunction(uniq%'`,
  );
  for (const [name, own] of Map.groupBy(columns, (row) => row.name)) {
    const rows = await clickhouse.query(`SELECT ${own.map(({ column }) => `\`${column}\``).join(', ')} FROM ${name}`);
    tables.set(name, JSON.stringify(rows));
  }
  await clickhouse.close();
}

const tablesWith = (needle: string) => [...tables].filter(([, text]) => text.includes(needle)).map(([name]) => name);
const filesWith = (needle: string) => files.filter(({ bytes }) => bytes.includes(needle)).map(({ name }) => name);
const COUNTS = ['interaction_counts_day', 'interaction_counts_hour'];

test('every file and table was looked into, and what may be seen can be found', () => {
  expect(files.filter(({ name }) => name.startsWith('running: ')).length).toBeGreaterThan(300);
  expect(files.length).toBeGreaterThan(600);
  expect([...tables.keys()]).toEqual(expect.arrayContaining(['interactions', 'sessions', 'requests', ...COUNTS]));
  expect(tablesWith('[redacted]').toSorted()).toEqual([...COUNTS, 'interactions']);
});

describe.each(VISITORS)('of $name', ({ name, address, visitorId, kept }) => {
  test('the address is in no file and in no table', () => {
    expect(filesWith(address)).toEqual([]);
    expect(tablesWith(address)).toEqual([]);
  });

  test('the visitor id, page and referrer are where the consent table says', () => {
    const where = kept ? ['interactions'] : [];
    expect(tablesWith(visitorId)).toEqual(where);
    expect(tablesWith(`page-of-${name}/`)).toEqual(where);
    expect(tablesWith(`from-${name}.example`)).toEqual(where);
    if (kept) return;
    for (const needle of [visitorId, `page-of-${name}`, `from-${name}.example`]) expect(filesWith(needle)).toEqual([]);
  });

  test('what is counted is counted: widgets, links, nothing of the browser', () => {
    const where = kept ? [...COUNTS, 'interactions'] : COUNTS;
    expect(tablesWith(`widget-${name}`).toSorted()).toEqual(where);
    expect(tablesWith(`out-${name}.example`).toSorted()).toEqual(where);
    expect(tablesWith(`browser-of-${name}`)).toEqual([]);
    expect(tablesWith(`plausible-of-${name}`)).toEqual([]);
  });
});

test.each([...SECRETS, ERROR_TEXT])('%s is in no file and in no table', (secret) => {
  expect(filesWith(secret)).toEqual([]);
  expect(tablesWith(secret)).toEqual([]);
});
