import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { MOST_LISTENERS } from '../src/expose/live-tails.ts';
import { codeOf } from './support/cookies.ts';
import { type Events, listen } from './support/events.ts';
import { insertPerson } from './support/people.ts';
import { startWorld, type World, type WorldTenant } from './support/world.ts';

let world: World;
let acme: WorldTenant;
let other: WorldTenant;
let count = 0;
const open: Events[] = [];

beforeAll(async () => {
  world = await startWorld({ VEDETTE_RATE_LIMIT: '1000000' });
  acme = await world.tenant('acme');
  other = await world.tenant('other');
});
afterEach(async () => {
  for (const events of open.splice(0)) await events.leave();
});
afterAll(() => world.stop());

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

async function tail(query = '', headers: Record<string, string> = bearer(acme.keys.read)): Promise<Events> {
  const events = await listen(`${world.url}/api/v1/requests/live?${query}`, headers);
  open.push(events);
  return events;
}

/** Sends requests, and answers with their paths, which nothing else has. */
async function send(tenant: WorldTenant, number = 1, more: object = {}): Promise<string[]> {
  const body = Array.from({ length: number }, () => ({
    time: Date.now(),
    'server.address': `www.${tenant.slug}.example`,
    'url.path': `/${tenant.slug}-${(count += 1)}`,
    'http.response.status_code': 200,
    ...more,
  }));
  const answer = await world.call('/api/v1/requests', { key: tenant.keys.ingest, body });
  expect(answer.json.accepted, answer.text.slice(0, 300)).toBe(number);
  return body.map((request) => request['url.path']);
}
const path = (wanted: string | undefined) => (row: { path: string }) => row.path === wanted;

describe('the stream', () => {
  test('says from when on it tells, then has each request as the list of requests has it', async () => {
    const events = await tail();
    expect(events.status).toBe(200);
    expect(Object.fromEntries(events.headers)).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    const state = await events.next('state');
    expect(state.data).toEqual({ from: expect.stringMatching(/Z$/), readable: true, gap_from: null });
    const [sent] = await send(acme);
    const { data, id } = await events.next('request');
    expect(data.path).toBe(sent);
    expect(id).toMatch(/^[\w-]+$/);
    expect(Date.parse(data.received)).toBeGreaterThanOrEqual(Date.parse(state.data.from));
    const list = await world.call(`/api/v1/requests?where=path=${sent}`, { key: acme.keys.read });
    expect(list.json.requests).toEqual([data]);
  });

  test('has what filters ask for, for each listener its own, and nothing of another tenant', async () => {
    const [all, errors, elsewhere] = [
      await tail(),
      await tail('where=status%3D5xx'),
      await tail('', bearer(other.keys.read)),
    ];
    const [good] = await send(acme);
    const [bad] = await send(acme, 1, { 'http.response.status_code': 503 });
    const [theirs] = await send(other);
    expect((await errors.next('request')).data).toMatchObject({ path: bad, status: 503 });
    await all.next('request', path(good));
    await all.next('request', path(bad));
    expect((await elsewhere.next('request')).data.path).toBe(theirs);
    const wrong = await world.call('/api/v1/requests/live?where=land%3DDE', { key: acme.keys.read });
    expect([wrong.status, wrong.json.errors[0].name]).toEqual([400, 'where']);
  });

  test('has nothing twice, in the order of arrival, and leaves out what happened long ago', async () => {
    const events = await tail();
    const sent = await send(acme, 3);
    await send(acme, 1, { time: Date.now() - 3_600_000 });
    sent.push(...(await send(acme, 3)));
    await new Promise((resolve) => setTimeout(resolve, 2500));
    const [last] = await send(acme);
    const seen: string[] = [];
    await events.next('request', ({ path: one }) => {
      seen.push(one);
      return one === last;
    });
    expect(seen.sort()).toEqual([...sent, last].sort());
  });

  test('shows the latest of a flood, and says how many it left out', async () => {
    const events = await tail();
    const sent = (await Promise.all([send(acme, 3000), send(acme, 3000)])).flat();
    let shown = 0;
    let skipped = 0;
    while (shown + skipped < sent.length) {
      const { event, data } = await events.next(/^(request|skipped)$/);
      if (event === 'request') shown += 1;
      else skipped += data.count;
    }
    expect(shown + skipped).toBe(sent.length);
    expect(shown).toBeGreaterThanOrEqual(200);
    expect(skipped).toBeGreaterThan(0);
    const [after] = await send(acme);
    await events.next('request', path(after));
  });

  test('goes on where another ended', async () => {
    const first = await tail();
    const [before] = await send(acme);
    const { id } = await first.next('request', path(before));
    await first.leave();
    const missed = await send(acme, 2);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const second = await tail('', { ...bearer(acme.keys.read), 'last-event-id': id ?? '' });
    const rows = [await second.next('request'), await second.next('request')].map(({ data }) => data.path);
    expect(rows.sort()).toEqual(missed.sort());
    // One that has had no request yet goes on as well.
    const quiet = await tail();
    const state = await quiet.next('state');
    await quiet.leave();
    const [late] = await send(acme);
    const again = await tail('', { ...bearer(acme.keys.read), 'last-event-id': state.id ?? '' });
    await again.next('request', path(late));
    const longAgo = Buffer.from(`${Date.now() - 3_600_000} `).toString('base64url');
    const away = await tail('', { ...bearer(acme.keys.read), 'last-event-id': longAgo });
    const { data: told } = await away.next('state');
    expect(Date.parse(told.from) - Date.parse(told.gap_from)).toBeGreaterThanOrEqual(3_600_000);
    const nonsense = await tail('', { ...bearer(acme.keys.read), 'last-event-id': 'bm9uc2Vuc2U' });
    expect(nonsense.status).toBe(400);
  });

  test('is for so many of a tenant at once', async () => {
    const all: Events[] = [];
    for (let i = 0; i < MOST_LISTENERS; i += 1) all.push(await tail('', bearer(other.keys.read)));
    expect(all.map(({ status }) => status)).toEqual(all.map(() => 200));
    const more = await world.call('/api/v1/requests/live', { key: other.keys.read });
    expect([more.status, codeOf(more), more.headers.get('retry-after')]).toEqual([429, 'too-many-listeners', '10']);
    expect((await tail()).status).toBe(200);
    await all[0]?.leave();
    await expect
      .poll(async () => (await world.call('/api/v1/requests/live', { key: other.keys.read })).status, {
        timeout: 10_000,
      })
      .toBe(200);
  });
});

