import type { NewConsent } from '@vedette/contract';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, startWorld, type World, type WorldTenant } from './support/world.ts';

let world: World;
let acme: WorldTenant;
let other: WorldTenant;
/** Version of the words that acme's sites show in English. */
let version: string;

const SITE = 'shop.acme.example';
const hex = (digit: string) => digit.repeat(32);

beforeAll(async () => {
  // On loopback the client's address is told by a proxy, so that tests can be many clients.
  world = await startWorld({ VEDETTE_TRUSTED_PROXIES: '1' });
  acme = await world.tenant('acme');
  other = await world.tenant('other');
  const { records } = world.running.hub;
  await records.forTenant(acme.id).domains.add('*.acme.example');
  await records.forTenant(other.id).domains.add('other.example');
  await records.hosts.refresh();
  version = (await site()).json.text_version;
});
afterAll(() => world.stop());

let clients = 0;
/** A client of its own, so that limits of other tests are not felt. */
const client = () => ({ 'x-forwarded-for': `198.18.${(clients >> 8) & 255}.${clients++ & 255}` });

function site(query = `domain=${SITE}`, headers: Record<string, string> = client()): Promise<Answer> {
  return world.call(`/api/v1/site?${query}`, { headers });
}

function choice(more: Partial<NewConsent> = {}): NewConsent {
  return {
    domain: SITE,
    proof_id: hex('a'),
    choices: { analytical: true, marketing: false },
    visitor_id: hex('b'),
    text_version: version,
    language: 'en',
    surface: 'banner',
    gpc: false,
    ...more,
  };
}

function choose(body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  return world.call('/api/v1/consent', { method: 'POST', body, headers: { ...client(), ...headers } });
}

const proofs = async (proof: string, tenant = acme) =>
  (await world.call(`/api/v1/consent/proofs/${proof}`, { key: tenant.keys.read })).json.records;

async function setPolicy(policy: object): Promise<void> {
  const { records } = world.running.hub;
  await records.forTenant(acme.id).tenant.setPolicy({ ...policy });
  // Told to all processes by the database, without anybody asking.
  await expect.poll(() => records.policies.of(acme.id), { interval: 10 }).toEqual(policy);
}

