import { promisify } from 'node:util';
import { constants, gzip as gzipWithCallback } from 'node:zlib';

/** Lines that are alike pack as well at the lowest level as at the highest. */
export const GZIP = { level: constants.Z_BEST_SPEED, chunkSize: 16 * 1024 };

const gzipLater = promisify(gzipWithCallback);

/** gzip of the bytes, made elsewhere than on this thread. Rejects with what zlib says. */
export function gzip(bytes: Uint8Array): Promise<Buffer> {
  return gzipLater(bytes, GZIP);
}
