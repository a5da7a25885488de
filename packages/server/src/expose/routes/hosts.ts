import { createHash } from 'node:crypto';
import { HostsAnswer } from '@vedette/contract';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { tenantOf } from '../access.ts';
import type { Hub } from '../ports.ts';
import { addRoute, TENANT } from '../route.ts';

/** How long an edge may keep the map: a minute without asking, a day while the hub is away. */
const CACHE_CONTROL = 'private, max-age=60, stale-while-revalidate=86400';

/** Which hosts belong to which tenant, for edges. */
export function addHostRoutes(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/hosts',
    access: 'ingest',
    summary: 'Which hosts belong to which tenant, for edges to keep in memory',
    description:
      'Those of the caller’s tenant; with a key of the installation, those of all tenants, unless tenant says ' +
      'otherwise. Tenants that are suspended are left out. Answered from memory.',
    query: Type.Object({ tenant: TENANT }),
    headers: { 'If-None-Match': 'ETag of an earlier answer: 304 when it still holds.' },
    answers: {
      200: { description: 'Hosts and wildcards', schema: HostsAnswer },
      304: { description: 'As in the answer of that ETag' },
    },
    async handler(request, reply) {
      const tenant = await tenantOf(hub, request);
      const named = (request.query as { tenant?: string }).tenant !== undefined;
      const patterns = hub.records.hosts.patterns(tenant.isInstallation && !named ? null : tenant.id);
      const body = JSON.stringify({ hosts: Object.fromEntries(patterns) } satisfies HostsAnswer);
      const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
      reply.headers({ etag, 'cache-control': CACHE_CONTROL, vary: 'authorization, cookie' });
      if (matches(String(request.headers['if-none-match'] ?? ''), etag)) return reply.code(304).send();
      reply.type('application/json; charset=utf-8');
      return reply.send(body);
    },
  });
}

/** Whether one of the tags is it; a weak one will do for what is read (RFC 9110 §13.1.2). */
function matches(header: string, etag: string): boolean {
  return header.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
}
