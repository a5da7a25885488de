import { type ApiProblem, createClient } from '@vedette/contract/client';
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from 'vitest';
import { startWorld, type World, type WorldTenant } from './support/world.ts';

let world: World;
let acme: WorldTenant;

beforeAll(async () => {
  world = await startWorld({ VEDETTE_RATE_LIMIT: '1000' });
  acme = await world.tenant('acme');
  await world.running.hub.records.forTenant(acme.id).domains.add('www.acme.example');
});
afterAll(() => world.stop());

const client = (scope: keyof WorldTenant['keys'] | string) =>
  createClient({ url: world.url, key: acme.keys[scope as 'read'] ?? scope });
const logOf = (host: string, lines: number) =>
  Array.from(
    { length: lines },
    (_, i) =>
      `192.0.2.${i % 250} - - [26/Nov/2026:12:00:${String(i % 60).padStart(2, '0')} +0000] "GET /${host} HTTP/1.1" 200 1\n`,
  ).join('');

describe('the typed client', () => {
  test('sends requests and asks about them, each word checked against the document', async () => {
    const now = new Date().toISOString();
    const taken = await client('ingest').call('POST', '/api/v1/requests', {
      body: Array.from({ length: 7 }, (_, i) => ({
        time: now,
        'client.address': '192.0.2.1',
        'server.address': 'www.acme.example',
        'url.path': `/page/${i}`,
        'http.response.status_code': 200,
      })),
      query: {},
    });
    expect(taken).toEqual({ accepted: 7, rejected: [] });
    expectTypeOf(taken.accepted).toEqualTypeOf<number>();
    const answer = await client('read').call('GET', '/api/v1/traffic', {
      query: { metrics: ['requests'], by: ['status'] },
    });
    expect(answer.rows).toEqual([{ status: 200, requests: 7 }]);
    expectTypeOf(answer.source).toEqualTypeOf<'roll-up' | 'rows'>();
    const policy = await client('read').call('GET', '/api/v1/privacy/policy');
    expectTypeOf(policy.policy.retention_days.granted).toEqualTypeOf<number>();
    expect(policy.policy.retention_days.granted).toBeGreaterThan(0);
    // @ts-expect-error: there is no such parameter
    await expect(client('read').call('GET', '/api/v1/traffic', { query: { form: '-1h' } })).rejects.toThrow('form');
    // @ts-expect-error: the kind of an integration must be told
    await expect(client('read').call('GET', '/api/v1/integrations/{kind}/figures', {})).rejects.toThrow('kind');
  });

  test('walks a list from page to page', async () => {
    const seen: string[] = [];
    for await (const row of client('read').list('/api/v1/requests', { query: { limit: 3 } })) {
      expectTypeOf(row.path).toEqualTypeOf<string>();
      seen.push(row.path);
    }
    expect(seen.sort()).toEqual(Array.from({ length: 7 }, (_, i) => `/page/${i}`));
  });

  test('reads lines as they come', async () => {
    const paths: string[] = [];
    for await (const row of client('read').lines('GET', '/api/v1/requests/export', { query: { format: 'ndjson' } })) {
      paths.push(row.path);
    }
    expect(paths.length).toBe(7);
  });

  test('says what the hub refused, as a value of its own kind', async () => {
    const problem = await client('read')
      .call('GET', '/api/v1/traffic', { query: { limit: 0, from: 'lately' } })
      .then(
        () => null,
        (error: ApiProblem) => error,
      );
    expect(problem).toMatchObject({ name: 'ApiProblem', status: 400, code: 'invalid', retryAfter: null });
    expect(problem?.problem.errors?.map(({ name }) => name)).toContain('limit');
    await expect(client('vdt_unknown').call('GET', '/api/v1/fields')).rejects.toMatchObject({
      status: 401,
      code: 'unauthorised',
    });
    const elsewhere = createClient({ url: `${world.url}/nowhere`, key: acme.keys.read });
    await expect(elsewhere.call('GET', '/api/v1/fields')).rejects.toThrow('no hub');
  });
});

