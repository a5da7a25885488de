import { BrowserSnippet } from '@vedette/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { sendAsset } from '../asset.ts';
import { type BrowserBuild, createBrowserFiles, isBrowserFile } from '../browser-files.ts';
import type { Hub } from '../ports.ts';
import { ProblemError } from '../problem.ts';
import { addRoute } from '../route.ts';

const LATEST_CACHING = 'public, max-age=300';
const SCRIPT = { type: 'text/javascript', schema: Type.String({ examples: ['/* … */'] }) };
const NOT_BUILT = new ProblemError(
  503,
  'not-built',
  'the browser script is not built: "npm run build" in the folder of the installation makes it',
);

/** The script that pages of sites load, its styles, and the tag that loads it. */
export function addBrowserRoutes(app: FastifyInstance, hub: Hub): void {
  app.addHook('onRoute', (route) => {
    route.config = { ...route.config, visitors: true };
  });
  const { network, version } = hub;
  const files = createBrowserFiles({
    dir: network.browserDir,
    keptDir: network.browserKeptDir,
    version,
    onError: (error) => app.log.warn({ err: error }, 'a build of the browser script could not be kept for later'),
  });
  const current = async () => {
    const build = await files.current();
    if (build === null) throw NOT_BUILT;
    return build;
  };
  /** Any page may load these, and check them by their hashes. */
  const open = (reply: FastifyReply) =>
    reply.headers({ 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' });
  const answers = {
    200: { description: 'The file', ...SCRIPT },
    404: { description: 'No such build or file', codes: ['not-found'] },
    503: { description: 'It is not built', codes: ['not-built'] },
  };

  addRoute(app, {
    method: 'GET',
    url: '/browser/snippet',
    access: 'public',
    summary: 'The script tag of a site, and the addresses and hashes in it',
    query: Type.Object({
      domain: Type.Optional(
        Type.String({ maxLength: 255, pattern: '^[A-Za-z0-9.:\\[\\]_-]+$', examples: ['www.example.org'] }),
      ),
      language: Type.Optional(Type.String({ maxLength: 35, pattern: '^[A-Za-z0-9-]+$', examples: ['de'] })),
    }),
    answers: {
      200: { description: 'The tag', schema: BrowserSnippet },
      503: { description: 'It is not built', codes: ['not-built'] },
    },
    async handler(request, reply): Promise<BrowserSnippet> {
      open(reply);
      const { domain = 'www.example.com', language } = request.query as { domain?: string; language?: string };
      return describe(await current(), network.publicUrl, version, { domain, language });
    },
  });
  addRoute(app, {
    method: 'GET',
    url: '/browser/:file',
    access: 'public',
    summary: 'The newest browser script (vedette.js) or its styles (banner.css)',
    params: Type.Object({ file: Type.String({ maxLength: 40 }) }),
    answers,
    async handler(request, reply) {
      open(reply);
      const { file } = request.params as { file: string };
      if (!isBrowserFile(file)) throw unknown(file);
      const { asset } = (await current()).files[file];
      return sendAsset({ ...asset, immutable: false }, request, reply, LATEST_CACHING);
    },
  });
  addRoute(app, {
    method: 'GET',
    url: '/browser/:build/:file',
    access: 'public',
    summary: 'A build of the browser script or its styles, which never changes',
    params: Type.Object({ build: Type.String({ maxLength: 80 }), file: Type.String({ maxLength: 40 }) }),
    answers,
    async handler(request: FastifyRequest, reply) {
      open(reply);
      const { build, file } = request.params as { build: string; file: string };
      const found = await files.named(build);
      if (found === null || !isBrowserFile(file)) throw unknown(`${build}/${file}`);
      return sendAsset(found.files[file].asset, request, reply);
    },
  });
}

function unknown(name: string): ProblemError {
  return new ProblemError(
    404,
    'not-found',
    `there is no browser script ${name.slice(0, 100)} here; /browser/snippet names the newest`,
  );
}

function describe(
  { name, files }: BrowserBuild,
  publicUrl: string,
  version: string,
  { domain, language }: { domain: string; language: string | undefined },
): BrowserSnippet {
  const base = `${publicUrl}/browser`;
  const { integrity } = files['vedette.js'];
  const url = `${base}/${name}/vedette.js`;
  const words = language === undefined ? '' : ` data-language="${language}"`;
  return {
    version,
    url,
    integrity,
    css: { url: `${base}/${name}/banner.css`, integrity: files['banner.css'].integrity },
    latest_url: `${base}/vedette.js`,
    html: `<script defer src="${url}" integrity="${integrity}" crossorigin="anonymous" data-domain="${domain}"${words}></script>`,
  };
}
