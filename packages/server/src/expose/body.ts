import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, zstdDecompress } from 'node:zlib';
import type { FastifyRequest } from 'fastify';
import { ProblemError } from './problem.ts';

const DECODERS: Record<string, (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
  zstd: promisify(zstdDecompress),
};

/** The whole body, decompressed. Throws ProblemErrors 413 over `most` bytes, 415 for an unknown encoding, 400 for damage. */
export async function readBody(request: FastifyRequest, most: number): Promise<Buffer> {
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
  if (decode === undefined) return bytes;
  try {
    return await decode(bytes, { maxOutputLength: most });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(most);
    throw new ProblemError(400, 'bad-encoding', `the body is not ${encoding}: ${(error as Error).message}`);
  }
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