describe('lists', () => {
  test('of imports go on where a page ended, whatever is imported meanwhile', async () => {
    const send = (name: string) =>
      client('ingest').call('POST', '/api/v1/imports', { query: { name }, body: logOf(name, 3) });
    for (const name of ['a', 'b', 'c', 'd', 'e']) await send(name);
    const names: string[] = [];
    for await (const { name } of client('read').list('/api/v1/imports', { query: { limit: 2 } })) {
      names.push(name);
      if (names.length === 2) await send('f');
    }
    expect(names).toEqual(['e', 'd', 'c', 'b', 'a']);
    const sources: string[] = [];
    for await (const { name } of client('read').list('/api/v1/sources', { query: { limit: 2 } })) sources.push(name);
    expect(sources).toEqual(expect.arrayContaining(['a', 'b', 'c', 'd', 'e', 'f']));
    expect(new Set(sources).size).toBe(sources.length);
  });

  test.each([
    ['of another list', '/api/v1/sources'],
    ['of another question', '/api/v1/requests?where=status%3D200'],
  ])('take no cursor %s', async (_, path) => {
    const { json } = await world.call('/api/v1/requests?limit=1', { key: acme.keys.read });
    const refused = await world.call(`${path}${path.includes('?') ? '&' : '?'}cursor=${json.next}`, {
      key: acme.keys.read,
    });
    expect(refused).toMatchObject({ status: 400, json: { type: 'urn:vedette:problem:bad-cursor' } });
  });

  test('take no cursor of another tenant', async () => {
    const rival = await world.tenant('rival');
    const { json } = await world.call('/api/v1/requests?limit=1', { key: acme.keys.read });
    const refused = await world.call(`/api/v1/requests?limit=1&cursor=${json.next}`, { key: rival.keys.read });
    expect(refused.status).toBe(400);
  });

  test('of tenants, domains and keys have cursors on the control socket', async () => {
    // What goes on while one looks is not compared: the hub's own calls are counted, and when a key was used is noted.
    const still = (entry: object) => JSON.stringify({ ...entry, requests_today: null, used: null });
    const walk = async (path: string, name: string) => {
      const all: string[] = [];
      let cursor = '';
      do {
        const { json } = await world.control(`${path}${path.includes('?') ? '&' : '?'}limit=1${cursor}`);
        expect(json[name].length).toBe(1);
        all.push(still(json[name][0]));
        cursor = json.next === null ? '' : `&cursor=${json.next}`;
      } while (cursor !== '');
      return all;
    };
    const whole = async (path: string, name: string) => ((await world.control(path)).json[name] as object[]).map(still);
    for (const [path, name] of [
      ['/api/v1/tenants', 'tenants'],
      ['/api/v1/domains', 'domains'],
      ['/api/v1/keys?tenant=acme', 'keys'],
    ] as const) {
      expect(await walk(path, name)).toEqual(await whole(path, name));
    }
  });
});

describe('exports', () => {
  test.each([
    ['/api/v1/requests/export?where=path=/page/*', /^id,time,received,domain,/, 7],
    ['/api/v1/traffic/export?by=path&metrics=requests&where=path=/page/*', /^path,requests\r\n\/page\/\d,1\r\n/, 7],
    [
      '/api/v1/traffic/export?by=path&metrics=requests&people_metrics=requests,p50&where=path=/page/*&compare=previous',
      /^path,requests,requests_before,people_requests,people_p50,people_requests_before,people_p50_before\r\n\/page\/\d,1,0,/,
      7,
    ],
    ['/api/v1/imports/export', /^id,name,format,bytes,lines\.read,/, 6],
    ['/api/v1/sources/export', /^id,kind,name,agent,/, 7],
    ['/api/v1/consent/export', /^id,time,domain,proof_id,/, 0],
  ])('%s are files of CSV, or of lines of JSON', async (path, head, rows) => {
    const csv = await world.call(path, { key: acme.keys.read });
    expect(csv.status).toBe(200);
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(csv.headers.get('content-disposition')).toMatch(/^attachment; filename="\w+-acme-\d{4}-\d\d-\d\d\.csv"$/);
    expect(csv.text).toMatch(head);
    expect(csv.text.split('\r\n').length - 2).toBe(rows);
    const lines = await world.call(`${path}${path.includes('?') ? '&' : '?'}format=ndjson`, { key: acme.keys.read });
    expect(lines.headers.get('content-type')).toBe('application/x-ndjson');
    expect(
      lines.text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line)).length,
    ).toBe(rows);
  });
});

