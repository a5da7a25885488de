import type { FastifyReply, FastifyRequest } from 'fastify';
import { hashRecoveryCode, newRecoveryCodes } from '../model/recovery-code.ts';
import type { Factor, GuessBound, User, UserSession } from '../stores/records.ts';
import { personOf } from './access.ts';
import { setSession, unauthorised } from './gate.ts';
import { BOUNDS, networkBucket, takeFrom, tooMany } from './log-in-desk.ts';
import type { Hub } from './ports.ts';
import { ProblemError } from './problem.ts';
import { deviceOf, rememberDevice } from './session-start.ts';

/** Wrong codes for one account from browsers it was never logged in from: of a million codes, three are right at a time. */
const CODES: GuessBound = { most: 10, refillMs: 60 * 60_000 };

/** The session that waits for a second factor; throws 409 for one that does not. */
export function pendingSession(request: FastifyRequest): { user: User; session: UserSession } {
  const user = personOf(request);
  const session = request.principal?.session ?? null;
  if (session?.state === 'second-factor') return { user, session };
  throw new ProblemError(409, 'not-waiting', 'this log-in waits for no second factor: it is complete');
}

/**
 * Which factor a code is of: an authenticator app's, or a recovery code. Either is used up. Bounded as passwords are, so
 * that whoever knows the password has few guesses, and none that are the owner's. Throws 401 `wrong-code`, or 429.
 */
export async function checkCode(hub: Hub, request: FastifyRequest, user: User, code: string): Promise<Factor> {
  const device = deviceOf(hub, request);
  const known = device !== '' && (await hub.records.accounts.devices.knows(user.id, device));
  const own = known
    ? { name: hub.guessName('code device', device), bound: BOUNDS.device }
    : { name: hub.guessName('code account', user.id), bound: CODES };
  const network = request.client === '' ? [] : [networkBucket(hub, request.client)];
  const { waitMs, giveBack } = await takeFrom(hub, [...network, own]);
  if (waitMs > 0) throw tooMany(waitMs);
  const factor = await factorOf(hub, user.id, code);
  if (factor === null) {
    throw new ProblemError(401, 'wrong-code', 'this is no code of yours, or it was used before; try the next one');
  }
  await giveBack();
  return factor;
}

async function factorOf({ totp, records }: Hub, userId: string, code: string): Promise<Factor | null> {
  const recovery = hashRecoveryCode(userId, code);
  if (recovery !== null) return (await records.factors.recoveryCodes.use(userId, recovery)) ? 'recovery-code' : null;
  return (await totp.verify(userId, code)) ? 'totp' : null;
}

/** Ends a log-in: its session is full, under a new token, and the browser is remembered. Throws 401 where it ended meanwhile. */
export async function completeLogIn(
  hub: Hub,
  request: FastifyRequest,
  reply: FastifyReply,
  { user, session, factor }: { user: User; session: UserSession; factor: Factor },
): Promise<void> {
  const { sessionMs } = hub.network;
  const token = await hub.records.accounts.sessions.complete(session.id, factor, sessionMs);
  if (token === null) throw unauthorised('this log-in took too long, or was ended; begin again');
  setSession(reply, hub.network, token, sessionMs);
  request.audit({ user, detail: { by: factor } });
  await rememberDevice(hub, request, reply, user.id);
}

/** The session was opened without a second factor, and one was set up in it: from now on it has it. */
export async function strengthen({ records }: Hub, { principal }: FastifyRequest, factor: Factor): Promise<void> {
  const session = principal?.session ?? null;
  if (session !== null) await records.accounts.sessions.strengthen(session.id, factor);
}

/** How the refusal of `refuseLastFactor` stands in the OpenAPI document. */
export const LAST_FACTOR = {
  description: 'It is the last second factor, and one is asked for',
  codes: ['last-factor'],
};

/** Throws 409 where a person's last second factor would go, and the hub or a tenant of theirs asks for one. */
export async function refuseLastFactor(
  { records, network }: Hub,
  request: FastifyRequest,
  kind: 'totp' | 'passkey',
): Promise<void> {
  const { id } = personOf(request);
  const { totp, passkeys } = await records.factors.summary(id);
  if (kind === 'totp' ? !totp || passkeys > 0 : passkeys !== 1 || totp) return;
  const asking = (await records.accounts.membershipsOf(id)).find(
    ({ secondFactorRequired }) => network.secondFactorRequired || secondFactorRequired,
  );
  if (asking === undefined) return;
  throw new ProblemError(
    409,
    'last-factor',
    `${asking.slug} asks for a second factor, and this is your last: set up another one first`,
  );
}

const hashesOf = (userId: string, codes: readonly string[]): Buffer[] =>
  codes.map((code) => hashRecoveryCode(userId, code) as Buffer);

/** Recovery codes for somebody's first second factor; null for who has some. */
export async function firstRecoveryCodes({ records }: Hub, userId: string): Promise<string[] | null> {
  const codes = newRecoveryCodes();
  const added = await records.factors.recoveryCodes.addFirst(userId, hashesOf(userId, codes));
  return added ? codes : null;
}

/** New recovery codes in the place of those before. */
export async function replaceRecoveryCodes({ records }: Hub, userId: string): Promise<string[]> {
  const codes = newRecoveryCodes();
  await records.factors.recoveryCodes.replace(userId, hashesOf(userId, codes));
  return codes;
}
