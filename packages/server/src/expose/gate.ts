import type { FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { KEY_PREFIX, type Records } from '../stores/records.ts';
import { cookieName, readCookie, setCookie } from './cookies.ts';
import type { NetworkOptions } from './ports.ts';
import { keyPrincipal, linkPrincipal, type Principal, userPrincipal } from './principal.ts';
import { ProblemError } from './problem.ts';

/** A session that nobody used for so long has ended; OWASP ASVS 5.0, 7.3.1. */
export const IDLE_MS = 12 * 3_600_000;
/** A session gets a new token after so long. */
const ROTATE_MS = 15 * 60_000;
const TOUCH_MS = 60_000;
/** How long a session is known from memory; what ends or changes one is announced, so this is for a lost announcement. */
const REMEMBER_MS = 5000;

/**
 * Finds out who is asking: by key, or by the session of a browser. null when no credential, or one whose session has
 * ended, was sent. Throws a ProblemError 401 for a key that is wrong.
 */
export type Gate = (request: FastifyRequest, reply: FastifyReply) => Promise<Principal | null>;

interface Known {
  principal: Principal | null;
}

export function createGate(records: Records, network: NetworkOptions): Gate {
  const sessions = new LRUCache<string, Known>({ max: 10_000, ttl: REMEMBER_MS });
  let generation = 0;
  records.watch('sessions', () => {
    generation += 1;
    sessions.clear();
  });

  async function byKey(header: string, agents: boolean): Promise<Principal> {
    const token = tokenOf(header, agents);
    if (!token.startsWith(KEY_PREFIX)) throw unauthorised(`send the key as "Authorization: Bearer ${KEY_PREFIX}…"`);
    const found = await records.authenticate(token);
    if (found === null) throw unauthorised('this key is unknown, was revoked, or has expired');
    return keyPrincipal(found);
  }

  async function bySession(token: string, reply: FastifyReply): Promise<Principal | null> {
    const known = sessions.get(token);
    if (known !== undefined) return known.principal;
    const before = generation;
    const principal = await look(token, reply);
    if (before === generation) sessions.set(token, { principal });
    return principal;
  }

  async function look(token: string, reply: FastifyReply): Promise<Principal | null> {
    const linked = await records.logIn.session(token);
    if (linked !== null) return linkPrincipal(linked, records.installation.id);
    const found = await records.accounts.sessions.find(token, IDLE_MS);
    if (found === null) return null;
    const { session, former } = found;
    const now = Date.now();
    if (now - session.lastUsedAt > TOUCH_MS) await records.accounts.sessions.touch(session.id);
    if (!former && session.state === 'full' && now - session.rotatedAt > ROTATE_MS) {
      const next = await records.accounts.sessions.rotate(session.id, now - ROTATE_MS);
      if (next !== null) setSession(reply, network, next, session.expiresAt - now);
    }
    return userPrincipal(found, network.secondFactorRequired);
  }

  return async (request, reply) => {
    const { authorization, cookie } = request.headers;
    if (authorization !== undefined) return byKey(authorization, request.routeOptions.config.agents === true);
    const token = readCookie(cookie, cookieName('vedette_session', network));
    return token === '' ? null : bySession(token, reply);
  };
}

/** Gives the browser a session. */
export function setSession(reply: FastifyReply, network: NetworkOptions, token: string, ms: number): void {
  setCookie(reply, network, { name: 'vedette_session', value: token, seconds: ms / 1000 });
}

/** The key in an Authorization header as everybody but log agents sends it, '' for none. */
export function keyOf(header: string): string {
  return tokenOf(header, false);
}

/**
 * The key in an Authorization header. Log agents know no Bearer: where they call, `ApiKey` (the key, or base64 of
 * `id:key`) and `Basic` (the key as the password) are taken too. Nowhere else, for browsers send Basic by themselves.
 */
function tokenOf(header: string, agents: boolean): string {
  const [, scheme = '', value = ''] = /^(Bearer|ApiKey|Basic) +(\S+)$/i.exec(header) ?? [];
  if (/^bearer$/i.test(scheme)) return value;
  if (!agents || scheme === '') return '';
  if (value.startsWith(KEY_PREFIX)) return value;
  const pair = Buffer.from(value, 'base64').toString('utf8');
  return pair.slice(pair.indexOf(':') + 1);
}

/** 401, saying what to send instead. */
export function unauthorised(detail: string, code = 'unauthorised'): ProblemError {
  return new ProblemError(401, code, detail, { headers: { 'www-authenticate': 'Bearer realm="vedette"' } });
}

/** 401 for a log-in of which the password was shown only. */
export function secondFactorMissing(): ProblemError {
  return unauthorised('the second factor of this log-in is still to be shown', 'second-factor');
}
