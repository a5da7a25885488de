import { Fault } from '../model/fault.ts';
import { MmdbDecoder, type MmdbValue, textAt, valueAt } from './mmdb-decoder.ts';

const MARKER = Buffer.from('abcdef4d61784d696e642e636f6d', 'hex');
/** The format puts the metadata within the last 128 KiB. */
const METADATA_SPAN = 128 * 1024 + MARKER.length;
/** Zero bytes between the search tree and the data. */
const SEPARATOR = 16;
const ROOT_BITS = 16;

/** What a database says of itself. */
export interface MmdbInfo {
  /** `database_type`, e.g. `GeoLite2-City`. */
  type: string;
  /** Build time, ms since the epoch, UTC. */
  built: number;
  ipVersion: 4 | 6;
  recordSize: 24 | 28 | 32;
  nodeCount: number;
}

/**
 * Reader of a MaxMind DB (format 2.0) held in memory. Look-ups take numbers and answer the offset of a record, so that
 * a caller can keep what it made of a record by offset and decode each only once.
 */
export class Mmdb {
  readonly info: MmdbInfo;
  readonly #tree: Buffer;
  readonly #bytes: number;
  readonly #nodes: number;
  readonly #dataStart: number;
  readonly #decoder: MmdbDecoder;
  readonly #start4: number;
  /** Node reached after the first 16 bits of an IPv4 address: skips half of each walk. 0: not walked yet. */
  readonly #roots4 = new Uint32Array(1 << ROOT_BITS);
  /** First byte behind the data section. */
  readonly #dataEnd: number;
  readonly #path: string;

  /** `path` only names the file in faults. Throws Fault `geo-data-broken` when the bytes are no sound database. */
  constructor(bytes: Buffer, path: string) {
    this.#path = path;
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) throw this.#broken('is gzip-compressed; unpack it first');
    const from = Math.max(0, bytes.length - METADATA_SPAN);
    const marker = bytes.subarray(from).lastIndexOf(MARKER);
    if (marker < 0) throw this.#broken('is no MaxMind DB: the metadata marker is missing');
    const metadata = from + marker + MARKER.length;
    this.info = readInfo(new MmdbDecoder(bytes, metadata, bytes.length, path).decode(metadata), path);
    this.#tree = bytes;
    this.#bytes = this.info.recordSize / 4;
    this.#nodes = this.info.nodeCount;
    this.#dataStart = this.#nodes * this.#bytes + SEPARATOR;
    const end = from + marker;
    if (this.#dataStart > end) throw this.#broken('is cut short: the search tree does not fit into the file');
    this.#decoder = new MmdbDecoder(bytes, this.#dataStart, end, path);
    this.#dataEnd = end;
    this.#start4 = this.info.ipVersion === 4 ? 0 : this.#descendZeros(96);
  }

  /**
   * Offset of the record for an IPv4 address (unsigned 32-bit), 0 when there is none. In a broken tree the walk still
   * ends, after as many steps as the address has bits, and the offset may be one that `record` refuses.
   */
  find4(address: number): number {
    const nodes = this.#nodes;
    const top = address >>> (32 - ROOT_BITS);
    let node = this.#roots4[top] as number;
    if (node === 0) {
      node = this.#rootOf(top);
      this.#roots4[top] = node;
    }
    for (let bit = 31 - ROOT_BITS; bit >= 0 && node < nodes; bit--) node = this.#child(node, (address >>> bit) & 1);
    return this.#recordOf(node);
  }

  /** Offset of the record for an IPv6 address (four words), 0 when there is none or the database holds only IPv4. */
  find6(words: Uint32Array): number {
    if (this.info.ipVersion === 4) return 0;
    const nodes = this.#nodes;
    let node = 0;
    for (let i = 0; i < 4 && node < nodes; i++) {
      const word = words[i] as number;
      for (let bit = 31; bit >= 0 && node < nodes; bit--) node = this.#child(node, (word >>> bit) & 1);
    }
    return this.#recordOf(node);
  }

  /** The record at an offset a look-up gave. Throws Fault `geo-data-broken`. */
  record(offset: number): MmdbValue {
    return this.#decoder.decode(offset);
  }

