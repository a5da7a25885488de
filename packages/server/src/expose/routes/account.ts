import { Account, AccountChange, PasswordChange, SessionList, User } from '@vedette/contract';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { hashPassword } from '../../model/password.ts';
import type * as stored from '../../stores/records.ts';
import { personOf } from '../access.ts';
import { confirmPassword } from '../confirm-person.ts';
import { IDLE_MS } from '../gate.ts';
import type { Hub } from '../ports.ts';
import { ProblemError, refused } from '../problem.ts';
import { addRoute } from '../route.ts';
import { rememberDevice } from '../session-start.ts';
import { showEmailChange, showUser } from '../show-user.ts';
import { timeText } from '../time-text.ts';
import { tellPasswordChange } from './password-resets.ts';

/** A person's own account. */
export function addAccountRoutes(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/account',
    access: 'account',
    summary: 'One’s own account',
    answers: { 200: { description: 'The account', schema: Account } },
    async handler(request): Promise<Account> {
      const user = personOf(request);
      const { totp, passkeys, recoveryCodesLeft } = await hub.records.factors.summary(user.id);
      const change = await hub.records.emailChanges.pending(user.id);
      return {
        user: showUser(user),
        password_changed: timeText(user.passwordChangedAt),
        two_factor: { totp, passkeys, recovery_codes_left: recoveryCodesLeft },
        email_change: change === null ? null : showEmailChange(change),
      };
    },
  });
  addRoute(app, {
    method: 'PATCH',
    url: '/api/v1/account',
    access: 'account',
    audit: 'account.change',
    summary: 'Changes one’s own name or language',
    body: { types: ['application/json'], schema: AccountChange, validated: true },
    answers: { 200: { description: 'As it is now', schema: User } },
    async handler(request): Promise<User> {
      const { name, locale } = request.body as AccountChange;
      const set = { ...(name === undefined ? {} : { name: name.trim() }), ...(locale === undefined ? {} : { locale }) };
      return showUser(await hub.records.accounts.change(personOf(request).id, set));
    },
  });
  addPassword(app, hub);
  addSessions(app, hub);
}

function addPassword(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'POST',
    url: '/api/v1/account/password',
    access: 'account',
    audit: 'account.password',
    summary: 'Changes one’s own password, and ends all other sessions',
    body: { types: ['application/json'], schema: PasswordChange, validated: true },
    answers: {
      204: { description: 'Changed' },
      403: { description: 'The present password is another one', codes: ['wrong-password'] },
      422: { description: 'The new password is refused', codes: ['weak-password'] },
      429: { description: 'Too many guesses', codes: ['too-many-guesses'] },
    },
    async handler(request, reply) {
      const user = personOf(request);
      const { current, password } = request.body as PasswordChange;
      await confirmPassword(hub, request, current);
      const weak = await hub.refusePassword(password, user);
      if (weak !== null) throw refused(weak);
      await hub.records.accounts.setPassword(
        user.id,
        await hashPassword(password),
        request.principal?.session?.id ?? null,
      );
      // All remembered browsers were forgotten with the former password.
      await rememberDevice(hub, request, reply, user.id);
      await tellPasswordChange(hub, user);
      return reply.code(204).send();
    },
  });
}

function addSessions(app: FastifyInstance, { records }: Hub): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/account/sessions',
    access: 'account',
    summary: 'Where one is logged in',
    answers: { 200: { description: 'The last used first', schema: SessionList } },
    async handler(request): Promise<SessionList> {
      const sessions = await records.accounts.sessions.list(personOf(request).id, IDLE_MS);
      return { sessions: sessions.map((session) => showSession(session, request.principal?.session?.id)) };
    },
  });
  addRoute(app, {
    method: 'DELETE',
    url: '/api/v1/account/sessions/:id',
    access: 'account',
    audit: 'session.end',
    summary: 'Ends one of one’s own sessions',
    params: Type.Object({ id: Type.String({ maxLength: 100 }) }),
    answers: {
      204: { description: 'Ended' },
      404: { description: 'One has no such session', codes: ['unknown-session'] },
    },
    async handler(request, reply) {
      const { id } = request.params as { id: string };
      const user = personOf(request);
      request.audit({ target: user.email, detail: { session: id.toLowerCase() } });
      if (!(await records.accounts.sessions.end(user.id, id.toLowerCase()))) {
        throw new ProblemError(404, 'unknown-session', 'you have no such session; it may have ended by itself');
      }
      return reply.code(204).send();
    },
  });
  addRoute(app, {
    method: 'DELETE',
    url: '/api/v1/account/sessions',
    access: 'account',
    audit: 'session.end-others',
    summary: 'Ends all of one’s own sessions but this one',
    answers: { 200: { description: 'How many', schema: Type.Object({ ended: Type.Integer() }) } },
    async handler(request) {
      const kept = request.principal?.session?.id ?? null;
      const user = personOf(request);
      const ended = await records.accounts.sessions.endAll(user.id, kept);
      request.audit({ target: user.email, detail: { ended } });
      return { ended };
    },
  });
}

function showSession(session: stored.UserSession, current: string | undefined): SessionList['sessions'][number] {
  return {
    id: session.id,
    current: session.id === current,
    created: new Date(session.createdAt).toISOString(),
    last_used: new Date(session.lastUsedAt).toISOString(),
    expires: new Date(session.expiresAt).toISOString(),
    agent: session.agent,
    place: session.place,
    factors: session.factors,
  };
}