describe('what a site shows', () => {
  test('is told to its pages, to be kept for a while, with nothing that tells visitors apart', async () => {
    const answer = await site(`domain=${SITE}&language=de-AT`, { ...client(), origin: `https://${SITE}` });
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({
      domain: SITE,
      banner: true,
      purposes: ['analytical'],
      language: 'de',
      policy_url: null,
      honour_dnt: false,
      ask_again_days: 180,
      tags: { ga4: null, clarity: null },
    });
    expect(answer.json.text.accept).toBe('Zustimmen');
    expect(answer.headers.get('cache-control')).toBe('public, max-age=300');
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    expect(answer.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    expect(answer.headers.get('set-cookie')).toBeNull();
  });

  test('follows the policy within seconds after it was set', async () => {
    await setPolicy({
      honour_dnt: true,
      banner: {
        purposes: ['analytical', 'marketing'],
        policy_url: 'https://acme.example/privacy',
        texts: { en: { title: 'Hm?' } },
      },
    });
    const { json } = await site();
    expect(json).toMatchObject({
      honour_dnt: true,
      purposes: ['analytical', 'marketing'],
      policy_url: 'https://acme.example/privacy',
    });
    expect(json.text.title).toBe('Hm?');
    expect(json.text_version).not.toBe(version);
    await setPolicy({ banner: { enabled: false } });
    expect((await site()).json.banner).toBe(false);
    await setPolicy({});
    expect((await site()).json.text_version).toBe(version);
  });

  test.each([
    ['domain=nobody.example', {}, 404, 'unknown-domain'],
    ['domain=acme.example', {}, 404, 'unknown-domain'],
    ['domain=%00', {}, 400, 'invalid'],
    ['domain=*.acme.example', {}, 404, 'unknown-domain'],
    ['domain=%3Dcmd.acme.example', {}, 404, 'unknown-domain'],
    [`domain=${SITE.toUpperCase()}:8080`, {}, 200, ''],
    [`domain=${SITE}`, { origin: 'https://evil.example' }, 403, 'foreign-origin'],
    [`domain=${SITE}`, { origin: 'https://other.acme.example' }, 403, 'foreign-origin'],
    [`domain=${SITE}`, { origin: `http://${SITE}:3000` }, 200, ''],
    [`domain=${SITE}`, { origin: 'null' }, 200, ''],
    ['', {}, 400, 'invalid'],
    [`domain=${SITE}&more=1`, {}, 400, 'invalid'],
  ])('%s with %j is %i %s', async (query, headers, status, type) => {
    const answer = await site(query, { ...client(), ...headers });
    expect(answer.status).toBe(status);
    if (type !== '') expect(answer.json.type).toBe(`urn:vedette:problem:${type}`);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  });
});

describe('a choice', () => {
  test.each([
    ['application/json', {}],
    ['text/plain;charset=UTF-8', { origin: `https://${SITE}` }],
    ['application/x-www-form-urlencoded', {}],
    ['', {}],
  ])('is taken as %j and is evidence', async (type, headers) => {
    const proof = hex(String('0123456789abcdef'[clients % 16]));
    const body = Buffer.from(JSON.stringify(choice({ proof_id: proof, visitor_id: hex('c') })));
    const answer = await choose(new Uint8Array(body), { ...(type === '' ? {} : { 'content-type': type }), ...headers });
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(await proofs(proof)).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        time: expect.any(String),
        domain: SITE,
        proof_id: proof,
        visitor_id: hex('c'),
        choices: { analytical: true, marketing: false },
        asked: ['analytical'],
        change: 'first',
        text_version: version,
        language: 'en',
        surface: 'banner',
        gpc: false,
      },
    ]);
  });

  test('can be changed, repeated and withdrawn, each a record of its own', async () => {
    const proof = '11223344556677889900aabbccddeeff';
    const turns = [
      { analytical: false, marketing: false },
      { analytical: true, marketing: true },
      { analytical: true, marketing: true },
      { analytical: false, marketing: false },
    ];
    for (const choices of turns) expect((await choose(choice({ proof_id: proof, choices }))).status).toBe(204);
    const records = await proofs(proof);
    // The third is the second, sent again.
    expect(records.map(({ change }: { change: string }) => change)).toEqual(['withdrawn', 'changed', 'first']);
    expect(records.map(({ visitor_id }: { visitor_id: unknown }) => visitor_id)).toEqual([null, hex('b'), null]);
    expect(await proofs(proof.toUpperCase())).toEqual(records);
    expect(await proofs(proof, other)).toEqual([]);
  });

  test('of a browser with Global Privacy Control is marked so, whoever says it', async () => {
    const proof = hex('9').replace('99', '98');
    await choose(choice({ proof_id: proof }), { 'sec-gpc': '1' });
    expect((await proofs(proof))[0].gpc).toBe(true);
  });

  test('under words that were shown before they were changed is taken; under words of nobody it is not', async () => {
    await setPolicy({ banner: { texts: { en: { title: 'Before?' } } } });
    const before = (await site()).json.text_version;
    await setPolicy({});
    const proof = hex('7').replace('77', '76');
    await expect.poll(async () => (await choose(choice({ proof_id: proof, text_version: before }))).status).toBe(204);
    const wrong = await choose(choice({ text_version: '0000000000000000' }));
    expect([wrong.status, wrong.json.type]).toEqual([422, 'urn:vedette:problem:unknown-text']);
    // Another tenant's words are nobody's here.
    await world.running.hub.records.forTenant(other.id).consent.show({
      version: 'abcdefabcdefabcd',
      language: 'en',
      words: {},
    });
    expect((await choose(choice({ text_version: 'abcdefabcdefabcd' }))).status).toBe(422);
    const { json } = await world.call('/api/v1/consent/texts', { key: acme.keys.read });
    const texts = json.texts as { version: string; current: boolean; choices: number; text: { title: string } }[];
    expect(texts.find((text) => text.version === before)).toMatchObject({
      current: false,
      choices: 1,
      language: 'en',
      text: { title: 'Before?', accept: 'Accept' },
    });
    expect(texts.find((text) => text.version === version)).toMatchObject({ current: true });
    expect(texts.map((text) => text.version)).not.toContain('abcdefabcdefabcd');
  });

  test.each<[string, unknown, number, string]>([
    ['no JSON', '{', 400, 'bad-json'],
    ['a list', [], 400, 'invalid'],
    ['nothing', '', 400, 'bad-json'],
    ['an address', { ...choice0(), proof_id: '192.0.2.1' }, 400, 'proof_id'],
    ['a visitor id that is none', { ...choice0(), visitor_id: 'jane@example.com' }, 400, 'visitor_id'],
    [
      'choices that are none',
      { ...choice0(), choices: { analytical: 'yes', marketing: false } },
      400,
      'choices.analytical',
    ],
    ['no choices', { ...choice0(), choices: undefined }, 400, 'choices'],
    ['a language that is none', { ...choice0(), language: '=1+1' }, 400, 'language'],
    ['a domain of nobody', { ...choice0(), domain: 'nobody.example' }, 404, 'nobody.example'],
    ['too much', { ...choice0(), more: 'x'.repeat(66_000) }, 413, 'too-large'],
    ['too deep', '['.repeat(100), 400, 'bad-json'],
  ])('%s is refused, saying where but not what', async (_, body, status, word) => {
    const answer = await choose(body);
    expect(answer.status, answer.text).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.text).toContain(word);
    expect(answer.text).not.toMatch(/192\.0\.2\.1|jane@example/);
  });

  test('of a page of another site is refused', async () => {
    expect((await choose(choice(), { origin: 'https://evil.example' })).status).toBe(403);
  });

  test('that is anything at all breaks nothing', async () => {
    const body = fc.oneof(
      fc.json(),
      fc.uint8Array({ maxLength: 300 }),
      fc
        .record({
          domain: fc.constantFrom(SITE, 1, ''),
          proof_id: fc.string(),
          choices: fc.jsonValue(),
          gpc: fc.jsonValue(),
        })
        .map((value) => JSON.stringify({ ...choice(), ...value })),
    );
    await fc.assert(
      fc.asyncProperty(body, async (given) => {
        const { status } = await choose(given);
        expect([400, 404]).toContain(status);
      }),
      { numRuns: 60 },
    );
  });
});

