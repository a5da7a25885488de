import type { KeyScope } from '../model/permission.ts';
import type { Quota } from '../model/quota.ts';
import type { ConsentChoice, Refusal } from '../model/request.ts';
import type { Accounts } from './accounts.ts';
import type { Factors } from './factors.ts';
import type { IntegrationMap, PlatformIntegrations, TenantIntegrations } from './integrations.ts';
import type { Mails } from './mails.ts';
import type {
  EmailChanges,
  InvitationDesk,
  PasswordResets,
  PlatformUsers,
  TenantInvitations,
  TenantMembers,
} from './people.ts';
import type { PlatformAudit, TenantAudit } from './records-audit.ts';
import type { ConsentBook, PolicyMap } from './records-consent.ts';
import type { ErasedId, TenantErasures } from './records-erasures.ts';
import type { ImportAdvance, ImportFile, ImportRange, NewImportFile } from './records-imports.ts';
import type { SourceRecord, SourceTally } from './records-sources.ts';
import type { StandingMap, TenantDeletions, UsageBook } from './records-tenancy.ts';
import type { TenantViews } from './saved-views.ts';
import type { SealedValues } from './sealed.ts';
import type { Texts } from './texts.ts';

export type { KeyScope } from '../model/permission.ts';
export type * from './accounts.ts';
export { KEY_PREFIX } from './drivers/postgres/api-keys.ts';
export type { Log } from './drivers/postgres/log.ts';
export { openRecords, type RecordsOptions } from './drivers/postgres/open.ts';
export type * from './factors.ts';
export type * from './records-consent.ts';
export type * from './records-imports.ts';
export type * from './records-sources.ts';
export type * from './records-tenancy.ts';
export type * from './saved-views.ts';

/** What a tenant may set for itself; what is absent is as the installation has it. */
export interface TenantPolicy {
  /** Days a row is kept, by the class it was stored under. */
  retentionDays?: Partial<Record<ConsentChoice, number>>;
  [more: string]: unknown;
}

/** All times in records are ms since the epoch, UTC. */
export interface Tenant {
  id: string;
  /** Short name for URLs and the command line, unique: a–z, 0–9 and inner hyphens, at most 63. */
  slug: string;
  name: string;
  /** True for Tenant0 alone. */
  isInstallation: boolean;
  policy: TenantPolicy;
  quota: Quota;
  /** Whether its people have to show a second factor. */
  secondFactorRequired: boolean;
  createdAt: number;
  suspendedAt: number | null;
  /** Since when it is being deleted; it is suspended then, too. */
  deletingAt: number | null;
}

/** What is set of a tenant; what is left out stays. */
export interface TenantSettings {
  name?: string | undefined;
  secondFactorRequired?: boolean | undefined;
}

export interface Domain {
  id: string;
  tenantId: string;
  /** `example.com`, or `*.example.com` for everything below it (not itself); lower case, IDNA as ASCII. */
  pattern: string;
  createdAt: number;
  /** What its owner publishes to prove that it is theirs. */
  token: string;
  /** null: a claim; the host is the tenant's for nobody but itself. */
  verifiedAt: number | null;
  verifiedBy: 'operator' | 'dns' | 'file' | null;
  checkedAt: number | null;
  /** Why the last check did not find the token. */
  checkError: string | null;
}

/** What a check of a domain's ownership found. */
export interface OwnershipFound {
  /** How it was proved; null: it was not, and `error` says why. */
  by: 'dns' | 'file' | null;
  error: string | null;
}

export type SessionScope = 'read' | 'admin';

export interface ApiKey {
  id: string;
  tenantId: string;
  name: string;
  /** The first characters of the key, for people to tell keys apart. */
  prefix: string;
  scope: KeyScope;
  createdAt: number;
  /** Noted in batches, up to ten seconds late. */
  lastUsedAt: number | null;
  expiresAt: number | null;
  revokedAt: number | null;
  /** The key that this one follows. */
  rotatedFrom: string | null;
}

