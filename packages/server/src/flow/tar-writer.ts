const BLOCK = 512;
/** What fits into the eleven octal digits of a header. */
const LARGEST_PLAIN = 8 * 1024 ** 3 - 1;
const LONGEST_PLAIN = 100;

/** Two empty blocks, which end an archive. */
export const TAR_END = Buffer.alloc(2 * BLOCK);

/**
 * What stands before the content of a regular file in a tar archive (POSIX.1-2001): its header, and one of the pax
 * format before that where the name or the size does not fit. `modified`: seconds since the epoch.
 */
export function tarHead(name: string, size: number, modified: number): Buffer {
  const plain = Buffer.byteLength(name) <= LONGEST_PLAIN && size <= LARGEST_PLAIN;
  if (plain) return header(name, size, modified, '0');
  const records = Buffer.from(record('path', name) + record('size', String(size)));
  const short = name.slice(-LONGEST_PLAIN).replace(/[^\x20-\x7e]/g, '_');
  return Buffer.concat([
    header(`pax/${short}`.slice(0, LONGEST_PLAIN), records.length, modified, 'x'),
    records,
    tarPadding(records.length),
    header(short, Math.min(size, LARGEST_PLAIN), modified, '0'),
  ]);
}

/** What stands after a content of so many bytes. */
export function tarPadding(size: number): Buffer {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
}

/** A record of the pax format begins with its own length. */
function record(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const bytes = Buffer.byteLength(rest);
  let length = bytes + String(bytes).length;
  if (String(length).length > String(bytes).length) length = bytes + String(length).length;
  return `${length}${rest}`;
}

function header(name: string, size: number, modified: number, type: string): Buffer {
  const head = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, digits: number) =>
    head.write(`${value.toString(8).padStart(digits, '0')}\0`, at, 'latin1');
  head.write(name, 0, LONGEST_PLAIN);
  octal(0o600, 100, 7);
  octal(0, 108, 7);
  octal(0, 116, 7);
  octal(size, 124, 11);
  octal(Math.max(0, Math.floor(modified)), 136, 11);
  head.write('        ', 148, 'latin1');
  head.write(type, 156, 'latin1');
  head.write('ustar\x0000', 257, 'latin1');
  let sum = 0;
  for (const byte of head) sum += byte;
  head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return head;
}
