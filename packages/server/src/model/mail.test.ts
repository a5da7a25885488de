import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isMailAddress } from './mail.ts';

test.each([
  'ada@example.com',
  'a.b+c@mail.example.co.uk',
  "o'brien@example.com",
  'grüße@bücher.example',
  '用户@例子.example',
  `${'a'.repeat(64)}@example.com`,
  'root@intranet',
])('%s can be written to', (address) => expect(isMailAddress(address)).toBe(true));

test.each([
  '',
  '@example.com',
  'ada',
  'ada@',
  'ada@-example.com',
  'ada@example..com',
  '.ada@example.com',
  'ada..b@example.com',
  'ada@example.com,bob@example.com',
  'ada@example.com\r\nBcc: bob@example.com',
  'ada\n@example.com',
  '"ada b"@example.com',
  'ada <ada@example.com>',
  'ada@[192.0.2.1]',
  'ada@exa mple.com',
  `${'a'.repeat(65)}@example.com`,
  `a@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.${'e'.repeat(60)}.${'f'.repeat(20)}`,
])('%j cannot', (address) => expect(isMailAddress(address)).toBe(false));

test('nothing that ends a header, a list or an address ever gets through', () => {
  const parts = fc.array(
    fc.oneof(fc.constantFrom('\r', '\n', ' ', ',', ';', '<', '>', ':', '"', '\0', '@', 'a', '.example'), fc.string()),
  );
  fc.assert(
    fc.property(parts, (texts) => {
      const text = texts.join('');
      if (isMailAddress(text)) expect(text).not.toMatch(/[\s\p{Cc},;:<>"()[\]\\]/u);
    }),
    { numRuns: 2000 },
  );
});
