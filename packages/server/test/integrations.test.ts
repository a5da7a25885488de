import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type ClarityEmulator, startClarity } from './emulators/clarity.ts';
import { type Ga4Emulator, startGa4 } from './emulators/ga4.ts';
import type { Mode } from './emulators/modes.ts';
import { pageView } from './support/integration-parts.ts';
import { startWorld, type World, type WorldTenant } from './support/world.ts';

const API_SECRET = 'hushMeasurementSecret';
const TOKEN = 'hushClarityToken';
const EMAIL = 'reader@project.iam.example';
const GA4 = { measurement_id: 'G-ABCDEF', tag: true, measurement: false, property_id: null };
const CLARITY = { project_id: 'abcd1234', tag: true, export: false };
const PATIENCE = { timeout: 30_000 };

let world: World;
let ga4: Ga4Emulator;
let clarity: ClarityEmulator;
let serviceAccount: string;
let tenants = 0;
let acme: WorldTenant;
let project: string;
let site: string;

beforeAll(async () => {
  ga4 = await startGa4();
  clarity = await startClarity();
  ga4.streams.set('G-ABCDEF', API_SECRET);
  serviceAccount = ga4.newAccount(EMAIL);
  world = await startWorld({
    VEDETTE_GA4_URL: ga4.baseUrl,
    VEDETTE_GA4_DATA_URL: ga4.baseUrl,
    VEDETTE_GOOGLE_TOKEN_URL: ga4.tokenUrl,
    VEDETTE_CLARITY_URL: clarity.baseUrl,
    VEDETTE_OUTBOUND_ALLOW: '127.0.0.1',
  });
});
afterAll(async () => {
  await world?.stop();
  await ga4?.close();
  await clarity?.close();
});
beforeEach(async () => {
  tenants += 1;
  acme = await world.tenant(`acme-${tenants}`);
  project = `project${tenants}`;
  site = `shop-${tenants}.example`;
  const { records } = world.running.hub;
  await records.forTenant(acme.id).domains.add(site);
  await records.hosts.refresh();
  ga4.modes = { collect: 'normal', debug: 'normal', token: 'normal', report: 'normal' };
  ga4.thresholded = false;
  ga4.quotaTokens = 14_000;
  clarity.mode = 'normal';
  clarity.projects.set(project, {
    tokens: new Set([`${TOKEN}${tenants}`]),
    barred: new Set([`barred${tenants}`]),
    traffic: { sessions: 120, bots: 20, users: 90, pagesPerSession: 2.5 },
    rageClicks: 3,
  });
});

const path = (kind: string, more = '') => `/api/v1/integrations/${kind}${more}`;
const put = (kind: string, body: unknown, key = acme.keys.admin) =>
  world.call(path(kind), { method: 'PUT', key, body });
const list = async (key = acme.keys.read) => (await world.call('/api/v1/integrations', { key })).json.integrations;
const tryIt = async (kind: string) =>
  (await world.call(path(kind, '/test'), { method: 'POST', key: acme.keys.admin })).json;
const figures = async (kind: string) => (await world.call(path(kind, '/figures'), { key: acme.keys.read })).json;
const tagsOf = (id = acme.id) => world.running.hub.records.integrations.tagsOf(id);

const measuring = (more: object = {}) =>
  put('ga4', {
    enabled: true,
    settings: { ...GA4, tag: false, measurement: true },
    secrets: { api_secret: API_SECRET },
    ...more,
  });
const exporting = () =>
  put('clarity', {
    enabled: true,
    settings: { project_id: project, tag: false, export: true },
    secrets: { token: `${TOKEN}${tenants}` },
  });

/** Three pages and two assets that somebody fetched a minute ago. */
async function browse(): Promise<void> {
  const requests = ['/', '/pricing', '/about', '/site.css', '/logo.png'].map((urlPath) => ({
    time: Date.now() - 60_000,
    'client.address': '193.0.6.139',
    'server.address': 'shop.example',
    'url.path': urlPath,
    'http.request.method': 'GET',
    'http.response.status_code': 200,
    'user_agent.original':
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
  }));
  const answer = await world.call('/api/v1/requests', { key: acme.keys.ingest, body: requests });
  expect(answer.json).toMatchObject({ accepted: 5 });
}

