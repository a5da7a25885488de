import { BYTES, FIXED64, VARINT } from './wire.ts';

/** Writes protobuf messages for tests. */
export class WireWriter {
  readonly #parts: Buffer[] = [];

  varint(field: number, value: number): this {
    if (value !== 0) this.#parts.push(encodeVarint(field * 8 + VARINT), encodeVarint(value));
    return this;
  }

  text(field: number, value: string): this {
    return value === '' ? this : this.bytes(field, Buffer.from(value));
  }

  bytes(field: number, value: Buffer): this {
    this.#parts.push(encodeVarint(field * 8 + BYTES), encodeVarint(value.length), value);
    return this;
  }

  finish(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

function encodeVarint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 128) | 0x80);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}
