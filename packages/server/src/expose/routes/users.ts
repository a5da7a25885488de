import { EndedSessions, UserAccount, UsersAnswer } from '@vedette/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { isRefusal } from '../../model/request.ts';
import type { PlatformUser } from '../../stores/people.ts';
import { pageQuery, readPage } from '../cursor.ts';
import { tellFactorChange } from '../factor-notice.ts';
import type { Hub } from '../ports.ts';
import { sessionIdOf } from '../principal.ts';
import { ProblemError, refused } from '../problem.ts';
import { addRoute } from '../route.ts';
import { showUser } from '../show-user.ts';
import { timeText } from '../time-text.ts';

const LIST = Type.Object({
  email: Type.Optional(Type.String({ maxLength: 254, description: 'The account with this e-mail address only.' })),
  ...pageQuery(),
});
const PARAMS = Type.Object({ id: Type.String({ maxLength: 100, description: 'Id of the person.' }) });
const UNKNOWN = { description: 'There is no such person', codes: ['unknown-person'] };

/** Accounts of the whole installation, for its operators. */
export function addUserRoutes(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/users',
    access: 'operate',
    summary: 'All accounts, also those that are in no tenant',
    query: LIST,
    answers: { 200: { description: 'In the order in which they were made', schema: UsersAnswer } },
    async handler(request): Promise<UsersAnswer> {
      const { email } = request.query as { email?: string };
      if (email !== undefined) {
        const user = await hub.records.unscoped.users.byEmail(email.trim());
        return { users: user === null ? [] : [showAccount(user)], next: null };
      }
      const page = readPage(request, null, ['uuid']);
      const found = await hub.records.unscoped.users.list({ after: page.after?.[0] ?? null, limit: page.limit + 1 });
      const { rows, next } = page.cut(found, ({ id }) => [id]);
      return { users: rows.map(showAccount), next };
    },
  });
  addRoute(app, {
    method: 'POST',
    url: '/api/v1/people/:id/disable',
    access: 'operate',
    audit: 'account.disable',
    summary: 'Disables an account: nobody logs in to it, and all its sessions end at once',
    params: PARAMS,
    answers: {
      200: { description: 'As it is now', schema: UserAccount },
      404: UNKNOWN,
      409: {
        description: 'It is one’s own, or that of the last owner of the installation who can log in',
        codes: ['own-account', 'last-owner'],
      },
    },
    handler: (request) => setDisabled(hub, request, true),
  });
  addRoute(app, {
    method: 'POST',
    url: '/api/v1/people/:id/enable',
    access: 'operate',
    audit: 'account.enable',
    summary: 'Enables an account that was disabled',
    params: PARAMS,
    answers: { 200: { description: 'As it is now', schema: UserAccount }, 404: UNKNOWN },
    handler: (request) => setDisabled(hub, request, false),
  });
  addFactorReset(app, hub);
  addSessionEnds(app, hub);
}

function addSessionEnds(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'DELETE',
    url: '/api/v1/people/:id/sessions',
    access: 'operate',
    audit: 'session.end-person',
    summary: 'Ends all sessions of somebody, but not the one that asks',
    description: 'At once, in every process. The account stays as it is: its person may log in again.',
    params: PARAMS,
    answers: { 200: { description: 'How many', schema: EndedSessions }, 404: UNKNOWN },
    async handler(request): Promise<EndedSessions> {
      const user = await subject(hub, request);
      const ended = await hub.records.accounts.sessions.endAll(user.id, ownSession(request));
      tellOf(request, user);
      request.audit({ detail: { ended } });
      return { ended };
    },
  });
  addRoute(app, {
    method: 'DELETE',
    url: '/api/v1/people/sessions',
    access: 'operate',
    audit: 'session.end-everybody',
    summary: 'Ends the sessions of everybody, but not the one that asks',
    description:
      'Those that one-time links opened, too. Accounts, API keys and links that were not opened stay as they are.',
    answers: { 200: { description: 'How many', schema: EndedSessions } },
    async handler(request): Promise<EndedSessions> {
      const ended = await hub.records.unscoped.users.endAllSessions(ownSession(request));
      request.audit({ detail: { ended } });
      return { ended };
    },
  });
}

const ownSession = ({ principal }: FastifyRequest) => (principal === null ? null : sessionIdOf(principal));

/** Whom the call is about. Throws 404 `unknown-person`. */
async function subject(hub: Hub, request: FastifyRequest): Promise<PlatformUser> {
  const { id } = request.params as { id: string };
  const user = await hub.records.unscoped.users.byId(id.toLowerCase());
  if (user === null) throw new ProblemError(404, 'unknown-person', 'there is no such account');
  return user;
}

function addFactorReset(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'POST',
    url: '/api/v1/people/:id/reset-factors',
    access: 'operate',
    audit: 'factors.reset',
    summary: 'Takes away all second factors of somebody who has lost them, and ends all their sessions',
    description:
      'Authenticator app, passkeys and recovery codes; the password stays. Not one’s own: that is in one’s account.',
    params: PARAMS,
    answers: {
      200: { description: 'Whose they were', schema: UserAccount },
      404: UNKNOWN,
      409: { description: 'It is one’s own account', codes: ['own-account'] },
    },
    async handler(request) {
      const { id } = request.params as { id: string };
      if (request.principal?.user?.id === id.toLowerCase()) {
        throw new ProblemError(
          409,
          'own-account',
          'this is your own account: take factors away there, by your password',
        );
      }
      const user = await subject(hub, request);
      const had = await hub.records.factors.reset(user.id);
      await hub.records.accounts.sessions.endAll(user.id, null);
      if (had) await tellFactorChange(hub, request, user, 'factors-reset');
      tellOf(request, user);
      return showAccount(user);
    },
  });
}

async function setDisabled(hub: Hub, request: FastifyRequest, disabled: boolean): Promise<UserAccount> {
  const { id } = request.params as { id: string };
  if (disabled && request.principal?.user?.id === id.toLowerCase()) {
    throw new ProblemError(409, 'own-account', 'this is your own account; another operator can disable it');
  }
  const user = await hub.records.unscoped.users.setDisabled(id.toLowerCase(), disabled);
  if (isRefusal(user)) throw refused(user, user.refused === 'last-owner' ? 409 : 404);
  tellOf(request, user);
  return showAccount(user);
}

/** The audit log names people by their address; what an operator does to one is their tenants' to know. */
function tellOf(request: FastifyRequest, { email, memberships }: PlatformUser): void {
  request.audit({ target: email, also: memberships.map(({ tenantId }) => tenantId) });
}

/** An account as operators see it. */
export function showAccount(user: PlatformUser): UserAccount {
  return {
    ...showUser(user),
    created: new Date(user.createdAt).toISOString(),
    last_log_in: timeText(user.lastLogInAt),
    disabled: timeText(user.disabledAt),
    tenants: user.memberships.map(({ slug, role }) => ({ slug, role })),
  };
}
