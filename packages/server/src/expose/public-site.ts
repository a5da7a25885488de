import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Static, TProperties, TSchema } from 'typebox';
import type { Validator } from 'typebox/compile';
import { netOf } from '../model/address.ts';
import { parseBounded } from '../model/bounded-json.ts';
import type { Records } from '../stores/records.ts';
import { normaliseHostPattern } from '../stores/records-hosts.ts';
import { readBody } from './body.ts';
import { limit } from './limit.ts';
import { ProblemError } from './problem.ts';
import { createTokenBuckets } from './token-bucket.ts';

/** Most bytes of a body that anybody may send. */
export const PUBLIC_BODY_BYTES = 64 * 1024;
/** Seconds for which a browser need not ask again whether it may call. */
const PREFLIGHT_SECONDS = 86_400;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** true: visitors of tenants' sites call this, so that nothing of a call may be kept but that there was one. */
    visitors?: boolean;
  }
}

/** A site whose pages call. */
export interface PublicSite {
  /** Host in lower case, without port. */
  domain: string;
  tenantId: string;
  /** Its tenant is: nothing of it is stored, and its visitors are to notice nothing. */
  suspended: boolean;
}

/**
 * Lets the pages of tenants' sites in, without a key. Everybody can call these routes, so all they have in common
 * stands here: CORS, how often, how much, and that a page speaks for its own site only.
 */
export interface PublicGate {
  /**
   * Prepares a scope for public routes: any type of body is taken and left to `body`, every answer may be read by any
   * page, and a call is counted by its client's address before anything of it is read. Never sets a cookie.
   */
  open(scope: FastifyInstance): void;
  /** Answers preflights for a route; for each URL that takes POST. */
  preflight(scope: FastifyInstance, url: string, methods: string): void;
  /** The site a call is about. Throws ProblemErrors: 404 `unknown-domain`, 403 `foreign-origin`, 429. */
  site(request: FastifyRequest, reply: FastifyReply, domain: string): PublicSite;
}

/** `perAddress`, `perDomain`: calls a minute of one address (of one /64, for IPv6) and about one domain. */
export function createPublicGate(
  { hosts }: Pick<Records, 'hosts'>,
  { perAddress, perDomain }: { perAddress: number; perDomain: number },
): PublicGate {
  const ofAddress = createTokenBuckets(perAddress);
  const ofDomain = createTokenBuckets(perDomain);
  return {
    open(scope) {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', (_, payload, done) => done(null, payload));
      scope.addHook('onRoute', (route) => {
        route.config = { ...route.config, visitors: true };
      });
      scope.addHook('onRequest', async ({ client }, reply) => {
        reply.headers({ 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' });
        if (client === '') return;
        const name = client.includes(':') ? netOf(client) : client;
        limit('address', ofAddress(name, Date.now()), reply);
      });
    },
    preflight(scope, url, methods) {
      scope.options(url, { config: { access: 'public', undocumented: 'a preflight' } }, async (_, reply) =>
        reply
          .headers({
            'access-control-allow-methods': methods,
            'access-control-allow-headers': 'content-type',
            'access-control-max-age': String(PREFLIGHT_SECONDS),
          })
          .code(204)
          .send(),
      );
    },
    site(request, reply, text) {
      const domain = siteHost(text);
      const tenantId = domain === '' ? undefined : hosts.ownerOf(domain);
      if (tenantId === undefined) {
        throw new ProblemError(404, 'unknown-domain', `domain: no site "${text.slice(0, 100)}" is known here`);
      }
      refuseForeignSite(request.headers.origin, domain);
      limit('site', ofDomain(domain, Date.now()), reply);
      return { domain, tenantId, suspended: hosts.resolve(domain) === undefined };
    },
  };
}

/** A site's host as pages name it, in lower case and without port; '' for what no host can be called. */
export function siteHost(text: string): string {
  const host = text.trim().toLowerCase();
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(host);
  const bare = bracketed?.[1] ?? (host.indexOf(':') === host.lastIndexOf(':') ? host.replace(/:\d*$/, '') : host);
  const normal = normaliseHostPattern(bare);
  return typeof normal === 'string' && !normal.startsWith('*') ? normal : '';
}

/** Browsers tell from which page they call; another site's page has no business here. */
function refuseForeignSite(origin: string | undefined, domain: string): void {
  // A page that is nobody's, such as a sandboxed frame, calls as `null`.
  if (origin === undefined || origin === 'null') return;
  if (URL.canParse(origin) && siteHost(new URL(origin).host) === domain) return;
  throw new ProblemError(
    403,
    'foreign-origin',
    `the page is of ${JSON.stringify(origin.slice(0, 100))}, which is not ${domain}`,
  );
}

/**
 * The body of a public call: JSON under whatever type, because sendBeacon sends text/plain. Throws ProblemErrors: 413
 * over 64 KiB, 415, and 400 for what is no JSON or does not fit the schema, naming the fields but never their values.
 */
export async function readPublicBody<Schema extends TSchema>(
  request: FastifyRequest,
  schema: Validator<TProperties, Schema>,
): Promise<Static<Schema>> {
  const bytes = await readBody(request, PUBLIC_BODY_BYTES);
  const value = parseBounded(bytes.toString('utf8'));
  // What the parser says quotes the body.
  if ('error' in value) throw new ProblemError(400, 'bad-json', 'the body is not JSON');
  if (schema.Check(value.json)) return value.json as Static<Schema>;
  const errors = schema
    .Errors(value.json)
    .slice(0, 20)
    .map(({ instancePath, keyword, message, params }) => {
      const missing = keyword === 'required' ? (params as { requiredProperties?: string[] }).requiredProperties : [];
      const name = [instancePath.slice(1).replaceAll('/', '.'), ...(missing ?? [])].filter((part) => part !== '');
      return { name: name.join('.') || 'body', reason: message };
    });
  throw new ProblemError(400, 'invalid', errors.map(({ name, reason }) => `${name}: ${reason}`).join('; '), { errors });
}
