import { Invitation, InvitationsAnswer, NewInvitation, SentInvitation } from '@vedette/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { isMailAddress } from '../../model/mail.ts';
import { isRefusal } from '../../model/request.ts';
import type { GuessBound } from '../../stores/accounts.ts';
import type * as stored from '../../stores/people.ts';
import type { Tenant } from '../../stores/records.ts';
import { tenantOf } from '../access.ts';
import { pageQuery, readPage } from '../cursor.ts';
import { takeFrom } from '../log-in-desk.ts';
import type { Hub } from '../ports.ts';
import { ProblemError, refused } from '../problem.ts';
import { addRoute, TENANT } from '../route.ts';
import { refuseRole } from './people.ts';

const QUERY = Type.Object({ tenant: TENANT });
const PARAMS = Type.Object({ id: Type.String({ maxLength: 100, description: 'Id of the invitation.' }) });
const UNKNOWN = { description: 'The tenant has no such open invitation', codes: ['unknown-invitation'] };
const OWNERS_ONLY = { description: 'Only an owner or an operator invites an owner', codes: ['owners-only'] };
const VALID_MS = 7 * 86_400_000;
/** Mails that invitations may cause: to one address, and from one tenant. */
const BOUNDS = {
  address: { most: 5, refillMs: 3_600_000 },
  tenant: { most: 60, refillMs: 3_600_000 },
} as const satisfies Record<string, GuessBound>;

/** Who is asked into a tenant. */
export function addInvitationRoutes(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/invitations',
    access: 'people',
    summary: 'Open invitations of a tenant',
    query: Type.Object({ tenant: TENANT, ...pageQuery() }),
    answers: { 200: { description: 'The oldest first, also those past their time', schema: InvitationsAnswer } },
    async handler(request): Promise<InvitationsAnswer> {
      const tenant = await tenantOf(hub, request);
      const page = readPage(request, tenant.id, ['uuid']);
      const { rows, next } = page.slice(await hub.records.forTenant(tenant.id).invitations.list(), ({ id }) => [id]);
      return { invitations: rows.map(showInvitation), next };
    },
  });
  addInviting(app, hub);
  addSendingAgain(app, hub);
  addRoute(app, {
    method: 'DELETE',
    url: '/api/v1/invitations/:id',
    access: 'people',
    audit: 'invitation.withdraw',
    summary: 'Withdraws an invitation; its link is void',
    query: QUERY,
    params: PARAMS,
    answers: { 204: { description: 'Done' }, 403: OWNERS_ONLY, 404: UNKNOWN },
    async handler(request, reply) {
      const { tenant, invitation } = await subject(hub, request);
      refuseRole(request, tenant, invitation.role);
      if (!(await hub.records.forTenant(tenant.id).invitations.withdraw(invitation.id))) throw unknown(tenant);
      return reply.code(204).send();
    },
  });
}

function addInviting(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'POST',
    url: '/api/v1/invitations',
    access: 'people',
    audit: 'invitation.create',
    summary: 'Invites somebody into a tenant, by e-mail address',
    description:
      'The invitation works once, within seven days. It goes out by mail, in the language of the account that the address has, ' +
      'else in `locale`, else in that of whoever invites. Where the hub has no mail server, the answer has the link, this once.',
    creates: 'secret',
    query: QUERY,
    body: { types: ['application/json'], schema: NewInvitation, validated: true },
    answers: {
      201: { description: 'The invitation', schema: SentInvitation },
      403: OWNERS_ONLY,
      409: {
        description: 'The address is in the tenant, or invited already; or the tenant has all the people it may have',
        codes: ['already-member', 'already-invited', 'quota-exceeded'],
      },
      422: { description: 'No address for a mail', codes: ['bad-email'] },
      429: { description: 'Too many mails to this address, or from this tenant', codes: ['too-many-mails'] },
    },
    async handler(request, reply): Promise<SentInvitation> {
      const tenant = await tenantOf(hub, request);
      const { email: given, role, locale } = request.body as NewInvitation;
      refuseRole(request, tenant, role);
      const email = given.trim().toLowerCase();
      if (!isMailAddress(email)) {
        throw new ProblemError(422, 'bad-email', `${JSON.stringify(email.slice(0, 80))} is no address for a mail`);
      }
      await boundMails(hub, tenant, email);
      const made = await hub.records.forTenant(tenant.id).invitations.create({
        email,
        role,
        invitedBy: request.principal?.user?.id ?? null,
        validMs: VALID_MS,
      });
      if (isRefusal(made)) throw refused(made, 409);
      request.audit({ target: email, detail: { role } });
      reply.code(201);
      return send(hub, request, tenant, made, locale);
    },
  });
}

