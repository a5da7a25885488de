import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HostTable, normaliseHostPattern } from './records-hosts.ts';

describe('host patterns', () => {
  it.each([
    ['example.com', 'example.com'],
    [' Example.COM. ', 'example.com'],
    ['*.Example.com', '*.example.com'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['*.BÜCHER.example', '*.xn--bcher-kva.example'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['localhost', 'localhost'],
    ['a_b.example.com', 'a_b.example.com'],
    ['192.0.2.1', '192.0.2.1'],
    ['2001:DB8::1', '2001:db8::1'],
  ])('%j is kept as %s', (text, expected) => {
    expect(normaliseHostPattern(text)).toBe(expected);
  });

  it.each([
    '',
    ' ',
    '.',
    '*',
    '*.',
    '*.*.example.com',
    'www.*.example.com',
    'w*.example.com',
    'https://example.com',
    'example.com/path',
    'example.com:443',
    'user@example.com',
    'two words.example',
    '-a.example',
    'a-.example',
    'a..example',
    '*.192.0.2.1',
    '0x7f.1',
    '2130706433',
    `${'a'.repeat(64)}.example`,
    `${'a.'.repeat(130)}example`,
    'a\u0000b.example',
  ])('%j is refused', (text) => {
    expect(normaliseHostPattern(text)).toMatchObject({ refused: 'bad-domain' });
  });

  it('stay as they are when normalised again, and never throw', () => {
    fc.assert(
      fc.property(fc.oneof(fc.domain(), fc.string(), fc.string({ unit: 'grapheme' })), fc.boolean(), (name, wild) => {
        const once = normaliseHostPattern(wild ? `*.${name}` : name);
        if (typeof once === 'string') expect(normaliseHostPattern(once)).toBe(once);
        else expect(once.refused).toBe('bad-domain');
      }),
      { numRuns: 500 },
    );
  });
});

describe('a table of hosts', () => {
  const table = new HostTable([
    ['example.com', 'exact'],
    ['*.example.com', 'wide'],
    ['*.shop.example.com', 'narrow'],
    ['www.shop.example.com', 'exact in narrow'],
    ['*.com', 'widest'],
    ['192.0.2.1', 'address'],
  ]);

  it.each([
    ['example.com', 'exact'],
    ['example.com.', 'exact'],
    ['www.example.com', 'wide'],
    ['a.b.example.com', 'wide'],
    ['shop.example.com', 'wide'],
    ['a.shop.example.com', 'narrow'],
    ['a.b.shop.example.com', 'narrow'],
    ['www.shop.example.com', 'exact in narrow'],
    ['myexample.com', 'widest'],
    ['com', undefined],
    ['.example.com', 'widest'],
    ['192.0.2.1', 'address'],
    ['example.org', undefined],
    ['', undefined],
    ['.', undefined],
  ])('%j is %s', (host, expected) => {
    expect(table.find(host)).toBe(expected);
  });

  it('finds what going through all patterns finds', () => {
    const label = fc.constantFrom('a', 'b', 'c');
    const name = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));
    const pattern = fc.tuple(name, fc.boolean()).map(([host, wild]) => (wild ? `*.${host}` : host));
    fc.assert(
      fc.property(fc.uniqueArray(pattern, { maxLength: 8 }), name, (patterns, host) => {
        const fits = patterns
          .filter((each) => (each.startsWith('*') ? host.endsWith(each.slice(1)) : each === host))
          .sort((a, b) => Number(a.startsWith('*')) - Number(b.startsWith('*')) || b.length - a.length);
        const all = new HostTable(patterns.map((each) => [each, each] as const));
        expect(all.size).toBe(patterns.length);
        expect(all.find(host)).toBe(fits[0]);
      }),
    );
  });
});
