import { createHash, randomUUID } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Records } from '../stores/records.ts';
import { ProblemError } from './problem.ts';

const LONGEST_KEY = 255;
const DAY_MS = 86_400_000;
/** A hub that was killed in the middle of a call leaves its claim behind; after this time the call may be made again. */
const LEASE_MS = 60_000;

/** What a route that makes something does about repetitions; `secret`: its answer holds what is shown once only. */
export type Creates = true | 'secret';

/** For the description of routes that make something. */
export const IDEMPOTENCY_HEADERS = {
  'Idempotency-Key':
    'Up to 255 printable ASCII characters of the caller’s choosing. The same call under the same key is carried out ' +
    'once within a day; a repetition gets the first answer.',
};

/** Carries out the work of a call, once only where the call has an Idempotency-Key. */
export type OnceOnly = (
  request: FastifyRequest,
  reply: FastifyReply,
  creates: Creates,
  work: () => Promise<unknown>,
) => Promise<unknown>;

interface Kept {
  status: number;
  /** null: it held a secret, and nothing of it is kept. */
  body: unknown;
  secret: boolean;
}

/** The Idempotency-Key of a call, '' without one. Throws a ProblemError 400 for what no key can be. */
export function idempotencyKeyOf(request: FastifyRequest): string {
  const key = String(request.headers['idempotency-key'] ?? '');
  if (key.length <= LONGEST_KEY && /^[\x20-\x7e]*$/.test(key)) return key;
  throw new ProblemError(
    400,
    'bad-idempotency-key',
    `Idempotency-Key must be up to ${LONGEST_KEY} printable ASCII characters`,
  );
}

/**
 * Remembers calls that made something, by tenant, caller and Idempotency-Key, for a day. Another call under a known key
 * is 422 `idempotency-key-reused`, one that is still under way 409 `in-progress`. A call that was refused made nothing
 * and is forgotten. Of an answer that shows a secret nothing is kept, so that its repetition is 409 `shown-once`: a
 * secret that could be had again would have to lie in the database.
 */
export function createOnceOnly(records: Pick<Records, 'forTenant' | 'installation'>): OnceOnly {
  return async (request, reply, creates, work) => {
    const given = idempotencyKeyOf(request);
    const { principal, tenant } = request;
    if (given === '' || principal === null) return work();
    const { idempotency } = records.forTenant((tenant ?? records.installation).id);
    const key = `call:${digest([principal.name, given])}`;
    const asked = digest([request.method, request.routeOptions.url, request.params, request.query, request.body]);
    const token = `${asked}.${randomUUID()}`;
    const claim = await idempotency.claim(key, token, Date.now() + LEASE_MS);
    if (!claim.first) return repeat(claim.batchToken.startsWith(`${asked}.`), claim.answer as Kept | null, reply);
    let made: unknown;
    try {
      made = await work();
    } catch (error) {
      await idempotency.release(key, token).catch(() => undefined);
      throw error;
    }
    const secret = creates === 'secret';
    const kept: Kept = { status: reply.statusCode, secret, body: secret || made === reply ? null : made };
    // It is made: that it could not be noted is no reason to say otherwise.
    await idempotency.settle(key, token, kept, Date.now() + DAY_MS).catch((error: unknown) => {
      request.log.warn({ err: error }, 'the answer to a call with an Idempotency-Key was not kept');
    });
    return made;
  };
}

function repeat(same: boolean, kept: Kept | null, reply: FastifyReply): unknown {
  if (!same) {
    throw new ProblemError(
      422,
      'idempotency-key-reused',
      'the Idempotency-Key was used for another call before; use a new one for each call',
    );
  }
  if (kept === null) {
    throw new ProblemError(409, 'in-progress', 'the first call under this Idempotency-Key is still under way', {
      headers: { 'retry-after': '1' },
    });
  }
  if (kept.secret) {
    throw new ProblemError(
      409,
      'shown-once',
      'the first call under this Idempotency-Key made it, and its secret was shown then only; if that answer was lost, ' +
        'revoke what it made, and make another under a new key',
    );
  }
  reply.code(kept.status).header('idempotency-replayed', 'true');
  return kept.body ?? reply.send();
}

function digest(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}
