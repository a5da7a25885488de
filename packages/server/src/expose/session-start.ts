import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Factor, User, UserSession } from '../stores/accounts.ts';
import { cookieName, readCookie, setCookie } from './cookies.ts';
import { setSession } from './gate.ts';
import type { Hub } from './ports.ts';

/** A log-in that waits for its second factor is good for so long. */
const PENDING_MS = 10 * 60_000;
const DEVICE_SECONDS = 180 * 86_400;

/**
 * Opens a session for a person and gives it to the browser, under a token that was never used before; the one the
 * browser had is ended. A full one also has the browser remembered as the person's. The audit log is told whose it is.
 */
export async function startSession(
  hub: Hub,
  request: FastifyRequest,
  reply: FastifyReply,
  { user, factors, state }: { user: User; factors: readonly Factor[]; state: UserSession['state'] },
): Promise<UserSession> {
  const { accounts } = hub.records;
  await endPresent(hub, request);
  const validMs = state === 'full' ? hub.network.sessionMs : PENDING_MS;
  const client = hub.describeClient(request.client, request.headers['user-agent'] ?? '');
  const { session, token } = await accounts.sessions.open({ userId: user.id, state, factors, validMs, ...client });
  request.audit({ user, detail: { by: factors.at(-1), ...(state === 'full' ? {} : { next: state }) } });
  setSession(reply, hub.network, token, validMs);
  if (state === 'full') await rememberDevice(hub, request, reply, user.id);
  return session;
}

/** Has the browser remembered as one in which this person logs in. */
export async function rememberDevice(
  hub: Hub,
  request: FastifyRequest,
  reply: FastifyReply,
  userId: string,
): Promise<void> {
  const present = deviceOf(hub, request);
  if (present !== '' && (await hub.records.accounts.devices.knows(userId, present))) return;
  const value = await hub.records.accounts.devices.remember(userId);
  setCookie(reply, hub.network, { name: 'vedette_device', value, seconds: DEVICE_SECONDS });
}

/** What the browser has from an earlier log-in, '' for nothing. */
export function deviceOf({ network }: Hub, request: FastifyRequest): string {
  return readCookie(request.headers.cookie, cookieName('vedette_device', network));
}

/** Ends the session that the browser has, whosever it is. */
export async function endPresent({ records, network }: Hub, request: FastifyRequest): Promise<void> {
  const { principal } = request;
  const session = principal?.session ?? null;
  if (session !== null) await records.accounts.sessions.end(session.userId, session.id);
  if (principal?.kind === 'link') {
    await records.logIn.logOut(readCookie(request.headers.cookie, cookieName('vedette_session', network)));
  }
}
