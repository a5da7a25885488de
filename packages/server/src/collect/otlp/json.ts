import { isObject, type JsonObject } from '../access-log/json.ts';
import {
  createItemCount,
  DEEPEST_VALUE,
  type LogRecord,
  MOST_ATTRIBUTES,
  type ResourceGroup,
  type ServerSpan,
} from './records.ts';

const SERVER = 2;

/** The server spans of an ExportTraceServiceRequest in OTLP's JSON. Throws TooManyItems. */
export function spansOfJson(request: JsonObject): ResourceGroup<ServerSpan>[] {
  return groupsOf(request, ['resourceSpans', 'scopeSpans', 'spans'], (span) => {
    if (span.kind !== SERVER && span.kind !== 'SPAN_KIND_SERVER') return null;
    return {
      start: nanoseconds(span.startTimeUnixNano),
      end: nanoseconds(span.endTimeUnixNano),
      attributes: attributesOf(span.attributes),
    };
  });
}

/** The records of an ExportLogsServiceRequest in OTLP's JSON. Throws TooManyItems. */
export function logsOfJson(request: JsonObject): ResourceGroup<LogRecord>[] {
  return groupsOf(request, ['resourceLogs', 'scopeLogs', 'logRecords'], (log) => ({
    time: nanoseconds(log.timeUnixNano),
    observed: nanoseconds(log.observedTimeUnixNano),
    body: valueOf(log.body, 0),
    attributes: attributesOf(log.attributes),
  }));
}

function groupsOf<Item>(
  request: JsonObject,
  [resources, scopes, items]: readonly [string, string, string],
  read: (item: JsonObject) => Item | null,
): ResourceGroup<Item>[] {
  const count = createItemCount();
  return objectsOf(request[resources]).map((entry) => {
    count.add();
    const resource = isObject(entry.resource) ? attributesOf(entry.resource.attributes) : new Map<string, unknown>();
    const group: ResourceGroup<Item> = { resource, items: [], ignored: 0 };
    for (const scope of objectsOf(entry[scopes])) {
      count.add();
      for (const item of objectsOf(scope[items])) {
        count.add();
        const found = read(item);
        if (found === null) group.ignored += 1;
        else group.items.push(found);
      }
    }
    return group;
  });
}

function objectsOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function attributesOf(value: unknown): Map<string, unknown> {
  return pairsOf(value, 0);
}

function pairsOf(value: unknown, depth: number): Map<string, unknown> {
  const pairs = new Map<string, unknown>();
  for (const { key, value: inner } of objectsOf(value)) {
    if (pairs.size >= MOST_ATTRIBUTES) break;
    if (typeof key === 'string') pairs.set(key, valueOf(inner, depth));
  }
  return pairs;
}

/** An AnyValue as protobuf.ts gives it. 64-bit integers are written as text, and read as numbers too. */
function valueOf(value: unknown, depth: number): unknown {
  if (!isObject(value)) return null;
  if (typeof value.stringValue === 'string') return value.stringValue;
  if (typeof value.boolValue === 'boolean') return value.boolValue;
  if (value.intValue !== undefined) return integer(value.intValue);
  if (value.doubleValue !== undefined) return double(value.doubleValue);
  if (typeof value.bytesValue === 'string') return Buffer.from(value.bytesValue, 'base64');
  if (depth >= DEEPEST_VALUE) return null;
  if (isObject(value.arrayValue)) {
    const { values } = value.arrayValue;
    return Array.isArray(values) ? values.slice(0, MOST_ATTRIBUTES).map((inner) => valueOf(inner, depth + 1)) : [];
  }
  if (isObject(value.kvlistValue)) return Object.fromEntries(pairsOf(value.kvlistValue.values, depth + 1));
  return null;
}

function integer(value: unknown): number | bigint | null {
  if (typeof value === 'number') return Number.isInteger(value) ? value : null;
  if (typeof value !== 'string' || !/^-?\d{1,19}$/.test(value)) return null;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : BigInt(value);
}

/** JSON has no words for what is no number; proto3's mapping writes them as text. */
function double(value: unknown): number | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !/^-?(?:Infinity|\d[\d.eE+-]{0,30})$|^NaN$/.test(value)) return null;
  return Number(value);
}

function nanoseconds(value: unknown): bigint {
  if (typeof value === 'string' && /^\d{1,20}$/.test(value)) return BigInt(value);
  return typeof value === 'number' && value >= 0 && Number.isFinite(value) ? BigInt(Math.floor(value)) : 0n;
}