/** Pages that somebody looks at, with the script of the hub in them. */
async function look(paths: string[], choices: object | null, visitor = 'ab'.repeat(16)): Promise<void> {
  const answer = await world.call('/api/v1/interactions', {
    headers: {
      'user-agent':
        'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
    },
    body: {
      domain: site,
      ...(choices === null ? {} : { choices, visitor_id: visitor }),
      events: paths.map((page) => ({ id: randomBytes(16).toString('hex'), kind: 'page_view', age: 1000, path: page })),
    },
  });
  expect(answer.status).toBe(202);
}

describe('integrations', () => {
  test('are off until somebody sets them up', async () => {
    const nothing = { enabled: false, settings: null, last_success: null, last_error: null, sent: 0, waiting: 0 };
    expect(await list()).toEqual([
      {
        kind: 'ga4',
        ...nothing,
        secrets: [
          { name: 'api_secret', set: false, changed: null },
          { name: 'service_account', set: false, changed: null },
        ],
        calls_left: null,
      },
      { kind: 'clarity', ...nothing, secrets: [{ name: 'token', set: false, changed: null }], calls_left: null },
    ]);
    expect(tagsOf()).toEqual({ ga4: null, clarity: null });
    expect(await figures('ga4')).toEqual({ kind: 'ga4', fetched: null, rows: [] });
    for (const [method, more] of [
      ['POST', '/test'],
      ['DELETE', ''],
    ] as const) {
      const answer = await world.call(path('ga4', more), { method, key: acme.keys.admin });
      expect([answer.status, answer.json.type]).toEqual([404, 'urn:vedette:problem:not-set-up']);
    }
  });

  test('never show a secret, in no answer and no file', async () => {
    const answer = await put('ga4', {
      enabled: true,
      settings: { ...GA4, property_id: '123' },
      secrets: { api_secret: ` ${API_SECRET}\n`, service_account: serviceAccount },
    });
    expect(answer.status).toBe(200);
    expect(answer.json.secrets).toMatchObject([{ set: true }, { set: true }]);
    await put('clarity', { enabled: false, settings: CLARITY, secrets: { token: TOKEN } });
    await tryIt('ga4');
    const privateKey = JSON.parse(serviceAccount).private_key.split('\n')[3] as string;
    const texts = [answer.text, JSON.stringify(await list()), JSON.stringify(await tryIt('clarity'))];
    for (const secret of [API_SECRET, TOKEN, privateKey]) {
      for (const text of texts) expect(text).not.toContain(secret);
      expect(await filesWith(secret)).toEqual([]);
    }
    // The look through the files finds what is there.
    expect((await filesWith('G-ABCDEF')).length).toBeGreaterThan(0);
  });

  test('keep a secret that is not named, replace one that is, and take away one that is null', async () => {
    await measuring();
    const [first] = await list();
    await measuring({ secrets: {} });
    expect((await list())[0].secrets).toEqual(first.secrets);
    await measuring({ secrets: { api_secret: 'another' } });
    expect(Date.parse((await list())[0].secrets[0].changed)).toBeGreaterThan(Date.parse(first.secrets[0].changed));
    await measuring({ enabled: false, secrets: { api_secret: null } });
    expect((await list())[0].secrets[0]).toEqual({ name: 'api_secret', set: false, changed: null });
  });

  test.each([
    ['ga4', { settings: CLARITY }, 422, 'bad-settings', 'not the settings of ga4'],
    ['ga4', { settings: { ...GA4, measurement_id: 'UA-1' } }, 400, 'invalid', 'settings'],
    ['ga4', { secrets: { password: 'hush' } }, 422, 'unknown-secret', 'api_secret, service_account'],
    ['ga4', { secrets: { api_secret: 'hush hush' } }, 422, 'bad-secret', 'printable'],
    ['ga4', { secrets: { service_account: '{"hush": 1}' } }, 422, 'bad-secret', 'service_account'],
    ['ga4', { settings: { ...GA4, measurement: true } }, 422, 'secret-missing', 'secrets.api_secret'],
    ['ga4', { settings: { ...GA4, property_id: '123' } }, 422, 'secret-missing', 'secrets.service_account'],
    ['clarity', { settings: { ...CLARITY, export: true } }, 422, 'secret-missing', 'secrets.token'],
    ['clarity', { settings: { ...CLARITY, project_id: '../x' } }, 400, 'invalid', 'settings'],
    ['matomo', {}, 400, 'invalid', 'kind'],
  ])('%s with %j is %i %s', async (kind, more, status, code, words) => {
    const settings = kind === 'clarity' ? CLARITY : GA4;
    const answer = await put(kind, { enabled: true, settings, ...more });
    expect(answer.status).toBe(status);
    expect(answer.json.type).toBe(`urn:vedette:problem:${code}`);
    expect(answer.json.detail).toContain(words);
    expect(answer.text).not.toContain('hush');
    expect((await list())[0].settings).toBeNull();
  });

  test('give their tags to browsers while they are on, and go when they are taken away', async () => {
    await put('ga4', { enabled: true, settings: GA4 });
    await put('clarity', { enabled: true, settings: CLARITY });
    expect(tagsOf()).toEqual({ ga4: { measurement_id: 'G-ABCDEF' }, clarity: { project_id: 'abcd1234' } });
    await put('clarity', { enabled: true, settings: { ...CLARITY, tag: false } });
    await put('ga4', { enabled: false, settings: GA4 });
    expect(tagsOf()).toEqual({ ga4: null, clarity: null });
    expect((await world.call(path('ga4'), { method: 'DELETE', key: acme.keys.admin })).status).toBe(204);
    expect((await list())[0]).toMatchObject({ enabled: false, settings: null });
  });
});