describe('the stream ends', () => {
  test('when the session does, or its person may not look any more', async () => {
    const tenant = await world.tenant('company');
    const person = async (email: string) => {
      const somebody = await insertPerson(world, { email, name: email, roles: { [tenant.id]: 'analyst' } });
      return { ...somebody, cookie: await somebody.session('full') };
    };
    const { accounts, forTenant } = world.running.hub.records;
    const [one, two, three] = [await person('a@x.example'), await person('b@x.example'), await person('c@x.example')];
    const streams = await Promise.all([one, two, three].map(({ cookie }) => tail('', { cookie })));
    for (const stream of streams) await stream.next('state');
    await accounts.sessions.endAll(one.id, null);
    await streams[0]?.ended();
    await forTenant(tenant.id).members.setRole(two.id, 'viewer', ['analyst']);
    await streams[1]?.ended();
    const [sent] = await send(tenant);
    await streams[2]?.next('request', path(sent));
    await forTenant(tenant.id).members.remove(three.id, ['analyst']);
    await streams[2]?.ended();
  });

  test('when its key is revoked', async () => {
    const { keys } = world.running.hub.records.forTenant(acme.id);
    const { key, token } = await keys.create({ scope: 'read' });
    const events = await tail('', bearer(token));
    await events.next('state');
    await keys.revoke(key.id);
    await events.ended();
  });

  test('when the tenant is suspended, but not for operators', async () => {
    const tenant = await world.tenant('paused');
    const { records } = world.running.hub;
    const events = await tail('', bearer(tenant.keys.read));
    const { installation } = records;
    const operator = await insertPerson(world, {
      email: 'op@x.example',
      name: 'Op',
      roles: { [installation.id]: 'owner' },
    });
    const cookie = await operator.session('full');
    const watched = await tail('tenant=paused', { cookie });
    await watched.next('state');
    await events.next('state');
    await records.unscoped.tenants.setSuspended(tenant.id, true);
    await events.ended();
    expect((await tail('', bearer(tenant.keys.read))).status).toBe(403);
    await world.control('/api/v1/tenants/paused', { method: 'DELETE', body: { confirm: 'paused' } });
    await watched.ended();
  });

  // The last, for the world ends with it.
  test('when the hub stops', async () => {
    const events = await tail();
    await events.next('state');
    const [left] = await Promise.all([events.ended(), world.stop()]);
    expect(left).toEqual([]);
  });
});
