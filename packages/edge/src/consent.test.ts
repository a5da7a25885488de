import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import table from '../../contract/cases/consent-cookie.json' with { type: 'json' };
import { readConsent as readInHub } from '../../server/src/model/consent-cookie.ts';
import { readConsent } from './consent.ts';

describe('a choice in a Cookie header', () => {
  test.each(table.cookies)('$given is $choice', ({ given, choice, visitor }) => {
    expect(readConsent(given)).toEqual({ choice, visitorId: visitor });
  });

  test('is found under another name', () => {
    const value = '1.0123456789abcdef0123456789abcdef.a0m0';
    expect(readConsent(`vedette_consent=x; choice=${value}`, 'choice').choice).toBe('refused');
    expect(readConsent(`a.b=${value}; axb=1`, 'a.b').choice).toBe('refused');
    expect(readConsent(`axb=${value}`, 'a.b').choice).toBe('unknown');
  });

  test('is the same to the hub, whatever the header, and an id is never anything else', () => {
    const piece = fc.constantFrom(
      'vedette_consent',
      '=',
      ';',
      ' ',
      '1.',
      '0123456789abcdef0123456789abcdef',
      '.a1m0.',
      '.a0m0',
      '.',
      'x',
      '"',
      'fedcba9876543210fedcba9876543210',
      'vedette_consent=1.0123456789abcdef0123456789abcdef.a1m1.fedcba9876543210fedcba9876543210',
    );
    const header = fc.oneof(
      fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join('')),
      fc.string({ unit: 'binary', maxLength: 200 }),
    );
    fc.assert(
      fc.property(header, (cookies) => {
        const consent = readConsent(cookies);
        expect(readInHub(cookies)).toEqual(consent);
        expect(consent.visitorId === '' || /^[0-9a-f]{32}$/.test(consent.visitorId)).toBe(true);
        if (consent.visitorId !== '') expect(consent.choice).toBe('granted');
      }),
      { numRuns: 2000 },
    );
  });

  test('is looked for in time that grows with the header', () => {
    // A quadratic step would take minutes for these 8 MB, longer than a test may.
    const cookies = 'vedette_consent'.repeat(200_000) + ' '.repeat(5_000_000);
    expect(readConsent(cookies).choice).toBe('unknown');
  });
});