describe('what is made under an Idempotency-Key', () => {
  const make = (path: string, key: string, body: unknown) =>
    world.control(path, { method: 'POST', body, headers: { 'idempotency-key': key } });

  test('is made once, and told again', async () => {
    const first = await make('/api/v1/tenants', 'one', { slug: 'once' });
    const again = await make('/api/v1/tenants', 'one', { slug: 'once' });
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.json).toEqual(first.json);
    expect([first.headers.get('idempotency-replayed'), again.headers.get('idempotency-replayed')]).toEqual([
      null,
      'true',
    ]);
  });

  test('is not made again from another body, and nothing else is made under the key', async () => {
    await make('/api/v1/tenants', 'two', { slug: 'two' });
    for (const [path, body] of [
      ['/api/v1/tenants', { slug: 'other' }],
      ['/api/v1/domains', { pattern: 'other.example' }],
    ] as const) {
      expect(await make(path, 'two', body)).toMatchObject({
        status: 422,
        json: { type: 'urn:vedette:problem:idempotency-key-reused' },
      });
    }
  });

  test('is made once when the calls come at once', async () => {
    const answers = await Promise.all([1, 2, 3, 4].map(() => make('/api/v1/tenants', 'four', { slug: 'four' })));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201).length).toBeGreaterThanOrEqual(1);
    expect(statuses.every((status) => status === 201 || status === 409)).toBe(true);
    expect(new Set(answers.filter(({ status }) => status === 201).map(({ json }) => json.id)).size).toBe(1);
    expect((await make('/api/v1/tenants', 'four', { slug: 'four' })).status).toBe(201);
  });

  test('may be tried again after a refusal', async () => {
    expect((await make('/api/v1/domains?tenant=once', 'five', { pattern: '-' })).status).toBe(422);
    expect((await make('/api/v1/domains?tenant=once', 'five', { pattern: '-' })).status).toBe(422);
    expect((await make('/api/v1/domains?tenant=once', 'five', { pattern: 'five.example' })).status).toBe(201);
  });

  test('is shown once when it is a secret, which is kept nowhere', async () => {
    const first = await make('/api/v1/keys?tenant=acme', 'six', { scope: 'read' });
    const again = await make('/api/v1/keys?tenant=acme', 'six', { scope: 'read' });
    expect([first.status, again.status]).toEqual([201, 409]);
    expect(again.json.type).toBe('urn:vedette:problem:shown-once');
    const { keys } = (await world.control('/api/v1/keys?tenant=acme')).json;
    expect(keys.filter(({ prefix }: { prefix: string }) => first.json.token.startsWith(prefix)).length).toBe(1);
    const { texts } = world.running.hub.records.unscoped;
    const found: number[] = [];
    for await (const table of texts.search([first.json.token], new AbortController().signal)) found.push(table.found);
    expect(found.length).toBeGreaterThan(5);
    expect(found.every((count) => count === 0)).toBe(true);
  });

  test.each(['x'.repeat(256), 'ä'])('cannot have the key %j', async (key) => {
    const answer = await make('/api/v1/tenants', Buffer.from(key).toString('latin1'), { slug: 'seven' });
    expect(answer).toMatchObject({ status: 400, json: { type: 'urn:vedette:problem:bad-idempotency-key' } });
  });
});

test('every answer to a known caller tells its allowance', async () => {
  for (const [path, method] of [
    ['/api/v1/fields', 'GET'],
    ['/api/v1/traffic?limit=0', 'GET'],
    ['/api/v1/nothing', 'GET'],
    ['/api/v1/fields', 'DELETE'],
    ['/api/v1/requests/export', 'GET'],
    ['/api/v1/privacy/erase', 'POST'],
  ] as const) {
    const { headers } = await world.call(path, { method, key: acme.keys.read });
    expect(headers.get('ratelimit-policy'), path).toBe('"caller";q=1000;w=60');
    expect(headers.get('ratelimit'), path).toMatch(/^"caller";r=\d+;t=\d+$/);
    expect(headers.get('ratelimit-limit'), path).toBe('1000');
  }
  const beacon = await world.call('/api/v1/site?domain=www.acme.example');
  expect(beacon.headers.get('ratelimit-policy')).toBe('"address";q=120;w=60, "site";q=12000;w=60');
});
