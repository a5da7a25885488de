import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ClickHouse, openClickHouse } from '../src/stores/drivers/clickhouse/client.ts';
import { dumpSchema, migrateClickHouse } from '../src/stores/drivers/clickhouse/migrate.ts';

// The embedded engine takes one directory a process, so this file has one and every test uses it.
const GOLDEN = new URL('../migrations/clickhouse/golden/schema.sql', import.meta.url);
const CHILD = new URL('./support/clickhouse-child.ts', import.meta.url).pathname;
let directory: string;
let clickhouse: ClickHouse;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vedette-engine-'));
  clickhouse = await openClickHouse({ path: join(directory, 'data') });
});
afterAll(async () => {
  await clickhouse.close();
  await rm(directory, { recursive: true, force: true });
});

test('migrations run once and give the golden schema', async () => {
  expect(await migrateClickHouse(clickhouse)).toEqual([
    '0001_requests.sql',
    '0002_interactions.sql',
    '0003_sample.sql',
    '0004_all_domains.sql',
    '0005_cheap_filters.sql',
  ]);
  expect(await migrateClickHouse(clickhouse)).toEqual([]);
  const schema = await dumpSchema(clickhouse);
  if (process.env['VEDETTE_UPDATE_GOLDEN'] === '1') writeFileSync(GOLDEN, schema);
  expect(schema, 'run again with VEDETTE_UPDATE_GOLDEN=1 if the change is meant').toBe(readFileSync(GOLDEN, 'utf8'));
});

test('a migration that was changed after it was applied, and one that is not known, are refused', async () => {
  await migrateClickHouse(clickhouse);
  const copy = join(directory, 'migrations');
  await cp(new URL('../migrations/clickhouse/', import.meta.url), copy, { recursive: true });
  const url = pathToFileURL(`${copy}/`);
  await writeFile(
    join(copy, '9999_more.sql'),
    'CREATE TABLE IF NOT EXISTS more (a UInt8)\nENGINE = Memory;\n-- done;\n',
  );
  expect(await migrateClickHouse(clickhouse, url)).toEqual(['9999_more.sql']);
  await expect(migrateClickHouse(clickhouse)).rejects.toMatchObject({ code: 'schema-newer' });
  await writeFile(join(copy, '9999_more.sql'), 'SELECT 1;\n');
  await expect(migrateClickHouse(clickhouse, url)).rejects.toMatchObject({ code: 'migration-changed' });
});

test('a second process on the same directory is refused with the reason', async () => {
  const run = promisify(execFile)(process.execPath, [CHILD, 'open', join(directory, 'data')], { env: {} });
  await expect(run).resolves.toMatchObject({
    stdout: expect.stringMatching(/^data-in-use another process \(\d+\) is using /m),
  });
});

test('short statements do not wait behind a long one, and what runs is finished before the engine closes', async () => {
  const order: string[] = [];
  const long = clickhouse
    .query('SELECT max(sipHash64(number)) AS m FROM numbers(20000000)')
    .then(() => order.push('long'));
  await clickhouse.query('SELECT 1 AS one').then(() => order.push('short'));
  await long;
  expect(order).toEqual(['short', 'long']);
});

test('a statement has bounds in memory and time', async () => {
  await expect(
    clickhouse.query('SELECT length(groupArray(number)) AS n FROM numbers(1000000000)'),
  ).rejects.toMatchObject({ type: expect.stringMatching(/MEMORY_LIMIT_EXCEEDED|TIMEOUT_EXCEEDED/) });
});

test('a server that is away or refuses is named, without its password', async () => {
  const refusing = createServer((_, response) => {
    response.statusCode = 403;
    response.end('Code: 516. DB::Exception: Authentication failed. (AUTHENTICATION_FAILED)');
  });
  await new Promise<void>((resolve) => refusing.listen(0, '127.0.0.1', resolve));
  const { port } = refusing.address() as AddressInfo;
  const failure = (url: string) =>
    openClickHouse({ url }).then(
      () => expect.fail('it opened'),
      (error: Error & { code: string }) => error,
    );
  const refused = await failure(`http://someone:secret@127.0.0.1:${port}`);
  await new Promise((resolve) => refusing.close(resolve));
  const away = await failure(`http://someone:secret@127.0.0.1:${port}/other`);
  for (const error of [refused, away]) {
    expect(error.code).toBe('store-unreachable');
    expect(error.message).toContain(`127.0.0.1:${port}`);
    expect(error.message).not.toContain('secret');
  }
  expect((await failure('not a url')).message).toContain('CLICKHOUSE_URL');
});
