import { expect, test } from 'vitest';
import { base32, matchTotp, newTotpSecret, otpauthUri, totpCode, totpStep } from './totp.ts';

/** The secret of RFC 4226, appendix D, and of RFC 6238, appendix B, for SHA-1. */
const SECRET = Buffer.from('12345678901234567890');

test.each([
  [59, '94287082'],
  [1111111109, '07081804'],
  [1111111111, '14050471'],
  [1234567890, '89005924'],
  [2000000000, '69279037'],
  [20000000000, '65353130'],
])('RFC 6238, appendix B: at %i s the code is %s', (seconds, code) => {
  expect(totpCode(SECRET, totpStep(seconds * 1000), 8)).toBe(code);
});

test('RFC 4226, appendix D: the first ten codes of six digits', () => {
  const codes = ['755224', '287082', '359152', '969429', '338314', '254676', '287922', '162583', '399871', '520489'];
  expect(codes.map((_, step) => totpCode(SECRET, step))).toEqual(codes);
});

test.each([
  ['', ''],
  ['f', 'MY'],
  ['fo', 'MZXQ'],
  ['foo', 'MZXW6'],
  ['foob', 'MZXW6YQ'],
  ['fooba', 'MZXW6YTB'],
  ['foobar', 'MZXW6YTBOI'],
])('RFC 4648, 10: %j is %j without padding', (text, encoded) => {
  expect(base32(Buffer.from(text))).toBe(encoded);
});

const NOW = 1_700_000_010_000;
const STEP = totpStep(NOW);

test.each([
  ['the present step', STEP, null, STEP],
  ['one step behind', STEP - 1, null, STEP - 1],
  ['one step ahead', STEP + 1, null, STEP + 1],
  ['two steps behind', STEP - 2, null, null],
  ['two steps ahead', STEP + 2, null, null],
  ['a step that was used', STEP, STEP, null],
  ['a step before one that was used', STEP - 1, STEP, null],
  ['a step after one that was used', STEP + 1, STEP, STEP + 1],
])('a code of %s', (_, step, last, found) => {
  expect(matchTotp(SECRET, totpCode(SECRET, step), NOW, last)).toBe(found);
});

test('a code is read as people type it, and nothing else is one', () => {
  const code = totpCode(SECRET, STEP);
  expect(matchTotp(SECRET, ` ${code.slice(0, 3)} ${code.slice(3)} `, NOW, null)).toBe(STEP);
  for (const wrong of ['', code.slice(1), `${code}0`, '٠٠٠٠٠٠', 'abcdef', '1'.repeat(5000)]) {
    expect(matchTotp(SECRET, wrong, NOW, null)).toBeNull();
  }
});

test('secrets have 160 bits, each its own', () => {
  expect(newTotpSecret()).toHaveLength(20);
  expect(newTotpSecret().equals(newTotpSecret())).toBe(false);
});

test('the URI has what apps read, with names escaped', () => {
  const uri = new URL(otpauthUri(SECRET, 'Vedette hub.example', 'Anna+x@example.org'));
  expect(uri.href).toContain('otpauth://totp/Vedette%20hub.example:Anna%2Bx%40example.org?');
  expect(Object.fromEntries(uri.searchParams)).toEqual({
    secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
    issuer: 'Vedette hub.example',
    algorithm: 'SHA1',
    digits: '6',
    period: '30',
  });
  expect(uri.search).not.toContain('+');
});
