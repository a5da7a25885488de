import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../src/config.ts';
import { createEnricher } from '../src/enrich/enricher.ts';
import { type RunningHub, startHub } from '../src/main.ts';
import {
  cookieOf,
  headersOf,
  hex,
  POLICIES,
  referrerHost,
  referrerOf,
  SEND,
  VISITORS,
  VISITS,
  type Visit,
  WAYS,
} from './support/consent-visits.ts';
import { type OnDisk, readDisk } from './support/on-disk.ts';
import { fillData } from './support/template.ts';
import { newTenant } from './support/tenant.ts';

let dir: string;
let data: string;
let { files, tables }: Pick<OnDisk, 'files' | 'tables'> = { files: [], tables: new Map() };
const rows = new Map<string, Record<string, unknown>>();
let counted: { domain: string; kept: number; n: number }[] = [];
const cities = new Map<string, string>();
let chosen: Visit[] = [];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vedette-consent-'));
  data = join(dir, 'data');
  await fillData(data);
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
  ({ files, tables } = await readDisk(data, askEngine));
  files.push({ name: 'what was logged', bytes: Buffer.from(logged.join('')) });
});
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

async function askEngine(clickhouse: Parameters<NonNullable<Parameters<typeof readDisk>[1]>>[0]): Promise<void> {
  const all = await clickhouse.query<Record<string, unknown>>("SELECT * FROM requests WHERE path LIKE '/seen/%'");
  for (const row of all) rows.set(String(row.path).slice('/seen/'.length), row);
  counted = await clickhouse.query(
    `SELECT domain, kept, toUInt32(sum(requests)) AS n FROM counts_day
     WHERE domain LIKE '%.example' GROUP BY domain, kept ORDER BY domain, kept`,
  );
}

/** Where a text is: files as they are, tables as their rows. */
function placesOf(needle: string): string[] {
  const inFiles = files.filter(({ bytes }) => bytes.includes(needle)).map(({ name }) => name);
  return [...inFiles, ...[...tables].filter(([, text]) => text.includes(needle)).map(([name]) => `table ${name}`)];
}

/** Some rows, by chance, are drawn for the sample too: there may be there what may be in the rows. */
const tablesOf = (needle: string): string[] =>
  placesOf(needle).filter((place) => place.startsWith('table ') && place !== 'table requests_sample');

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
        domain: `${tenant}.example`,
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
      if (kept.visitor) expect(tablesOf(visit.visitorId)).toEqual(['table requests']);
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
    const city = cities.get(name) ?? '';
    if (!kept.city) expect(placesOf(city)).not.toContain('table requests_sample');
    expect(tablesOf(city)).toEqual(kept.city ? ['table requests'] : []);
  });
});

test('evidence is in PostgreSQL, of each who has chosen, with the visitor’s id where that was granted', () => {
  expect(chosen.length).toBeGreaterThan(3);
  for (const { proof, visitor, visitorId } of chosen) {
    expect(placesOf(proof).some(isEvidence)).toBe(true);
    expect(placesOf(visitorId).some(isEvidence)).toBe(visitor.choice === 'granted');
  }
});
