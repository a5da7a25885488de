import { createByteReader } from './byte-reader.ts';

const BLOCK = 512;
const MAGIC_AT = 257;
const PIECE = 64 * 1024;
/** A name longer than this in a header of its own is cut. */
const LONGEST_NAME = 4096;

/** A file in an archive. Its content must be read, or left, before the next one is asked for. */
export interface TarEntry {
  name: string;
  /** Bytes. */
  size: number;
  content(): AsyncGenerator<Buffer>;
}

/** Whether the beginning of a file is that of a tar archive (POSIX ustar, GNU). */
export function isTar(head: Buffer): boolean {
  return head.length >= BLOCK && head.toString('latin1', MAGIC_AT, MAGIC_AT + 5) === 'ustar' && checksumFits(head);
}

/**
 * The files of a tar archive, one after another, without holding them. Ends at the end marker, at a header that is
 * damaged, or at the end of the bytes.
 */
export async function* tarEntries(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const reader = createByteReader(bytes);
  let longName = '';
  for (;;) {
    const head = await reader.take(BLOCK);
    if (head.length < BLOCK || !isTar(head)) return;
    const size = sizeOf(head);
    if (!Number.isSafeInteger(size) || size < 0) return;
    const padding = (BLOCK - (size % BLOCK)) % BLOCK;
    const type = String.fromCharCode(head.readUInt8(156));
    if (type === 'L' || type === 'x' || type === 'g') {
      const text = (await reader.take(Math.min(size, LONGEST_NAME))).toString('utf8');
      await reader.skip(size - Math.min(size, LONGEST_NAME) + padding, 0);
      if (type === 'L') longName = text.replace(/\0.*$/s, '');
      else if (type === 'x') longName = /(?:^|\n)\d+ path=([^\n]*)\n/.exec(text)?.[1] ?? longName;
      continue;
    }
    const name = longName === '' ? nameOf(head) : longName;
    longName = '';
    let left = size;
    if (type === '0' || type === '\0' || type === '7') {
      yield {
        name,
        size,
        async *content() {
          while (left > 0) {
            const piece = await reader.take(Math.min(left, PIECE));
            if (piece.length === 0) return;
            left -= piece.length;
            yield piece;
          }
        },
      };
    }
    await reader.skip(left + padding, 0);
  }
}

function nameOf(head: Buffer): string {
  const text = (from: number, length: number) => head.toString('utf8', from, from + length).replace(/\0.*$/s, '');
  const prefix = text(345, 155);
  return prefix === '' ? text(0, 100) : `${prefix}/${text(0, 100)}`;
}

/** Octal, or, for what is larger than 8 GiB, big-endian with the first bit set (GNU). */
function sizeOf(head: Buffer): number {
  if ((head.readUInt8(124) & 0x80) !== 0) return Number(head.readBigUInt64BE(128));
  const text = head
    .toString('latin1', 124, 136)
    .replace(/[\0 ]+$/, '')
    .trim();
  return /^[0-7]*$/.test(text) ? Number.parseInt(text || '0', 8) : Number.NaN;
}

function checksumFits(head: Buffer): boolean {
  const written = Number.parseInt(head.toString('latin1', 148, 156).replace(/[\0 ].*$/s, ''), 8);
  let sum = 8 * 32;
  for (let at = 0; at < BLOCK; at += 1) if (at < 148 || at >= 156) sum += head[at] as number;
  return sum === written;
}
