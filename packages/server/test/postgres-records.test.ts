import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isRefusal } from '../src/model/request.ts';
import { openRecords, type Records, type Tenant } from '../src/stores/records.ts';
import { quietLog, startTestPostgres, type TestPostgres } from './support/postgres.ts';

let postgres: TestPostgres;
const open: Records[] = [];

beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterEach(async () => {
  for (const records of open.splice(0)) await records.close();
});
afterAll(async () => {
  await postgres?.stop();
});

async function openOn(url: string): Promise<Records> {
  const records = await openRecords({ url, log: quietLog() });
  open.push(records);
  return records;
}

async function fresh(): Promise<Records> {
  return openOn(await postgres.freshDatabase());
}

async function tenant(records: Records, slug: string): Promise<Tenant> {
  const made = await records.unscoped.tenants.create({ slug, name: slug });
  if (isRefusal(made)) throw new Error(made.detail);
  return made;
}

async function eventually(check: () => unknown): Promise<void> {
  await expect.poll(check, { interval: 10 }).toBeTruthy();
}

describe('the installation', () => {
  it('is created once, though many processes start at once on an empty database', async () => {
    const url = await postgres.emptyDatabase();
    const all = await Promise.all([openOn(url), openOn(url), openOn(url), openOn(url)]);
    const ids = new Set(all.map((records) => records.installation.id));
    expect(ids.size).toBe(1);
    expect(all[0]?.installation).toMatchObject({ isInstallation: true, slug: 'installation' });
    expect([...ids][0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    expect(await all[0]?.unscoped.tenants.list()).toHaveLength(1);
  });

  it('has another id in another installation, and keeps it', async () => {
    const url = await postgres.freshDatabase();
    const first = await openOn(url);
    const again = await openOn(url);
    const other = await fresh();
    expect(again.installation).toEqual(first.installation);
    expect(other.installation.id).not.toBe(first.installation.id);
  });

  it('is found by its flag when its name was changed or its slug is taken', async () => {
    const url = await postgres.freshDatabase();
    await postgres.query(
      url,
      "INSERT INTO vedette.tenants (id, slug, name) VALUES (gen_random_uuid(), 'installation', 'A customer')",
    );
    const records = await openOn(url);
    expect(records.installation.slug).toMatch(/^installation-/);
    await records.unscoped.tenants.change(records.installation.id, { name: 'Example Ltd' });
    expect((await openOn(url)).installation).toMatchObject({ id: records.installation.id, name: 'Example Ltd' });
  });

  it('cannot be suspended', async () => {
    const records = await fresh();
    expect(await records.unscoped.tenants.setSuspended(records.installation.id, true)).toMatchObject({
      refused: 'is-installation',
    });
  });
});

describe('tenants', () => {
  it('are created, found by id and slug, renamed and listed', async () => {
    const records = await fresh();
    const { tenants } = records.unscoped;
    const acme = await tenant(records, 'acme');
    expect(await tenants.find('acme')).toEqual(acme);
    expect(await tenants.find(acme.id)).toEqual(acme);
    expect(await tenants.find('nobody')).toBeNull();
    expect(await tenants.change(acme.id, { name: ' Acme & Söhne ' })).toMatchObject({ name: 'Acme & Söhne' });
    expect((await tenants.list()).map((each) => each.slug)).toEqual(['acme', 'installation']);
    expect(Math.abs(acme.createdAt - Date.now())).toBeLessThan(3_600_000);
  });

  it.each([
    ['acme', 'Acme', 'slug-taken'],
    ['Acme', 'Acme', 'bad-slug'],
    ['-acme', 'Acme', 'bad-slug'],
    ['', 'Acme', 'bad-slug'],
    ['a'.repeat(64), 'Acme', 'bad-slug'],
    ['other', '  ', 'bad-name'],
    ['other', 'x'.repeat(201), 'bad-name'],
  ])('slug %j, name %j is refused: %s', async (slug, name, reason) => {
    const records = await fresh();
    await tenant(records, 'acme');
    expect(await records.unscoped.tenants.create({ slug, name })).toMatchObject({ refused: reason });
  });

  it('keep a policy of their own', async () => {
    const records = await fresh();
    const own = records.forTenant((await tenant(records, 'acme')).id).tenant;
    expect((await own.get()).policy).toEqual({});
    await own.setPolicy({ retentionDays: { unknown: 7 } });
    await own.change({ name: 'Acme Ltd' });
    expect(await own.get()).toMatchObject({ name: 'Acme Ltd', policy: { retentionDays: { unknown: 7 } } });
  });
});

describe('API keys', () => {
  it('authenticate until they are revoked, everywhere', async () => {
    const url = await postgres.freshDatabase();
    const [here, there] = [await openOn(url), await openOn(url)];
    const acme = await tenant(here, 'acme');
    const { key, token } = await here.forTenant(acme.id).keys.create({ scope: 'ingest', name: 'edge' });
    expect(token).toMatch(/^vdt_[A-Za-z0-9_-]{43}$/);
    expect(token.startsWith(key.prefix)).toBe(true);
    const principal = { kind: 'key', id: key.id, name: key.name, tenantId: acme.id, scope: 'ingest' };
    expect(await here.authenticate(token)).toEqual(principal);
    expect(await there.authenticate(token)).toEqual(principal);
    expect(await there.authenticate(token)).toEqual(principal);
    expect(await here.forTenant(acme.id).keys.revoke(key.id)).toBe(true);
    expect(await here.forTenant(acme.id).keys.revoke(key.id)).toBe(false);
    await eventually(async () => (await there.authenticate(token)) === null);
    await eventually(async () => (await here.authenticate(token)) === null);
  });

  it('are stored as hashes only', async () => {
    const url = await postgres.freshDatabase();
    const records = await openOn(url);
    const { token } = await records.forTenant(records.installation.id).keys.create({ scope: 'admin' });
    const [row] = await postgres.query(url, 'SELECT * FROM vedette.api_keys');
    expect(JSON.stringify(row)).not.toContain(token.slice(12));
  });

  it.each(['', 'vdt_', 'vdt_unknown', 'Bearer x', `vdt_${'x'.repeat(1000)}`])('%j is nobody', async (token) => {
    expect(await (await fresh()).authenticate(token)).toBeNull();
  });

  it('an unknown key becomes known as soon as it is made', async () => {
    const url = await postgres.freshDatabase();
    const records = await openOn(url);
    const { token } = await records.forTenant(records.installation.id).keys.create({ scope: 'read' });
    await postgres.query(url, 'CREATE TABLE kept AS SELECT * FROM vedette.api_keys');
    await postgres.query(url, 'DELETE FROM vedette.api_keys');
    await eventually(async () => (await records.authenticate(token)) === null);
    await postgres.query(url, 'INSERT INTO vedette.api_keys SELECT * FROM kept');
    await eventually(async () => (await records.authenticate(token)) !== null);
  });

  it('end when they expire; a suspended tenant’s are still known, so that they can be told why they may do nothing', async () => {
    const records = await fresh();
    const acme = await tenant(records, 'acme');
    const { keys } = records.forTenant(acme.id);
    const past = await keys.create({ scope: 'read', expiresAt: Date.now() - 1 });
    expect(await records.authenticate(past.token)).toBeNull();
    const future = await keys.create({ scope: 'read', expiresAt: Date.now() + 3_600_000 });
    expect(await records.authenticate(future.token)).not.toBeNull();
    await records.unscoped.tenants.setSuspended(acme.id, true);
    await eventually(() => records.standing.of(acme.id)?.state === 'suspended');
    expect(await records.authenticate(future.token)).toMatchObject({ tenantId: acme.id });
    await records.unscoped.tenants.setSuspended(acme.id, false);
    await eventually(() => records.standing.of(acme.id)?.state === 'active');
  });

  it('are followed by another of the same scope, name and length of life, once', async () => {
    const records = await fresh();
    const acme = await tenant(records, 'acme');
    const { keys } = records.forTenant(acme.id);
    const first = await keys.create({ scope: 'read', name: 'agent', expiresAt: Date.now() + 30 * 86_400_000 });
    const [one, two] = await Promise.all([keys.rotate(first.key.id, 60_000), keys.rotate(first.key.id, 60_000)]);
    const [made, refusal] = 'refused' in one ? [two, one] : [one, two];
    if ('refused' in made) throw new Error(made.detail);
    expect(refusal).toMatchObject({ refused: 'key-rotated' });
    expect(made.key).toMatchObject({ scope: 'read', name: 'agent', rotatedFrom: first.key.id });
    const life = (key: { createdAt: number; expiresAt: number | null }) => (key.expiresAt ?? 0) - key.createdAt;
    expect(Math.abs(life(made.key) - life(first.key))).toBeLessThan(5000);
    expect(made.former.expiresAt).toBeLessThan(Date.now() + 61_000);
    for (const token of [first.token, made.token]) expect(await records.authenticate(token)).not.toBeNull();
    // With no overlap the old one ends at once.
    const next = await keys.rotate(made.key.id, 0);
    if ('refused' in next) throw new Error(next.detail);
    expect(next.former.revokedAt).not.toBeNull();
    await eventually(async () => (await records.authenticate(made.token)) === null);
    expect(await keys.rotate(made.key.id, 0)).toMatchObject({ refused: 'unknown-key' });
    const past = await keys.create({ scope: 'read', expiresAt: Date.now() - 1 });
    expect(await keys.rotate(past.key.id, 0)).toMatchObject({ refused: 'unknown-key' });
  });

  it('have their last use noted, at the latest when the records are closed', async () => {
    const url = await postgres.freshDatabase();
    const records = await openOn(url);
    const { keys } = records.forTenant(records.installation.id);
    const { token } = await keys.create({ scope: 'read' });
    await records.authenticate(token);
    await open.pop()?.close();
    const again = await openOn(url);
    const [key] = await again.forTenant(again.installation.id).keys.list();
    expect(key?.lastUsedAt).toBeTypeOf('number');
  });
});

describe('log-in links', () => {
  it('log in once, and the session can be ended', async () => {
    const records = await fresh();
    const own = records.forTenant(records.installation.id).sessions;
    const { token } = await own.createLink({ scope: 'admin', validMs: 60_000 });
    const attempts = await Promise.all([1, 2, 3].map(() => records.logIn.redeem(token, 60_000)));
    const opened = attempts.filter((attempt) => attempt !== null);
    expect(opened).toHaveLength(1);
    const session = opened[0];
    expect(await records.logIn.session(session?.token ?? '')).toEqual(session?.session);
    expect(await records.authenticate(session?.token ?? '')).toBeNull();
    expect(await records.logIn.logOut(session?.token ?? '')).toBe(true);
    expect(await records.logIn.session(session?.token ?? '')).toBeNull();
  });

  it('are refused when unknown or expired, and all end together', async () => {
    const records = await fresh();
    const own = records.forTenant(records.installation.id).sessions;
    const late = await own.createLink({ scope: 'read', validMs: -1 });
    expect(await records.logIn.redeem(late.token, 60_000)).toBeNull();
    expect(await records.logIn.redeem('vdl_unknown', 60_000)).toBeNull();
    const first = await own.createLink({ scope: 'read', validMs: 60_000 });
    const second = await own.createLink({ scope: 'read', validMs: 60_000 });
    const session = await records.logIn.redeem(first.token, 60_000);
    const short = await own.createLink({ scope: 'read', validMs: 60_000 });
    const over = await records.logIn.redeem(short.token, -1);
    expect(await records.logIn.session(over?.token ?? '')).toBeNull();
    expect(await own.revokeAll()).toBe(2);
    expect(await records.logIn.session(session?.token ?? '')).toBeNull();
    expect(await records.logIn.redeem(second.token, 60_000)).toBeNull();
  });
});

describe('imported files', () => {
  const head = { headBytes: 1024, headHash: Buffer.alloc(32, 7) };
  const lines = { read: 10, accepted: 8, rejected: 2 };

  it('advance range by range, once each', async () => {
    const records = await fresh();
    const { imports } = records.forTenant(records.installation.id);
    const file = await imports.createFile({ ...head, name: 'access.log', format: 'combined' });
    expect(file).toMatchObject({ generation: 0, offsetDone: 0, pending: [], parserState: null });
    const range = { start: 0, end: 5_000_000_000, token: 'a' };
    const step = { range, lines, firstEventAt: 1000, lastEventAt: 2000, parserState: { n: 1 }, tailHash: Buffer.of(1) };
    expect(await imports.advance(file.id, step)).toBe(false);
    expect(await imports.intend(file.id, range)).toEqual(range);
    expect((await imports.getFile(file.id))?.pending).toEqual([range]);
    expect(await imports.advance(file.id, { ...step, range: { ...range, token: 'b' } })).toBe(false);
    expect(await imports.advance(file.id, step)).toBe(true);
    expect(await imports.advance(file.id, step)).toBe(false);
    const next = { start: range.end, end: range.end + 10, token: 'c' };
    await imports.intend(file.id, next);
    const more = { ...step, range: next, firstEventAt: 500, lastEventAt: null, format: 'nginx' };
    expect(await imports.advance(file.id, more)).toBe(true);
    expect(await imports.getFile(file.id)).toMatchObject({
      offsetDone: 5_000_000_010,
      lines: { read: 20, accepted: 16, rejected: 4 },
      firstEventAt: 500,
      lastEventAt: 2000,
      format: 'nginx',
      parserState: { n: 1 },
      tailHash: Buffer.of(1),
      pending: [],
    });
  });

  it('give an interrupted range back as it was meant', async () => {
    const records = await fresh();
    const { imports } = records.forTenant(records.installation.id);
    const file = await imports.createFile({ ...head, name: 'access.log', format: 'combined' });
    await imports.intend(file.id, { start: 0, end: 100, token: 'first' });
    const again = await imports.intend(file.id, { start: 0, end: 200, token: 'second' });
    expect(again).toEqual({ start: 0, end: 100, token: 'first' });
    expect((await imports.findFiles([head]))[0]?.pending).toEqual([again]);
    expect(await imports.intend(records.installation.id, { start: 0, end: 1, token: 'x' })).toMatchObject({
      refused: 'no-such-file',
    });
  });

  it('that begin alike are told apart by generation', async () => {
    const records = await fresh();
    const { imports } = records.forTenant(records.installation.id);
    const make = () => imports.createFile({ ...head, name: 'access.log', format: 'combined' });
    const files = await Promise.all([make(), make(), make()]);
    expect(files.map((file) => file.generation).sort()).toEqual([0, 1, 2]);
    const short = { headBytes: 10, headHash: Buffer.alloc(32, 8) };
    await imports.createFile({ ...short, name: 'short.log', format: 'combined' });
    const found = await imports.findFiles([short, head, { headBytes: 1, headHash: Buffer.alloc(32) }]);
    expect(found.map((file) => [file.headBytes, file.generation])).toEqual([
      [1024, 2],
      [1024, 1],
      [1024, 0],
      [10, 0],
    ]);
    expect(await imports.findFiles([])).toEqual([]);
    expect(await imports.list(2)).toHaveLength(2);
  });
});

describe('day keys', () => {
  it('are the first candidate for everybody', async () => {
    const url = await postgres.freshDatabase();
    const [here, there] = [await openOn(url), await openOn(url)];
    const answers = await Promise.all(
      [1, 2, 3, 4].map((n) => (n % 2 ? here : there).unscoped.dayKeys.getOrCreate(20_000, Buffer.alloc(60, n))),
    );
    expect(new Set(answers.map((key) => key.toString('hex'))).size).toBe(1);
    expect(await there.unscoped.dayKeys.list()).toEqual([{ day: 20_000, sealed: answers[0] }]);
  });

  it('are destroyed before a day, and do not come back', async () => {
    const url = await postgres.freshDatabase();
    const { dayKeys } = (await openOn(url)).unscoped;
    for (const day of [20_000, 20_001, 20_002]) await dayKeys.getOrCreate(day, Buffer.alloc(60, day % 256));
    expect(await dayKeys.destroyBefore(20_002)).toBe(2);
    expect(await dayKeys.destroyBefore(20_002)).toBe(0);
    expect((await dayKeys.list()).map((key) => key.day)).toEqual([20_002]);
    await expect(dayKeys.getOrCreate(20_001, Buffer.alloc(60))).rejects.toMatchObject({ code: 'day-key-destroyed' });
    const rows = await postgres.query(url, 'SELECT day::text, sealed, destroyed_at FROM vedette.day_keys ORDER BY day');
    expect(rows.map((row) => [row.day, row.sealed === null, row.destroyed_at === null])).toEqual([
      ['2024-10-04', true, false],
      ['2024-10-05', true, false],
      ['2024-10-06', false, true],
    ]);
  });
});

describe('idempotency keys', () => {
  it('belong to the first claim until they expire', async () => {
    const records = await fresh();
    const { idempotency } = records.forTenant(records.installation.id);
    const later = Date.now() + 60_000;
    const claims = await Promise.all(['a', 'b', 'c'].map((token) => idempotency.claim('k', token, later)));
    expect(claims.filter((claim) => claim.first)).toHaveLength(1);
    const winner = claims[0]?.batchToken ?? '';
    expect(claims.map((claim) => claim.batchToken)).toEqual([winner, winner, winner]);
    expect(await idempotency.find('k')).toEqual({ batchToken: winner, answer: null });
    await idempotency.claimAll([{ key: 'k', answer: { accepted: 3 } }], winner, later);
    expect(await idempotency.find('k')).toEqual({ batchToken: winner, answer: { accepted: 3 } });
    expect(await idempotency.claim('k', 'd', later)).toMatchObject({ first: false, answer: { accepted: 3 } });
  });

  it('are claimed together with their answers, but for those that another batch has', async () => {
    const records = await fresh();
    const { idempotency } = records.forTenant(records.installation.id);
    const later = Date.now() + 60_000;
    const entries = (...keys: string[]) => keys.map((key) => ({ key, answer: { of: key } }));
    expect(await idempotency.claimAll(entries('k1', 'k2', 'k2'), 'a', later)).toEqual([]);
    expect(await idempotency.claimAll(entries('k3', 'k2', 'k1'), 'b', later)).toEqual(entries('k1', 'k2'));
    // Whoever stores a batch again finds it as he left it.
    expect(await idempotency.claimAll(entries('k1', 'k2'), 'a', later)).toEqual([]);
    expect(await idempotency.claimAll(entries('k3', 'k2'), 'b', later)).toEqual(entries('k2'));
    expect(await idempotency.find('k2')).toEqual({ batchToken: 'a', answer: { of: 'k2' } });
    expect(await idempotency.find('k3')).toEqual({ batchToken: 'b', answer: { of: 'k3' } });
    // One without an answer, or past its time, is anybody's.
    await idempotency.claim('k4', 'c', later);
    await idempotency.claimAll(entries('k5'), 'c', Date.now() - 1);
    expect(await idempotency.claimAll(entries('k4', 'k5'), 'd', later)).toEqual([]);
    expect(await idempotency.find('k5')).toEqual({ batchToken: 'd', answer: { of: 'k5' } });
    const racing = await Promise.all(
      ['x', 'y', 'z'].map((token) => idempotency.claimAll(entries('k6', 'k7'), token, later)),
    );
    expect(racing.filter((taken) => taken.length === 0)).toHaveLength(1);
  });

  it('are free again when they expired', async () => {
    const records = await fresh();
    const { idempotency } = records.forTenant(records.installation.id);
    await idempotency.claim('k', 'b', Date.now() - 1);
    expect(await idempotency.find('k')).toBeNull();
    expect(await idempotency.claim('k', 'c', Date.now() - 1)).toEqual({ first: true, batchToken: 'c', answer: null });
    expect(await records.unscoped.prune(Date.now())).toBe(1);
  });
});

it('settings are kept as JSON', async () => {
  const { settings } = (await fresh()).unscoped;
  expect(await settings.get('geo')).toBeUndefined();
  for (const value of [{ a: [1, null] }, 'text', 0, false, null]) {
    await settings.set('geo', value);
    expect(await settings.get('geo')).toEqual(value);
  }
  expect(await settings.remove('geo')).toBe(true);
  expect(await settings.remove('geo')).toBe(false);
});
