import fc from 'fast-check';
import { expect, test } from 'vitest';
import { globMatcher, matcher, parseFilter } from './filter.ts';
import { isRefusal } from './request.ts';

function check(text: string, value: string | number): boolean {
  const filter = parseFilter(text);
  if (isRefusal(filter)) throw new Error(filter.detail);
  return matcher(filter)(value);
}

test.each<[string, string | number, boolean]>([
  ['country=DE', 'DE', true],
  ['country=de', 'DE', true],
  ['country:DE,AT', 'AT', true],
  ['country!=DE,AT', 'AT', false],
  ['country!=DE,AT', 'FR', true],
  ['country=', '', true],
  ['country=', 'DE', false],
  ['source.geo.country_iso_code=DE', 'DE', true],
  ['path=/Api', '/api', false],
  ['path=/api/*', '/api/v1', true],
  ['path=/api/*', '/app', false],
  ['path!=/api/*', '/api/v1', false],
  ['path~admin', '/wp-admin/x', true],
  ['browser~FIRE', 'Firefox', true],
  ['browser!~FIRE', 'Firefox', false],
  ['network="Amazon.com, Inc."', 'Amazon.com, Inc.', true],
  ['network="Amazon.com, Inc."', 'Inc.', false],
  ['network="Amazon.com, Inc.", "A ""B"" C",Other', 'A "B" C', true],
  ['network="Amazon.com, Inc.",Other', 'Other', true],
  ['path="/a*"', '/a*', true],
  ['path="/a*"', '/ab', false],
  ['path=""', '', true],
  ['path=a"b', 'a"b', true],
  ['status=404', 404, true],
  ['status=4xx', 499, true],
  ['status=4xx', 500, false],
  ['status=5xx,404', 404, true],
  ['status!=2xx', 200, false],
  ['status=400..404', 404, true],
  ['status=400..', 599, true],
  ['status=..399', 301, true],
  ['status=5xx', 0, false],
  ['duration>500', 500, false],
  ['duration>500', 500.001, true],
  ['duration>=500', 500, true],
  ['duration<500', -1, false],
  ['duration<=500', 12, true],
  ['asn=AS13335', 13335, true],
  ['bot=false', 'false', true],
  ['bot:yes', 'true', true],
  ['status_class=5', '5xx', true],
])('%s on %s is %s', (text, value, expected) => {
  expect(check(text, value)).toBe(expected);
});

test.each([
  ['', 'not of the form'],
  ['country', 'not of the form'],
  ['planet=earth', 'unknown field "planet"; fields are country, region'],
  ['status=abc', 'not a number or range'],
  ['status=', 'not a number or range'],
  ['status=9xx', 'not a number or range'],
  ['status=500..400', 'not a number or range'],
  ['status=1..2..3', 'not a number or range'],
  ['bot=perhaps', 'not a flag'],
  ['country>5', 'needs a number after >'],
  ['duration>', 'needs a number after >'],
  ['path="/a', 'quote that is not closed'],
  ['path="/a"b', 'text after a closing quote'],
  [`path=${'x'.repeat(3000)}`, 'longer than 2048'],
])('%s is refused: %s', (text, why) => {
  expect(parseFilter(text)).toMatchObject({ refused: 'bad-filter', detail: expect.stringContaining(why) });
});

test('a glob agrees with the regular expression it stands for', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 12 });
  const texts = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 16 });
  fc.assert(
    fc.property(letters, texts, (pattern, text) => {
      const expected = new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(text);
      expect(globMatcher(pattern)(text)).toBe(expected);
    }),
    { numRuns: 2000 },
  );
});

test('any text is parsed or refused, and a negated filter is the opposite of the plain one', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), fc.string({ maxLength: 20 }), (text, value) => {
      parseFilter(text);
      const plain = parseFilter(`path=${text}`);
      const negated = parseFilter(`path!=${text}`);
      if (isRefusal(plain) || isRefusal(negated)) return;
      expect(matcher(plain)(value)).toBe(!matcher(negated)(value));
    }),
  );
});
