import { isAscii, isUtf8 } from 'node:buffer';
import { LONGEST_LINE } from './format.ts';

/** A line of more bytes than this is handed on as its beginning only. */
export const LONGEST_KEPT = 1024 * 1024;
/** Bytes of a longer line that are kept: enough that it still has more than LONGEST_LINE characters in UTF-8. */
export const KEPT_BYTES = 4 * (LONGEST_LINE + 1);

/**
 * Bytes decoded at a time: measured fastest, because text and slices stay in the processor's caches. (V8 keeps texts of
 * more than about 1 MB outside its heap, where every one of them brings the next full collection nearer.) It also
 * bounds what one slice keeps alive.
 */
const DECODED_AT_ONCE = 64 * 1024;

/**
 * Decodes a block of whole lines and hands each to `each` without its `\n` or `\r\n`; a last line without one counts.
 * Text is ASCII or UTF-8 where it is valid and Latin-1 by the line where it is not. NUL bytes survive. Of a line of
 * more than 1 MiB only the first LONGEST_LINE + 1 characters are handed on, which every parser refuses as
 * `line-too-long`. Lines are slices of a longer text: copy (`ownText`) what is kept longer than the block.
 */
export function eachLine(block: Buffer, each: (line: string) => void): void {
  const bytes = block[0] === 0xef && block[1] === 0xbb && block[2] === 0xbf ? block.subarray(3) : block;
  for (let from = 0; from < bytes.length; ) {
    const newline = from + DECODED_AT_ONCE < bytes.length ? bytes.indexOf(10, from + DECODED_AT_ONCE - 1) : -1;
    const end = newline < 0 ? bytes.length : newline + 1;
    eachOfPiece(bytes.subarray(from, end), each);
    from = end;
  }
}

function eachOfPiece(bytes: Buffer, each: (line: string) => void): void {
  if (isAscii(bytes)) return eachOfText(bytes.toString('latin1'), each);
  if (isUtf8(bytes)) return eachOfText(bytes.toString('utf8'), each);
  let from = 0;
  while (from < bytes.length) {
    const newline = bytes.indexOf(10, from);
    const end = newline < 0 ? bytes.length : newline;
    each(decodeLine(bytes.subarray(from, end)));
    from = end + 1;
  }
}

function eachOfText(text: string, each: (line: string) => void): void {
  const length = text.length;
  let from = 0;
  while (from < length) {
    let end = text.indexOf('\n', from);
    if (end < 0) end = length;
    const stop = end > from && text.charCodeAt(end - 1) === 13 ? end - 1 : end;
    const line = text.slice(from, stop);
    each(line.length > LONGEST_KEPT ? cut(line) : line);
    from = end + 1;
  }
}

function decodeLine(bytes: Buffer): string {
  if (bytes.length > LONGEST_KEPT) return cut(decode(bytes.subarray(0, KEPT_BYTES)));
  const line = decode(bytes);
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

function decode(bytes: Buffer): string {
  return bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1');
}

function cut(line: string): string {
  return line.slice(0, LONGEST_LINE + 1);
}
