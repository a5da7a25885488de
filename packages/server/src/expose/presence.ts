import type { FastifyRequest } from 'fastify';
import type { Permission } from '../model/permission.ts';
import type { Records, Tenant } from '../stores/records.ts';
import { cookieName, readCookie } from './cookies.ts';
import { IDLE_MS, keyOf } from './gate.ts';
import type { NetworkOptions } from './ports.ts';
import { keyPrincipal, linkPrincipal, may, type Principal, userPrincipal } from './principal.ts';

/**
 * Whether whoever made a call that still goes on may still do there what the call is for. Unlike the gate it changes
 * nothing: a session is not used by it, and gets no new token, which an answer that has begun could not carry.
 */
export async function isStillAllowed(
  hub: { records: Records; network: NetworkOptions },
  request: FastifyRequest,
  permission: Permission,
  tenant: Tenant,
): Promise<boolean> {
  const { records, network } = hub;
  const { state } = records.standing.of(tenant.id) ?? { state: 'deleting' };
  if (state === 'deleting') return false;
  const { principal } = request;
  const now = principal === null ? null : await lookAgain(records, network, request, principal);
  if (now === null || (state === 'suspended' && !now.operator)) return false;
  return may(now, permission, tenant.id);
}

async function lookAgain(
  records: Records,
  network: NetworkOptions,
  { headers }: FastifyRequest,
  before: Principal,
): Promise<Principal | null> {
  switch (before.kind) {
    case 'socket':
      return before;
    case 'key': {
      const found = await records.authenticate(keyOf(headers.authorization ?? ''));
      return found === null ? null : keyPrincipal(found);
    }
    case 'link': {
      const found = await records.logIn.session(readCookie(headers.cookie, cookieName('vedette_session', network)));
      return found === null ? null : linkPrincipal(found, records.installation.id);
    }
    default: {
      const { user, session } = before;
      if (user === null || session === null) return null;
      // By its id: its token may have been replaced since the call began.
      const all = await records.accounts.sessions.list(user.id, IDLE_MS);
      const found = all.find(({ id }) => id === session.id);
      if (found === undefined) return null;
      const memberships = await records.accounts.membershipsOf(user.id);
      return userPrincipal({ session: found, user, memberships, former: false }, network.secondFactorRequired);
    }
  }
}
