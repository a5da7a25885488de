import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, request as httpRequest } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createEdge } from '../../edge/src/index.ts';
import { readConfig } from '../src/config.ts';
import { createEnricher } from '../src/enrich/enricher.ts';
import { type RunningHub, startHub } from '../src/main.ts';
import { openClickHouse } from '../src/stores/drivers/clickhouse/client.ts';
import { newTenant } from './support/tenant.ts';

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const GOOGLEBOT = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)';

/** What is left of a visitor's request. */
interface Kept {
  row: boolean;
  consent: string;
  visitor: boolean;
  city: boolean;
  referrer: 'full' | 'host' | 'none';
}

/** Somebody who visits. The address is theirs alone, and so is the city it is in. */
interface Visitor {
  tenant: 'open' | 'strict';
  address: string;
  choice: 'granted' | 'refused' | 'unknown';
  gpc?: boolean;
  dnt?: boolean;
  agent?: string;
  kept: Kept;
}

const FULL: Kept = { row: true, consent: 'granted', visitor: true, city: true, referrer: 'full' };
const PSEUDONYMOUS: Kept = { row: true, consent: 'unknown', visitor: false, city: true, referrer: 'host' };
const FLAGGED: Kept = { row: true, consent: 'refused', visitor: false, city: false, referrer: 'host' };
const COUNTED: Kept = { row: false, consent: 'refused', visitor: false, city: false, referrer: 'none' };

const VISITORS: Record<string, Visitor> = {
  granted: { tenant: 'open', address: '91.64.0.77', choice: 'granted', kept: FULL },
  grantedgpc: { tenant: 'open', address: '73.0.0.77', choice: 'granted', gpc: true, kept: FULL },
  unknown: { tenant: 'open', address: '2.204.0.77', choice: 'unknown', kept: PSEUDONYMOUS },
  refused: { tenant: 'open', address: '93.192.0.77', choice: 'refused', kept: COUNTED },
  gpc: { tenant: 'open', address: '151.16.0.77', choice: 'unknown', gpc: true, kept: COUNTED },
  refusedbot: { tenant: 'open', address: '71.192.0.77', choice: 'refused', agent: GOOGLEBOT, kept: FLAGGED },
  gpchosting: { tenant: 'open', address: '66.249.66.77', choice: 'unknown', gpc: true, kept: FLAGGED },
  strictgranted: {
    tenant: 'strict',
    address: '99.224.0.77',
    choice: 'granted',
    kept: { ...FULL, city: false, referrer: 'host' },
  },
  strictunknown: {
    tenant: 'strict',
    address: '60.32.0.77',
    choice: 'unknown',
    kept: { ...COUNTED, consent: 'unknown' },
  },
  strictdnt: { tenant: 'strict', address: '90.0.0.77', choice: 'unknown', dnt: true, kept: COUNTED },
  strictbot: {
    tenant: 'strict',
    address: '88.64.0.77',
    choice: 'unknown',
    agent: GOOGLEBOT,
    kept: { ...FLAGGED, consent: 'unknown' },
  },
};
const POLICIES = { open: {}, strict: { city: false, referrer: 'host', unknown: 'counted', honour_dnt: true } };

/** The ways in. Access logs have no cookies: whoever comes by them has not chosen, but may have asked by GPC or DNT. */
const WAYS = ['edge', 'ndjson', 'cookies', 'otlp', 'bulk', 'syslog', 'import'] as const;
type Way = (typeof WAYS)[number];
const TELLS_CHOICE: Record<Way, boolean> = {
  edge: true,
  ndjson: true,
  cookies: true,
  otlp: true,
  bulk: true,
  syslog: false,
  import: false,
};

interface Visit {
  name: string;
  way: Way;
  visitor: Visitor;
  host: string;
  /** Stands in path, referrer and user agent, and nowhere else in the world. */
  mark: string;
  visitorId: string;
  proof: string;
  time: number;
}

