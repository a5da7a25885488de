import type { StoredRequest } from '../model/stored-request.ts';
import type { CodedCommon, CodedNumbers } from './coded-rows.ts';
import type { NativeBlock } from './native-block.ts';

const HIGH = 0x1_0000_0000;
const MOST_INTEGER = Number.MAX_SAFE_INTEGER;
/** Digits of an id before the counter of its sequence. */
const ID_PREFIX = 26;

/** The columns of fixed width that each row says for itself. */
export class FixedColumns {
  readonly #tenant: Uint8Array;
  readonly #id: Uint8Array;
  readonly #time: Uint32Array;
  readonly #received: Uint32Array;
  readonly #duration: Uint32Array;
  readonly #bytesIn: Uint32Array;
  readonly #bytesOut: Uint32Array;
  readonly #expiresOn: Uint16Array;
  readonly #status: Uint16Array;
  readonly #kept: Uint8Array;
  readonly #botVerified: Uint8Array;
  readonly #agentKnown: Uint8Array;
  readonly #threat: Int8Array;
  readonly #attack: Int8Array;
  #lastTenant = '';
  readonly #tenantBytes = new Uint8Array(16);
  #lastPrefix = '';
  readonly #prefixBytes = new Uint8Array(16);

  constructor(rows: number) {
    this.#tenant = new Uint8Array(16 * rows);
    this.#id = new Uint8Array(16 * rows);
    this.#time = new Uint32Array(2 * rows);
    this.#received = new Uint32Array(2 * rows);
    this.#duration = new Uint32Array(2 * rows);
    this.#bytesIn = new Uint32Array(2 * rows);
    this.#bytesOut = new Uint32Array(2 * rows);
    this.#expiresOn = new Uint16Array(rows);
    this.#status = new Uint16Array(rows);
    this.#kept = new Uint8Array(rows);
    this.#botVerified = new Uint8Array(rows);
    this.#agentKnown = new Uint8Array(rows);
    this.#threat = new Int8Array(rows);
    this.#attack = new Int8Array(rows);
  }

