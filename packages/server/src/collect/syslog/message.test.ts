import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readMessage } from './message.ts';

const read = (text: string) => readMessage(Buffer.from(text));

test.each([
  ['<134>1 2025-11-05T20:47:03Z web1 nginx 12 - - hello', 'web1', 'nginx', 'hello'],
  ['<134>1 2025-11-05T20:47:03.123456+01:00 web1 nginx - ID47 [a@1 b="c"][d e="]\\""] hello', 'web1', 'nginx', 'hello'],
  ['<134>1 - - - - - - hello', '', '', 'hello'],
  ['<134>1 - web1 app - - -', 'web1', 'app', ''],
  ['<190>Oct  4 14:30:19 web1 nginx: hello', 'web1', 'nginx', 'hello'],
  ['<190>Oct 14 14:30:19 nginx: hello', '', 'nginx', 'hello'],
  ['<190>Oct 14 2025 14:30:19 web1 nginx: hello', 'web1', 'nginx', 'hello'],
  ['<134>Oct 14 14:30:19 haproxy[123]: hello', '', 'haproxy', 'hello'],
  ['<134>Oct 14 14:30:19 haproxy[123]: 192.0.2.1:4711 web: GET', '', 'haproxy', '192.0.2.1:4711 web: GET'],
  ['<134>2025-11-05T20:47:03.123456+01:00 web1 caddy[1]: hello: x', 'web1', 'caddy', 'hello: x'],
  ['<13>app: hello', '', 'app', 'hello'],
  ['<13>{"a": 1}', '', '', '{"a": 1}'],
  ['{"a": 1}', '', 'json', '{"a": 1}'],
  ['<13>192.0.2.1 - - [x] "GET / HTTP/1.1"', '', '', '192.0.2.1 - - [x] "GET / HTTP/1.1"'],
])('%j', (line, host, app, text) => {
  expect(read(line)).toEqual({ host, app, text });
});

test('a byte order mark and an end of line are no part of the text', () => {
  expect(read('<134>1 - h a - - - \ufeffgrüße\r\n')?.text).toBe('grüße');
});

test('text that is no UTF-8 is taken as Latin-1', () => {
  expect(readMessage(Buffer.from('<13>a: gr\xfc\xdfe', 'latin1'))?.text).toBe('grüße');
});

test.each(['', 'hello', '<>a', '<1234>a', ' <13>a'])('%j has no priority and is none', (text) => {
  expect(read(text)).toBeNull();
});

test('no bytes make it throw, and what it tells is bounded by what came', () => {
  const head = fc.constantFrom('<134>1 - h a - - [', '<134>1 - h a - - [a b="', '<13>Oct 14 14:30:19 ', '<1>', '');
  fc.assert(
    fc.property(head, fc.uint8Array({ maxLength: 200 }), (start, bytes) => {
      const message = readMessage(Buffer.concat([Buffer.from(start), bytes]));
      if (message === null) return;
      expect(message.text.length).toBeLessThanOrEqual(start.length + bytes.length);
    }),
    { numRuns: 2000 },
  );
});
