import { NewConsent, Site } from '@vedette/contract';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Hub } from '../ports.ts';
import { refused } from '../problem.ts';
import { createPublicGate, readPublicBody } from '../public-site.ts';
import { addRoute } from '../route.ts';

/** Calls a minute. People choose seldom, and many of them share an address. */
const LIMITS = { perAddress: 120, perDomain: 12_000 };
const SITE_SECONDS = 300;
const newConsent = Compile(NewConsent);

/** What browsers on tenants' sites ask and tell about consent, without a key. */
export function addSiteRoutes(scope: FastifyInstance, hub: Hub): void {
  const gate = createPublicGate(hub.records, LIMITS);
  gate.open(scope);
  addRoute(scope, {
    method: 'GET',
    url: '/api/v1/site',
    access: 'public',
    summary: 'What the consent banner of a site shows, for the browser script',
    description:
      'For pages of the site (an Origin of another one is refused). The language is looked up as RFC 4647 has it, and ' +
      'English where it is not spoken. May be cached for five minutes.',
    query: Type.Object({
      domain: Type.String({ minLength: 1, maxLength: 300, description: 'Host of the site.' }),
      language: Type.Optional(Type.String({ maxLength: 100, description: 'BCP 47, as in navigator.language.' })),
    }),
    answers: {
      200: { description: 'What holds on the site', schema: Site },
      403: { description: 'The page is of another site', codes: ['foreign-origin'] },
      404: { description: 'No tenant has this domain', codes: ['unknown-domain'] },
      429: { description: 'Too many calls from this address, or about this domain' },
    },
    async handler(request, reply): Promise<Site> {
      const { domain: named, language = '' } = request.query as { domain: string; language?: string };
      const { domain, tenantId, suspended } = gate.site(request, reply, named);
      reply.header('cache-control', `public, max-age=${SITE_SECONDS}`);
      const site = hub.consent.site(tenantId, domain, language);
      return suspended ? { ...site, banner: false } : site;
    },
  });
  gate.preflight(scope, '/api/v1/consent', 'POST');
  addRoute(scope, {
    method: 'POST',
    url: '/api/v1/consent',
    access: 'public',
    // A visitor's choice, which is evidence of its own.
    audit: false,
    summary: 'Takes a person’s choice as evidence, from the browser script; answered once it is stored',
    description:
      'The body is JSON under any media type, as sendBeacon sends text/plain, of up to 64 KiB. Nothing of the caller’s ' +
      'address or browser is kept. A visitor id counts only where analytical is granted. The same choice sent again ' +
      'within ten minutes is one. A withdrawal is a choice that no longer grants.',
    body: { types: ['application/json', 'text/plain'], schema: NewConsent },
    answers: {
      202: { description: 'The site’s tenant is suspended: the choice is not kept as evidence' },
      204: { description: 'It is stored' },
      400: {
        description: 'The body is not what it should be; errors names the fields',
        codes: ['bad-json', 'invalid', 'bad-encoding'],
      },
      403: { description: 'The page is of another site', codes: ['foreign-origin'] },
      404: { description: 'No tenant has this domain', codes: ['unknown-domain'] },
      413: { description: 'The body is larger than 64 KiB', codes: ['too-large'] },
      415: { description: 'Another encoding or charset', codes: ['unsupported-encoding', 'unsupported-charset'] },
      422: { description: 'No words of this version were shown on the tenant’s sites', codes: ['unknown-text'] },
      429: { description: 'Too many calls from this address, or about this domain' },
      503: { description: 'No room at the moment: try again after Retry-After seconds' },
    },
    async handler(request, reply) {
      const choice = await readPublicBody(request, newConsent);
      const { domain, tenantId, suspended } = gate.site(request, reply, choice.domain);
      if (suspended) return reply.code(202).send();
      const gpc = choice.gpc || request.headers['sec-gpc'] === '1';
      const refusal = await hub.consent.take(tenantId, { ...choice, domain, gpc });
      if (refusal !== null) throw refused(refusal);
      return reply.code(204).send();
    },
  });
}
