import {
  createItemCount,
  DEEPEST_VALUE,
  type LogRecord,
  MOST_ATTRIBUTES,
  type ResourceGroup,
  type ServerSpan,
} from './records.ts';
import { BYTES, FIXED64, VARINT, type WireReader } from './wire.ts';

const SERVER = 2;

type Count = ReturnType<typeof createItemCount>;

/** The server spans of an ExportTraceServiceRequest. Throws WireError and TooManyItems. */
export function decodeSpans(message: WireReader): ResourceGroup<ServerSpan>[] {
  return decodeGroups(message, readSpan);
}

/** The records of an ExportLogsServiceRequest. Throws WireError and TooManyItems. */
export function decodeLogs(message: WireReader): ResourceGroup<LogRecord>[] {
  return decodeGroups(message, readLog);
}

/** Both requests, and what is in them down to the item, use the same field numbers. */
function decodeGroups<Item>(message: WireReader, read: (item: WireReader) => Item | null): ResourceGroup<Item>[] {
  const count = createItemCount();
  const groups: ResourceGroup<Item>[] = [];
  while (message.next()) {
    if (!message.is(1, BYTES)) continue;
    count.add();
    groups.push(decodeGroup(message.message(), read, count));
  }
  return groups;
}

function decodeGroup<Item>(
  message: WireReader,
  read: (item: WireReader) => Item | null,
  count: Count,
): ResourceGroup<Item> {
  const group: ResourceGroup<Item> = { resource: new Map(), items: [], ignored: 0 };
  while (message.next()) {
    if (message.is(1, BYTES)) readAttributes(message.message(), 1, group.resource);
    else if (message.is(2, BYTES)) {
      count.add();
      const scope = message.message();
      while (scope.next()) {
        if (!scope.is(2, BYTES)) continue;
        count.add();
        const item = read(scope.message());
        if (item === null) group.ignored += 1;
        else group.items.push(item);
      }
    }
  }
  return group;
}

function readSpan(message: WireReader): ServerSpan | null {
  const span: ServerSpan = { start: 0n, end: 0n, attributes: new Map() };
  const pairs: WireReader[] = [];
  let kind = 0;
  while (message.next()) {
    if (message.is(6, VARINT)) kind = Number(message.int64());
    else if (message.is(7, FIXED64)) span.start = message.fixed64();
    else if (message.is(8, FIXED64)) span.end = message.fixed64();
    else if (message.is(9, BYTES) && pairs.length < MOST_ATTRIBUTES) pairs.push(message.message());
  }
  if (kind !== SERVER) return null;
  for (const pair of pairs) readPair(pair, span.attributes, 0);
  return span;
}

function readLog(message: WireReader): LogRecord {
  const log: LogRecord = { time: 0n, observed: 0n, body: null, attributes: new Map() };
  while (message.next()) {
    if (message.is(1, FIXED64)) log.time = message.fixed64();
    else if (message.is(11, FIXED64)) log.observed = message.fixed64();
    else if (message.is(5, BYTES)) log.body = readValue(message.message(), 0);
    else if (message.is(6, BYTES) && log.attributes.size < MOST_ATTRIBUTES) {
      readPair(message.message(), log.attributes, 0);
    }
  }
  return log;
}

function readAttributes(message: WireReader, field: number, into: Map<string, unknown>): void {
  while (message.next()) {
    if (message.is(field, BYTES) && into.size < MOST_ATTRIBUTES) readPair(message.message(), into, 0);
  }
}

function readPair(message: WireReader, into: Map<string, unknown>, depth: number): void {
  let key = '';
  let value: unknown = null;
  while (message.next()) {
    if (message.is(1, BYTES)) key = message.text();
    else if (message.is(2, BYTES)) value = readValue(message.message(), depth);
  }
  into.set(key, value);
}

/** An AnyValue: text, flag, number, bytes, a list, or a map as an object; null when it is empty or too deep. */
function readValue(message: WireReader, depth: number): unknown {
  let value: unknown = null;
  while (message.next()) {
    if (message.is(1, BYTES)) value = message.text();
    else if (message.is(2, VARINT)) value = message.int64() !== 0;
    else if (message.is(3, VARINT)) value = message.int64();
    else if (message.is(4, FIXED64)) value = message.double();
    else if (message.is(7, BYTES)) value = message.bytes();
    else if (depth >= DEEPEST_VALUE) continue;
    else if (message.is(5, BYTES)) value = readList(message.message(), depth + 1);
    else if (message.is(6, BYTES)) value = readMap(message.message(), depth + 1);
  }
  return value;
}

function readList(message: WireReader, depth: number): unknown[] {
  const list: unknown[] = [];
  while (message.next()) {
    if (message.is(1, BYTES) && list.length < MOST_ATTRIBUTES) list.push(readValue(message.message(), depth));
  }
  return list;
}

function readMap(message: WireReader, depth: number): Record<string, unknown> {
  const pairs = new Map<string, unknown>();
  while (message.next()) {
    if (message.is(1, BYTES) && pairs.size < MOST_ATTRIBUTES) readPair(message.message(), pairs, depth);
  }
  return Object.fromEntries(pairs);
}