/** A choice before there is a version. */
function choice0(): NewConsent {
  return { ...choice(), text_version: '0123456789abcdef' };
}

describe('limits and preflights', () => {
  test('an address that calls too often has to wait; others do not', async () => {
    const headers = { 'x-forwarded-for': '2001:db8:1:2::1' };
    const answers = await Promise.all(Array.from({ length: 250 }, () => site(undefined, headers)));
    const tooMany = answers.filter(({ status }) => status === 429);
    expect(tooMany.length).toBeGreaterThan(0);
    expect(Number(tooMany[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(tooMany[0]?.headers.get('access-control-allow-origin')).toBe('*');
    // Whoever has one address of a /64 has all of them.
    const near = { 'x-forwarded-for': '2001:db8:1:2:ffff::9' };
    const others = await Promise.all(Array.from({ length: 50 }, () => site(undefined, near)));
    expect(others.map(({ status }) => status)).toContain(429);
    expect((await site(undefined, { 'x-forwarded-for': '2001:db8:1:3::1' })).status).toBe(200);
  });

  test('a browser may ask whether it may', async () => {
    const answer = await world.call('/api/v1/consent', {
      method: 'OPTIONS',
      headers: { origin: `https://${SITE}`, 'access-control-request-method': 'POST', ...client() },
    });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-methods')).toBe('POST');
    expect(answer.headers.get('access-control-allow-headers')).toBe('content-type');
  });
});

describe('figures and evidence', () => {
  test('choices by day and people by their latest, for the tenant alone', async () => {
    const { json } = await world.call(`/api/v1/consent?from=-2d&domain=${SITE}`, { key: acme.keys.read });
    expect(json.days.length).toBeGreaterThanOrEqual(3);
    const today = json.days.at(-1);
    expect(today.day).toBe(new Date().toISOString().slice(0, 10));
    const records = await exported('ndjson');
    expect(today.granted + today.partly + today.refused).toBe(records.length);
    expect(today.withdrawn).toBe(records.filter(({ change }) => change === 'withdrawn').length);
    expect(today.gpc).toBe(records.filter(({ gpc }) => gpc).length);
    const people = new Set(records.map(({ proof_id }) => proof_id)).size;
    expect(json.people.granted + json.people.partly + json.people.refused).toBe(people);
    const theirs = await world.call('/api/v1/consent', { key: other.keys.read });
    expect(theirs.json.people).toEqual({ granted: 0, partly: 0, refused: 0 });
    expect(theirs.json.days).toHaveLength(31);
  });

  async function exported(format: string): Promise<{ proof_id: string; change: string; gpc: boolean }[]> {
    const answer = await world.call(`/api/v1/consent/export?format=${format}`, { key: acme.keys.read });
    expect(answer.status).toBe(200);
    return answer.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  }

  test('the export has every record, as lines of JSON and as CSV', async () => {
    const records = await exported('ndjson');
    expect(records.length).toBeGreaterThan(5);
    const answer = await world.call('/api/v1/consent/export', { key: acme.keys.read });
    expect(answer.headers.get('content-type')).toContain('text/csv');
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="consent-acme-[\d-]+\.csv"$/);
    const [names = '', ...lines] = answer.text.trim().split('\r\n');
    expect(names).toBe(
      'id,time,domain,proof_id,visitor_id,analytical,marketing,asked,change,text_version,language,surface,gpc',
    );
    expect(lines.map((line) => line.split(',')[3])).toEqual(records.map(({ proof_id }) => proof_id));
    const theirs = await world.call('/api/v1/consent/export?format=ndjson', { key: other.keys.read });
    expect(theirs.text).toBe('');
  });

  test.each([
    ['/api/v1/consent?from=soon', 400],
    ['/api/v1/consent?from=now&to=-1d', 400],
    ['/api/v1/consent?from=0', 400],
    ['/api/v1/consent?domain=%2F', 400],
    ['/api/v1/consent/proofs/nonsense', 400],
    ['/api/v1/consent/export?format=xml', 400],
    ['/api/v1/consent/export?to=0', 400],
  ])('%s is %i', async (path, status) => {
    const answer = await world.call(path, { key: acme.keys.read });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      status,
      'application/problem+json; charset=utf-8',
    ]);
  });

  test('what visitors call the hub for is counted there, and nothing of it kept', async () => {
    const { records } = world.running.hub;
    const { token } = await records.forTenant(records.installation.id).keys.create({ scope: 'read' });
    const headers = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' };
    for (let n = 0; n < 5; n += 1) await site(undefined, { ...client(), ...headers });
    await world.call('/healthz', { headers: { ...client(), ...headers } });
    const ask = async (query: string) =>
      (await world.call(`/api/v1/traffic?from=-1d&to=%2B1d&where=bot=false&${query}`, { key: token })).json.rows;
    await expect.poll(async () => (await ask('metrics=requests,kept'))[0]).toMatchObject({ requests: 6, kept: 1 });
    const paths = (await ask('by=path&metrics=requests')).map(({ path }: { path: string }) => path);
    expect(paths).toEqual(['/healthz']);
  });
});
