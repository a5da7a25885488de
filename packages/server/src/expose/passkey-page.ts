import type { FastifyReply, FastifyRequest } from 'fastify';
import { isRefusal } from '../model/request.ts';
import type { ChallengePurpose } from '../stores/records.ts';
import { cookieName, readCookie, setCookie } from './cookies.ts';
import { CEREMONY_MS } from './passkey-ceremony.ts';
import type { Hub } from './ports.ts';
import { ProblemError } from './problem.ts';
import { type RelyingParty, relyingParty } from './relying-party.ts';

/** Whom passkeys are made for on the page that calls; throws 409 that says where they are. */
export function partyOf({ network }: Hub, request: FastifyRequest): RelyingParty {
  const party = relyingParty(network.publicUrl, request.headers.origin);
  if (isRefusal(party)) throw new ProblemError(409, party.refused, party.detail);
  return party;
}

/** Whether there are passkeys at the address that a page was asked at. */
export function hasPasskeys({ network }: Hub, request: FastifyRequest): boolean {
  const scheme = new URL(network.publicUrl).protocol;
  const { host } = request.headers;
  return !isRefusal(relyingParty(network.publicUrl, host === undefined ? undefined : `${scheme}//${host}`));
}

/** Begins a ceremony that this browser alone can end; its token. */
export async function beginCeremony(
  hub: Hub,
  reply: FastifyReply,
  purpose: ChallengePurpose,
  userId: string | null,
): Promise<string> {
  const token = await hub.records.factors.challenges.begin(purpose, userId, CEREMONY_MS);
  setCookie(reply, hub.network, { name: 'vedette_challenge', value: token, seconds: CEREMONY_MS / 1000 });
  return token;
}

/** The token of a ceremony, used up; throws 422 for one that is past its time, used, or of another browser. */
export async function endCeremony(
  hub: Hub,
  request: FastifyRequest,
  reply: FastifyReply,
  purpose: ChallengePurpose,
  userId: string | null,
): Promise<string> {
  const token = readCookie(request.headers.cookie, cookieName('vedette_challenge', hub.network));
  setCookie(reply, hub.network, { name: 'vedette_challenge', value: '', seconds: 0 });
  if (await hub.records.factors.challenges.take(token, purpose, userId)) return token;
  throw new ProblemError(422, 'passkey-expired', 'this took too long, or was answered already; begin again');
}
