import { type Grantee, grants, type KeyScope, type Permission } from '../model/permission.ts';
import type { Factor, FoundSession, Membership, User, UserSession } from '../stores/accounts.ts';
import type { Principal as StoredPrincipal } from '../stores/records.ts';

/** Who is asking. */
export interface Principal {
  /** `user`: a person's session. `link`: a browser that came by the operator's one-time link. */
  kind: 'user' | 'link' | 'key' | 'socket';
  /** Of a key. */
  scope: KeyScope | null;
  /** Acts for every tenant and for the installation. */
  operator: boolean;
  /** What it is in which tenant, by id; of an operator, nothing. */
  grantees: ReadonlyMap<string, Grantee>;
  /** Tenants of the person that ask for a second factor which this session does not have: it is nothing there. */
  weakIn: ReadonlySet<string>;
  user: User | null;
  session: UserSession | null;
  /** Names the caller's allowance and log lines; no secret. */
  name: string;
  /** What people call it: the person's name, the key's, or what stands for one. */
  label: string;
}

/** Whether the caller may do it for that tenant. */
export function may(principal: Principal, permission: Permission, tenantId: string): boolean {
  const grantee = granteeOf(principal, tenantId);
  return grantee !== null && grants(grantee, permission);
}

/** What the caller is in a tenant; null: nothing. */
export function granteeOf({ operator, grantees }: Principal, tenantId: string): Grantee | null {
  return operator ? 'operator' : (grantees.get(tenantId) ?? null);
}

const NOBODY = Object.freeze({
  scope: null,
  grantees: new Map<string, Grantee>(),
  weakIn: new Set<string>(),
  user: null,
  session: null,
});

export const SOCKET: Principal = Object.freeze({
  ...NOBODY,
  kind: 'socket',
  operator: true,
  name: 'socket',
  label: 'control socket',
});

/** Id of the session that a browser calls in, a person's or a one-time link's; null for all others. */
export function sessionIdOf({ kind, name, session }: Principal): string | null {
  return kind === 'link' ? name.slice(LINK_SESSION.length) : (session?.id ?? null);
}

export function keyPrincipal({ id, name, scope, tenantId }: StoredPrincipal): Principal {
  return {
    ...NOBODY,
    kind: 'key',
    scope,
    operator: false,
    grantees: new Map<string, Grantee>([[tenantId, `key-${scope}`]]),
    name: `key:${id}`,
    label: name || `key ${id.slice(-6)}`,
  };
}

const LINK_SESSION = 'session:';

/** A browser that came by a link: of an operator for Tenant0's links of scope admin, else of the tenant's. */
export function linkPrincipal({ id, scope, tenantId }: StoredPrincipal, installationId: string): Principal {
  const operator = tenantId === installationId && scope === 'admin';
  const grantee: Grantee = scope === 'admin' ? 'admin' : 'viewer';
  return {
    ...NOBODY,
    kind: 'link',
    operator,
    grantees: operator ? NOBODY.grantees : new Map<string, Grantee>([[tenantId, grantee]]),
    name: `${LINK_SESSION}${id}`,
    label: 'one-time link',
  };
}

/** What is as good as a second factor: each but the password and the link, by which passwords are chosen. */
const STRONG: ReadonlySet<Factor> = new Set(['totp', 'recovery-code', 'passkey', 'sso']);

const isStrong = ({ factors }: UserSession) => factors.some((factor) => STRONG.has(factor));

/** Whether a person has shown, or set up, a second factor in the session. */
export function hasSecondFactor({ session }: Principal): boolean {
  return session !== null && isStrong(session);
}

/**
 * A person. Owners and admins of Tenant0 operate the installation. Who has still to show a second factor is nothing in any
 * tenant yet, and who has none is nothing where one is asked for (`everywhere`, or by the tenant), so that no route has to
 * think of it.
 */
export function userPrincipal({ session, user, memberships: all }: FoundSession, everywhere: boolean): Principal {
  const known = session.state === 'full' ? all : [];
  const strong = isStrong(session);
  const asks = ({ secondFactorRequired }: Membership) => !strong && (everywhere || secondFactorRequired);
  const memberships = known.filter((membership) => !asks(membership));
  const operator = memberships.some(
    ({ isInstallation, role }) => isInstallation && (role === 'owner' || role === 'admin'),
  );
  return {
    kind: 'user',
    scope: null,
    operator,
    grantees: new Map(memberships.map(({ tenantId, role }) => [tenantId, role])),
    weakIn: new Set(known.filter(asks).map(({ tenantId }) => tenantId)),
    user,
    session,
    name: `user:${user.id}`,
    label: user.name,
  };
}