const hex = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32);
const NOW = Date.now();
const VISITS: Visit[] = WAYS.flatMap((way) =>
  Object.entries(VISITORS)
    .filter(([, { choice }]) => TELLS_CHOICE[way] || choice === 'unknown')
    .map(([name, visitor]) => ({
      name,
      way,
      visitor,
      host: `${visitor.tenant}.example`,
      mark: `z${hex(`mark ${name} ${way}`).slice(0, 12)}`,
      visitorId: hex(`visitor ${name} ${way}`),
      proof: hex(`proof ${name} ${way}`),
      time: NOW,
    })),
);

const referrerHost = ({ mark }: Visit) => `https://from-${mark}.example`;
const referrerOf = (visit: Visit) => `${referrerHost(visit)}/deep-${visit.mark}/page?q=${visit.mark}`;
const agentOf = ({ visitor, mark }: Visit) => `${visitor.agent ?? FIREFOX} ${mark}`;
const pathOf = ({ mark }: Visit) => `/seen/${mark}`;
const cookieOf = ({ visitor, proof, visitorId }: Visit) =>
  visitor.choice === 'unknown'
    ? 'session=1'
    : `session=1; vedette_consent=1.${proof}.${visitor.choice === 'granted' ? `a1m0.${visitorId}` : 'a0m0'}`;

/** Headers as the visitor's browser sends them. */
function headersOf(visit: Visit): Record<string, string> {
  const { gpc, dnt } = visit.visitor;
  return {
    'user-agent': agentOf(visit),
    referer: referrerOf(visit),
    ...(gpc === true ? { 'sec-gpc': '1' } : {}),
    ...(dnt === true ? { dnt: '1' } : {}),
  };
}

/** By the names of OpenTelemetry. Who refused has a visitor's id put in all the same: it must not get anywhere. */
function wireOf(visit: Visit, cookies = false): Record<string, unknown> {
  const { 'user-agent': agent, ...headers } = headersOf(visit);
  const told = cookies
    ? { cookie: cookieOf(visit) }
    : { 'vedette-visitor-id': visit.visitorId, 'x-forwarded-for': visit.visitor.address };
  return {
    'client.address': visit.visitor.address,
    'server.address': visit.host,
    'http.request.method': 'GET',
    'url.path': pathOf(visit),
    'http.response.status_code': 200,
    'user_agent.original': agent,
    ...(cookies ? {} : { 'vedette.consent': visit.visitor.choice }),
    ...Object.fromEntries(
      Object.entries({ ...headers, ...told }).map(([name, value]) => [`http.request.header.${name}`, value]),
    ),
  };
}

let dir: string;
let data: string;
let files: { name: string; bytes: Buffer }[] = [];
/** Rows of each table of ClickHouse as text; on disk they are compressed. */
const tables = new Map<string, string>();
const rows = new Map<string, Record<string, unknown>>();
let counted: { kept: number; consent: string; n: number }[] = [];
const cities = new Map<string, string>();
let chosen: Visit[] = [];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vedette-consent-'));
  data = join(dir, 'data');
  await findCities();
  const logged: string[] = [];
  const log = pino({ level: 'trace' }, { write: (text: string) => void logged.push(text) });
  const settings = { VEDETTE_SYSLOG: 'tcp://127.0.0.1:0', VEDETTE_TRUSTED_PROXIES: '1' };
  const hub = await startHub(readConfig({ data, port: '0' }, settings), '0.0.0-test', log);
  try {
    const keys = { open: await open(hub, 'open'), strict: await open(hub, 'strict') };
    await hub.hub.records.hosts.refresh();
    await hub.hub.records.policies.refresh();
    for (const way of WAYS) {
      for (const tenant of ['open', 'strict'] as const) {
        const visits = VISITS.filter((visit) => visit.way === way && visit.visitor.tenant === tenant);
        await SEND[way](hub, keys[tenant], visits);
      }
    }
    await tellChoices(hub);
  } finally {
    await hub.close();
  }
  files = await readAll(data);
  await askEngine();
  files.push({ name: 'what was logged', bytes: Buffer.from(logged.join('')) });
}, 120_000);
afterAll(() => rm(dir, { recursive: true, force: true }));

