import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isRefusal } from '../../model/request.ts';
import type { Reading } from '../../model/ways-in.ts';
import { createLineReader } from '../line-reader.ts';
import { logsOfJson, spansOfJson } from './json.ts';
import { decodeLogs, decodeSpans } from './protobuf.ts';
import { readLogs, readSpans } from './read.ts';
import { WireReader } from './wire.ts';
import { WireWriter } from './wire-writer.fixture.ts';

const START = 1_760_104_536_000_000_000n;

/** A value of OTLP as its JSON has it; both encodings are made from it. */
type Any = Record<string, unknown>;
interface Pair {
  key: string;
  value: Any;
}

function writeValue(writer: WireWriter, value: Any): void {
  if ('stringValue' in value) writer.text(1, value.stringValue as string);
  if ('boolValue' in value) writer.varint(2, value.boolValue ? 1 : 0);
  if ('intValue' in value) writer.varint(3, BigInt(value.intValue as string));
  if ('doubleValue' in value) writer.double(4, value.doubleValue as number);
  if ('bytesValue' in value) writer.bytes(7, Buffer.from(value.bytesValue as string, 'base64'));
  if ('arrayValue' in value) {
    const { values } = value.arrayValue as { values: Any[] };
    writer.message(5, (list) => {
      for (const item of values) list.message(1, (inner) => writeValue(inner, item));
    });
  }
  if ('kvlistValue' in value) {
    const { values } = value.kvlistValue as { values: Pair[] };
    writer.message(6, (map) => writePairs(map, 1, values));
  }
}

function writePairs(writer: WireWriter, field: number, pairs: readonly Pair[]): void {
  for (const { key, value } of pairs) {
    writer.message(field, (pair) => pair.text(1, key).message(2, (inner) => writeValue(inner, value)));
  }
}

interface SpanJson {
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: Pair[];
}

const tracesJson = (service: string, spans: SpanJson[]) => ({
  resourceSpans: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
      scopeSpans: [{ scope: { name: 'x' }, spans }],
    },
  ],
});

const tracesProtobuf = (service: string, spans: SpanJson[]) =>
  new WireWriter()
    .message(1, (group) =>
      group
        .message(1, (resource) => writePairs(resource, 1, [{ key: 'service.name', value: { stringValue: service } }]))
        .message(2, (scope) => {
          scope.message(1, (name) => name.text(1, 'x'));
          for (const span of spans) {
            scope.message(2, (one) => {
              // Fields may come in any order, and with ones that are not known here.
              writePairs(one, 9, span.attributes);
              one.bytes(1, Buffer.alloc(16, 1)).text(5, 'name').varint(6, span.kind).varint(99, 7);
              one.fixed64(7, BigInt(span.startTimeUnixNano)).fixed64(8, BigInt(span.endTimeUnixNano));
            });
          }
        }),
    )
    .finish();

const anyValue: fc.Arbitrary<Any> = fc.letrec<{ value: Any }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: 'grapheme' }).map((stringValue) => ({ stringValue })),
    fc.boolean().map((boolValue) => ({ boolValue })),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => ({ intValue: String(value) })),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((doubleValue) => ({ doubleValue })),
    fc.uint8Array().map((bytes) => ({ bytesValue: Buffer.from(bytes).toString('base64') })),
    fc.array(tie('value'), { maxLength: 4 }).map((values) => ({ arrayValue: { values } })),
    fc
      .array(fc.record({ key: fc.string(), value: tie('value') }), { maxLength: 4 })
      .map((values) => ({ kvlistValue: { values } })),
  ),
})).value;

const pairs = fc.array(
  fc.record({
    key: fc.oneof(
      fc.constantFrom('http.request.method', 'url.path', 'http.status_code', 'client.address'),
      fc.string(),
    ),
    value: anyValue,
  }),
  { maxLength: 8 },
);
const anySpan: fc.Arbitrary<SpanJson> = fc.record({
  kind: fc.integer({ min: 0, max: 6 }),
  startTimeUnixNano: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String),
  endTimeUnixNano: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String),
  attributes: pairs,
});

const read = (reading: ReturnType<typeof readSpans>): Reading => {
  if (isRefusal(reading)) throw new Error(reading.detail);
  return reading;
};
const text = (key: string, stringValue: string): Pair => ({ key, value: { stringValue } });

describe('both encodings', () => {
  test('mean the same, whatever the values are', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(anySpan, { maxLength: 5 }), (service, spans) => {
        const json = spansOfJson(tracesJson(service, spans));
        expect(decodeSpans(new WireReader(tracesProtobuf(service, spans)))).toEqual(json);
        const body = Buffer.from(JSON.stringify(tracesJson(service, spans)));
        expect(read(readSpans(tracesProtobuf(service, spans), 'protobuf'))).toEqual(read(readSpans(body, 'json')));
      }),
    );
  });

  test('of logs as well, with the time they were observed where none other is told', () => {
    const log = (time: bigint, observed: bigint, body: Any, attributes: Pair[]) => ({
      json: { timeUnixNano: String(time), observedTimeUnixNano: String(observed), body, attributes },
      write: (one: WireWriter) => {
        one.fixed64(1, time).message(5, (value) => writeValue(value, body));
        writePairs(one, 6, attributes);
        one.fixed64(11, observed);
      },
    });
    fc.assert(
      fc.property(anyValue, pairs, fc.constantFrom(0n, START), (body, attributes, time) => {
        const { json, write } = log(time, START + 1n, body, attributes);
        const message = new WireWriter().message(1, (g) => g.message(2, (scope) => scope.message(2, write))).finish();
        const groups = logsOfJson({ resourceLogs: [{ scopeLogs: [{ logRecords: [json] }] }] });
        expect(decodeLogs(new WireReader(message))).toEqual(groups);
        expect(groups[0]?.items[0]).toMatchObject({ time, observed: START + 1n });
      }),
    );
  });
});

