import { LogInAnswer, PasskeyLogIn, PasskeyRequest } from '@vedette/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isRefusal } from '../../model/request.ts';
import type { Passkey, User } from '../../stores/records.ts';
import { refuseForeignPage } from '../access.ts';
import { countBegun, tooMany } from '../log-in-desk.ts';
import { checkAnswer, requestOptions } from '../passkey-ceremony.ts';
import { beginCeremony, endCeremony, partyOf } from '../passkey-page.ts';
import type { Hub } from '../ports.ts';
import { ProblemError } from '../problem.ts';
import { PARTY_REFUSALS } from '../relying-party.ts';
import { addRoute } from '../route.ts';
import { completeLogIn } from '../second-factor.ts';
import { startSession } from '../session-start.ts';

const ADDRESS = {
  409: { description: 'There are no passkeys at this address; the detail says which is right', codes: PARTY_REFUSALS },
};

/** Logging in by passkey: without a password, or after it. */
export function addPasskeyLogInRoutes(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'POST',
    url: '/api/v1/log-in/passkey/options',
    access: 'public',
    audit: false, // A question; nothing changes.
    summary: 'What navigator.credentials.get needs to log in',
    description:
      'For a session that waits for its second factor, the passkeys of that person; else any passkey for this hub. Good for five minutes and once, in the browser that asked.',
    answers: {
      200: { description: 'PublicKeyCredentialRequestOptionsJSON', schema: PasskeyRequest },
      429: { description: 'Too many attempts', codes: ['too-many-guesses'] },
      ...ADDRESS,
    },
    async handler(request, reply): Promise<PasskeyRequest> {
      refuseForeignPage(request);
      const party = partyOf(hub, request);
      const waitMs = await countBegun(hub, request.client);
      if (waitMs > 0) throw tooMany(waitMs);
      const pending = pendingOf(request);
      const token = await beginCeremony(hub, reply, 'passkey', pending?.userId ?? null);
      const own = pending === null ? null : await hub.records.factors.passkeys.list(pending.userId);
      return requestOptions(party, token, own);
    },
  });
  addRoute(app, {
    method: 'POST',
    url: '/api/v1/log-in/passkey',
    access: 'public',
    audit: 'session.open',
    summary: 'Logs a person in by passkey',
    description: 'Without a password, or as the second factor of a log-in by password.',
    body: { types: ['application/json'], schema: PasskeyLogIn, validated: true },
    answers: {
      200: { description: 'Logged in', schema: LogInAnswer },
      401: { description: 'No passkey of a person here', codes: ['unknown-passkey', 'passkey-refused'] },
      403: {
        description: 'The account is disabled, or the call comes from another site',
        codes: ['account-disabled', 'foreign-origin'],
      },
      422: { description: 'It came too late, or the options were answered already', codes: ['passkey-expired'] },
      ...ADDRESS,
    },
    async handler(request, reply): Promise<LogInAnswer> {
      refuseForeignPage(request);
      const party = partyOf(hub, request);
      const pending = pendingOf(request);
      const token = await endCeremony(hub, request, reply, 'passkey', pending?.userId ?? null);
      const answer = request.body as PasskeyLogIn;
      const passkey = await hub.records.factors.passkeys.find(answer.response.id);
      if (passkey === null || (pending !== null && passkey.userId !== pending.userId)) {
        throw new ProblemError(401, 'unknown-passkey', 'this passkey is nobody’s here; it may have been taken away');
      }
      const found = await hub.records.accounts.byId(passkey.userId);
      if (found === null) throw new ProblemError(401, 'unknown-passkey', 'this passkey is nobody’s here');
      request.audit({ user: found.user, detail: { by: 'passkey' } });
      const used = await checkAnswer(party, token, passkey, answer, pending === null);
      if (isRefusal(used)) throw refusePasskey(request, passkey, used.detail);
      if (!(await hub.records.factors.passkeys.use(passkey.id, used.counter, used.synced))) {
        throw refusePasskey(request, passkey, 'its counter was used meanwhile');
      }
      await enter(hub, request, reply, found.user);
      return { next: 'done' };
    },
  });
}

/** The session that waits for its second factor, if the browser has one. */
function pendingOf(request: FastifyRequest) {
  const session = request.principal?.session ?? null;
  return session?.state === 'second-factor' ? session : null;
}

/** What was wrong is for the log: to the caller it is a passkey that does not fit. */
function refusePasskey(request: FastifyRequest, { id, userId }: Passkey, reason: string): ProblemError {
  request.log.warn({ passkey: id, user: userId, reason }, 'a log-in by passkey was refused');
  return new ProblemError(401, 'passkey-refused', 'this passkey does not answer what was asked for; try again');
}

async function enter(hub: Hub, request: FastifyRequest, reply: FastifyReply, user: User): Promise<void> {
  if (user.disabledAt !== null) {
    const detail = 'this account is disabled; the operator of this installation knows why';
    throw new ProblemError(403, 'account-disabled', detail);
  }
  const session = pendingOf(request);
  if (session !== null) return completeLogIn(hub, request, reply, { user, session, factor: 'passkey' });
  await startSession(hub, request, reply, { user, factors: ['passkey'], state: 'full' });
}
