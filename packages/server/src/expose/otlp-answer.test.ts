import Fastify from 'fastify';
import { describe, expect, test } from 'vitest';
import { BYTES, VARINT, WireReader } from '../collect/otlp/wire.ts';
import { encodingOf, onOtlpError, sendExported } from './otlp-answer.ts';
import { ProblemError } from './problem.ts';

/** The numbers and texts of a message by field, those of messages in it as messages. */
function fieldsOf(message: WireReader): Record<number, unknown> {
  const fields: Record<number, unknown> = {};
  while (message.next()) {
    if (message.wire === VARINT) fields[message.field] = message.int64();
    else if (message.wire === BYTES) fields[message.field] = message.text();
  }
  return fields;
}

async function answer(type: string, refused: number): Promise<{ type: unknown; body: Buffer }> {
  const app = Fastify();
  app.get('/', (_, reply) => {
    const records = Array.from({ length: refused }, (_, n) => ({
      refusal: { detail: `reason ${n} ${'ü'.repeat(100)}` },
    }));
    return sendExported(reply, encodingOf(type), 'rejectedSpans', records);
  });
  const { rawPayload, headers } = await app.inject('/');
  return { type: headers['content-type'], body: rawPayload };
}

describe('what was exported', () => {
  test('is an empty message when all was taken', async () => {
    expect(await answer('application/x-protobuf', 0)).toEqual({
      type: 'application/x-protobuf',
      body: Buffer.alloc(0),
    });
    expect((await answer('application/json; charset=utf-8', 0)).body.toString()).toBe('{}');
  });

  test.each([1, 127, 128, 50_000])('tells that %i records were not taken, in both encodings', async (count) => {
    const message = new WireReader((await answer('application/x-protobuf', count)).body);
    expect(message.next() && message.is(1, BYTES)).toBe(true);
    const fields = fieldsOf(message.message());
    expect(fields[1]).toBe(count);
    expect(fields[2]).toContain(`reason 0 ${'ü'.repeat(100)}`);
    const json = JSON.parse((await answer('application/json', count)).body.toString());
    expect(json.partialSuccess).toEqual({ rejectedSpans: String(count), errorMessage: fields[2] });
  });
});

test.each([
  [400, 3],
  [401, 16],
  [429, 8],
  [503, 14],
  [500, 13],
])('an error of status %i is a Status of code %i in the encoding of the call', async (status, code) => {
  const app = Fastify();
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_, __, done) => done(null));
  app.setErrorHandler(onOtlpError);
  app.post('/', async () => {
    throw new ProblemError(status, 'x', 'what is wrong', { headers: { 'retry-after': '2' } });
  });
  const call = (type: string) =>
    app.inject({ method: 'POST', url: '/', payload: 'x', headers: { 'content-type': type } });
  const binary = await call('application/x-protobuf');
  expect([binary.statusCode, binary.headers['content-type'], binary.headers['retry-after']]).toEqual([
    status,
    'application/x-protobuf',
    '2',
  ]);
  expect(fieldsOf(new WireReader(binary.rawPayload))).toEqual({ 1: code, 2: 'what is wrong' });
  expect((await call('application/json')).json()).toEqual({ code, message: 'what is wrong' });
});

test('a type that is neither is refused, saying what to send', () => {
  for (const type of [undefined, 'text/plain', 'application/jsonp']) {
    expect(() => encodingOf(type)).toThrow(/x-protobuf or application\/json/);
  }
});
