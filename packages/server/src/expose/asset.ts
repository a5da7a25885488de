import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';

const LEAST_COMPRESSED = 1024;

/** A file that is served from memory. */
export interface Asset {
  type: string;
  body: Buffer;
  etag: string;
  /** Its address holds a hash of its content, so that it never changes. */
  immutable: boolean;
  encoded: Map<'br' | 'gzip', Promise<Buffer>>;
}

export function createAsset(type: string, body: Buffer, immutable: boolean): Asset {
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  return { type, body, etag, immutable, encoded: new Map() };
}

/** Answers with a file, compressed as the client likes it; each encoding is made once. `caching`: of what may change. */
export async function sendAsset(
  asset: Asset,
  request: FastifyRequest,
  reply: FastifyReply,
  caching = 'no-cache',
): Promise<FastifyReply> {
  reply
    .type(asset.type)
    .header('etag', asset.etag)
    .header('vary', 'accept-encoding')
    .header('cache-control', asset.immutable ? 'public, max-age=31536000, immutable' : caching);
  if (request.headers['if-none-match'] === asset.etag) return reply.code(304).send();
  const encoding = chooseEncoding(asset, String(request.headers['accept-encoding'] ?? ''));
  if (encoding === null) return reply.send(asset.body);
  let encoded = asset.encoded.get(encoding);
  if (encoded === undefined) {
    encoded = compress(asset.body, encoding);
    asset.encoded.set(encoding, encoded);
  }
  return reply.header('content-encoding', encoding).send(await encoded);
}

function chooseEncoding(asset: Asset, accepted: string): 'br' | 'gzip' | null {
  if (asset.body.length < LEAST_COMPRESSED || /^(?:image\/png|font\/|application\/gzip)/.test(asset.type)) return null;
  return /\bbr\b/.test(accepted) ? 'br' : /\bgzip\b/.test(accepted) ? 'gzip' : null;
}

function compress(body: Buffer, encoding: 'br' | 'gzip'): Promise<Buffer> {
  if (encoding === 'gzip') return promisify(gzip)(body, { level: 9 });
  return promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } });
}
