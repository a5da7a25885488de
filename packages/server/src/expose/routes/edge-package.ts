import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { type Asset, createAsset, sendAsset } from '../asset.ts';
import type { Hub } from '../ports.ts';
import { ProblemError } from '../problem.ts';
import { addRoute } from '../route.ts';

const NAME = /^vedette-edge-\d+\.\d+\.\d+\.tgz$/;

/** The middleware as npm installs it from a URL; under its version, because lock files hold its hash. */
export function addEdgePackageRoutes(app: FastifyInstance, hub: Hub): void {
  const known = new Map<string, Promise<Asset>>();
  function assetOf(file: string): Promise<Asset> {
    let asset = known.get(file);
    if (asset === undefined) {
      asset = readFile(join(hub.network.edgeDir, file)).then((body) => createAsset('application/gzip', body, true));
      known.set(file, asset);
      asset.catch(() => known.delete(file));
    }
    return asset;
  }

  addRoute(app, {
    method: 'GET',
    url: '/edge/:file',
    access: 'public',
    summary: 'The package @vedette/edge, for npm install',
    params: Type.Object({ file: Type.String({ maxLength: 80 }) }),
    answers: {
      200: { description: 'The package', type: 'application/gzip', schema: Type.String() },
      404: { description: 'No such version here', codes: ['not-found'] },
    },
    async handler(request, reply) {
      const { file } = request.params as { file: string };
      const asset = NAME.test(file) ? await assetOf(file).catch(() => null) : null;
      if (asset !== null) return sendAsset(asset, request, reply);
      const what = `there is no ${file} here; the page of first steps names the version that this hub has`;
      throw new ProblemError(404, 'not-found', what);
    },
  });
}
