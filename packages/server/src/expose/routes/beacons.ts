import { Beacon, BeaconAnswer, PROBLEM_TYPE, Problem } from '@vedette/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { ConsentChoice } from '../../model/request.ts';
import { readBody } from '../body.ts';
import type { Hub } from '../ports.ts';
import { ProblemError } from '../problem.ts';
import { createPublicGate, PUBLIC_BODY_BYTES, type PublicGate, readPublicBody, siteHost } from '../public-site.ts';
import { addRoute } from '../route.ts';

const BEACON_URL = '/api/v1/interactions';
const PLAUSIBLE_URL = '/api/event';
/** Calls a minute. Many people share an address, and a page calls a few times. */
const LIMITS = { perAddress: 600, perDomain: 60_000 };
/** Each event is looked at by itself, so that one that is wrong does not take the others with it. */
const envelope = Compile(
  Type.Object({ ...Beacon.properties, events: Type.Array(Type.Unknown(), { minItems: 1, maxItems: 50 }) }),
);

/** What pages tell of themselves, without a key. The scope becomes the gate's alone. */
export function addBeaconRoutes(scope: FastifyInstance, hub: Hub): void {
  const gate = createPublicGate(hub.records, LIMITS);
  gate.open(scope);
  gate.preflight(scope, BEACON_URL, 'POST');
  addRoute(scope, {
    method: 'POST',
    url: BEACON_URL,
    access: 'public',
    // What pages tell.
    audit: false,
    summary: 'Takes in what people do in pages, from the browser script',
    description:
      'JSON under any media type, up to 64 KiB, from any origin whose host is the domain. Answered once the events are ' +
      'durable; an event that is sent again within a day (the same id) counts once. Rows are kept of people who granted ' +
      'only; everybody else’s interactions are counted.',
    body: { types: ['text/plain', 'application/json'], schema: Beacon },
    answers: {
      202: {
        description: 'How many events were taken, and which were not; none while the site’s tenant is suspended',
        schema: BeaconAnswer,
      },
      403: { description: 'The page is of another site', codes: ['foreign-origin'] },
      404: { description: 'No tenant has that domain', codes: ['unknown-domain'] },
      400: { description: 'The body is not what it should be', codes: ['bad-json', 'invalid', 'bad-encoding'] },
      413: { description: 'The body is larger than 64 KiB', codes: ['too-large'] },
      415: { description: 'Another encoding or charset', codes: ['unsupported-encoding', 'unsupported-charset'] },
      429: { description: 'Too many calls from one address, or about one domain' },
      503: { description: 'No room at the moment: try again after Retry-After seconds' },
    },
    async handler(request, reply) {
      const beacon = await readPublicBody(request, envelope);
      const { domain, tenantId, suspended } = gate.site(request, reply, beacon.domain);
      const { events, rejected } = hub.pages.events(beacon.events);
      const taken =
        suspended || events.length === 0
          ? { accepted: 0 }
          : await hub.interactions.deliver({
              tenantId,
              domain,
              events,
              choice: choiceOf(beacon.choices?.analytical),
              marketing: beacon.choices?.marketing === true,
              visitorId: beacon.visitor_id ?? '',
              ...callerOf(request, beacon),
            });
      reply.code(202);
      return { accepted: taken.accepted, rejected } satisfies BeaconAnswer;
    },
  });
  addPlausibleRoute(scope, hub, gate);
}

function addPlausibleRoute(scope: FastifyInstance, hub: Hub, gate: PublicGate): void {
  gate.preflight(scope, PLAUSIBLE_URL, 'POST');
  addRoute(scope, {
    method: 'POST',
    url: PLAUSIBLE_URL,
    access: 'public',
    // What pages tell.
    audit: false,
    summary: 'Takes in page views and events in the shape of Plausible’s events API',
    description:
      'For snippets that are there already: n or name, u or url, d or domain, r or referrer, p or props. Such a snippet ' +
      'knows of no choice, so that its events are counted only. What is dropped (a site that is unknown here, engagement) ' +
      'is told by the header x-plausible-dropped.',
    body: {
      types: ['application/json', 'text/plain'],
      schema: Type.Object({
        name: Type.String({ minLength: 1, maxLength: 120, examples: ['pageview'] }),
        url: Type.String({ examples: ['https://www.acme.example/pricing'] }),
        domain: Type.Optional(Type.String({ examples: ['acme.example'] })),
        referrer: Type.Optional(Type.String()),
        props: Type.Optional(Type.Object({})),
        interactive: Type.Optional(Type.Unknown({ examples: [true] })),
      }),
    },
    answers: {
      202: { description: 'ok', schema: Type.String({ examples: ['ok'] }), type: 'text/plain' },
      400: {
        description: 'What is wrong with which field',
        codes: ['bad-encoding'],
        schema: Type.Object(
          { errors: Type.Record(Type.String(), Type.Array(Type.String())) },
          { examples: [{ errors: { url: ['is not a URL'] } }] },
        ),
        also: { [PROBLEM_TYPE]: Problem },
      },
      413: { description: 'The body is larger than 64 KiB', codes: ['too-large'] },
      415: { description: 'Another encoding or charset', codes: ['unsupported-encoding', 'unsupported-charset'] },
    },
    async handler(request, reply) {
      const reading = hub.pages.plausible(await readBody(request, PUBLIC_BODY_BYTES));
      if ('errors' in reading) return reply.code(400).send(reading);
      const { sites, host, event } = reading;
      let dropped = 0;
      for (const site of sites) {
        const found = event === null ? null : siteOf(hub, gate, request, reply, site, host);
        if (event === null || found === null) {
          dropped += 1;
          continue;
        }
        const caller = callerOf(request, {});
        await hub.interactions.deliver({ ...found, ...caller, events: [event], choice: 'unknown', visitorId: '' });
      }
      if (dropped > 0) reply.header('x-plausible-dropped', String(dropped));
      return reply.code(202).type('text/plain; charset=utf-8').send('ok');
    },
  });
}

/**
 * The site of an event, which calls it by its name (without www., often) and tells the page's host besides. Where both
 * are of the same tenant it is the host, under which its requests are known too.
 */
function siteOf(
  hub: Hub,
  gate: PublicGate,
  request: FastifyRequest,
  reply: FastifyReply,
  site: string,
  host: string,
): { domain: string; tenantId: string } | null {
  const { hosts } = hub.records;
  const name = siteHost(site);
  const known = [name, `www.${name}`].find((text) => name !== '' && hosts.resolve(text) !== undefined);
  if (known === undefined) return null;
  const page = siteHost(host);
  const sameTenant = page !== '' && hosts.resolve(page) === hosts.resolve(known);
  try {
    return gate.site(request, reply, sameTenant ? page : known);
  } catch (error) {
    // A page of another site is dropped here, as Plausible would; who calls too often is told so.
    if (error instanceof ProblemError && (error.problem.status === 404 || error.problem.status === 403)) return null;
    throw error;
  }
}

function choiceOf(analytical: boolean | undefined): ConsentChoice {
  if (analytical === undefined) return 'unknown';
  return analytical ? 'granted' : 'refused';
}

/** Who calls. A signal that the browser sends counts whether or not its page tells of it. */
function callerOf(request: FastifyRequest, said: { gpc?: boolean; dnt?: boolean }) {
  const { headers } = request;
  return {
    clientAddress: request.client,
    userAgent: headers['user-agent'] ?? null,
    gpc: said.gpc === true || headers['sec-gpc'] === '1',
    dnt: said.dnt === true || headers['dnt'] === '1',
  };
}