  add(at: number, row: StoredRequest): void {
    const { request } = row;
    this.#addIds(16 * at, row);
    writeInteger(this.#time, at, request.time);
    writeInteger(this.#received, at, row.received);
    writeInteger(this.#duration, at, request.durationUs);
    writeInteger(this.#bytesIn, at, request.bytesIn);
    writeInteger(this.#bytesOut, at, request.bytesOut);
    this.#expiresOn[at] = row.expiresOn;
    this.#status[at] = request.status >= 0 && request.status <= 0xffff ? request.status : 0;
    this.#kept[at] = row.kept ? 1 : 0;
    this.#botVerified[at] = row.botVerified ? 1 : 0;
    this.#agentKnown[at] = request.userAgent === null ? 0 : 1;
    this.#threat[at] = row.threatScore ?? -1;
    this.#attack[at] = row.attackScore ?? -1;
  }

  #addIds(to: number, { tenantId, id }: StoredRequest): void {
    if (tenantId !== this.#lastTenant) {
      writeUuid(this.#tenantBytes, 0, tenantId);
      this.#lastTenant = tenantId;
    }
    this.#tenant.set(this.#tenantBytes, to);
    // Ids of one sequence differ in their last ten digits only.
    if (this.#lastPrefix === '' || !id.startsWith(this.#lastPrefix)) {
      writeUuid(this.#prefixBytes, 0, id);
      this.#lastPrefix = id.slice(0, ID_PREFIX);
    }
    this.#id.set(this.#prefixBytes, to);
    for (let byte = 0; byte < 5; byte += 1) {
      const at = ID_PREFIX + 2 * byte;
      this.#id[to + 12 - byte] = (hexDigit(id.charCodeAt(at)) << 4) | hexDigit(id.charCodeAt(at + 1));
    }
  }

  /** Gives rows from `from` on what coded ones have in common; a row that is added in full overwrites it. */
  prepare({ tenantId, received, firstId }: CodedCommon, from: number): void {
    const rows = this.#status.length;
    if (from >= rows) return;
    repeat(this.#tenant, tenantId, from);
    repeat(this.#id, firstId, from);
    writeInteger(this.#received, from, received);
    const [low, high] = [this.#received[2 * from] as number, this.#received[2 * from + 1] as number];
    for (let at = from; at < rows; at += 1) {
      this.#received[2 * at] = low;
      this.#received[2 * at + 1] = high;
    }
    // -1: unknown.
    for (const halves of [this.#duration, this.#bytesIn]) halves.fill(0xffff_ffff, 2 * from);
    for (const scores of [this.#threat, this.#attack]) scores.fill(-1, from);
    this.#kept.fill(1, from);
    this.#botVerified.fill(0, from);
  }

  /** A coded row; `count`: what the last ten digits of its id count. */
  addCoded(at: number, count: number, row: CodedNumbers): void {
    const id = 16 * at;
    this.#id[id + 8] = count;
    this.#id[id + 9] = count >>> 8;
    this.#id[id + 10] = count >>> 16;
    this.#id[id + 11] = count >>> 24;
    this.#id[id + 12] = count / HIGH;
    writeInteger(this.#time, at, row.time);
    writeInteger(this.#bytesOut, at, row.bytesOut);
    this.#expiresOn[at] = row.expiresOn;
    this.#status[at] = row.status;
  }

  setAgentKnown(at: number, known: number): void {
    this.#agentKnown[at] = known;
  }

  writeTo(block: NativeBlock): void {
    block.numbers('tenant_id', 'UUID', 16, this.#tenant);
    block.numbers('id', 'UUID', 16, this.#id);
    block.numbers('time_ms', 'Int64', 8, this.#time);
    block.numbers('received_ms', 'Int64', 8, this.#received);
    block.numbers('duration_us', 'Int64', 8, this.#duration);
    block.numbers('bytes_in', 'Int64', 8, this.#bytesIn);
    block.numbers('bytes_out', 'Int64', 8, this.#bytesOut);
    block.numbers('expires_on', 'UInt16', 2, this.#expiresOn);
    block.numbers('status', 'UInt16', 2, this.#status);
    block.numbers('kept', 'UInt8', 1, this.#kept);
    block.numbers('bot_verified', 'UInt8', 1, this.#botVerified);
    block.numbers('user_agent_known', 'UInt8', 1, this.#agentKnown);
    block.numbers('threat_score', 'Int8', 1, this.#threat);
    block.numbers('attack_score', 'Int8', 1, this.#attack);
  }
}

/** The same UUID for each row from `from` on. */
function repeat(bytes: Uint8Array, uuid: string, from: number): void {
  writeUuid(bytes, 16 * from, uuid);
  for (let done = 16 * from, length = 16; done + length < bytes.length; length *= 2) {
    bytes.copyWithin(done + length, done, done + length);
  }
}

/** 64-bit two's complement in two halves; what is no number or not exact becomes -1. */
export function writeInteger(halves: Uint32Array, at: number, value: number): void {
  const whole = Math.trunc(value);
  const exact = whole >= -MOST_INTEGER && whole <= MOST_INTEGER ? whole : -1;
  const high = Math.floor(exact / HIGH);
  halves[2 * at] = exact - high * HIGH;
  halves[2 * at + 1] = high;
}

/** A UUID is two little-endian 64-bit halves, the high one first. */
export function writeUuid(bytes: Uint8Array, to: number, text: string): void {
  let at = 0;
  for (let byte = 0; byte < 16; byte += 1) {
    if (text.charCodeAt(at) === 0x2d) at += 1;
    const value = (hexDigit(text.charCodeAt(at)) << 4) | hexDigit(text.charCodeAt(at + 1));
    bytes[to + (byte < 8 ? 7 - byte : 23 - byte)] = value;
    at += 2;
  }
}

function hexDigit(code: number): number {
  return code <= 0x39 ? code - 0x30 : (code | 0x20) - 0x57;
}
