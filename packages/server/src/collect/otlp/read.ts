import { parseBounded } from '../../model/bounded-json.ts';
import { isRefusal, type RawRequest, type Refusal } from '../../model/request.ts';
import type { OtlpEncoding, Reading } from '../../model/ways-in.ts';
import { refuse } from '../access-log/format.ts';
import { isObject, type JsonObject } from '../access-log/json.ts';
import { flatten, readDocument } from '../document.ts';
import type { LineReader } from '../line-reader.ts';
import { isHttp, readNamed } from '../named-request.ts';
import { logsOfJson, spansOfJson } from './json.ts';
import { decodeLogs, decodeSpans } from './protobuf.ts';
import { type LogRecord, MOST_ITEMS, type ResourceGroup, type ServerSpan, TooManyItems } from './records.ts';
import { WireError, WireReader } from './wire.ts';

/** Deeper than other bodies, because every value of OTLP's JSON is an object in an object. */
const DEEPEST_JSON = 64;

/** The requests in an export of traces: its server spans over HTTP. All other spans are ignored. */
export function readSpans(body: Buffer, encoding: OtlpEncoding): Reading | Refusal {
  const groups = decode(body, encoding, decodeSpans, spansOfJson);
  // A span happens once and has an id of its own.
  return isRefusal(groups) ? groups : { ...readGroups(groups, requestOfSpan), once: true };
}

/** The requests in an export of logs: access logs in words of their own, or as lines. `lines` by the sender's name. */
export function readLogs(body: Buffer, encoding: OtlpEncoding, lines: (name: string) => LineReader): Reading | Refusal {
  const groups = decode(body, encoding, decodeLogs, logsOfJson);
  if (isRefusal(groups)) return groups;
  // Nothing that is told to less than a ms comes again by chance, with all else that is in the body.
  const once = groups.some(({ items }) => items.some(({ time, observed }) => isExact(time) || isExact(observed)));
  return { ...readGroups(groups, (log, name) => requestOfLog(log, lines(name))), once };
}

function decode<Item>(
  body: Buffer,
  encoding: OtlpEncoding,
  ofProtobuf: (message: WireReader) => ResourceGroup<Item>[],
  ofJson: (request: JsonObject) => ResourceGroup<Item>[],
): ResourceGroup<Item>[] | Refusal {
  try {
    if (encoding === 'protobuf') return ofProtobuf(new WireReader(body));
    const parsed = parseBounded(body.toString('utf8'), DEEPEST_JSON);
    if ('error' in parsed) return refuse('bad-body', `the body is not JSON: ${parsed.error}`);
    return isObject(parsed.json) ? ofJson(parsed.json) : refuse('bad-body', 'the body is not a JSON object');
  } catch (error) {
    if (error instanceof TooManyItems)
      return refuse('too-many', `a body may hold ${MOST_ITEMS} records; send fewer at once`);
    if (error instanceof WireError) return refuse('bad-body', `the body is not protobuf: ${error.message}`);
    throw error;
  }
}

function readGroups<Item>(
  groups: ResourceGroup<Item>[],
  read: (item: Item, name: string) => RawRequest | Refusal | null,
): Reading {
  const reading: Reading = { records: [], rejected: [], ignored: 0 };
  let index = 0;
  for (const { resource, items, ignored } of groups) {
    const from = nameOf(resource);
    reading.ignored += ignored;
    for (const item of items) {
      const raw = read(item, from);
      if (raw === null) reading.ignored += 1;
      else if (isRefusal(raw)) reading.rejected.push({ index, refusal: raw, from });
      else reading.records.push({ index, raw, from });
      index += 1;
    }
  }
  return reading;
}

/** What a program calls itself; the SDKs' `unknown_service` is no name. */
function nameOf(resource: ReadonlyMap<string, unknown>): string {
  const names = ['service.name', 'host.name', 'k8s.pod.name', 'container.name'].map((key) => resource.get(key));
  const name = names.find((text) => typeof text === 'string' && text !== '' && !text.startsWith('unknown_service'));
  return typeof name === 'string' ? name : '';
}

function requestOfSpan({ start, end, attributes }: ServerSpan): RawRequest | Refusal | null {
  if (!isHttp(attributes)) return null;
  if (start === 0n) return refuse('bad-time', 'the span has no start time');
  const durationUs = end >= start ? Number((end - start) / 1000n) : -1;
  return readNamed(attributes, { time: milliseconds(start), durationUs });
}

function requestOfLog({ time, observed, body, attributes }: LogRecord, lines: LineReader): RawRequest | Refusal | null {
  const told = time === 0n ? observed : time;
  const when = told === 0n ? Number.NaN : milliseconds(told);
  if (isHttp(attributes)) return readNamed(attributes, { time: when, durationUs: -1 });
  if (isObject(body) && !Buffer.isBuffer(body)) {
    const fields = flatten(body);
    for (const [name, value] of attributes) if (!fields.has(name)) fields.set(name, value);
    return readDocument(body, lines, fields, when);
  }
  if (typeof body !== 'string') return refuse('not-a-record', 'neither attributes nor body tell of a request');
  return body.trim() === '' ? null : lines.read(body.trimEnd());
}

function isExact(nanoseconds: bigint): boolean {
  return nanoseconds % 1_000_000n !== 0n;
}

function milliseconds(nanoseconds: bigint): number {
  return Number(nanoseconds / 1_000_000n);
}
