import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { createMetrics } from './expose/health.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');

/** The hub's own metrics, without those of Node and of what is measured elsewhere. */
function known(): string[] {
  const nothing = { figures: () => new Map(), state: () => 'good', refused: () => new Map() };
  const hub = {
    version: '0',
    interactions: nothing,
    disks: nothing,
    receiver: nothing,
    syslog: nothing,
    figures: () => ({}),
  };
  const registry: Registry = createMetrics(hub as never, () => 0);
  const names = registry.getMetricsAsArray().map(({ name }) => name);
  const elsewhere = ['vedette_insert_duration_seconds', 'vedette_http_request_duration_seconds'];
  return [...names.filter((name) => name.startsWith('vedette_')), ...elsewhere].sort();
}

test('every metric is in the documentation with its meaning, and nothing else is', () => {
  const text = readFileSync(join(ROOT, 'docs', 'operating.md'), 'utf8');
  const section = /^### Metrics\n(.*?)^###? /ms.exec(text)?.[1] ?? '';
  expect([...section.matchAll(/^\| `(vedette_\w+)/gm)].map(([, name]) => name).sort()).toEqual(known());
});

test('alerts are about metrics that there are', () => {
  const rules = readFileSync(join(ROOT, 'deploy', 'alerts.yaml'), 'utf8');
  const expressions = [...rules.matchAll(/^ +expr: (.+)$/gm)].map(([, text]) => text ?? '');
  const named = expressions.flatMap((text) => text.match(/\bvedette_\w+/g) ?? []);
  expect(named.length).toBeGreaterThan(5);
  const names = new Set(known());
  expect(named.map((name) => name.replace(/_bucket$/, '')).filter((name) => !names.has(name))).toEqual([]);
});