async function findCities(): Promise<void> {
  const enricher = await createEnricher({ watch: false });
  for (const [name, { address }] of Object.entries(VISITORS)) {
    cities.set(name, enricher.enrich(address, null).place.city);
  }
  await enricher.close();
}

async function open(hub: RunningHub, slug: 'open' | 'strict'): Promise<string> {
  const { records } = hub.hub;
  const tenant = await newTenant(records, slug);
  const own = records.forTenant(tenant.id);
  await own.tenant.setPolicy(POLICIES[slug]);
  await own.domains.add(`${slug}.example`);
  return tenant.key;
}

async function post(hub: RunningHub, key: string, path: string, type: string, body: string): Promise<void> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': type };
  const answer = await fetch(`${hub.url}${path}`, { method: 'POST', headers, body });
  expect(answer.status, await answer.text()).toBeLessThan(300);
}

const lines = (objects: object[]) => objects.map((object) => `${JSON.stringify(object)}\n`).join('');

/** An entry as Caddy logs it. */
const caddy = (visit: Visit) => ({
  ts: visit.time / 1000,
  request: {
    client_ip: visit.visitor.address,
    host: visit.host,
    method: 'GET',
    uri: pathOf(visit),
    proto: 'HTTP/2.0',
    headers: Object.fromEntries(
      Object.entries({ ...headersOf(visit), cookie: cookieOf(visit) }).map(([name, value]) => [
        name.replace(/(^|-)([a-z])/g, (_, dash, letter) => dash + letter.toUpperCase()),
        [value],
      ]),
    ),
  },
  status: 200,
  size: 5,
  duration: 0.01,
});

const SEND: Record<Way, (hub: RunningHub, key: string, visits: Visit[]) => Promise<void>> = {
  async edge(hub, key, visits) {
    const edge = createEdge({ url: hub.url, key, trustedProxies: 1, flushMs: 20 });
    const server = createServer((_, response) => response.end('hello'));
    edge.attach(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    for (const visit of visits) {
      const headers = {
        ...headersOf(visit),
        host: visit.host,
        cookie: cookieOf(visit),
        'x-forwarded-for': visit.visitor.address,
        // What a client calls itself by is nothing to go by.
        'vedette-visitor-id': hex(`made up ${visit.mark}`),
      };
      await new Promise<void>((resolve, reject) => {
        const call = httpRequest({ port, host: '127.0.0.1', path: pathOf(visit), headers }, (answer) => {
          answer.resume().on('end', () => resolve());
        });
        call.on('error', reject).end();
      });
    }
    const figures = await edge.close();
    expect(figures).toMatchObject({ delivered: visits.length, refused: 0, dropped: 0 });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  },
  ndjson: (hub, key, visits) =>
    post(
      hub,
      key,
      '/api/v1/requests',
      'application/x-ndjson',
      lines(visits.map((v) => ({ time: v.time, ...wireOf(v) }))),
    ),
  cookies: (hub, key, visits) =>
    post(
      hub,
      key,
      '/api/v1/requests',
      'application/json',
      JSON.stringify(visits.map((visit) => ({ time: visit.time, ...wireOf(visit, true) }))),
    ),
  otlp(hub, key, visits) {
    const spans = visits.map((visit) => ({
      kind: 2,
      startTimeUnixNano: `${visit.time}000000`,
      attributes: Object.entries(wireOf(visit)).map(([name, value]) => ({
        key: name,
        value: { stringValue: String(value) },
      })),
    }));
    return post(
      hub,
      key,
      '/v1/traces',
      'application/json',
      JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }),
    );
  },
  bulk: (hub, key, visits) =>
    post(
      hub,
      key,
      '/elasticsearch/_bulk',
      'application/x-ndjson',
      lines(visits.flatMap((visit) => [{ index: {} }, { '@timestamp': visit.time, ...wireOf(visit) }])),
    ),
  async syslog(hub, _, visits) {
    const port = hub.hub.syslog?.endpoints[0]?.port ?? 0;
    const before = hub.hub.syslog?.figures().accepted ?? 0;
    await new Promise<void>((done, fail) => {
      const socket = connect(port, '127.0.0.1')
        .on('error', fail)
        .on('close', () => done())
        .resume();
      socket.end(visits.map((visit) => `<134>1 - web-1 caddy - - - ${JSON.stringify(caddy(visit))}\n`).join(''));
    });
    await vi.waitUntil(() => hub.hub.syslog?.figures().accepted === before + visits.length, { timeout: 10_000 });
  },
  import: (hub, key, visits) =>
    post(hub, key, `/api/v1/imports?name=${hex(key)}.log`, 'text/plain', lines(visits.map(caddy))),
};

