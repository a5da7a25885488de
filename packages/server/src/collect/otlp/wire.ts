/** What is wrong with bytes that are no protobuf message of ours. */
export class WireError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'WireError';
  }
}

export const VARINT = 0;
export const FIXED64 = 1;
export const BYTES = 2;
export const FIXED32 = 5;

/**
 * Walks the fields of one protobuf message between two offsets, without copying: `next`, then the value of the kind
 * that `wire` says. What is not read is passed over, unknown fields too. Throws WireErrors, never reads out of bounds.
 */
export class WireReader {
  /** Number of the field `next` found. */
  field = 0;
  wire = -1;
  #bytes: Buffer;
  #at: number;
  #end: number;
  /** Where the current field's value begins, and the next field does. */
  #from = 0;
  #to = 0;

  constructor(bytes: Buffer, from = 0, to = bytes.length) {
    this.#bytes = bytes;
    this.#at = from;
    this.#end = to;
  }

  /** Goes to the next field; false at the end. */
  next(): boolean {
    if (this.#at >= this.#end) return false;
    const tag = this.#varint();
    this.field = Math.floor(tag / 8);
    this.wire = tag % 8;
    if (this.field === 0 || this.field > 0x1fff_ffff) throw new WireError('a field has no valid number');
    this.#from = this.#at;
    if (this.wire === VARINT) this.#skipVarint();
    else if (this.wire === FIXED64) this.#at += 8;
    else if (this.wire === FIXED32) this.#at += 4;
    else if (this.wire === BYTES) {
      const length = this.#varint();
      this.#from = this.#at;
      this.#at += length;
    } else throw new WireError(`wire type ${this.wire} is none that OTLP uses`);
    if (this.#at > this.#end) throw new WireError('a field is longer than what holds it');
    this.#to = this.#at;
    return true;
  }

  /** Whether the current field is this one and encoded as it should be; another encoding is passed over as unknown. */
  is(field: number, wire: number): boolean {
    return this.field === field && this.wire === wire;
  }

  text(): string {
    return this.#bytes.toString('utf8', this.#from, this.#to);
  }

  bytes(): Buffer {
    return this.#bytes.subarray(this.#from, this.#to);
  }

  message(): WireReader {
    return new WireReader(this.#bytes, this.#from, this.#to);
  }

  double(): number {
    return this.#bytes.readDoubleLE(this.#from);
  }

  fixed64(): bigint {
    return this.#bytes.readBigUInt64LE(this.#from);
  }

  /** A varint of up to 64 bits as signed; a number where that is exact. */
  int64(): number | bigint {
    let value = 0n;
    let shift = 0n;
    for (let at = this.#from; at < this.#to; at++) {
      value |= BigInt((this.#bytes[at] as number) & 0x7f) << shift;
      shift += 7n;
    }
    const signed = BigInt.asIntN(64, value);
    const number = Number(signed);
    return Number.isSafeInteger(number) ? number : signed;
  }

  #skipVarint(): void {
    for (let count = 0; count < 10; count++) {
      if (this.#at >= this.#end) throw new WireError('a number is cut off');
      if ((this.#bytes[this.#at++] as number) < 0x80) return;
    }
    throw new WireError('a number has more than ten bytes');
  }

  /** A tag or length: at most 2^32, so that arithmetic stays exact. */
  #varint(): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < 5; count++) {
      if (this.#at >= this.#end) throw new WireError('a number is cut off');
      const byte = this.#bytes[this.#at++] as number;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    throw new WireError('a tag or length has more than five bytes');
  }
}
