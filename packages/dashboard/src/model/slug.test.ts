import { expect, test } from 'vitest';
import { isSlug, slugOf } from './slug.ts';

test.each([
  ['Bakery', 'bakery'],
  ['Bäckerei Öst & Söner', 'backerei-ost-soner'],
  ['  Straße 7!  ', 'strasse-7'],
  ['x'.repeat(80), 'x'.repeat(63)],
  [`${'x'.repeat(62)} y`, 'x'.repeat(62)],
  ['東京', ''],
])('of %j: %j', (name, slug) => {
  expect(slugOf(name)).toBe(slug);
  if (slug !== '') expect(isSlug(slug)).toBe(true);
});

test.each(['', '-a', 'a-', 'A', 'a b', 'x'.repeat(64)])('%j is none', (text) => {
  expect(isSlug(text)).toBe(false);
});
