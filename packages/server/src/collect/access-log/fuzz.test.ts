import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRefusal } from '../../model/request.ts';
import { detectFormat, FORMATS, openParser } from './parser.ts';

const CUSTOM = '%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i" %D';
const HEADERS: Record<string, string> = {
  w3c: '#Fields: date time c-ip cs-method cs-uri-stem sc-status cs(User-Agent)',
  iis: '#Fields: date time c-ip cs-method cs-uri-stem sc-status cs(User-Agent) time-taken',
  cloudfront: '#Fields: date time x-edge-location c-ip cs-method cs-uri-stem sc-status cs(User-Agent)',
  zeek: '#fields\tts\tid.orig_h\ttrans_depth\tmethod\thost\turi\tuser_agent\tstatus_code',
};
const VALID: Record<string, string> = {
  ...Object.fromEntries(FORMATS.map(({ name, example }) => [name, example])),
  w3c: '2025-10-10 13:55:36 192.0.2.7 GET /a 200 x',
  iis: '2025-10-10 13:55:36 192.0.2.7 GET /a 200 a+b 15',
  cloudfront: '2025-10-10\t13:55:36\tFRA\t192.0.2.7\tGET\t/\t200\ta%20b',
  zeek: '1760104536.5\t192.0.2.7\t1\tGET\texample.com\t/a?b\tx\\x09y\t200',
  custom: '192.0.2.7 - - [10/Oct/2025:13:55:36 +0000] "GET / HTTP/1.1" 200 5 "-" "x" 1532',
};

function open(name: string) {
  const parser = openParser(name, { custom: CUSTOM });
  if (HEADERS[name] !== undefined) parser.parse(HEADERS[name]);
  return parser;
}

/** Every record keeps the promises of its type, whatever the line was. */
function check(name: string, line: string): void {
  const parsed = open(name).parse(line);
  if (parsed === null) return;
  if (isRefusal(parsed)) {
    expect(parsed.refused).toMatch(/^[a-z][a-z-]+$/);
    expect(parsed.detail).not.toBe('');
    return;
  }
  expect(Number.isInteger(parsed.time) && parsed.time >= 0).toBe(true);
  expect(Number.isInteger(parsed.status) && parsed.status >= 0 && parsed.status <= 999).toBe(true);
  for (const number of [parsed.durationUs, parsed.bytesIn, parsed.bytesOut]) {
    expect(Number.isFinite(number) && number >= -1).toBe(true);
  }
  expect(parsed.host).toBe(parsed.host.toLowerCase());
  expect(parsed.clientAddress).toMatch(/^[0-9a-f:.]*$/);
  expect(JSON.stringify(parsed.headers ?? {})).not.toMatch(/"(?:cookie|authorization)"/i);
}

/** A valid line with pieces cut out, doubled or replaced. */
function mutated(line: string): fc.Arbitrary<string> {
  const edit = fc.record({
    at: fc.nat(line.length),
    drop: fc.nat(12),
    put: fc.oneof(
      fc.string({ maxLength: 6 }),
      fc.constantFrom('"', '\\"', '\\x', ' ', '[', ']', '-', '\u0000', '{', '}', '\t', '%', ':'),
    ),
  });
  return fc
    .array(edit, { minLength: 1, maxLength: 4 })
    .map((edits) => edits.reduce((text, { at, drop, put }) => text.slice(0, at) + put + text.slice(at + drop), line));
}

describe.each(FORMATS.map(({ name }) => name))('%s', (name) => {
  it('survives any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (line) => check(name, line)),
      { numRuns: 200 },
    );
  });

  it('survives mutations of a valid line', () => {
    fc.assert(
      fc.property(mutated(VALID[name] as string), (line) => check(name, line)),
      { numRuns: 500 },
    );
  });

  it('refuses what is too long before looking at it', () => {
    expect(open(name).parse(`${VALID[name]}${' '.repeat(65_536)}`)).toMatchObject({ refused: 'line-too-long' });
  });
});

/** Repetitions that make a careless scanner go back and forth. */
const HOSTILE = [
  '"',
  '\\',
  '\\"',
  '" ',
  ' "',
  ' [',
  '[',
  ']',
  ' ',
  '- ',
  '-',
  '1/',
  '\t',
  '{',
  '{"a":',
  '\\x41',
  '\\\\"',
  'a: ',
  '::',
  '1.',
  ',',
  ', ',
  '%',
  '+',
  '=',
  '[10/',
  ' [10/',
  '" 2',
  '" - ',
];

describe('the work for a line', () => {
  // Counted, not timed: a scanner that is not linear asks for the same characters again and again, so that 64 KiB of
  // any of these would take minutes. The suite's time limit is far above what linear work needs.
  it.each(HOSTILE)('stays linear in repetitions of %j', (piece) => {
    for (const { name } of FORMATS) {
      const parser = open(name);
      const valid = VALID[name] as string;
      const length = Math.floor((65_536 - valid.length) / piece.length);
      const run = piece.repeat(length);
      const middle = Math.floor(valid.length / 2);
      for (const line of [
        run.slice(0, 65_536),
        valid + run,
        run + valid,
        valid.slice(0, middle) + run + valid.slice(middle),
      ]) {
        parser.parse(line.slice(0, 65_536));
      }
    }
  });
});

describe('detection', () => {
  it('survives any lines and always answers the same', () => {
    const lines = fc.array(
      fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), ...Object.values(VALID).map(mutated)),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(lines, (sample) => {
        expect(detectFormat(sample)).toEqual(detectFormat(sample));
      }),
      { numRuns: 100 },
    );
  });
});
