import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Asset, createAsset, sendAsset } from './asset.ts';
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
    if (asset.type.startsWith('text/html')) reply.header('content-security-policy', POLICY);
    return sendAsset(asset, request, reply);
  };
}

async function readAssets(dir: string): Promise<Map<string, Asset>> {
  const assets = new Map<string, Asset>();
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const path = `/${file.slice(dir.length + 1).replaceAll(sep, '/')}`;
    const body = await readFile(file);
    const type = TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream';
    assets.set(path, createAsset(type, body, path.startsWith('/assets/')));
  }
  return assets;
}

const NOT_BUILT = page(
  'The dashboard is not built',
  `<p>The hub runs and its API answers, but the pages are not there. Build them in the folder of the installation:</p>
<pre>npm ci
npm run build</pre>
<p>and reload this page. The API describes itself at <a href="/api/openapi.json">/api/openapi.json</a>.</p>`,
);