  /**
   * Decodes distinct records all over the file, at most `limit`, and answers how many were read; without a limit the
   * whole search tree is checked as well. Throws Fault `geo-data-broken` at the first thing that is not sound.
   */
  verify(limit = Number.POSITIVE_INFINITY): number {
    if (limit === Number.POSITIVE_INFINITY) this.checkTree();
    const seen = new Set<number>();
    const step = limit === Number.POSITIVE_INFINITY ? 1 : Math.max(1, Math.floor((this.#nodes * 2) / (limit * 4)));
    for (let i = 0; i < this.#nodes * 2 && seen.size < limit; i += step) {
      const offset = this.#recordOf(this.#child(i >>> 1, i & 1));
      if (offset === 0 || seen.has(offset)) continue;
      seen.add(offset);
      this.record(offset);
    }
    return seen.size;
  }

  /**
   * Every record of the tree must be a later node, "nothing", or lie in the data. Look-ups do without: a walk never
   * reads behind the tree and ends with the address. This is for
   * whoever wants the whole file checked. Throws Fault `geo-data-broken`. The one way back that writers use is the alias of the IPv4 part (::ffff:0:0/96, 2002::/16).
   */
  checkTree(): void {
    const nodes = this.#nodes;
    const end = nodes + (this.#dataEnd - this.#dataStart);
    for (let node = 0; node < nodes; node++) {
      for (let side = 0; side < 2; side++) {
        const child = this.#child(node, side);
        if (child > nodes ? child < nodes + SEPARATOR || child - SEPARATOR >= end : child <= node) {
          if (child === this.#start4 && child > 0) continue;
          const fault = child > nodes ? 'points outside the data section' : 'loops back';
          throw this.#broken(`node ${node} of the search tree ${fault}`);
        }
      }
    }
  }

  #broken(reason: string): Fault {
    return new Fault('geo-data-broken', `${this.#path}: ${reason}`);
  }

  #child(node: number, side: number): number {
    const tree = this.#tree;
    const at = node * this.#bytes;
    if (this.#bytes === 7) {
      const middle = tree[at + 3] as number;
      const o = side ? at + 4 : at;
      const top = side ? middle & 15 : middle >> 4;
      return (top << 24) | ((tree[o] as number) << 16) | ((tree[o + 1] as number) << 8) | (tree[o + 2] as number);
    }
    if (this.#bytes === 6) {
      const o = at + side * 3;
      return ((tree[o] as number) << 16) | ((tree[o + 1] as number) << 8) | (tree[o + 2] as number);
    }
    return tree.readUInt32BE(at + side * 4);
  }

  /** The decoder refuses an offset outside the data section; what lies in the tree or the separator is refused so, too. */
  #recordOf(node: number): number {
    return node > this.#nodes ? node - this.#nodes - SEPARATOR + this.#dataStart : 0;
  }

  #descendZeros(bits: number): number {
    let node = 0;
    for (let bit = 0; bit < bits && node < this.#nodes; bit++) node = this.#child(node, 0);
    return node;
  }

  #rootOf(top: number): number {
    let node = this.#start4;
    for (let bit = ROOT_BITS - 1; bit >= 0 && node < this.#nodes; bit--) node = this.#child(node, (top >>> bit) & 1);
    return node;
  }
}

function readInfo(metadata: MmdbValue, path: string): MmdbInfo {
  const number = (name: string): number => {
    const value = valueAt(metadata, name);
    if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
    throw new Fault('geo-data-broken', `${path}: the metadata has no number "${name}"`);
  };
  const refuse = (name: string, value: number): Fault =>
    new Fault('geo-data-broken', `${path}: the metadata says ${name} ${value}, which this reader does not know`);
  const recordSize = number('record_size');
  const ipVersion = number('ip_version');
  const version = number('binary_format_major_version');
  if (recordSize !== 24 && recordSize !== 28 && recordSize !== 32) throw refuse('record_size', recordSize);
  if (ipVersion !== 4 && ipVersion !== 6) throw refuse('ip_version', ipVersion);
  if (version !== 2) throw refuse('binary_format_major_version', version);
  return {
    type: textAt(metadata, 'database_type'),
    built: number('build_epoch') * 1000,
    ipVersion,
    recordSize,
    nodeCount: number('node_count'),
  };
}
