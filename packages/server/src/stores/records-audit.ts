import type { AuditEntry, AuditNote, AuditSeal } from '../model/audit-entry.ts';

/** Which entries are asked for. */
export interface AuditQuestion {
  /** ms since the epoch: from this, up to and without that. */
  from?: number | undefined;
  to?: number | undefined;
  /** An actor's id, or part of its name. */
  actor?: string | undefined;
  /** An action, or what it begins with. */
  action?: string | undefined;
}

/** Where a list goes on: after the entry of this id. */
export interface AuditPage {
  after: string | null;
  limit: number;
}

/** The audit log of one tenant. Nothing can be changed in it. */
export interface TenantAudit {
  /** Adds entries at the end of the chain, one after another. */
  append(notes: readonly AuditNote[], seal: AuditSeal): Promise<AuditEntry[]>;
  /** The newest first. */
  list(question: AuditQuestion, page: AuditPage): Promise<AuditEntry[]>;
  /** Pages of entries in the order of the chain, from a number on. */
  chain(from?: number): AsyncGenerator<AuditEntry[]>;
}

/** The audit logs of all tenants. */
export interface PlatformAudit {
  /** The newest first. */
  list(question: AuditQuestion, page: AuditPage): Promise<AuditEntry[]>;
  /**
   * Removes a tenant's entries from before a time, and notes so at the end of its chain, in one transaction. Returns how
   * many went. The database refuses to cut what is younger than 30 days.
   */
  cut(tenantId: string, before: number, seal: AuditSeal): Promise<number>;
  /** What keeps entries as they are and is switched off in the database; none, as long as nobody meddled. */
  weaknesses(): Promise<string[]>;
}
