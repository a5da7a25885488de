import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';

// Who may import what. The stages never import each other: what they share is in `model`, and `pipelines` puts them
// in order. `report` is a small vertical of its own that reads like a pipeline.
const STAGES = ['collect', 'enrich', 'detect', 'respond', 'privacy', 'expose', 'work'];
const MAY_IMPORT: Record<string, readonly string[]> = {
  model: [],
  flow: ['model'],
  stores: ['model'],
  ...Object.fromEntries(STAGES.map((stage) => [stage, ['model', 'flow', 'stores']])),
  pipelines: [...STAGES, 'model', 'flow', 'stores'],
  report: [...STAGES, 'model', 'flow', 'pipelines'],
  backup: ['model', 'flow', 'stores', 'privacy'],
  cli: ['*'],
};

const root = import.meta.dirname;
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
  (path) => path.endsWith('.ts') && !path.endsWith('.test.ts'),
);
const imports = sources.flatMap((path) =>
  [...readFileSync(join(root, path), 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((match) => ({
    path,
    target: relative(root, join(root, path, '..', match[1] as string)),
  })),
);
const folderOf = (path: string) => (path.includes('/') ? (path.split('/')[0] as string) : '');

test('there is something to look at', () => {
  expect(imports.length).toBeGreaterThan(20);
});

test('every folder of src is known to this rule', () => {
  expect([...new Set(sources.map(folderOf))].filter((folder) => folder !== '' && !(folder in MAY_IMPORT))).toEqual([]);
});

test('no folder imports what it may not', () => {
  const wrong = imports.filter(({ path, target }) => {
    const [from, to] = [folderOf(path), folderOf(target)];
    if (from === '' || from === to || target.startsWith('..')) return false;
    const allowed = MAY_IMPORT[from] ?? [];
    return !allowed.includes('*') && !allowed.includes(to);
  });
  expect(wrong.map(({ path, target }) => `${path} imports ${target}`)).toEqual([]);
});

test('stages see ports of the stores, never their drivers', () => {
  const wrong = imports.filter(
    ({ path, target }) => STAGES.includes(folderOf(path)) && target.startsWith(join('stores', 'drivers')),
  );
  expect(wrong.map(({ path, target }) => `${path} imports ${target}`)).toEqual([]);
});

test('only config.ts reads the environment', () => {
  const readers = sources.filter((path) => /process\.env\b/.test(readFileSync(join(root, path), 'utf8')));
  expect(readers.filter((path) => path !== 'config.ts')).toEqual([]);
});
