import { LogIn, LogInAnswer, LogInWays } from '@vedette/contract';
import type { FastifyInstance } from 'fastify';
import { PASSWORD_RULES } from '../../model/password.ts';
import { isRefusal } from '../../model/request.ts';
import type { User } from '../../stores/records.ts';
import { refuseForeignOrigin, refuseForeignPage } from '../access.ts';
import { setSession } from '../gate.ts';
import { checkCredentials, tooMany } from '../log-in-desk.ts';
import { hasPasskeys } from '../passkey-page.ts';
import type { Hub } from '../ports.ts';
import { ProblemError } from '../problem.ts';
import { addRoute } from '../route.ts';
import { secondFactorsOf } from '../second-factor-kinds.ts';
import { deviceOf, endPresent, startSession } from '../session-start.ts';

/** In and out, by e-mail address and password. */
export function addLogInRoutes(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/log-in',
    access: 'public',
    summary: 'How one may log in here',
    answers: { 200: { description: 'The ways, and what a password must be', schema: LogInWays } },
    async handler(request): Promise<LogInWays> {
      return {
        set_up: await hub.records.accounts.hasOwner(),
        sso: hub.sso === null ? null : { name: hub.sso.name },
        passkeys: hasPasskeys(hub, request),
        mail: hub.mails !== null,
        password: PASSWORD_RULES,
      };
    },
  });
  addRoute(app, {
    method: 'POST',
    url: '/api/v1/log-in',
    access: 'public',
    audit: 'session.open',
    summary: 'Logs a person in',
    description: 'The session is a cookie. Guesses are bounded: 429 says in Retry-After when it is worth trying again.',
    body: { types: ['application/json'], schema: LogIn, validated: true },
    answers: {
      200: { description: 'What comes next', schema: LogInAnswer },
      401: { description: 'Not the right e-mail address and password', codes: ['wrong-credentials'] },
      403: {
        description: 'The account is disabled, or the call comes from another site',
        codes: ['account-disabled', 'foreign-origin'],
      },
      429: { description: 'Too many guesses', codes: ['too-many-guesses'] },
    },
    async handler(request, reply): Promise<LogInAnswer> {
      refuseForeignPage(request);
      const { email, password } = request.body as LogIn;
      // What somebody typed for an address may be a password: only an account's own is told.
      const heard = (user: User | null) => request.audit({ user, detail: { by: 'password' } });
      const attempt = { email, password, client: request.client, device: deviceOf(hub, request), heard };
      const found = await checkCredentials(hub, attempt);
      if ('waitMs' in found) throw tooMany(found.waitMs);
      if (isRefusal(found))
        throw new ProblemError(found.refused === 'account-disabled' ? 403 : 401, found.refused, found.detail);
      const more = secondFactorsOf(await hub.records.factors.summary(found.id));
      const state = more.length === 0 ? 'full' : 'second-factor';
      await startSession(hub, request, reply, { user: found, factors: ['password'], state });
      return more.length === 0 ? { next: 'done' } : { next: 'second-factor', factors: more };
    },
  });
  addRoute(app, {
    method: 'POST',
    url: '/api/v1/log-out',
    access: 'public',
    audit: 'session.end',
    summary: 'Ends the session of this browser',
    answers: {
      204: { description: 'There is none any more' },
      403: { description: 'The call comes from another site', codes: ['foreign-origin'] },
    },
    async handler(request, reply) {
      if (request.principal !== null) refuseForeignOrigin(request);
      // Whose session it was, as people know them; one of a one-time link is nobody's.
      request.audit({ unchanged: request.principal === null, target: request.principal?.user?.email ?? null });
      await endPresent(hub, request);
      setSession(reply, hub.network, '', 0);
      return reply.code(204).send();
    },
  });
}
