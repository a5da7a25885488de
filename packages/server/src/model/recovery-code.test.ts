import { expect, test } from 'vitest';
import { hashRecoveryCode, newRecoveryCodes } from './recovery-code.ts';

const ANNA = '0197a000-0000-7000-8000-000000000001';
const BEN = '0197a000-0000-7000-8000-000000000002';

test('ten different codes of four groups of six', () => {
  const codes = newRecoveryCodes();
  expect(new Set(codes).size).toBe(10);
  for (const code of codes) expect(code).toMatch(/^[0-9a-hjkmnp-tv-z]{6}(?:-[0-9a-hjkmnp-tv-z]{6}){3}$/);
});

test('a code is known however it is typed, and is of one person', () => {
  const code = 'a1b0c2-d3e4f5-g6h7j8-k9m0n1';
  const kept = hashRecoveryCode(ANNA, code) as Buffer;
  for (const typed of [
    code.toUpperCase(),
    code.replaceAll('-', ''),
    ' aIbOc2 d3e4f5 g6h7j8 k9mon1 ',
    'aLb0c2d3e4f5g6h7j8k9m0nl',
  ]) {
    expect(hashRecoveryCode(ANNA, typed)).toEqual(kept);
  }
  expect(hashRecoveryCode(BEN, code)).not.toEqual(kept);
  expect(hashRecoveryCode(ANNA, code.replace('a', 'b'))).not.toEqual(kept);
});

test.each([
  '',
  '123456',
  'a1b0c2-d3e4f5-g6h7j8-k9m0n',
  'a1b0c2-d3e4f5-g6h7j8-k9m0n1x',
  'u1b0c2-d3e4f5-g6h7j8-k9m0n1',
  ' '.repeat(1e6),
])('what is no code has no hash (%#)', (typed) => {
  expect(hashRecoveryCode(ANNA, typed)).toBeNull();
});
