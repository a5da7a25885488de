import { describe, expect, test } from 'vitest';
import { GRANTEES, type Grantee, grants, mayGrant, PERMISSIONS, type Permission, permissionsOf } from './permission.ts';

// Written out by hand once more, so that a change of the table is a change here too.
const EXPECTED: Record<Permission, string> = {
  //        operator owner admin analyst viewer key-admin key-read key-ingest
  read: '   yes      yes   yes   yes     yes    yes       yes      no',
  export: ' yes      yes   yes   yes     no     yes       yes      no',
  ingest: ' yes      yes   yes   yes     no     yes       no       yes',
  views: '  yes      yes   yes   yes     no     no        no       no',
  privacy: 'yes      yes   yes   no      no     yes       no       no',
  settings: 'yes     yes   yes   no      no     yes       no       no',
  keys: '   yes      yes   yes   no      no     yes       no       no',
  people: ' yes      yes   yes   no      no     no        no       no',
  audit: '  yes      yes   yes   no      no     yes       no       no',
  operate: 'yes      no    no    no      no     no        no       no',
};

const cells = Object.entries(EXPECTED).flatMap(([permission, row]) =>
  row
    .trim()
    .split(/\s+/)
    .map((cell, i) => [GRANTEES[i] as Grantee, cell, permission as Permission] as const),
);

describe('the table of permissions', () => {
  test.each(cells)('%s: %s for %s', (grantee, cell, permission) => {
    expect(grants(grantee, permission)).toBe(cell === 'yes');
  });

  test('every cell is looked at, and every permission is described', () => {
    expect(cells).toHaveLength(Object.keys(PERMISSIONS).length * GRANTEES.length);
  });

  test('a wider grantee may all that a narrower one may, within people and within keys', () => {
    for (const order of [
      ['operator', 'owner', 'admin', 'analyst', 'viewer'],
      ['key-admin', 'key-read'],
      ['key-admin', 'key-ingest'],
    ] as Grantee[][]) {
      for (let i = 1; i < order.length; i += 1) {
        expect(permissionsOf(order[i - 1] as Grantee)).toEqual(
          expect.arrayContaining(permissionsOf(order[i] as Grantee)),
        );
      }
    }
  });
});

test.each([
  ['admin', 'admin', true],
  ['admin', 'read', true],
  ['admin', 'ingest', true],
  ['read', 'read', true],
  ['read', 'ingest', false],
  ['read', 'admin', false],
  ['ingest', 'read', false],
  ['ingest', 'admin', false],
] as const)('a key of scope %s may make one of scope %s: %s', (own, wanted, may) => {
  expect(mayGrant(own, wanted)).toBe(may);
});