describe('spans', () => {
  const span = (attributes: Pair[], more: Partial<SpanJson> = {}): SpanJson => ({
    kind: 2,
    startTimeUnixNano: String(START),
    endTimeUnixNano: String(START + 1_234_567_890n),
    attributes,
    ...more,
  });
  const one = (given: SpanJson) => read(readSpans(tracesProtobuf('shop', [given]), 'protobuf'));

  test('of servers over HTTP are requests, with time and duration to the microsecond', () => {
    const reading = one(
      span([
        text('http.request.method', 'GET'),
        text('url.path', '/a'),
        { key: 'http.request.header.sec-gpc', value: { arrayValue: { values: [{ stringValue: '1' }] } } },
      ]),
    );
    expect(reading).toMatchObject({ ignored: 0, rejected: [] });
    expect(reading.records).toMatchObject([
      {
        index: 0,
        from: 'shop',
        raw: { time: 1_760_104_536_000, durationUs: 1_234_567, method: 'GET', path: '/a', headers: { 'sec-gpc': '1' } },
      },
    ]);
  });

  test.each([
    ['a client', span([text('http.request.method', 'GET')], { kind: 3 })],
    ['a server of another protocol', span([text('rpc.system', 'grpc')])],
  ])('of %s are passed over', (_, given) => {
    expect(one(given)).toEqual({ records: [], rejected: [], ignored: 1, once: true });
  });

  test('without a start are refused; one that ends before it began has no duration', () => {
    const method = [text('http.method', 'GET')];
    expect(one(span(method, { startTimeUnixNano: '0' })).rejected).toMatchObject([
      { refusal: { refused: 'bad-time' } },
    ]);
    expect(one(span(method, { endTimeUnixNano: '5' })).records).toMatchObject([{ raw: { durationUs: -1 } }]);
  });
});

describe('what is no OTLP', () => {
  const lines = () => createLineReader();
  const valid = tracesProtobuf('shop', [
    { kind: 2, startTimeUnixNano: String(START), endTimeUnixNano: '0', attributes: [text('http.method', 'GET')] },
  ]);

  test('is refused or read as far as it goes, never thrown at', () => {
    const mangled = fc.tuple(fc.nat(valid.length - 1), fc.nat(255), fc.nat(valid.length)).map(([at, byte, length]) => {
      const bytes = Buffer.from(valid);
      bytes[at] = byte;
      return bytes.subarray(0, length);
    });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
          mangled,
        ),
        (bytes) => {
          for (const reading of [readSpans(bytes, 'protobuf'), readLogs(bytes, 'protobuf', lines)]) {
            if (isRefusal(reading)) expect(reading.refused).toBe('bad-body');
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('in JSON neither', () => {
    const keys = ['resourceSpans', 'scopeSpans', 'spans', 'resourceLogs', 'scopeLogs', 'logRecords', 'resource'];
    const more = ['attributes', 'key', 'value', 'stringValue', 'arrayValue', 'kvlistValue', 'values', 'body', 'kind'];
    const object = fc.object({ key: fc.constantFrom(...keys, ...more), maxDepth: 8, withBigInt: false });
    fc.assert(
      fc.property(
        fc.oneof(
          object.map((value) => JSON.stringify(value)),
          fc.string(),
        ),
        (body) => {
          readSpans(Buffer.from(body), 'json');
          readLogs(Buffer.from(body), 'json', lines);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('values that nest without end are left out', () => {
    let value: Buffer = Buffer.from([0x0a, 1, 65]);
    for (let depth = 0; depth < 2000; depth += 1) {
      const inner = value;
      value = new WireWriter().message(5, (list) => list.bytes(1, inner)).finish();
    }
    const body = new WireWriter()
      .message(1, (group) => group.message(2, (scope) => scope.message(2, (log) => log.bytes(5, value))))
      .finish();
    expect(read(readLogs(body, 'protobuf', lines)).rejected).toHaveLength(1);
  });

  test('a body of too many items is refused as a whole', () => {
    const body = Buffer.concat(Array.from({ length: 50_001 }, () => Buffer.from([0x0a, 0])));
    expect(readSpans(body, 'protobuf')).toMatchObject({ refused: 'too-many' });
    const spans = JSON.stringify({
      resourceSpans: [{ scopeSpans: [{ spans: Array.from({ length: 50_001 }, () => ({})) }] }],
    });
    expect(readSpans(Buffer.from(spans), 'json')).toMatchObject({ refused: 'too-many' });
  });
});
