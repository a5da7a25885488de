// Who may do what, as data: one row a permission, one column a grantee. Everything that decides about access asks this
// table; docs/accounts.md shows it, and a test holds the page to it.

/** What a person is in a tenant. */
export const ROLES = ['owner', 'admin', 'analyst', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

/** What an API key is for. `admin` may what `read` and `ingest` may. */
export const KEY_SCOPES = ['ingest', 'read', 'admin'] as const;
export type KeyScope = (typeof KEY_SCOPES)[number];

/** Whoever something is granted to: the installation's operator, a role, or a key of a scope. */
export const GRANTEES = [
  'operator',
  ...ROLES,
  'key-admin',
  'key-read',
  'key-ingest',
] as const satisfies readonly string[];
export type Grantee = (typeof GRANTEES)[number];

const TABLE = {
  read: ['operator', 'owner', 'admin', 'analyst', 'viewer', 'key-admin', 'key-read'],
  export: ['operator', 'owner', 'admin', 'analyst', 'key-admin', 'key-read'],
  ingest: ['operator', 'owner', 'admin', 'analyst', 'key-admin', 'key-ingest'],
  views: ['operator', 'owner', 'admin', 'analyst'],
  privacy: ['operator', 'owner', 'admin', 'key-admin'],
  settings: ['operator', 'owner', 'admin', 'key-admin'],
  keys: ['operator', 'owner', 'admin', 'key-admin'],
  people: ['operator', 'owner', 'admin'],
  audit: ['operator', 'owner', 'admin', 'key-admin'],
  operate: ['operator'],
} as const satisfies Record<string, readonly Grantee[]>;

export type Permission = keyof typeof TABLE;

/** What each permission is for, in the words of the documentation. */
export const PERMISSIONS: Readonly<Record<Permission, string>> = {
  read: 'see figures, lists, sources and the state of the hub',
  export: 'take rows away: CSV and NDJSON of requests, consents and lists',
  ingest: 'send requests and import files',
  views: 'share saved views with the tenant, change and delete shared ones',
  privacy: 'change what is kept, export and erase what is kept of a person',
  settings: 'change integrations, domains and the tenant’s own settings',
  keys: 'make, rotate and revoke API keys',
  people: 'invite people, change their roles, remove them',
  audit: 'read the audit log',
  operate: 'tenants, quotas, suspension, the master key, scans of the installation',
};

const GRANTED = new Map<Permission, ReadonlySet<Grantee>>(
  Object.entries(TABLE).map(([permission, grantees]) => [permission as Permission, new Set<Grantee>(grantees)]),
);

/** Whether the table grants it. */
export function grants(grantee: Grantee, permission: Permission): boolean {
  return GRANTED.get(permission)?.has(grantee) === true;
}

/** Roles that somebody may give and take: nobody gives more than they have, and only owners make and unmake owners. */
const GIVES: Readonly<Record<Grantee, readonly Role[]>> = {
  operator: ROLES,
  owner: ROLES,
  admin: ['admin', 'analyst', 'viewer'],
  analyst: [],
  viewer: [],
  'key-admin': [],
  'key-read': [],
  'key-ingest': [],
};

/** The roles that a grantee may give and take. */
export function rolesGivenBy(grantee: Grantee): readonly Role[] {
  return GIVES[grantee];
}

/** All that is granted, in the order of the table. */
export function permissionsOf(grantee: Grantee): Permission[] {
  return (Object.keys(TABLE) as Permission[]).filter((permission) => grants(grantee, permission));
}

/** The scopes of a key that may do it, for messages. */
export function scopesFor(permission: Permission): KeyScope[] {
  return KEY_SCOPES.filter((scope) => grants(`key-${scope}`, permission));
}

/** The roles that may do it, for messages. */
export function rolesFor(permission: Permission): Role[] {
  return ROLES.filter((role) => grants(role, permission));
}

/** Whether a key of a scope may make one of another: none that may what it may not. */
export function mayGrant(own: KeyScope, wanted: KeyScope): boolean {
  return permissionsOf(`key-${wanted}`).every((permission) => grants(`key-${own}`, permission));
}
