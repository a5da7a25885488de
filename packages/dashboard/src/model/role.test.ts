import { expect, test } from 'vitest';
import { ROLES as KNOWN, PERMISSIONS, rolesFor } from '../../../server/src/model/permission.ts';
import { MAY, mayMakeOwners, ROLES } from './role.ts';

test('the roles and what they may are those of the hub', () => {
  expect(ROLES).toEqual(KNOWN);
  const hub = Object.keys(PERMISSIONS).map((name) => [name, rolesFor(name as keyof typeof PERMISSIONS)]);
  expect(Object.fromEntries(hub)).toEqual({ ...MAY, operate: [] });
});

test.each([
  [null, true],
  ['owner', true],
  ['admin', false],
  ['viewer', false],
] as const)('%s makes owners: %s', (role, may) => {
  expect(mayMakeOwners(role)).toBe(may);
});
