import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (path: string) => readFileSync(new URL(`../../../../${path}`, import.meta.url), 'utf8');
const namesIn = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, name]) => name as string);
const sorted = (names: Iterable<string>) => [...names].sort();

/** Names in the first column of the table of docs/privacy.md under that heading. */
function told(engine: string): string[] {
  const [, table = ''] = read('docs/privacy.md').split(`| table of ${engine} |`);
  const rows = table.split('\n\n', 1)[0]?.split('\n').slice(2) ?? [];
  return rows.flatMap((row) => namesIn(row.split('|')[1] ?? '', /`(\w+)`/g));
}

// A table that nobody told of is data that nobody knows of.
test.each([
  ['ClickHouse', 'clickhouse/golden/schema.sql', /^CREATE TABLE vedette\.(\w+)$/gm],
  ['PostgreSQL', 'postgres/schema.golden.sql', /^TABLE (\w+)(?: ROW SECURITY FORCED)?$/gm],
])('docs/privacy.md tells of every table of %s, once', (engine, golden, pattern) => {
  const tables = namesIn(read(`packages/server/migrations/${golden}`), pattern);
  expect(tables.length).toBeGreaterThan(10);
  expect(sorted(told(engine))).toEqual(sorted(tables));
});
