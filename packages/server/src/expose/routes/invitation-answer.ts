import { Acceptance, Accepted, InvitationToken, OpenInvitation } from '@vedette/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hashPassword } from '../../model/password.ts';
import { isRefusal } from '../../model/request.ts';
import type { NewUser } from '../../stores/accounts.ts';
import type * as stored from '../../stores/people.ts';
import { refuseForeignOrigin, refuseForeignPage } from '../access.ts';
import { checkCredentials, networkBucket, takeFrom, tooMany } from '../log-in-desk.ts';
import type { Hub } from '../ports.ts';
import { ProblemError, refused } from '../problem.ts';
import { addRoute } from '../route.ts';
import { deviceOf, startSession } from '../session-start.ts';
import { showUser } from '../show-user.ts';

const STATUS: Record<stored.InvitationRefusal['refused'], number> = {
  'unknown-invitation': 404,
  'invitation-accepted': 410,
  'invitation-withdrawn': 410,
  'invitation-expired': 410,
  'tenant-suspended': 403,
  'account-disabled': 403,
  'other-account': 409,
  'account-exists': 409,
  'quota-exceeded': 409,
};
const GONE = {
  description: 'It was accepted or withdrawn, or is past its time',
  codes: ['invitation-accepted', 'invitation-withdrawn', 'invitation-expired'],
};
const UNKNOWN = {
  description: 'There is no such invitation, or it was sent again since',
  codes: ['unknown-invitation'],
};
const GUESSES = { description: 'Too many guesses', codes: ['too-many-guesses'] };

/** What whoever has the link of an invitation does with it. */
export function addInvitationAnswerRoutes(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'POST',
    url: '/api/v1/invitations/look',
    access: 'public',
    // A question; the token stands in the body, so that it reaches no log.
    audit: false,
    summary: 'What an invitation is for',
    body: { types: ['application/json'], schema: InvitationToken, validated: true },
    answers: {
      200: { description: 'The invitation', schema: OpenInvitation },
      403: { description: 'The tenant is suspended', codes: ['tenant-suspended'] },
      404: UNKNOWN,
      410: GONE,
      429: GUESSES,
    },
    async handler(request): Promise<OpenInvitation> {
      const { tenant, email, role, expiresAt, account } = await look(hub, request, request.body as InvitationToken);
      return { tenant: tenant.name, email, role, expires: new Date(expiresAt).toISOString(), account };
    },
  });
  addRoute(app, {
    method: 'POST',
    url: '/api/v1/invitations/accept',
    access: 'public',
    audit: 'invitation.accept',
    summary: 'Accepts an invitation',
    description:
      'Logged in as the person it is for, the token is enough. Else an address with an account takes its `password`, which ' +
      'joins and opens no session; an address without one takes `name` and `password` for the new account, and logs in.',
    body: { types: ['application/json'], schema: Acceptance, validated: true },
    answers: {
      200: { description: 'The account is in the tenant', schema: Accepted },
      201: { description: 'The account was made, and is in the tenant', schema: Accepted },
      401: { description: 'Not the password of the account', codes: ['wrong-credentials'] },
      403: {
        description: 'The tenant is suspended, the account disabled, or the call comes from another site',
        codes: ['tenant-suspended', 'account-disabled', 'foreign-origin'],
      },
      404: UNKNOWN,
      409: {
        description:
          'It is for somebody else; the address has an account; or the tenant has all the people it may have',
        codes: ['other-account', 'account-exists', 'quota-exceeded'],
      },
      410: GONE,
      422: { description: 'What the new account needs is missing or refused', codes: ['incomplete', 'weak-password'] },
      429: GUESSES,
    },
    handler: (request, reply) => accept(hub, request, reply),
  });
}

/** Tokens cannot be guessed; that somebody tries is bounded all the same. */
async function look(hub: Hub, request: FastifyRequest, { token }: InvitationToken): Promise<stored.OpenInvitation> {
  const { waitMs, giveBack } = await takeFrom(hub, request.client === '' ? [] : [networkBucket(hub, request.client)]);
  if (waitMs > 0) throw tooMany(waitMs);
  const found = await hub.records.invitations.look(token);
  if (!isRefusal(found) || found.refused !== 'unknown-invitation') await giveBack();
  if (isRefusal(found)) throw refused(found, STATUS[found.refused]);
  return found;
}

async function accept(hub: Hub, request: FastifyRequest, reply: FastifyReply): Promise<Accepted> {
  if (request.principal?.user) refuseForeignOrigin(request);
  else refuseForeignPage(request);
  const { token, ...given } = request.body as Acceptance;
  const invitation = await look(hub, request, { token });
  // Who is new in a tenant is its people's to know, whoever it is and however they came.
  const { email, role: asked } = invitation;
  request.audit({ tenantId: invitation.tenant.id, target: email, detail: { role: asked } });
  const who = await personFor(hub, request, invitation, given);
  const joined = await hub.records.invitations.accept(token, who.account);
  if (isRefusal(joined)) throw refused(joined, STATUS[joined.refused]);
  const { user, tenant, role } = joined;
  request.audit({ user });
  if (who.by === 'new') {
    await startSession(hub, request, reply, { user, factors: ['password'], state: 'full' });
    reply.code(201);
  }
  const next = who.by === 'password' ? 'log-in' : 'done';
  return { next, tenant: { slug: tenant.slug, name: tenant.name }, role, user: showUser(user) };
}

/** Who accepts: whoever is logged in, whoever knows the account's password, or somebody new. */
async function personFor(
  hub: Hub,
  request: FastifyRequest,
  { email, account }: stored.OpenInvitation,
  { name = '', password, locale = null }: Omit<Acceptance, 'token'>,
): Promise<
  { by: 'session' | 'password'; account: { userId: string } } | { by: 'new'; account: Omit<NewUser, 'email'> }
> {
  const { principal } = request;
  if (principal?.user && principal.session?.state === 'full') {
    if (principal.user.email === email) return { by: 'session', account: { userId: principal.user.id } };
    const detail = `this invitation is for ${email}, and you are logged in as ${principal.user.email}: log out first`;
    throw new ProblemError(409, 'other-account', detail);
  }
  if (account) {
    if (password === undefined) {
      throw new ProblemError(409, 'account-exists', `${email} has an account: give its password, or log in first`);
    }
    const attempt = { email, password, client: request.client, device: deviceOf(hub, request) };
    const found = await checkCredentials(hub, attempt);
    if ('waitMs' in found) throw tooMany(found.waitMs);
    if (isRefusal(found)) throw refused(found, found.refused === 'account-disabled' ? 403 : 401);
    return { by: 'password', account: { userId: found.id } };
  }
  if (name.trim() === '' || password === undefined) {
    throw new ProblemError(422, 'incomplete', `${email} has no account yet: give a name and a password for it`);
  }
  const weak = await hub.refusePassword(password, { email, name });
  if (weak !== null) throw refused(weak);
  const passwordHash = await hashPassword(password);
  return { by: 'new', account: { name: name.trim(), passwordHash, locale } };
}
