import type { StoredInteraction } from '../model/interaction.ts';
import { Codes, SharedCodes } from './codes.ts';
import { writeInteger, writeUuid } from './fixed-columns.ts';
import { NativeBlock } from './native-block.ts';

/** Longer fields are cut to this many UTF-16 units. */
const LIMITS = Object.freeze({ path: 2048, query: 2048, referrer: 1024, other: 512 });
const COLUMNS = 25;
const block = new NativeBlock();

/**
 * Interactions as one block of ClickHouse's Native format, for `interactions_in`; nothing for no rows. Surrogates
 * without a partner become U+FFFD, and long fields are cut.
 */
export function encodeInteractions(rows: readonly StoredInteraction[]): Buffer {
  if (rows.length === 0) return Buffer.alloc(0);
  block.begin(COLUMNS, rows.length);
  writeNumbers(rows);
  const text = (name: string, limit: number, of: (row: StoredInteraction) => string) => {
    const codes = new Codes(rows.length, limit);
    for (const [at, row] of rows.entries()) codes.add(at, of(row));
    codes.writeTo(block, name);
  };
  text('domain', LIMITS.other, ({ domain }) => domain.toLowerCase());
  text('kind', LIMITS.other, ({ kind }) => kind);
  text('name', LIMITS.other, ({ name }) => name);
  text('path', LIMITS.path, ({ path }) => path);
  text('referrer', LIMITS.referrer, ({ referrer }) => referrer);
  block.texts(
    'visitor_id',
    textsOf(rows, LIMITS.other, ({ visitorId }) => visitorId),
  );
  block.texts(
    'query',
    textsOf(rows, LIMITS.query, ({ query }) => query),
  );
  writeClients(rows);
  return block.end();
}

function writeNumbers(rows: readonly StoredInteraction[]): void {
  const { length } = rows;
  const [tenants, ids] = [new Uint8Array(16 * length), new Uint8Array(16 * length)];
  const [times, received] = [new Uint32Array(2 * length), new Uint32Array(2 * length)];
  const [expires, kept, valued] = [new Uint16Array(length), new Uint8Array(length), new Uint8Array(length)];
  const values = new Float64Array(length);
  for (const [at, row] of rows.entries()) {
    writeUuid(tenants, 16 * at, row.tenantId);
    writeUuid(ids, 16 * at, row.id);
    writeInteger(times, at, row.time);
    writeInteger(received, at, row.received);
    expires[at] = row.expiresOn;
    kept[at] = row.kept ? 1 : 0;
    valued[at] = row.value === null ? 0 : 1;
    values[at] = row.value ?? 0;
  }
  block.numbers('tenant_id', 'UUID', 16, tenants);
  block.numbers('id', 'UUID', 16, ids);
  block.numbers('time_ms', 'Int64', 8, times);
  block.numbers('received_ms', 'Int64', 8, received);
  block.numbers('expires_on', 'UInt16', 2, expires);
  block.numbers('kept', 'UInt8', 1, kept);
  block.numbers('has_value', 'UInt8', 1, valued);
  block.numbers('value', 'Float64', 8, values);
}

function writeClients(rows: readonly StoredInteraction[]): void {
  const keys = new SharedCodes<StoredInteraction['keys']>(rows.length);
  const places = new SharedCodes<StoredInteraction['place']>(rows.length);
  const networks = new SharedCodes<StoredInteraction['network']>(rows.length);
  const agents = new SharedCodes<StoredInteraction['agent']>(rows.length);
  for (const [at, row] of rows.entries()) {
    keys.add(at, row.keys);
    places.add(at, row.place);
    networks.add(at, row.network);
    agents.add(at, row.agent);
  }
  const short = (text: string) => cut(text, LIMITS.other);
  keys.writeNumbers(block, 'client_key', 'UInt64', ({ client }) => BigInt(client));
  keys.writeNumbers(block, 'key_day', 'UInt16', ({ day }) => day);
  places.writeTexts(block, 'country', ({ country }) => short(country));
  places.writeTexts(block, 'region', ({ region }) => short(region));
  places.writeTexts(block, 'city', ({ city }) => short(city));
  networks.writeTexts(block, 'network_kind', ({ kind }) => kind);
  agents.writeTexts(block, 'device_type', ({ deviceType }) => deviceType);
  agents.writeTexts(block, 'os_name', ({ osName }) => short(osName));
  agents.writeTexts(block, 'browser_name', ({ browserName }) => short(browserName));
  agents.writeNumbers(block, 'is_bot', 'UInt8', ({ isBot }) => (isBot ? 1 : 0));
}

function textsOf(
  rows: readonly StoredInteraction[],
  limit: number,
  of: (row: StoredInteraction) => string,
): Map<number, string> {
  const texts = new Map<number, string>();
  for (const [at, row] of rows.entries()) if (of(row) !== '') texts.set(at, cut(of(row), limit));
  return texts;
}

function cut(text: string, limit: number): string {
  return text.length > limit ? text.slice(0, limit) : text;
}
