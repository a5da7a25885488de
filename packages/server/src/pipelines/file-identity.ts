import { createHash } from 'node:crypto';
import type { ImportFile, ImportRange } from '../stores/records.ts';

/** A file is known by the hash of its beginning, up to this many bytes. */
export const HEAD_BYTES = 4096;

/** SHA-256. */
export function hash(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** A byte range of a file. Its token says what it holds, so that other bytes are never taken for a repetition. */
export function rangeOf(file: Pick<ImportFile, 'id'>, start: number, end: number, bytes: Buffer): ImportRange {
  return { start, end, token: `${file.id}:${start}-${end}:${hash(bytes).toString('hex', 0, 8)}` };
}

/** Beginnings a file is looked up by, longest first: powers of two, so that one that grew is found by its former. */
export function headSizes(length: number): number[] {
  const sizes: number[] = [];
  for (let size = HEAD_BYTES; size >= 1; size /= 2) if (size <= length) sizes.push(size);
  return sizes;
}

/** Whether what is known of a file fits this beginning of one, as far as the beginning reaches. */
export function isSame(file: ImportFile, sample: Buffer): boolean {
  const { offsetDone, tailHash, pending, headBytes } = file;
  const first = pending[0];
  if (offsetDone === 0 && first !== undefined && first.end <= sample.length) {
    return rangeOf(file, first.start, first.end, sample.subarray(0, first.end)).token === first.token;
  }
  if (offsetDone <= sample.length) {
    const tail = sample.subarray(Math.max(0, offsetDone - HEAD_BYTES), offsetDone);
    return tailHash === null ? offsetDone === 0 : hash(tail).equals(tailHash);
  }
  // Shorter than what was imported: an older copy if the beginning is long enough to say so, else another file.
  return headBytes === HEAD_BYTES;
}
