import { BYTES, FIXED64, VARINT } from './wire.ts';

/** Writes protobuf messages for tests. */
export class WireWriter {
  readonly #parts: Buffer[] = [];

  varint(field: number, value: number | bigint): this {
    this.#parts.push(varint(BigInt(field * 8 + VARINT)), varint(BigInt.asUintN(64, BigInt(value))));
    return this;
  }

  fixed64(field: number, value: bigint): this {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(value);
    this.#parts.push(varint(BigInt(field * 8 + FIXED64)), bytes);
    return this;
  }

  double(field: number, value: number): this {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(value);
    this.#parts.push(varint(BigInt(field * 8 + FIXED64)), bytes);
    return this;
  }

  text(field: number, value: string): this {
    return this.bytes(field, Buffer.from(value));
  }

  bytes(field: number, value: Buffer): this {
    this.#parts.push(varint(BigInt(field * 8 + BYTES)), varint(BigInt(value.length)), value);
    return this;
  }

  message(field: number, write: (message: WireWriter) => unknown): this {
    const inner = new WireWriter();
    write(inner);
    return this.bytes(field, inner.finish());
  }

  finish(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}
