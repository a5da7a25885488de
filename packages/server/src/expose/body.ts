import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, zstdDecompress } from 'node:zlib';
import type { FastifyRequest } from 'fastify';
import { ZstdFrames } from '../flow/zstd-frames.ts';
import { ProblemError } from './problem.ts';

const DECODERS: Record<string, (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
  zstd: decodeZstd,
};

const CHARSETS = new Set(['utf-8', 'utf8', 'us-ascii']);
/** Each costs a call, however little is in it. */
const MOST_FRAMES = 4096;

/**
 * The whole body, decompressed, without the byte order mark that some programs begin with. Throws ProblemErrors 413 over
 * `most` bytes, 415 for an unknown encoding or another charset than UTF-8, 400 for damage.
 */
export async function readBody(request: FastifyRequest, most: number): Promise<Buffer> {
  refuseCharset(request.headers['content-type']);
  const encoding = String(request.headers['content-encoding'] ?? 'identity')
    .trim()
    .toLowerCase();
  const decode = DECODERS[encoding];
  if (decode === undefined && encoding !== 'identity') {
    throw new ProblemError(
      415,
      'unsupported-encoding',
      `Content-Encoding is "${encoding.slice(0, 40)}"; send ${Object.keys(DECODERS).join(', ')} or none`,
    );
  }
  if (Number(request.headers['content-length'] ?? 0) > most) throw tooLarge(most);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of bodyStream(request)) {
    size += chunk.length;
    if (size > most) throw tooLarge(most);
    chunks.push(chunk as Buffer);
  }
  const bytes = Buffer.concat(chunks);
  if (decode === undefined) return withoutMark(bytes);
  try {
    return withoutMark(await decode(bytes, { maxOutputLength: most }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(most);
    throw new ProblemError(400, 'bad-encoding', `the body is not ${encoding}: ${(error as Error).message}`);
  }
}

function refuseCharset(type: string | undefined): void {
  const charset = /;\s*charset\s*=\s*"?([\w-]{1,40})/i.exec(type ?? '')?.[1]?.toLowerCase() ?? 'utf-8';
  if (CHARSETS.has(charset)) return;
  throw new ProblemError(415, 'unsupported-charset', `Content-Type names the charset "${charset}"; send UTF-8`);
}

function withoutMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

const decodeFrame = promisify(zstdDecompress);

/** All frames of a body, one after another (RFC 8878, 3.1); Node's decoder takes the first, and passes over the rest. */
async function decodeZstd(bytes: Buffer, { maxOutputLength }: { maxOutputLength: number }): Promise<Buffer> {
  const frames = new ZstdFrames();
  const decoded: Buffer[] = [];
  let pieces: Buffer[] = [];
  let left = maxOutputLength;
  const decode = async () => {
    if (decoded.length >= MOST_FRAMES) throw new Error(`it has more than ${MOST_FRAMES} frames`);
    const frame = await decodeFrame(Buffer.concat(pieces.splice(0)), { maxOutputLength: Math.max(1, left) });
    left -= frame.length;
    if (left < 0) throw Object.assign(new Error('too large'), { code: 'ERR_BUFFER_TOO_LARGE' });
    decoded.push(frame);
  };
  for (const { bytes: piece, ends } of frames.push(bytes)) {
    pieces.push(piece);
    if (ends) await decode();
  }
  // What is no frame, or ends too early: the decoder says why.
  if (pieces.length > 0) await decode();
  if (frames.open) throw new Error('it ends within a frame');
  return decoded.length === 1 ? (decoded[0] as Buffer) : Buffer.concat(decoded);
}

/** The body as it comes. The routes that use it are registered with a parser that leaves the stream alone. */
export function bodyStream(request: FastifyRequest): AsyncIterable<Uint8Array> {
  return request.raw.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
}

function tooLarge(most: number): ProblemError {
  const bound = most < 1024 * 1024 ? `${most} bytes` : `${Math.floor(most / 1024 / 1024)} MiB`;
  return new ProblemError(413, 'too-large', `the body is larger than ${bound}; send fewer requests at once`);
}

/** The lines of a text, empty ones left out; CRLF is fine. */
export function splitLines(bytes: Buffer): string[] {
  return bytes
    .toString('utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
