import { ScanAnswer } from '@vedette/contract';
import type { FastifyInstance } from 'fastify';
import type { Hub } from '../ports.ts';
import { addRoute } from '../route.ts';

/** The privacy scan of the whole installation, for operators. */
export function addPrivacyScanRoutes(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/privacy/scan',
    access: 'operate',
    summary: 'What the last privacy scan looked at and found',
    answers: { 200: { description: 'The last scan', schema: ScanAnswer } },
    handler: () => hub.privacy.scans.last(),
  });
  addRoute(app, {
    method: 'POST',
    url: '/api/v1/privacy/scan',
    access: 'operate',
    audit: 'privacy-scan.start',
    summary: 'Looks for addresses, e-mail addresses and secrets in everything the hub stores',
    description: 'Begins a scan, unless one is running, and answers at once; GET says how it goes.',
    answers: { 202: { description: 'The scan that is running', schema: ScanAnswer } },
    async handler(_, reply) {
      reply.code(202);
      return hub.privacy.scans.begin();
    },
  });
}
