import { expect, test } from 'vitest';
import { inForce, stateOf } from './key-state.ts';

const NOW = Date.parse('2026-11-26T12:00:00Z');

test.each([
  [null, false, null, 'good', true],
  ['2027-11-26T12:00:00Z', false, null, 'good', true],
  ['2026-11-30T12:00:00Z', true, null, 'soon', true],
  ['2026-11-26T12:00:00Z', true, null, 'expired', false],
  ['2027-11-26T12:00:00Z', false, '2026-11-01T00:00:00Z', 'revoked', false],
  ['2026-11-01T00:00:00Z', false, '2026-11-01T00:00:00Z', 'revoked', false],
] as const)('a key until %s (soon: %s), revoked %s, is %s', (expires, expires_soon, revoked, state, force) => {
  expect(stateOf({ expires, expires_soon, revoked }, NOW)).toBe(state);
  expect(inForce(state)).toBe(force);
});
