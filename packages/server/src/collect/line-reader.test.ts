import { expect, test } from 'vitest';
import { isRefusal } from '../model/request.ts';
import { createLineReader, createLineReaders } from './line-reader.ts';

const COMBINED = '192.0.2.7 - - [31/Jan/2026:12:00:00 +0000] "GET /a HTTP/1.1" 200 5 "-" "curl/8"';
const JSON_LINE = '{"time":"2026-01-31T12:00:00Z","remote_addr":"192.0.2.7","request":"GET /b HTTP/1.1","status":200}';

test('the format shows by the first line that has one, and may change', () => {
  const { read } = createLineReader();
  expect(read('starting')).toMatchObject({ refused: 'not-a-record' });
  expect(read(COMBINED)).toMatchObject({ path: '/a' });
  expect(read(JSON_LINE)).toMatchObject({ path: '/b' });
  expect(read(COMBINED)).toMatchObject({ path: '/a' });
  expect(read('')).toBeNull();
});

test('directives count for the lines behind them', () => {
  const { read } = createLineReader();
  expect(read('#Fields: date time c-ip cs-method cs-uri-stem sc-status')).toBeNull();
  expect(read('2026-01-31 12:00:00 192.0.2.7 GET /w3c 200')).toMatchObject({ path: '/w3c', status: 200 });
});

test('a flood of what is no access log is not tried in all formats each time, and does not hide what is', () => {
  const { read } = createLineReader();
  for (let i = 0; i < 5000; i += 1) expect(read(`noise ${i}`)).toMatchObject({ refused: 'not-a-record' });
  const found = Array.from({ length: 100 }, () => read(COMBINED)).filter((line) => line !== null && !isRefusal(line));
  expect(found.length).toBeGreaterThanOrEqual(50);
});

test('senders have readers of their own', () => {
  const readerOf = createLineReaders();
  expect(readerOf('a')).toBe(readerOf('a'));
  expect(readerOf('a')).not.toBe(readerOf('b'));
});