/** Each who has chosen has told so. A refusal comes with an id that must not be kept. */
async function tellChoices(hub: RunningHub): Promise<void> {
  chosen = VISITS.filter(({ way, visitor }) => way === 'edge' && visitor.choice !== 'unknown');
  for (const visit of chosen) {
    const headers = { ...headersOf(visit), 'x-forwarded-for': visit.visitor.address };
    const site = await fetch(`${hub.url}/api/v1/site?domain=${visit.host}`, { headers });
    const { text_version } = (await site.json()) as { text_version: string };
    const answer = await fetch(`${hub.url}/api/v1/consent`, {
      method: 'POST',
      headers: { ...headers, cookie: cookieOf(visit) },
      body: JSON.stringify({
        domain: visit.host,
        proof_id: visit.proof,
        visitor_id: visit.visitorId,
        choices: { analytical: visit.visitor.choice === 'granted', marketing: false },
        text_version,
        language: 'en',
        surface: 'banner',
        gpc: visit.visitor.gpc === true,
      }),
    });
    expect(answer.status, await answer.text()).toBe(204);
  }
}

async function askEngine(): Promise<void> {
  const clickhouse = await openClickHouse({ path: join(data, 'clickhouse') });
  const columns = await clickhouse.query<{ name: string; column: string }>(
    `SELECT t.name AS name, c.name AS column FROM system.tables AS t
     JOIN system.columns AS c ON c.database = t.database AND c.table = t.name
     WHERE t.database = currentDatabase() AND t.engine LIKE '%MergeTree' AND c.type NOT LIKE '%AggregateFunction%'`,
  );
  for (const [name, own] of Map.groupBy(columns, (row) => row.name)) {
    const list = own.map(({ column }) => `\`${column}\``).join(', ');
    tables.set(name, JSON.stringify(await clickhouse.query(`SELECT ${list} FROM ${name}`)));
  }
  const all = await clickhouse.query<Record<string, unknown>>("SELECT * FROM requests WHERE path LIKE '/seen/%'");
  for (const row of all) rows.set(String(row.path).slice('/seen/'.length), row);
  counted = await clickhouse.query(
    `SELECT domain AS consent, kept, toUInt32(sum(requests)) AS n FROM counts_day
     WHERE domain LIKE '%.example' GROUP BY domain, kept ORDER BY domain, kept`,
  );
  await clickhouse.close();
}

async function readAll(directory: string): Promise<{ name: string; bytes: Buffer }[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async ({ parentPath, name }) => {
        const path = join(parentPath, name);
        return { name: relative(data, path), bytes: await readFile(path) };
      }),
  );
}

/** Where a text is: files as they are, tables as their rows. */
function placesOf(needle: string): string[] {
  const inFiles = files.filter(({ bytes }) => bytes.includes(needle)).map(({ name }) => name);
  return [...inFiles, ...[...tables].filter(([, text]) => text.includes(needle)).map(([name]) => `table ${name}`)];
}

const isEvidence = (place: string) => place.startsWith('postgres');

