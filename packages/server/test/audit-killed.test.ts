import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runVedette, startServe } from './support/serve.ts';
import { fillData } from './support/template.ts';
import { databaseUrl } from './support/world-database.ts';

const PATIENCE = { timeout: 60_000, interval: 200 };
let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vedette-audit-killed-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

test('a change whose process dies before its entry is written stands in the log after the next start', async () => {
  const data = join(dir, 'data');
  await fillData(data);
  const first = await startServe(data);
  const made = await runVedette(['key', 'create', '--tenant', 'installation', '--scope', 'admin', '--data', data]);
  const headers = { authorization: `Bearer ${made.stdout.trim()}`, 'content-type': 'application/json' };
  const ask = async (url: string, path: string) => (await fetch(`${url}${path}`, { headers })).json();

  // Nobody can write to the log for now.
  const owner = new pg.Client({ connectionString: await databaseUrl({ dir }) });
  owner.on('error', () => undefined);
  await owner.connect();
  await owner.query('BEGIN');
  await owner.query('LOCK TABLE vedette.audit_log IN EXCLUSIVE MODE');
  const body = JSON.stringify({ name: 'Renamed Ltd' });
  const unanswered = fetch(`${first.url}/api/v1/tenant`, { method: 'PATCH', headers, body }).catch(() => null);
  await vi.waitFor(async () => {
    const { tenants } = (await ask(first.url, '/api/v1/me')) as { tenants: { name: string }[] };
    expect(tenants[0]?.name).toBe('Renamed Ltd');
  }, PATIENCE);
  first.child.kill('SIGKILL');
  await first.ended;
  expect(await unanswered).toBeNull();
  await owner.end().catch(() => undefined);

  const second = await startServe(data);
  const { entries } = (await ask(second.url, '/api/v1/audit?action=tenant.change')) as { entries: unknown[] };
  expect(entries).toMatchObject([
    { outcome: 'failed', actor: { kind: 'key' }, detail: { reason: 'interrupted', fields: ['name'] } },
  ]);
  expect(await ask(second.url, '/api/v1/audit/integrity')).toMatchObject({ intact: true });
  await vi.waitFor(async () => expect(await readFile(join(data, 'audit-open.ndjson'), 'utf8')).toBe(''), PATIENCE);
  second.child.kill('SIGTERM');
  expect(await second.ended).toEqual({ code: 0, signal: null });
});
