import type { Permission, Role } from '@vedette/contract';

export const ROLES: readonly Role[] = ['owner', 'admin', 'analyst', 'viewer'];

/** What each role may do in its tenant: the hub's own table, which a test holds this one to. */
export const MAY: Readonly<Record<Exclude<Permission, 'operate'>, readonly Role[]>> = {
  read: ['owner', 'admin', 'analyst', 'viewer'],
  export: ['owner', 'admin', 'analyst'],
  ingest: ['owner', 'admin', 'analyst'],
  views: ['owner', 'admin', 'analyst'],
  privacy: ['owner', 'admin'],
  settings: ['owner', 'admin'],
  keys: ['owner', 'admin'],
  people: ['owner', 'admin'],
  audit: ['owner', 'admin'],
};

/** Whether somebody may make or unmake owners: an owner, or who has no role because they are the operator. */
export function mayMakeOwners(own: Role | null): boolean {
  return own === null || own === 'owner';
}
