import { constants, createGzip, type Gzip } from 'node:zlib';

/** Compresses, one after another, with one compressor: to make a new one each time costs more than a small batch does. */
export interface Packer {
  /** gzip of the bytes, which may be used again when it resolves. Not to be called again before. Rejects with what zlib says. */
  pack(bytes: Buffer): Promise<Buffer>;
}

/**
 * Given to the compressor in one piece: on a machine that is busy, another thread that works for long holds up the app's
 * own, and some of its answers come late.
 */
const PIECE_BYTES = 64 * 1024;
/** As documented for all of zlib's streams; its type is lacking. */
type Resettable = Gzip & { reset(): void };

const GZIP = { level: 1, chunkSize: 16 * 1024 };

export function createPacker(): Packer {
  let gzip: Resettable | null = null;
  let packed: Buffer[] = [];
  let fail: (error: Error) => void = () => undefined;

  function open(): Resettable {
    const stream = createGzip(GZIP) as Resettable;
    stream.on('data', (chunk: Buffer) => packed.push(chunk));
    stream.on('error', (error) => {
      gzip = null;
      fail(error);
    });
    return stream;
  }

  const write = (stream: Gzip, piece: Buffer): Promise<void> =>
    new Promise((resolve, reject) => {
      fail = reject;
      stream.write(piece, () => resolve());
    });
  /** Ends the gzip, not the stream, which begins another one after it. */
  const finish = (stream: Gzip): Promise<void> =>
    new Promise((resolve, reject) => {
      fail = reject;
      stream.flush(constants.Z_FINISH, () => resolve());
    });

  return {
    async pack(bytes) {
      gzip ??= open();
      const stream = gzip;
      packed = [];
      for (let at = 0; at < bytes.length; at += PIECE_BYTES) await write(stream, bytes.subarray(at, at + PIECE_BYTES));
      await finish(stream);
      stream.reset();
      return Buffer.concat(packed.splice(0));
    },
  };
}
