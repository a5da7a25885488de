const SPECIAL = /[\\\x00-\x1f]/;
const ESCAPES: Record<string, string> = {
  '\\': '\\\\',
  "'": "\\'",
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\0': '\\0',
  '\b': '\\b',
  '\f': '\\f',
};
const TAB = 9;
const BACKSLASH = 92;
const ZERO = 48;
const FIRST_SIZE = 1 << 20;
/** Kept between batches; one that grew larger for a giant batch is let go. */
const KEPT_SIZE = 1 << 25;

/** One field of a TSV line, without its tab, cut to `limit` UTF-16 units. */
export function escapeTsv(text: string, limit: number): string {
  const cut = text.length > limit ? text.slice(0, limit) : text;
  return SPECIAL.test(cut) ? cut.replace(/[\\\x00-\x1f]/g, (char) => ESCAPES[char] ?? char) : cut;
}

/** A text as it stands inside an array or a map of a TSV line. */
export function quoteTsv(text: string): string {
  return `'${text.replace(/[\\'\x00-\x1f]/g, (char) => ESCAPES[char] ?? char)}'`;
}

/**
 * Writes tab-separated fields into bytes it reuses from batch to batch. Joining strings and encoding the result takes
 * three times as long. Every field but `raw` ends with a tab. The caller makes room with `ensure`.
 */
export interface TsvWriter {
  reset(): void;
  /** Room for so many more bytes: three for each UTF-16 unit of text. */
  ensure(room: number): void;
  /** Bytes as they are, their tab included. */
  bytes(bytes: Uint8Array): void;
  text(text: string, limit: number): void;
  /** Whole part of a number; what is no number becomes -1. */
  integer(value: number): void;
  flag(value: boolean): void;
  /** Text that is escaped already, with the byte that ends it; makes its own room. */
  raw(text: string, end: number): void;
  /** A copy of what was written since the reset. */
  taken(): Buffer;
}

export function createTsvWriter(): TsvWriter {
  let buffer = Buffer.allocUnsafe(FIRST_SIZE);
  let at = 0;

  function ensure(room: number): void {
    if (at + room <= buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(buffer.length * 2, at + room));
    buffer.copy(grown, 0, 0, at);
    buffer = grown;
  }

  function integer(value: number): void {
    if (!(value >= 0 && value <= Number.MAX_SAFE_INTEGER)) {
      // Negative and absurd numbers are rare.
      const whole = Number.isFinite(value) ? Math.max(Math.trunc(value), -Number.MAX_SAFE_INTEGER) : -1;
      at += buffer.write(`${Math.min(whole, Number.MAX_SAFE_INTEGER)}\t`, at, 'latin1');
      return;
    }
    let rest = Math.trunc(value);
    let length = 1;
    for (let bound = 10; bound <= rest; bound *= 10) length += 1;
    let end = at + length;
    at = end;
    while (rest > 0x7fff_ffff) {
      const next = Math.floor(rest / 10);
      buffer[--end] = ZERO + (rest - next * 10);
      rest = next;
    }
    let small = rest | 0;
    do {
      const next = (small / 10) | 0;
      buffer[--end] = ZERO + (small - next * 10);
      small = next;
    } while (small > 0);
    buffer[at++] = TAB;
  }

  function text(value: string, limit: number): void {
    const length = value.length > limit ? limit : value.length;
    const start = at;
    for (let index = 0; index < length; index += 1) {
      const code = value.charCodeAt(index);
      if (code < 32 || code > 126 || code === BACKSLASH) {
        at = start + buffer.write(escapeTsv(value, limit), start);
        buffer[at++] = TAB;
        return;
      }
      buffer[start + index] = code;
    }
    at = start + length;
    buffer[at++] = TAB;
  }

  return {
    reset() {
      at = 0;
      if (buffer.length > KEPT_SIZE) buffer = Buffer.allocUnsafe(FIRST_SIZE);
    },
    ensure,
    bytes(bytes) {
      buffer.set(bytes, at);
      at += bytes.length;
    },
    text,
    integer,
    flag(value) {
      buffer[at] = value ? ZERO + 1 : ZERO;
      buffer[at + 1] = TAB;
      at += 2;
    },
    raw(value, end) {
      ensure(value.length * 3 + 1);
      at += buffer.write(value, at);
      buffer[at++] = end;
    },
    taken: () => Buffer.from(buffer.subarray(0, at)),
  };
}
