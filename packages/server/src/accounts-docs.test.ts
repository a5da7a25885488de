import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SSO_ERRORS } from '@vedette/contract';
import { expect, test } from 'vitest';
import { GRANTEES, grants, PERMISSIONS, type Permission } from './model/permission.ts';

const page = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'accounts.md'), 'utf8');

test('the page about accounts shows the table of permissions as it is', () => {
  for (const [permission, purpose] of Object.entries(PERMISSIONS)) {
    const cells = GRANTEES.map((grantee) => (grants(grantee, permission as Permission) ? 'yes' : '–'));
    expect(page).toContain(`| \`${permission}\` | ${purpose} | ${cells.join(' | ')} |`);
  }
});

test('the page about accounts explains every error of single sign-on', () => {
  const explained = [...page.matchAll(/^\| `(sso-[a-z-]+)` \| \S/gm)].map(([, code]) => code as string);
  expect(explained.toSorted()).toEqual([...SSO_ERRORS].toSorted());
});