describe('what was looked at', () => {
  test('is everything there is, and what may be there is found', () => {
    expect(files.length).toBeGreaterThan(500);
    expect([...tables.keys()]).toEqual(expect.arrayContaining(['requests', 'live_addresses', 'counts_day']));
    expect(new Set(cities.values()).size).toBe(Object.keys(VISITORS).length);
    expect([...cities.values()].every((city) => city.length > 3)).toBe(true);
    expect(placesOf(VISITS.find(({ name }) => name === 'granted')?.visitorId ?? '')).toContain('table requests');
  });

  test('counts everybody, kept or not', () => {
    const expected = (['open', 'strict'] as const).flatMap((tenant) =>
      [0, 1].map((kept) => ({
        consent: `${tenant}.example`,
        kept,
        n: VISITS.filter(({ visitor }) => visitor.tenant === tenant && visitor.kept.row === (kept === 1)).length,
      })),
    );
    expect(counted).toEqual(expected);
  });
});

describe.each(WAYS)('over %s', (way) => {
  test.each(VISITS.filter((visit) => visit.way === way).map((visit) => [visit.name, visit] as const))(
    '%s: the stores have exactly what the table says',
    (name, visit) => {
      const { kept } = visit.visitor;
      const row = rows.get(visit.mark);
      expect(row !== undefined, 'whether there is a row').toBe(kept.row);
      if (row !== undefined) {
        const city = kept.city ? cities.get(name) : '';
        const referrer = { full: referrerOf(visit), host: referrerHost(visit), none: '' }[kept.referrer];
        expect(row).toMatchObject({ consent: kept.consent, city, referrer });
        expect(row.visitor_id).toBe(kept.visitor ? visit.visitorId : '');
        expect(JSON.stringify(row.headers)).not.toContain(visit.visitorId);
        expect(String(row.client_key)).not.toBe('0');
      }
      const visitorPlaces = placesOf(visit.visitorId);
      if (kept.visitor) expect(visitorPlaces.filter((place) => place.startsWith('table '))).toEqual(['table requests']);
      else expect(visitorPlaces).toEqual([]);
      expect(placesOf(hex(`made up ${visit.mark}`))).toEqual([]);
      if (kept.referrer !== 'full') expect(placesOf(`deep-${visit.mark}`)).toEqual([]);
      if (kept.referrer === 'none') expect(placesOf(`from-${visit.mark}`)).toEqual([]);
      // Of what is only counted there is nothing at all.
      if (!kept.row) expect(placesOf(visit.mark)).toEqual([]);
      expect(placesOf(visit.proof).filter((place) => !isEvidence(place))).toEqual([]);
      if (!chosen.includes(visit)) expect(placesOf(visit.proof)).toEqual([]);
    },
  );
});

describe.each(Object.entries(VISITORS))('of %s', (name, { address, kept }) => {
  test('the address is with those seen live, if there is a row, and nowhere else', () => {
    const inTables = placesOf(address).filter((place) => place.startsWith('table '));
    expect(inTables).toEqual(kept.row ? ['table live_addresses'] : []);
    const inFiles = placesOf(address).filter((place) => !place.startsWith('table '));
    expect(inFiles.filter((place) => !place.startsWith('clickhouse'))).toEqual([]);
    if (!kept.row) expect(inFiles).toEqual([]);
  });

  test('the city is with the rows, if it is kept, and nowhere else', () => {
    const inTables = placesOf(cities.get(name) ?? '').filter((place) => place.startsWith('table '));
    expect(inTables).toEqual(kept.city ? ['table requests'] : []);
  });
});

test('evidence is in PostgreSQL, of each who has chosen, with the visitor’s id where that was granted', () => {
  expect(chosen.length).toBeGreaterThan(3);
  for (const { proof, visitor, visitorId } of chosen) {
    expect(placesOf(proof).some(isEvidence)).toBe(true);
    expect(placesOf(visitorId).some(isEvidence)).toBe(visitor.choice === 'granted');
  }
});
