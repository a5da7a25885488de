import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { constants, gzipSync, gzip as gzipWithCallback } from 'node:zlib';

/** Lines that are alike pack as well at the lowest level as at the highest. */
const GZIP = { level: constants.Z_BEST_SPEED, chunkSize: 16 * 1024 };
/** Of one delivery: larger ones have larger pieces, so that the pauses do not hold up what comes fast. */
const MOST_PIECES = 16;
const SMALLEST_PIECE = 16 * 1024;
const PAUSE_MS = 1;

const gzipLater = promisify(gzipWithCallback);

/** gzip of the bytes, made elsewhere than on this thread. Rejects with what zlib says. */
export function gzip(bytes: Uint8Array): Promise<Buffer> {
  return gzipLater(bytes, GZIP);
}

/**
 * gzip of the bytes, made on this thread, piece by piece: where others wait for the processor, each waits for a piece and
 * not for a whole delivery. Each is a member of its own (RFC 1952 §2.2). Rejects with what zlib says.
 */
export async function gzipInPieces(bytes: Uint8Array): Promise<Uint8Array> {
  const size = Math.max(SMALLEST_PIECE, Math.ceil(bytes.length / MOST_PIECES));
  const packed = [gzipSync(bytes.subarray(0, size), GZIP)];
  for (let at = size; at < bytes.length; at += size) {
    await pause(PAUSE_MS);
    packed.push(gzipSync(bytes.subarray(at, at + size), GZIP));
  }
  return Buffer.concat(packed);
}
