import { createHash } from 'node:crypto';
import type { RetentionDays } from '../privacy/retention.ts';
import type { ImportFile, ImportRange } from '../stores/records.ts';

/** A file is known by the hash of its beginning, up to this many bytes. */
export const HEAD_BYTES = 4096;

/** SHA-256. */
export function hash(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** What decides, beside the bytes of a range, when its rows expire. */
export interface RangeTerms {
  /** ms since the epoch. */
  received: number;
  retention: RetentionDays;
}

/**
 * A byte range of a file. Its token says what it holds, so that other bytes are never taken for a repetition, and on
 * which terms: the store drops a repetition only within the partition of the day on which the rows expire.
 */
export function rangeOf(
  file: Pick<ImportFile, 'id'>,
  start: number,
  end: number,
  bytes: Buffer,
  { received, retention: { granted, unknown, refused } }: RangeTerms,
): ImportRange {
  const holds = hash(bytes).toString('hex', 0, 8);
  return { start, end, token: `${file.id}:${start}-${end}:${holds}:${received}-${granted}-${unknown}-${refused}` };
}

/** The terms on which a range was noted; null for a token of another make. */
export function termsOf({ token }: ImportRange): RangeTerms | null {
  const found = /:(\d+)-(\d+)-(\d+)-(\d+)$/.exec(token);
  if (found === null) return null;
  const [received, granted, unknown, refused] = found.slice(1).map(Number) as [number, number, number, number];
  return { received, retention: { granted, unknown, refused } };
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
    const terms = termsOf(first);
    const bytes = sample.subarray(0, first.end);
    return terms !== null && rangeOf(file, first.start, first.end, bytes, terms).token === first.token;
  }
  if (offsetDone <= sample.length) {
    const tail = sample.subarray(Math.max(0, offsetDone - HEAD_BYTES), offsetDone);
    return tailHash === null ? offsetDone === 0 : hash(tail).equals(tailHash);
  }
  // Shorter than what was imported: an older copy if the beginning is long enough to say so, else another file.
  return headBytes === HEAD_BYTES;
}
