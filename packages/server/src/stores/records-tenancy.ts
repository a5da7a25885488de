import type { Quota } from '../model/quota.ts';
import type { Refusal } from '../model/request.ts';

/** What may be done with a tenant. `deleting`: its deletion has begun, and it can only go. */
export interface Standing {
  slug: string;
  state: 'active' | 'suspended' | 'deleting';
  quota: Quota;
}

/** Where every tenant stands, from memory. */
export interface StandingMap {
  /** Undefined: there is no such tenant, or it is not known here yet. */
  of(tenantId: string): Standing | undefined;
  /** Whether the tenant is being deleted, or was: nothing of it may be stored any more. */
  isGone(tenantId: string): boolean;
  /** Tenants that are gone; while there are none, nothing has to be asked. */
  readonly gone: number;
  /** Resolves when changes committed before the call are in. */
  refresh(): Promise<void>;
}

/** Requests that tenants sent, counted by UTC day across all processes. */
export interface UsageBook {
  /** Adds to a day's counts and answers with what they are then, of these tenants; one that is gone is left out. */
  add(day: string, counts: ReadonlyMap<string, number>): Promise<Map<string, number>>;
  /** The counts of a day; of all tenants. */
  of(day: string): Promise<Map<string, number>>;
  /** Forgets days before that one; returns how many counts went. */
  expire(before: string): Promise<number>;
}

/** Rows in one place: `PostgreSQL domains`, `ClickHouse requests`, `dead letters`. */
export interface PlaceCount {
  place: string;
  rows: number;
}

/** The deletion of a tenant, and the proof of it. Times are ms since the epoch. */
export interface TenantDeletion {
  id: string;
  /** Id, slug and name of the tenant that is gone. */
  tenantId: string;
  slug: string;
  name: string;
  askedBy: string;
  askedAt: number;
  deleted: PlaceCount[];
  /** What was found when every place was searched again; null while it goes on. */
  found: PlaceCount[] | null;
  /** Whether nothing was found, and every place could be searched; null while it goes on. */
  complete: boolean | null;
  finishedAt: number | null;
  /** Why the last attempt ended, while it goes on. */
  error: string | null;
}

/** What the end of a deletion says. */
export interface DeletionProof {
  found: readonly PlaceCount[];
  complete: boolean;
}

/** Deletions of tenants. */
export interface TenantDeletions {
  /**
   * Begins one: from here on the tenant is suspended for good. Refusals: `no-such-tenant`, `is-installation`,
   * `not-confirmed` when `confirm` is not its slug. One that has begun already is answered again.
   */
  begin(tenantId: string, confirm: string, askedBy: string): Promise<TenantDeletion | Refusal>;
  /** The latest first. */
  list(): Promise<TenantDeletion[]>;
  find(id: string): Promise<TenantDeletion | null>;
  /** Those that go on, the oldest first. */
  unfinished(): Promise<TenantDeletion[]>;
  /** Adds to what was deleted, so that a restart in the middle keeps it. */
  note(id: string, deleted: readonly PlaceCount[]): Promise<void>;
  failed(id: string, error: string): Promise<void>;
  finish(id: string, proof: DeletionProof, nowMs: number): Promise<void>;
  /**
   * Deletes every row of the tenant, from the disk as well: of all tables that have a tenant_id, of what refers to it in the
   * queue of tasks, of people who are in no other tenant, and the tenant itself; and notes how many under the deletion.
   */
  eraseRows(id: string, tenantId: string): Promise<void>;
  /** Rows that are there, by place; every place is named. */
  countRows(tenantId: string): Promise<PlaceCount[]>;
}
