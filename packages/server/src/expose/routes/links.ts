import { NewLink } from '@vedette/contract';
import type { FastifyInstance } from 'fastify';
import type { Hub } from '../ports.ts';
import { addRoute } from '../route.ts';

/** One-time links, for set-up and recovery; on the control socket only. */
export function addLinkRoutes(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'POST',
    url: '/api/v1/links',
    access: 'operate',
    audit: 'link.create',
    summary: 'Makes a one-time link to the dashboard',
    creates: 'secret',
    answers: { 201: { description: 'The link', schema: NewLink } },
    async handler(_, reply) {
      reply.code(201);
      return createLink(hub);
    },
  });
}

/** A link that opens the dashboard once, for the operator. */
export async function createLink({ records, network }: Hub): Promise<NewLink> {
  const { sessions } = records.forTenant(records.installation.id);
  const { token, expiresAt } = await sessions.createLink({ scope: 'admin', validMs: network.linkMs });
  return { url: `${network.pageUrl}/start/${token}`, expires: new Date(expiresAt).toISOString() };
}
