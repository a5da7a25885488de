import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { page } from './start-page.ts';

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};
/** Nothing but the hub's own files, and nothing inline. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
  "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const LEAST_COMPRESSED = 1024;

interface Asset {
  type: string;
  body: Buffer;
  etag: string;
  /** Its name holds a hash of its content, so that it never changes. */
  immutable: boolean;
  encoded: Map<'br' | 'gzip', Promise<Buffer>>;
}

/**
 * Serves the built dashboard from memory, each file compressed once. Every other path that a person may have opened is
 * the page itself, which reads its own address. A build that is newer than what is in memory is read again.
 * null: there is no such file, and nothing was answered.
 */
export function createDashboard(
  dir: string,
): (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | null> {
  const index = join(dir, 'index.html');
  let assets = new Map<string, Asset>();
  let built = Number.NaN;

  async function refresh(): Promise<void> {
    const made = await stat(index).then(
      (stats) => stats.mtimeMs,
      () => -1,
    );
    if (made === built) return;
    assets = made < 0 ? new Map() : await readAssets(dir);
    built = made;
  }

  return async (request, reply) => {
    const path = (request.raw.url ?? '/').split('?', 1)[0] as string;
    let asset = assets.get(path);
    if (asset?.immutable !== true) {
      await refresh();
      asset = assets.get(path) ?? (/\.[a-z0-9]+$/i.test(path) ? undefined : assets.get('/index.html'));
    }
    if (asset === undefined && assets.size === 0)
      return reply
        .code(200)
        .type(TYPES['.html'] as string)
        .send(NOT_BUILT);
    if (asset === undefined) return null;
    return send(asset, request, reply);
  };
}

async function readAssets(dir: string): Promise<Map<string, Asset>> {
  const assets = new Map<string, Asset>();
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const path = `/${file.slice(dir.length + 1).replaceAll(sep, '/')}`;
    const body = await readFile(file);
    assets.set(path, {
      type: TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream',
      body,
      etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
      immutable: path.startsWith('/assets/'),
      encoded: new Map(),
    });
  }
  return assets;
}

async function send(asset: Asset, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  reply
    .type(asset.type)
    .header('etag', asset.etag)
    .header('vary', 'accept-encoding')
    .header('cache-control', asset.immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
  if (asset.type.startsWith('text/html')) reply.header('content-security-policy', POLICY);
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
  if (asset.body.length < LEAST_COMPRESSED || /^(?:image\/png|font\/)/.test(asset.type)) return null;
  return /\bbr\b/.test(accepted) ? 'br' : /\bgzip\b/.test(accepted) ? 'gzip' : null;
}

function compress(body: Buffer, encoding: 'br' | 'gzip'): Promise<Buffer> {
  if (encoding === 'gzip') return promisify(gzip)(body, { level: 9 });
  return promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } });
}

const NOT_BUILT = page(
  'The dashboard is not built',
  `<p>The hub runs and its API answers, but the pages are not there. Build them in the folder of the installation:</p>
<pre>npm ci
npm run build</pre>
<p>and reload this page. The API describes itself at <a href="/api/openapi.json">/api/openapi.json</a>.</p>`,
);
