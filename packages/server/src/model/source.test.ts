import fc from 'fast-check';
import { expect, test } from 'vitest';
import { errorText, softwareOf, sourceText } from './source.ts';

test.each([
  ['vedette-edge/0.1.0 (express)', 'vedette-edge (express)'],
  ['OTel-OTLP-Exporter-JavaScript/0.203.0', 'OTel-OTLP-Exporter-JavaScript'],
  ['elasticsearch-js/9.1.0 Node.js 24.1.0; Transport 9.1.0', 'elasticsearch-js Node.js 24.1.0; Transport 9.1.0'],
  ['curl/8.5.0', 'curl'],
  ['', ''],
])('the software of %j is %j', (agent, software) => {
  expect(softwareOf(agent)).toBe(software);
});

test.each([
  [
    'client.address: "203.0.113.9, 10.0.0.1" is not an IPv4 or IPv6 address',
    'client.address: … is not an IPv4 or IPv6 address',
  ],
  [
    'url.path: "/a/very/long/path… must not have more than 16384 characters',
    'url.path: … must not have more than 16384 characters',
  ],
  [
    `the line is not JSON: Unexpected token 'h', "hello a@b.example" is not valid JSON`,
    'the line is not JSON: Unexpected token … is not valid JSON',
  ],
  ['time 1970-01-01T00:00:00.005Z is before 1990', 'time 1970-01-01T00:00:00.005Z is before 1990'],
  ['from 203.0.113.9 and 2001:db8::7 and ::ffff:203.0.113.9 and fe80::1', 'from … and … and … and …'],
])('of %j is told %j', (text, told) => {
  expect(errorText(text)).toBe(told);
});

test('nothing that was quoted is told, and no address', () => {
  const word = fc.string({ unit: fc.constantFrom(...'xyz"\'`…[]{}\\ '), minLength: 1, maxLength: 80 });
  fc.assert(
    fc.property(word, fc.boolean(), fc.ipV4(), fc.ipV6(), (inner, cut, four, six) => {
      const value = JSON.stringify(inner);
      const shown = cut ? `${value.slice(0, 60)}…` : value;
      const told = errorText(`url.path: ${shown} must be a word`);
      expect(told).not.toMatch(/[xyz]/);
      expect(errorText(`a client at ${four} or [${six}] did it`)).not.toContain(four);
      expect(errorText(`a client at ${four} or [${six}] did it`)).not.toContain(six);
    }),
  );
});

test('names are one bounded line', () => {
  expect(sourceText(` a\n\u0000b ${'x'.repeat(500)}`)).toMatch(/^a b x{196}$/);
});
