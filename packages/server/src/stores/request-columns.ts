import type { StoredRequest } from '../model/stored-request.ts';
import type { NativeBlock } from './native-block.ts';

const HIGH = 0x1_0000_0000;
const MOST_INTEGER = Number.MAX_SAFE_INTEGER;
/** Digits of an id before the counter of its sequence. */
const ID_PREFIX = 26;

/** A text column as a dictionary and an index a row. Texts over the limit are cut. */
export class Codes {
  readonly #index: Uint32Array;
  readonly #limit: number;
  readonly #places = new Map<string, number>();
  #last = '';
  #lastPlace = -1;

  constructor(rows: number, limit: number) {
    this.#index = new Uint32Array(rows);
    this.#limit = limit;
  }

  add(at: number, value: string): void {
    if (value !== this.#last || this.#lastPlace < 0) {
      const text = value.length > this.#limit ? value.slice(0, this.#limit) : value;
      let place = this.#places.get(text);
      if (place === undefined) {
        place = this.#places.size;
        this.#places.set(text, place);
      }
      this.#last = value;
      this.#lastPlace = place;
    }
    this.#index[at] = this.#lastPlace;
  }

  writeTo(block: NativeBlock, name: string): void {
    block.coded(name, [...this.#places.keys()], this.#index);
  }
}

type Width = 'UInt8' | 'UInt16' | 'UInt32' | 'UInt64';

/** Objects that many rows share: each distinct one is turned into the values of its columns once. */
export class SharedCodes<Value extends object> {
  readonly #index: Uint32Array;
  readonly #places = new Map<Value, number>();
  #last: Value | null = null;
  #lastPlace = 0;

  constructor(rows: number) {
    this.#index = new Uint32Array(rows);
  }

  add(at: number, value: Value): void {
    if (value !== this.#last) {
      let place = this.#places.get(value);
      if (place === undefined) {
        place = this.#places.size;
        this.#places.set(value, place);
      }
      this.#last = value;
      this.#lastPlace = place;
    }
    this.#index[at] = this.#lastPlace;
  }

  /** A text of the objects; several objects may say the same. */
  writeTexts(block: NativeBlock, name: string, of: (value: Value) => string): void {
    const texts = new Map<string, number>();
    const recoded = new Uint32Array(this.#places.size);
    for (const [value, place] of this.#places) {
      const text = of(value);
      let code = texts.get(text);
      if (code === undefined) {
        code = texts.size;
        texts.set(text, code);
      }
      recoded[place] = code;
    }
    const index = new Uint32Array(this.#index.length);
    for (let row = 0; row < index.length; row += 1) index[row] = recoded[this.#index[row] as number] as number;
    block.coded(name, [...texts.keys()], index);
  }

  writeNumbers(block: NativeBlock, name: string, width: Width, of: (value: Value) => number | bigint): void {
    const values = [...this.#places.keys()].map(of);
    const rows = this.#index.length;
    if (width === 'UInt64') {
      const column = new BigUint64Array(rows);
      const wide = BigUint64Array.from(values as bigint[]);
      for (let row = 0; row < rows; row += 1) column[row] = wide[this.#index[row] as number] as bigint;
      block.numbers(name, width, 8, column);
      return;
    }
    const narrow = Uint32Array.from(values as number[]);
    const column =
      width === 'UInt8' ? new Uint8Array(rows) : width === 'UInt16' ? new Uint16Array(rows) : new Uint32Array(rows);
    for (let row = 0; row < rows; row += 1) column[row] = narrow[this.#index[row] as number] as number;
    block.numbers(name, width, column.BYTES_PER_ELEMENT, column);
  }
}

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
  #lastPrefix = '';

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
    if (tenantId === this.#lastTenant) this.#tenant.copyWithin(to, to - 16, to);
    else writeUuid(this.#tenant, to, tenantId);
    this.#lastTenant = tenantId;
    // Ids of one sequence differ in their last ten digits only.
    if (this.#lastPrefix !== '' && id.startsWith(this.#lastPrefix)) {
      this.#id.copyWithin(to, to - 16, to);
      for (let byte = 0; byte < 5; byte += 1) {
        const at = ID_PREFIX + 2 * byte;
        this.#id[to + 12 - byte] = (hexDigit(id.charCodeAt(at)) << 4) | hexDigit(id.charCodeAt(at + 1));
      }
      return;
    }
    writeUuid(this.#id, to, id);
    this.#lastPrefix = id.slice(0, ID_PREFIX);
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

/** 64-bit two's complement in two halves; what is no number or not exact becomes -1. */
function writeInteger(halves: Uint32Array, at: number, value: number): void {
  const whole = Math.trunc(value);
  const exact = whole >= -MOST_INTEGER && whole <= MOST_INTEGER ? whole : -1;
  const high = Math.floor(exact / HIGH);
  halves[2 * at] = exact - high * HIGH;
  halves[2 * at + 1] = high;
}

/** A UUID is two little-endian 64-bit halves, the high one first. */
function writeUuid(bytes: Uint8Array, to: number, text: string): void {
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