/** Who stands behind a key or a session. */
export interface Principal {
  kind: 'key' | 'session';
  /** Of the key or the session. */
  id: string;
  /** What people call the key; '' for a session. */
  name: string;
  tenantId: string;
  scope: KeyScope;
}

/** What is remembered under a sender's Idempotency-Key. */
export interface IdempotentAnswer {
  /** Token of the batch that carried the first delivery. */
  batchToken: string;
  /** null while the first delivery has no answer yet; a retry then goes under the same token. */
  answer: unknown;
}

/** Everything of one tenant; no method here can see or change another's. */
export interface TenantRecords {
  readonly tenantId: string;
  readonly tenant: {
    get(): Promise<Tenant>;
    /** Refusals: `bad-name`. */
    change(set: TenantSettings): Promise<Tenant | Refusal>;
    setPolicy(policy: TenantPolicy): Promise<void>;
  };
  readonly domains: {
    /**
     * A domain by the operator's word: verified. A claim that is there becomes so. Refusals: `bad-domain`, `domain-taken`
     * (another tenant has it, verified).
     */
    add(pattern: string): Promise<Domain | Refusal>;
    /** A claim, to be verified by a check; one that is there, verified or not, is answered. Refusal: `bad-domain`. */
    claim(pattern: string): Promise<Domain | Refusal>;
    list(): Promise<Domain[]>;
    /** null: the tenant has no such pattern. */
    find(pattern: string): Promise<Domain | null>;
    /**
     * Notes what a check found. A proof makes the domain verified. Refusal `domain-taken`: another tenant has it, verified;
     * the claim stays one, and says so.
     */
    noteCheck(pattern: string, found: OwnershipFound, nowMs: number): Promise<Domain | Refusal>;
    /** False when there was none. */
    remove(pattern: string): Promise<boolean>;
  };
  readonly keys: {
    /** `token` is shown once and kept nowhere. */
    create(key: { scope: KeyScope; name?: string; expiresAt?: number | null }): Promise<{ key: ApiKey; token: string }>;
    list(): Promise<ApiKey[]>;
    /** False when there is no such key in force. */
    revoke(keyId: string): Promise<boolean>;
    /**
     * A new key of the same scope, name and length of life; the old one ends after `overlapMs`, or when it would have, and
     * at once for 0. Refusals: `unknown-key` (none in force), `key-rotated` (it was rotated already).
     */
    rotate(keyId: string, overlapMs: number): Promise<{ key: ApiKey; token: string; former: ApiKey } | Refusal>;
  };
  readonly sessions: {
    /** A link that logs in once, within `validMs`; the token goes into a URL. */
    createLink(link: { scope: SessionScope; validMs: number }): Promise<{ token: string; expiresAt: number }>;
    /** Ends every session and every unused link. Returns the number of sessions. */
    revokeAll(): Promise<number>;
  };
  readonly imports: {
    /** Known files that begin like one of the candidates; newest generation first, longer beginnings first. */
    findFiles(candidates: readonly { headBytes: number; headHash: Buffer }[]): Promise<ImportFile[]>;
    /** A new file, under the next generation of its beginning. */
    createFile(file: NewImportFile): Promise<ImportFile>;
    getFile(fileId: string): Promise<ImportFile | null>;
    /**
     * Notes a range before it is stored. A range noted earlier at the same start wins and is returned: it must be
     * stored as it was meant then, because it may have been stored already. Refusal `no-such-file`.
     */
    intend(fileId: string, range: ImportRange): Promise<ImportRange | Refusal>;
    /**
     * After a range is stored: moves the file on to its end and forgets the intent, in one statement. False when the
     * file is not at the range's start or the intent is gone, as when another importer was faster.
     */
    advance(fileId: string, step: ImportAdvance): Promise<boolean>;
    /** The files imported last, newest first; those that come after one of them, by when it changed (ms) and its id. */
    list(limit?: number, after?: { updatedAt: number; id: string } | null): Promise<ImportFile[]>;
  };
  readonly idempotency: {
    /** Claims the key for a batch; the first claim wins, and later ones get what it left. An expired one is replaced. */
    claim(key: string, batchToken: string, expiresAt: number): Promise<{ first: boolean } & IdempotentAnswer>;
    /**
     * Claims keys for a batch together with the answers, all or none. Returns those that another batch has, in force and
     * with the answer that stays.
     */
    claimAll(
      entries: readonly { key: string; answer: unknown }[],
      batchToken: string,
      expiresAt: number,
    ): Promise<{ key: string; answer: unknown }[]>;
    find(key: string): Promise<IdempotentAnswer | null>;
    /** Leaves the answer under a key that `batchToken` has claimed, until then. */
    settle(key: string, batchToken: string, answer: unknown, expiresAt: number): Promise<void>;
    /** Gives up a claim that has no answer. */
    release(key: string, batchToken: string): Promise<void>;
  };
  readonly erasures: TenantErasures;
  readonly sources: {
    /** Adds to what is known; several hubs may do so for the same source. */
    add(tallies: readonly SourceTally[]): Promise<void>;
    /** The last heard of first. */
    list(): Promise<SourceRecord[]>;
  };
  readonly consent: ConsentBook;
  readonly integrations: TenantIntegrations;
  readonly members: TenantMembers;
  readonly invitations: TenantInvitations;
  readonly people: {
    /** How many people are members, and how many may be. The database holds whoever adds to it. */
    room(): Promise<{ used: number; limit: number | null }>;
  };
  readonly audit: TenantAudit;
  readonly views: TenantViews;
}