describe('Google Analytics', () => {
  test('gets page views of people who granted, and nothing before that', async () => {
    const before = ga4.collected.length;
    const granted = { analytical: true, marketing: true };
    await look(['/too-early'], granted);
    await measuring();
    await look(['/granted'], granted);
    await look(['/refused'], { analytical: false, marketing: false });
    await look(['/unknown'], null);
    await expect.poll(async () => (await list())[0].sent, PATIENCE).toBe(1);
    const collected = ga4.collected.slice(before);
    expect(collected.map(({ measurementId, apiSecret }) => [measurementId, apiSecret])).toEqual([
      ['G-ABCDEF', API_SECRET],
    ]);
    expect(collected[0]?.payload.consent).toEqual({ ad_user_data: 'GRANTED', ad_personalization: 'GRANTED' });
    expect(collected[0]?.payload.events.map(({ params }) => params.page_location)).toEqual([`https://${site}/granted`]);
    expect((await list())[0]).toMatchObject({ waiting: 0, last_error: null, last_success: expect.any(String) });
  });

  test('is compared day by day with what the hub counted', async () => {
    await look(['/', '/pricing', '/about'], { analytical: true, marketing: false });
    await look(['/'], { analytical: false, marketing: false });
    const today = new Date().toISOString().slice(0, 10);
    const day = (date: string) => date.replaceAll('-', '');
    const earlier = new Date(Date.now() - 10 * 86_400_000).toISOString().slice(0, 10);
    ga4.properties.set('123', {
      readers: new Set([EMAIL]),
      days: new Map([
        [day(earlier), { screenPageViews: 40, activeUsers: 20, sessions: 25 }],
        [day(today), { screenPageViews: 2, activeUsers: 1, sessions: 1 }],
      ]),
    });
    await put('ga4', {
      enabled: true,
      settings: { ...GA4, tag: false, property_id: '123' },
      secrets: { service_account: serviceAccount },
    });
    await expect.poll(async () => (await figures('ga4')).fetched, PATIENCE).not.toBeNull();
    const { rows } = await figures('ga4');
    expect(rows).toEqual([
      { key: earlier, provider: 40, own: null, unit: 'page views' },
      { key: earlier, provider: 20, own: null, unit: 'visitors' },
      { key: earlier, provider: 25, own: null, unit: 'sessions' },
      { key: today, provider: 2, own: 3, unit: 'page views' },
      { key: today, provider: 1, own: 1, unit: 'visitors' },
      // They are derived two hours late.
      { key: today, provider: 1, own: 0, unit: 'sessions' },
    ]);
  });

  test('is tried part by part', async () => {
    ga4.properties.set('123', { readers: new Set([EMAIL]), days: new Map() });
    const secrets = { api_secret: API_SECRET, service_account: serviceAccount };
    await put('ga4', { enabled: false, settings: { ...GA4, measurement: true, property_id: '123' }, secrets });
    expect(await tryIt('ga4')).toMatchObject({
      good: false,
      checks: [
        { name: 'Tag', good: true },
        { name: 'Measurement Protocol', good: true },
        { name: 'Counted once', good: false, detail: expect.stringContaining('twice') },
        { name: 'Data API', good: true, detail: expect.stringContaining('0 days') },
      ],
    });
    await put('ga4', { enabled: false, settings: { ...GA4, tag: false, measurement: true, property_id: '999' } });
    const refused = await tryIt('ga4');
    expect(refused).toMatchObject({ good: false, checks: [{ good: true }, { name: 'Data API', good: false }] });
    expect(refused.checks[1].detail).toContain('PERMISSION_DENIED');
    expect((await list())[0].last_error.text).toContain('PERMISSION_DENIED');
    await put('ga4', { enabled: false, settings: { ...GA4, tag: false } });
    expect(await tryIt('ga4')).toMatchObject({ good: false, checks: [{ name: 'Settings' }] });
  });

  test('without quota is asked again later, not at once', async () => {
    ga4.properties.set('123', { readers: new Set([EMAIL]), days: new Map() });
    ga4.quotaTokens = 0;
    const asked = ga4.reports.length;
    await put('ga4', {
      enabled: true,
      settings: { ...GA4, tag: false, property_id: '123' },
      secrets: { service_account: serviceAccount },
    });
    await expect.poll(async () => (await list())[0].last_error?.text ?? '', PATIENCE).toContain('RESOURCE_EXHAUSTED');
    expect(ga4.reports.length - asked).toBe(1);
    ga4.quotaTokens = 14_000;
    await expect.poll(async () => (await figures('ga4')).fetched, PATIENCE).not.toBeNull();
  });
});

