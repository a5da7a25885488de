import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startWorld, type World, type WorldTenant } from './support/world.ts';

let world: World;
let acme: WorldTenant;
let other: WorldTenant;
let installationKey: string;

beforeAll(async () => {
  world = await startWorld();
  acme = await world.tenant('acme');
  other = await world.tenant('other');
  const { records } = world.running.hub;
  await records.forTenant(acme.id).domains.add('www.acme.example');
  await records.forTenant(acme.id).domains.add('*.acme.example');
  await records.forTenant(other.id).domains.add('other.example');
  await records.hosts.refresh();
  installationKey = (await records.forTenant(records.installation.id).keys.create({ scope: 'ingest' })).token;
});
afterAll(() => world.stop());

describe('GET /api/v1/hosts', () => {
  test('answers a tenant with its own hosts alone', async () => {
    const ours = await world.call('/api/v1/hosts', { key: acme.keys.ingest });
    expect(ours.status).toBe(200);
    expect(ours.json).toEqual({ hosts: { 'www.acme.example': acme.id, '*.acme.example': acme.id } });
    expect(ours.headers.get('content-type')).toMatch(/^application\/json/);
    expect(ours.headers.get('cache-control')).toBe('private, max-age=60, stale-while-revalidate=86400');
    const theirs = await world.call('/api/v1/hosts', { key: other.keys.admin });
    expect(theirs.json).toEqual({ hosts: { 'other.example': other.id } });
  });

  test('answers the installation, and the operator, with those of all or of one', async () => {
    const all = {
      hosts: { 'www.acme.example': acme.id, '*.acme.example': acme.id, 'other.example': other.id },
    };
    expect((await world.call('/api/v1/hosts', { key: installationKey })).json).toEqual(all);
    expect((await world.control('/api/v1/hosts')).json).toEqual(all);
    expect((await world.control('/api/v1/hosts?tenant=other')).json).toEqual({ hosts: { 'other.example': other.id } });
  });

  test('has a strong ETag that changes with the hosts and with the tenant', async () => {
    const first = await world.call('/api/v1/hosts', { key: acme.keys.ingest });
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]{20,}"$/);
    for (const given of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const again = await world.call('/api/v1/hosts', { key: acme.keys.ingest, headers: { 'if-none-match': given } });
      expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', etag]);
      expect(again.headers.get('cache-control')).toContain('max-age=60');
    }
    const theirs = await world.call('/api/v1/hosts', { key: other.keys.ingest, headers: { 'if-none-match': etag } });
    expect(theirs.status).toBe(200);
    const { records } = world.running.hub;
    await records.forTenant(acme.id).domains.add('new.acme.example');
    await records.hosts.refresh();
    const changed = await world.call('/api/v1/hosts', { key: acme.keys.ingest, headers: { 'if-none-match': etag } });
    expect(changed.status).toBe(200);
    expect(changed.json.hosts).toHaveProperty(['new.acme.example'], acme.id);
    await records.forTenant(acme.id).domains.remove('new.acme.example');
    await records.hosts.refresh();
  });

  test('leaves out who is suspended', async () => {
    const { records } = world.running.hub;
    await records.unscoped.tenants.setSuspended(other.id, true);
    await records.hosts.refresh();
    const { json } = await world.call('/api/v1/hosts', { key: installationKey });
    expect(Object.values(json.hosts)).not.toContain(other.id);
    await records.unscoped.tenants.setSuspended(other.id, false);
    await records.hosts.refresh();
  });
});