/** Sealed keys of days, counted from the epoch. */
export interface DayKeys {
  /** The first candidate of a day wins for everybody. Throws Fault `day-key-destroyed`. */
  getOrCreate(day: number, sealedCandidate: Buffer): Promise<Buffer>;
  list(): Promise<{ day: number; sealed: Buffer }[]>;
  /** Destroys the keys of all days before `day`, on disk too; returns how many there were. */
  destroyBefore(day: number): Promise<number>;
}

/** A privacy scan as it is kept. */
export interface StoredScan {
  id: string;
  state: 'running' | 'done' | 'failed';
  /** ms since the epoch. */
  startedAt: number;
  finishedAt: number | null;
  /** What it found, or why it failed; the scan's own affair. */
  result: unknown;
}

/** The last privacy scans. */
export interface PrivacyScans {
  /** Answers with the id of a scan that is running from now on. */
  begin(nowMs: number): Promise<string>;
  finish(id: string, state: 'done' | 'failed', result: unknown, nowMs: number): Promise<void>;
  last(): Promise<StoredScan | null>;
}

/** Work of the installation across tenants. */
export interface PlatformRecords {
  readonly tenants: {
    /** Refusals: `bad-slug`, `bad-name`, `slug-taken`. */
    create(tenant: { slug: string; name: string; policy?: TenantPolicy }): Promise<Tenant | Refusal>;
    /** By slug. */
    list(): Promise<Tenant[]>;
    /** By id or slug. */
    find(idOrSlug: string): Promise<Tenant | null>;
    /** Refusals: `no-such-tenant`, `bad-name`. */
    change(tenantId: string, set: TenantSettings): Promise<Tenant | Refusal>;
    /**
     * A suspended tenant's hosts resolve to nobody, and its keys and people may do nothing. Refusals: `no-such-tenant`,
     * `is-installation`, `is-deleting`.
     */
    setSuspended(tenantId: string, suspended: boolean): Promise<Tenant | Refusal>;
    /** Refusals: `no-such-tenant`. */
    setQuota(tenantId: string, quota: Quota): Promise<Tenant | Refusal>;
    /** People by tenant; who is in none is left out. */
    people(): Promise<Map<string, number>>;
  };
  readonly domains: {
    list(): Promise<Domain[]>;
    /** Claims that are not verified and were made after that time. */
    unverified(sinceMs: number): Promise<Domain[]>;
    /** The domain of whoever has the pattern verified. */
    verified(pattern: string): Promise<Domain | null>;
    /** Makes a verified domain a claim again, because its proof is gone. */
    unverify(domainId: string, why: string): Promise<void>;
  };
  readonly usage: UsageBook;
  readonly deletions: TenantDeletions;
  readonly dayKeys: DayKeys;
  readonly sealed: SealedValues;
  /** Every text in the database, for scans and erasures. */
  readonly texts: Texts;
  readonly scans: PrivacyScans;
  /** Everything that was erased, of all tenants. */
  erasedIds(): Promise<ErasedId[]>;
  readonly settings: {
    get(key: string): Promise<unknown>;
    set(key: string, value: unknown): Promise<void>;
    remove(key: string): Promise<boolean>;
  };
  readonly integrations: PlatformIntegrations;
  readonly users: PlatformUsers;
  readonly mails: Mails;
  readonly audit: PlatformAudit;
  /** Removes what has expired: idempotency keys, log-in links, sessions, invitations, resets, mails. Returns the number of rows. */
  prune(nowMs: number): Promise<number>;
}