describe('Clarity', () => {
  test('is fetched, kept, and shown beside the hub’s own figures', async () => {
    await look(['/', '/pricing'], { analytical: true, marketing: false });
    await exporting();
    await expect.poll(async () => (await figures('clarity')).fetched, PATIENCE).not.toBeNull();
    const { rows } = await figures('clarity');
    expect(rows).toContainEqual({ key: 'Sessions', provider: 100, own: 0, unit: 'sessions' });
    expect(rows).toContainEqual({ key: 'Visitors', provider: 90, own: 1, unit: 'visitors' });
    expect(rows).toContainEqual({ key: 'Rage clicks', provider: 3, own: null, unit: 'times' });
    for (let i = 0; i < 5; i++) await figures('clarity');
    // A change that changes nothing costs no call.
    await put('clarity', { enabled: true, settings: { project_id: project, tag: false, export: true } });
    expect(clarity.callsOf(project)).toBe(1);
    expect((await list())[1]).toMatchObject({ calls_left: 9, last_error: null });
  });

  test('is never asked an eleventh time a day', async () => {
    await exporting();
    await expect.poll(async () => (await list())[1].calls_left, PATIENCE).toBe(9);
    const outcomes = await Promise.all(Array.from({ length: 14 }, () => tryIt('clarity')));
    expect(outcomes.filter(({ good }) => good)).toHaveLength(9);
    expect(outcomes.find(({ good }) => !good).checks[0].detail).toContain('used up');
    expect(clarity.callsOf(project)).toBe(10);
    // Setting it up again gives no more calls.
    await world.call(path('clarity'), { method: 'DELETE', key: acme.keys.admin });
    await exporting();
    expect(await tryIt('clarity')).toMatchObject({ good: false });
    expect(clarity.callsOf(project)).toBe(10);
    expect((await list())[1].calls_left).toBe(0);
  });

  test('that says that its calls are used up is believed', async () => {
    // Somebody else used them.
    const query = `${clarity.baseUrl}/export-data/api/v1/project-live-insights?numOfDays=1`;
    for (let i = 0; i < 10; i++) await fetch(query, { headers: { authorization: `Bearer ${TOKEN}${tenants}` } });
    await exporting();
    await expect.poll(async () => (await list())[1].calls_left, PATIENCE).toBe(0);
    expect((await list())[1].last_error.text).toContain('429');
    await tryIt('clarity');
    expect(clarity.callsOf(project)).toBe(11);
  });

  test.each([
    ['nobody’s', () => 'unknown', '401'],
    ['taken back', () => `barred${tenants}`, '403'],
  ])('under a token that is %s says why', async (_, token, status) => {
    await put('clarity', {
      enabled: false,
      settings: { project_id: project, tag: false, export: true },
      secrets: { token: token() },
    });
    const outcome = await tryIt('clarity');
    expect(outcome).toMatchObject({ good: false, checks: [{ name: 'Data Export', good: false }] });
    expect(outcome.checks[0].detail).toContain(status);
  });
});

