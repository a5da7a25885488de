import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { botEvidence } from './bots.ts';
import { requiredLiterals } from './literals.ts';
import { PatternIndex } from './pattern-index.ts';
import { loadUapRules } from './uap-rules.ts';

describe('requiredLiterals', () => {
  const cases: [string, string[] | null][] = [
    ['Firefox', ['firefox']],
    ['(Firefox)/(\\d+)', ['firefox/']],
    ['Fire.*fox', ['fire']],
    ['(?:Mobile|Tablet);.{0,200}(Firefox)/', ['firefox/']],
    ['(IE|Edge) \\d', ['ie ', 'edge ']],
    ['UC? ?Browser', ['ucbrowser', 'uc browser', 'ubrowser', 'u browser']],
    ['[Bb]ot', ['bot']],
    ['a{2}b', ['a']],
    ['(?<!cu)bot(?!any)', ['bot']],
    ['\\d+', null],
    ['(?:bot|\\d)', null],
    ['(?:bot)?', null],
    ['x*', null],
    ['', null],
  ];
  it.each(cases)('%s', (source, literals) => {
    const found = requiredLiterals(source);
    expect(found === null ? null : [...found].sort()).toEqual(literals === null ? null : literals.sort());
  });
});

describe('PatternIndex', () => {
  const uap = loadUapRules();
  const patterns = [...uap.browsers, ...uap.systems, ...Object.values(botEvidence()).flat()];
  const index = new PatternIndex(patterns);
  const all = { from: 0, to: patterns.length };

  it('leaves few patterns to be tried on every text', () => {
    expect(index.unfiltered.length).toBeLessThan(10);
  });

  it('finds exactly the patterns that match one by one', () => {
    const compiled = patterns.map(({ source, flags }) => new RegExp(source, flags));
    const product = fc.constantFrom(
      'Mozilla/5.0 (X11; Linux x86_64)',
      'Chrome/120.0.0.0',
      'Version/4.0',
      'Mobile',
      'Safari/537.36',
      'iPhone OS 17_1',
      'CFNetwork/1410.0.3 Darwin/22.6.0',
      'Opera Mini/8',
      'examplebot/1.0',
      'FIREFOX/1.2b3',
      'HbbTV/1.5.1 (;LGE;)',
      'UCBrowser/12.1.2',
      'Windows NT 6.1',
    );
    const text = fc
      .array(fc.oneof(product, fc.string({ maxLength: 12 })), { maxLength: 8 })
      .map((parts) => parts.join(' '));
    fc.assert(
      fc.property(text, (userAgent) => {
        const found: number[] = [];
        index.scan(userAgent);
        index.firstMatch(userAgent, all, (pattern) => {
          found.push(pattern);
          return undefined;
        });
        expect(found).toEqual(compiled.flatMap((regex, pattern) => (regex.test(userAgent) ? [pattern] : [])));
      }),
      { numRuns: 300 },
    );
  });
});
