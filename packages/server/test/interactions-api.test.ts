import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startWorld, type World, type WorldTenant } from './support/world.ts';

let world: World;
let shop: WorldTenant;
let other: WorldTenant;
const WINDOW = 'from=-2h&to=%2B1h';
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

beforeAll(async () => {
  world = await startWorld();
  shop = await world.tenant('shop');
  other = await world.tenant('other');
  const { records } = world.running.hub;
  for (const host of ['www.shop.example', 'shop.example']) await records.forTenant(shop.id).domains.add(host);
  await records.forTenant(other.id).domains.add('other.example');
  await records.hosts.refresh();
});
afterAll(() => world?.stop());

const newId = () => randomBytes(16).toString('hex');
const event = (more: object = {}) => ({ id: newId(), kind: 'page_view', age: 0, path: '/', ...more });
const granted = (visitor = 'ab'.repeat(16)) => ({
  choices: { analytical: true, marketing: false },
  visitor_id: visitor,
});
const send = (body: object | string, headers: Record<string, string> = {}) =>
  world.call('/api/v1/interactions', {
    headers: { 'content-type': 'text/plain;charset=UTF-8', 'user-agent': BROWSER, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
const beacon = (events: object[], more: object = {}) => send({ domain: 'www.shop.example', ...more, events });
const plausible = (body: object | string, headers: Record<string, string> = {}) =>
  world.call('/api/event', {
    headers: { 'content-type': 'text/plain', 'user-agent': BROWSER, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
const ask = async (question: string, tenant = shop) => {
  const answer = await world.call(`/api/v1/interactions?${WINDOW}&${question}`, { key: tenant.keys.read });
  expect(answer.status, answer.text).toBe(200);
  return answer.json;
};

describe('POST /api/v1/interactions', () => {
  test('takes events from any page of the site, and tells which were not taken', async () => {
    const answer = await send(
      {
        domain: 'WWW.Shop.example',
        ...granted(),
        events: [event(), event({ kind: 'song' }), event({ kind: 'click', name: 'buy' })],
      },
      { origin: 'https://www.shop.example' },
    );
    expect([answer.status, answer.json]).toEqual([
      202,
      { accepted: 2, rejected: [{ index: 1, reason: expect.stringMatching(/^kind: /) }] },
    ]);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await ask('by=kind&kind=click')).toMatchObject({
      rows: [{ key: 'click', count: 1, consented: 1, visitors: 1, p50: null }],
    });
  });

  test('a preflight is answered, for as long as browsers remember one', async () => {
    for (const path of ['/api/v1/interactions', '/api/event']) {
      const answer = await world.call(path, { method: 'OPTIONS', headers: { origin: 'https://www.shop.example' } });
      expect(answer.status).toBe(204);
      expect(answer.headers.get('access-control-allow-methods')).toContain('POST');
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    }
  });

  test.each<[string, object | string, Record<string, string>, number, string]>([
    [
      'another site’s page',
      { domain: 'shop.example', events: [event()] },
      { origin: 'https://evil.example' },
      403,
      'foreign-origin',
    ],
    ['an unknown site', { domain: 'nobody.example', events: [event()] }, {}, 404, 'unknown-domain'],
    ['what is no JSON', '{', {}, 400, 'bad-json'],
    ['no events', { domain: 'shop.example', events: [] }, {}, 400, 'invalid'],
    [
      'too many events',
      { domain: 'shop.example', events: Array.from({ length: 51 }, () => event()) },
      {},
      400,
      'invalid',
    ],
    [
      'a visitor id that is none',
      { domain: 'shop.example', visitor_id: 'jane', events: [event()] },
      {},
      400,
      'invalid',
    ],
    [
      'too large a body',
      { domain: 'shop.example', events: [event({ path: 'a'.repeat(70_000) })] },
      {},
      413,
      'too-large',
    ],
  ])('%s is refused', async (_name, body, headers, status, type) => {
    const answer = await send(body, headers);
    expect([answer.status, answer.json.type]).toEqual([status, expect.stringContaining(type)]);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  });

  test('an event sent again counts once; another one under the same path counts too', async () => {
    const same = event({ kind: 'custom', name: 'again' });
    for (let time = 0; time < 3; time += 1) expect((await beacon([same], granted())).json.accepted).toBe(1);
    await beacon([event({ kind: 'custom', name: 'again' })], granted());
    const { text } = await world.call('/metrics');
    expect(text).toMatch(/^vedette_interactions_repeated_total [2-9]$/m);
    expect(text).toMatch(/^vedette_interactions_accepted_total \d+$/m);
    expect(await ask('by=name&kind=custom&name=again')).toMatchObject({ total: { count: 2, consented: 2 } });
  });

  test('of people who granted there are rows; the others are counted', async () => {
    const name = 'consent-table';
    const click = () => [event({ kind: 'click', name, path: '/consent' })];
    await beacon(click(), granted('01'.repeat(16)));
    await beacon(click(), { ...granted('01'.repeat(16)), gpc: true });
    await beacon(click(), { choices: { analytical: false, marketing: true }, visitor_id: '02'.repeat(16) });
    await beacon(click(), { visitor_id: '03'.repeat(16) });
    await send({ domain: 'www.shop.example', events: click() }, { 'sec-gpc': '1' });
    expect(await ask(`by=name&name=${name}`)).toMatchObject({ rows: [{ count: 5, consented: 2, visitors: 1 }] });
    expect(await ask(`by=path&name=${name}`)).toMatchObject({ rows: [{ key: '/consent', count: 2, visitors: 1 }] });
    expect(await ask(`by=class&name=${name}`)).toMatchObject({ rows: [{ key: 'people', count: 5 }] });
    expect((await ask(`by=kind&name=${name}`, other)).total).toEqual({ count: 0, consented: 0 });
  });
});

test('the banner’s showings stand beside the choices', async () => {
  for (const choices of [undefined, { analytical: false, marketing: false }]) {
    await beacon([event({ kind: 'banner' })], choices === undefined ? {} : { choices });
  }
  const { json } = await world.call('/api/v1/consent?from=-1d&to=%2B1d&domain=www.shop.example', {
    key: shop.keys.read,
  });
  expect(json.days.reduce((sum: number, { shown }: { shown: number }) => sum + shown, 0)).toBe(2);
});

describe('POST /api/event, as Plausible’s snippets send it', () => {
  const page = { n: 'pageview', u: 'https://www.shop.example/plausible?utm_source=x', d: 'shop.example', r: null };

  test('page views and events are counted, whatever the site calls itself', async () => {
    for (const body of [page, { name: 'pageview', url: 'https://www.shop.example/', domain: 'shop.example' }]) {
      const answer = await plausible(body, { origin: 'https://www.shop.example' });
      expect([answer.status, answer.text, answer.headers.get('x-plausible-dropped')]).toEqual([202, 'ok', null]);
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    }
    await plausible({ ...page, n: 'plausible-signup', p: { plan: 'pro', email: 'jane@private.example' } });
    await plausible({ ...page, n: 'Outbound Link: Click', p: { url: 'https://plausible-out.example/x' } });
    expect(await ask('by=name&name=plausible-signup')).toMatchObject({
      rows: [{ count: 1, consented: 0, visitors: 0 }],
    });
    expect(await ask('by=kind&kind=outbound&name=plausible-out.example')).toMatchObject({
      rows: [{ key: 'outbound', count: 1 }],
    });
    const { rows } = await ask('by=kind&domain=www.shop.example&kind=page_view');
    expect(rows[0].count).toBeGreaterThanOrEqual(2);
  });

  test.each<[string, object, string]>([
    ['a site that is unknown', { ...page, d: 'nobody.example' }, '1'],
    ['two of which one is unknown', { ...page, d: 'shop.example,nobody.example' }, '1'],
    ['how long a page was looked at', { ...page, n: 'engagement', e: 1000 }, '1'],
  ])('%s is dropped, and the header says so', async (_name, body, dropped) => {
    const answer = await plausible(body);
    expect([answer.status, answer.text, answer.headers.get('x-plausible-dropped')]).toEqual([202, 'ok', dropped]);
  });

  test('another site’s page is dropped', async () => {
    const answer = await plausible(page, { origin: 'https://evil.example' });
    expect([answer.status, answer.headers.get('x-plausible-dropped')]).toEqual([202, '1']);
  });

  test.each<[object | string, object]>([
    ['{', { errors: { request: ['Unable to parse request body as json'] } }],
    [{ n: 'pageview', d: 'shop.example' }, { errors: { url: ['is required'] } }],
    [{ u: page.u, d: 'shop.example' }, { errors: { event_name: ["can't be blank"] } }],
  ])('%j is told as Plausible tells it', async (body, errors) => {
    const answer = await plausible(body);
    expect([answer.status, answer.json]).toEqual([400, errors]);
  });
});

describe('questions', () => {
  test('widgets, funnels and sessions', async () => {
    const visitor = (byte: string) => granted(byte.repeat(16));
    for (const byte of ['a1', 'a2', 'a3']) {
      await beacon([event({ path: '/funnel', age: 60_000 })], visitor(byte));
    }
    for (const byte of ['a1', 'a2']) {
      await beacon([event({ kind: 'click', name: 'funnel-buy', path: '/funnel', age: 30_000 })], visitor(byte));
    }
    await beacon([event({ path: '/funnel/done' })], visitor('a1'));
    const widgets = await world.call(`/api/v1/interactions/widgets?${WINDOW}`, { key: shop.keys.read });
    expect(widgets.json.widgets).toContainEqual({
      name: 'funnel-buy',
      clicks: 2,
      consented_clicks: 2,
      visitors: 2,
      page_visitors: 3,
      rate: 2 / 3,
    });
    const funnel = await world.call('/api/v1/interactions/funnel', {
      key: shop.keys.read,
      body: {
        from: '-1h',
        to: '+1m',
        within_minutes: 30,
        steps: [
          { kind: 'page_view', match: '/funnel' },
          { kind: 'click', match: 'funnel-buy' },
          { kind: 'page_view', match: '/funnel/*' },
        ],
      },
    });
    expect(funnel.json.steps.map(({ visitors }: { visitors: number }) => visitors)).toEqual([3, 2, 1]);
    // One thing that somebody did is one step.
    const same = { kind: 'page_view', match: '/funnel' };
    const twice = await world.call('/api/v1/interactions/funnel', {
      key: shop.keys.read,
      body: { from: '-1h', to: '+1m', within_minutes: 30, steps: [same, { ...same, match: '/funnel*' }] },
    });
    expect(twice.json.steps.map(({ visitors }: { visitors: number }) => visitors)).toEqual([3, 1]);
    const sessions = await world.call(`/api/v1/sessions?${WINDOW}&by=country&consent=granted`, { key: shop.keys.read });
    expect([sessions.status, sessions.json]).toMatchObject([200, { by: 'country', total: { sessions: 0 }, rows: [] }]);
  });

  test.each<[string, number]>([
    ['/api/v1/interactions?by=song', 400],
    ['/api/v1/interactions?from=yesterday', 400],
    ['/api/v1/interactions?from=now&to=-1h', 400],
    ['/api/v1/interactions/widgets?limit=0', 400],
    ['/api/v1/sessions?by=song', 400],
    ['/api/v1/interactions?tenant=other', 403],
    ['/api/v1/sessions?tenant=other', 403],
  ])('%s is refused with %i', async (path, status) => {
    const answer = await world.call(path, { key: shop.keys.read });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      status,
      expect.stringContaining('application/problem+json'),
    ]);
  });

  test('a funnel that makes no sense is refused, field by field', async () => {
    const answer = await world.call('/api/v1/interactions/funnel', {
      key: shop.keys.read,
      body: { from: '-1h', to: 'now', within_minutes: 0, steps: [] },
    });
    expect(answer.status).toBe(400);
    expect(answer.json.errors.map(({ name }: { name: string }) => name).toSorted()).toEqual([
      'steps',
      'within_minutes',
    ]);
  });

  test('nobody reads without a key, nor with one that only sends', async () => {
    for (const path of ['/api/v1/interactions', '/api/v1/interactions/widgets', '/api/v1/sessions']) {
      expect((await world.call(path)).status).toBe(401);
      expect((await world.call(path, { key: shop.keys.ingest })).status).toBe(403);
    }
  });

  test('the OpenAPI document has them all', async () => {
    const { json } = await world.call('/api/openapi.json');
    for (const [path, method] of [
      ['/api/v1/interactions', 'get'],
      ['/api/v1/interactions', 'post'],
      ['/api/v1/interactions/widgets', 'get'],
      ['/api/v1/interactions/funnel', 'post'],
      ['/api/v1/sessions', 'get'],
      ['/api/event', 'post'],
    ] as const) {
      expect(json.paths[path][method].summary, path).toMatch(/\w/);
    }
    expect(json.paths['/api/v1/interactions'].post.security).toEqual([]);
  });
});

// The last, because all come from one address.
test('whoever calls too often is told when to come again', async () => {
  const statuses = new Set<number>();
  let last = await beacon([event()]);
  for (let calls = 0; calls < 900 && last.status !== 429; calls += 30) {
    const answers = await Promise.all(Array.from({ length: 30 }, () => send('{')));
    for (const answer of answers) statuses.add(answer.status);
    last = answers.find(({ status }) => status === 429) ?? last;
  }
  expect([...statuses].toSorted()).toEqual([400, 429]);
  expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0);
});