function addSendingAgain(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'POST',
    url: '/api/v1/invitations/:id/resend',
    access: 'people',
    audit: 'invitation.resend',
    summary: 'Sends an invitation again, with a new link and a new term; the former link is void',
    creates: 'secret',
    query: QUERY,
    params: PARAMS,
    answers: {
      200: { description: 'The invitation', schema: SentInvitation },
      403: OWNERS_ONLY,
      404: UNKNOWN,
      429: { description: 'Too many mails to this address, or from this tenant', codes: ['too-many-mails'] },
    },
    async handler(request): Promise<SentInvitation> {
      const { tenant, invitation } = await subject(hub, request);
      refuseRole(request, tenant, invitation.role);
      await boundMails(hub, tenant, invitation.email);
      const made = await hub.records.forTenant(tenant.id).invitations.renew(invitation.id, {
        invitedBy: request.principal?.user?.id ?? null,
        validMs: VALID_MS,
      });
      if (isRefusal(made)) throw unknown(tenant);
      return send(hub, request, tenant, made, undefined);
    },
  });
}

/** Nobody's mailbox is filled by way of the hub, and no tenant sends without end. */
async function boundMails(hub: Hub, tenant: Tenant, email: string): Promise<void> {
  if (hub.mails === null) return;
  const { waitMs } = await takeFrom(hub, [
    { name: hub.guessName('invitation to', email), bound: BOUNDS.address },
    { name: hub.guessName('invitations of', tenant.id), bound: BOUNDS.tenant },
  ]);
  if (waitMs === 0) return;
  const seconds = Math.ceil(waitMs / 1000);
  const detail = `too many invitations went to this address, or from ${tenant.slug}; try again in ${seconds} s`;
  throw new ProblemError(429, 'too-many-mails', detail, { headers: { 'retry-after': String(seconds) } });
}

/** Sends the mail, or answers with the link where there is no mail server. The token stands in no URL that is logged. */
async function send(
  hub: Hub,
  request: FastifyRequest,
  tenant: Tenant,
  { invitation, token }: stored.SentInvitation,
  locale: string | null | undefined,
): Promise<SentInvitation> {
  const link = `${hub.network.pageUrl}/invitation#${token}`;
  if (hub.mails === null) return { ...showInvitation(invitation), link };
  const user = request.principal?.user ?? null;
  await hub.mails.post({
    kind: 'invitation',
    invitationId: invitation.id,
    tenantId: tenant.id,
    token,
    to: invitation.email,
    link,
    tenant: tenant.name,
    inviter: user?.name ?? '',
    role: invitation.role,
    locale: locale ?? user?.locale ?? null,
    expiresAt: invitation.expiresAt,
  });
  const now = await hub.records.forTenant(tenant.id).invitations.find(invitation.id);
  return { ...showInvitation(now ?? invitation), link: null };
}

async function subject(hub: Hub, request: FastifyRequest): Promise<{ tenant: Tenant; invitation: stored.Invitation }> {
  const tenant = await tenantOf(hub, request);
  const { id } = request.params as { id: string };
  const invitation = await hub.records.forTenant(tenant.id).invitations.find(id.toLowerCase());
  if (invitation === null) throw unknown(tenant);
  // The log says whom it was about; an id says it to nobody once the invitation is gone.
  request.audit({ target: invitation.email, detail: { role: invitation.role } });
  return { tenant, invitation };
}

function unknown(tenant: Tenant): ProblemError {
  return new ProblemError(404, 'unknown-invitation', `the tenant ${tenant.slug} has no such open invitation`);
}

function showInvitation(invitation: stored.Invitation): Invitation {
  const text = (time: number) => new Date(time).toISOString();
  const { id, email, role, inviter, createdAt, sentAt, expiresAt, mail } = invitation;
  return {
    id,
    email,
    role,
    invited_by: inviter,
    created: text(createdAt),
    sent: text(sentAt),
    expires: text(expiresAt),
    expired: expiresAt <= Date.now(),
    mail,
  };
}