/** Which tenant a host belongs to, from memory. */
export interface HostMap {
  /**
   * The host in lower case without port. Exact patterns first, then the longest wildcard. Undefined: nobody's, or of a tenant
   * that is suspended. Only verified patterns count.
   */
  resolve(host: string): string | undefined;
  /** Whose it is, suspended or not. */
  ownerOf(host: string): string | undefined;
  /** Patterns in force. */
  readonly size: number;
  /** Patterns in force with the ids of their tenants, by pattern: one tenant's; everybody's for null. */
  patterns(tenantId: string | null): readonly (readonly [pattern: string, tenantId: string])[];
  /** Resolves when changes committed before the call are in the map. */
  refresh(): Promise<void>;
}

/** What is announced to every process. */
export type Watched = 'keys' | 'master-keys' | 'erasures' | 'sessions' | 'tenants';

/** What PostgreSQL holds for the hub. */
export interface Records {
  /** Tenant0. */
  readonly installation: Tenant;
  readonly hosts: HostMap;
  readonly standing: StandingMap;
  readonly policies: PolicyMap;
  /** The integrations that are on, from memory. */
  readonly integrations: IntegrationMap;
  /** The only way to a tenant's records. */
  forTenant(tenantId: string): TenantRecords;
  readonly unscoped: PlatformRecords;
  /** Who an API key (`vdt_…`) belongs to, from memory where it was seen before; null: unknown, expired or revoked. */
  authenticate(token: string): Promise<Principal | null>;
  readonly accounts: Accounts;
  readonly factors: Factors;
  readonly invitations: InvitationDesk;
  readonly resets: PasswordResets;
  readonly emailChanges: EmailChanges;
  readonly logIn: {
    /** Uses up a link and opens a session of `validMs`; null when the link is unknown, used or expired. */
    redeem(
      linkToken: string,
      validMs: number,
    ): Promise<{ session: Principal; token: string; expiresAt: number } | null>;
    /** Who a session belongs to; null when unknown, expired or revoked. */
    session(sessionToken: string): Promise<Principal | null>;
    logOut(sessionToken: string): Promise<boolean>;
  };
  /**
   * Calls back when what is known of it has changed, by whatever process, and when that may have been missed. Until the
   * records are closed.
   */
  watch(what: Watched, changed: () => void): void;
  /** Rejects when the database does not answer. */
  ping(): Promise<void>;
  /** Notes what is still in memory and closes the connections. */
  close(): Promise<void>;
}
