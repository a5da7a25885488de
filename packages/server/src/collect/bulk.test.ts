import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isRefusal } from '../model/request.ts';
import { readBulk } from './bulk.ts';
import { createLineReader } from './line-reader.ts';

const read = (body: string, index = '') => readBulk(Buffer.from(body), index, () => createLineReader());
const DOCUMENT = '{"@timestamp":"2026-01-31T12:00:00Z","http.request.method":"GET","host":{"name":"web-1"}}';
const UUID = '01940000-0000-7000-8000-00000000abcd';

test('actions and their documents are read, with CRLF and empty lines too', () => {
  const body = `{"index":{"_index":"a","_id":"${UUID.toUpperCase()}"}}\r\n${DOCUMENT}\r\n\r\n{"create":{}}\n${DOCUMENT}`;
  expect(read(body, 'b')).toMatchObject({
    actions: [
      { action: 'index', index: 'a', id: UUID.toUpperCase() },
      { action: 'create', index: 'b' },
    ],
    records: [
      { index: 0, from: 'web-1', raw: { id: UUID } },
      { index: 1, from: 'web-1' },
    ],
    allNamed: false,
  });
});

test('the id that is answered for a document without one is that of its request', () => {
  const reading = read(`{"index":{}}\n${DOCUMENT}\n`);
  if (isRefusal(reading)) throw new Error(reading.detail);
  expect(reading.records[0]?.raw.id).toBe(reading.actions[0]?.id);
});

test.each([
  ['', 'no action'],
  ['{"index":{}}\n', 'no document'],
  ['[]\n{}\n', 'line [1]'],
  [`{"index":{}}\n${DOCUMENT}\n{"index":{},"create":{}}\n{}\n`, 'line [3]'],
  ['{"index":1}\n{}\n', 'line [1]'],
])('%j is refused as a whole', (body, detail) => {
  expect(read(body)).toMatchObject({ refused: 'bad-action', detail: expect.stringContaining(detail) });
});

test('a document that is wrong is refused alone, as are update and delete', () => {
  const body = `{"delete":{"_id":"1"}}\n{"update":{"_id":"1"}}\n{"doc":{}}\n{"index":{}}\n[]\n{"index":{}}\n{"a":${'['.repeat(50)}\n`;
  const reading = read(body);
  if (isRefusal(reading)) throw new Error(reading.detail);
  expect(reading.rejected.map(({ index, refusal }) => [index, refusal.refused])).toEqual([
    [0, 'unsupported-action'],
    [1, 'unsupported-action'],
    [2, 'bad-json'],
    [3, 'bad-json'],
  ]);
});

test('more actions than one body may hold are refused', () => {
  expect(read('{"delete":{}}\n'.repeat(50_001))).toMatchObject({ refused: 'too-many' });
});

test('no body makes it throw; every action is answered for once', () => {
  const line = fc.oneof(
    fc.constantFrom('{"index":{}}', '{"create":{"_id":5}}', '{"delete":{}}', '{"update":{}}', DOCUMENT, '{}', ''),
    fc.json(),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
      const reading = read(lines.join('\n'));
      if (isRefusal(reading)) return;
      const { actions, records, rejected, ignored } = reading;
      expect(records.length + rejected.length + ignored).toBe(actions.length);
      expect(new Set([...records, ...rejected].map(({ index }) => index)).size).toBe(records.length + rejected.length);
    }),
    { numRuns: 500 },
  );
});