describe('somebody who refuses', () => {
  test('has nothing leave any more that waits, also of before; of others it does', async () => {
    ga4.modes.collect = 'error';
    await measuring();
    const [theirs, others] = ['cd'.repeat(16), 'ef'.repeat(16)];
    const granted = { analytical: true, marketing: false };
    await look(['/one', '/two'], granted, theirs);
    await look(['/three'], granted, others);
    await expect.poll(async () => (await list())[0].waiting, PATIENCE).toBe(3);
    const { text_version } = (await world.call(`/api/v1/site?domain=${site}`)).json;
    const choose = (choices: object, more: object) =>
      world.call('/api/v1/consent', {
        body: {
          domain: site,
          proof_id: '12'.repeat(16),
          choices,
          text_version,
          language: 'en',
          surface: 'banner',
          gpc: false,
          ...more,
        },
      });
    expect((await choose(granted, { visitor_id: theirs })).status).toBe(204);
    expect((await list())[0].waiting).toBe(3);
    expect((await choose({ analytical: false, marketing: false }, {})).status).toBe(204);
    expect((await list())[0].waiting).toBe(1);
  });
});

describe('a provider that is away', () => {
  const MODES: Mode[] = ['error', 'hang', 'garbage', 'redirect', 'closing', 'huge'];

  test.each(MODES)('in mode %s touches nothing else', async (mode) => {
    await measuring();
    await exporting();
    ga4.modes = { collect: mode, debug: mode, token: mode, report: mode };
    clarity.mode = mode;
    let tested = false;
    const tests = Promise.all([tryIt('ga4'), tryIt('clarity')]).finally(() => {
      tested = true;
    });
    world.running.hub.measurements.offer(Array.from({ length: 30 }, () => pageView(acme.id)));
    let meanwhile = 0;
    for (let i = 0; i < 8; i++) {
      await browse();
      expect((await world.call('/api/v1/traffic', { key: acme.keys.read })).status).toBe(200);
      expect((await list()).length).toBe(2);
      tagsOf();
      if (!tested) meanwhile += 1;
    }
    // None of it waited for the provider.
    if (mode === 'hang') expect(meanwhile).toBeGreaterThan(0);
    for (const outcome of await tests) {
      expect(outcome.good).toBe(false);
      expect(outcome.checks[0].detail).not.toMatch(/hush/);
    }
    expect((await world.call('/readyz')).status).toBe(200);
    expect((await list())[1].last_error.text.length).toBeGreaterThan(10);
  });

  test('gets what waited when it is back and somebody says so', async () => {
    ga4.modes.collect = 'error';
    await measuring();
    world.running.hub.measurements.offer(Array.from({ length: 30 }, () => pageView(acme.id)));
    await expect.poll(async () => (await list())[0].last_error?.text ?? '', PATIENCE).toContain('status 500');
    expect((await list())[0]).toMatchObject({ waiting: 30, sent: 0 });
    ga4.modes.collect = 'normal';
    await measuring();
    await expect.poll(async () => (await list())[0], PATIENCE).toMatchObject({ waiting: 0, sent: 30 });
  });
});

/** Files of the data directory that hold a text as it is. */
async function filesWith(text: string): Promise<string[]> {
  const dir = join(world.dir, 'data');
  const found: string[] = [];
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = await readFile(join(entry.parentPath, entry.name)).catch(() => Buffer.alloc(0));
    if (bytes.includes(text)) found.push(join(entry.parentPath, entry.name));
  }
  return found;
}
