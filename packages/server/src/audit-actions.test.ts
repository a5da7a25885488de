import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AUDIT_ACTIONS } from '@vedette/contract';
import { expect, test } from 'vitest';

// What a route is called in the log is held to this list by types. What the hub notes by itself is looked for here, and
// so is what nobody writes any more.

const root = import.meta.dirname;
const code = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
  .map((path) => readFileSync(join(root, path), 'utf8'))
  .join('\n');
const found = (pattern: RegExp) => [...code.matchAll(pattern)].map(([, action]) => action as string);

test('every action that can be written is in the list, and none besides', () => {
  const byHub = found(/byHub\(\s*'([^']+)'/g);
  const others = found(/(?:RETENTION_ACTION|: AuditAction) = '([^']+)'/g);
  const routes = found(/\baudit: '([a-z-]+(?:\.[a-z-]+)+)'/g);
  expect(byHub.length).toBeGreaterThan(4);
  expect(others).toHaveLength(3);
  expect(routes.length).toBeGreaterThan(50);
  const written = new Set([...byHub, ...others, ...routes, 'tenant.suspend', 'tenant.resume']);
  expect([...written].sort()).toEqual([...AUDIT_ACTIONS].sort());
});
