import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..', '..');
const page = readFileSync(join(root, 'docs', 'security.md'), 'utf8');
const tests = readdirSync(join(root, 'packages'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.test.ts') && !path.includes('node_modules'))
  .map((path) => ({ name: basename(path), path: join(root, 'packages', path) }));
const named = [...page.matchAll(/`([\w.-]+\.test\.ts)` “([^”]+)”/g)].map(
  ([, file = '', name = '']) => [file, name] as const,
);
const rows = page.split('\n').filter((line) => /^\| \d/.test(line));

test('the page about security names tests', () => {
  expect(named.length).toBeGreaterThan(60);
});

test.each([...new Set(named.map(([file, name]) => `${file}: ${name}`))])('%s is there', (reference) => {
  const [file = '', name = ''] = reference.split(/: (.*)/s);
  const found = tests.filter((one) => one.name === file);
  expect(found.map(({ path }) => readFileSync(path, 'utf8')).join('\n')).toContain(name);
});

test('every line has a test, and every requirement of levels 1 and 2 on sessions and authorization has a line', () => {
  for (const row of rows) expect(row).toMatch(/`[\w.-]+\.test\.ts` “/);
  const lines = rows.flatMap((row) => (row.split('|')[1] ?? '').split(',').map((number) => number.trim()));
  const asked = {
    '7.1': 3,
    '7.2': 4,
    '7.3': 2,
    '7.4': 5,
    '7.5': 2,
    '7.6': 2,
    '8.1': 2,
    '8.2': 3,
    '8.3': 1,
    '8.4': 1,
  };
  const wanted = Object.entries(asked).flatMap(([section, count]) =>
    Array.from({ length: count }, (_, n) => `${section}.${n + 1}`),
  );
  expect(lines).toEqual(expect.arrayContaining(wanted));
});
