import type { ConsentChoice, Refusal } from '../model/request.ts';
import type { SourceKind } from '../model/source.ts';
import type { IntegrationMap, PlatformIntegrations, TenantIntegrations } from './integrations.ts';
import type { ConsentBook, PolicyMap } from './records-consent.ts';
import type { ErasedId, TenantErasures } from './records-erasures.ts';
import type { SealedValues } from './sealed.ts';
import type { Texts } from './texts.ts';

export { KEY_PREFIX } from './drivers/postgres/api-keys.ts';
export type { Log } from './drivers/postgres/log.ts';
export { openRecords, type RecordsOptions } from './drivers/postgres/open.ts';
export type * from './records-consent.ts';

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
  createdAt: number;
  suspendedAt: number | null;
}

export interface Domain {
  id: string;
  tenantId: string;
  /** `example.com`, or `*.example.com` for everything below it (not itself); lower case, IDNA as ASCII. */
  pattern: string;
  createdAt: number;
}

/** `admin` may what `read` and `ingest` may. */
export type KeyScope = 'ingest' | 'read' | 'admin';
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

/** What a parser needs to go on in the middle of a file; its own affair, kept as JSON. */
export type ImportParserState = unknown;

export interface ImportRange {
  /** Decompressed bytes: from `start`, up to and without `end`. */
  start: number;
  end: number;
  /** Deduplication token of the insert. */
  token: string;
}

export interface ImportCounters {
  read: number;
  accepted: number;
  rejected: number;
}

export interface ImportFile {
  id: string;
  tenantId: string;
  /** The file is known by the hash of its first `headBytes` bytes. */
  headBytes: number;
  headHash: Buffer;
  /** Tells apart files that begin alike, from 0. */
  generation: number;
  name: string;
  format: string;
  parserState: ImportParserState;
  /** Decompressed bytes that are stored. */
  offsetDone: number;
  lines: ImportCounters;
  firstEventAt: number | null;
  lastEventAt: number | null;
  /** Hash of the last bytes before `offsetDone`, to see whether the file is still the same. */
  tailHash: Buffer | null;
  createdAt: number;
  updatedAt: number;
  /** Ranges that were being stored when the importer ended; to be done again exactly so. Ascending. */
  pending: ImportRange[];
}

export interface NewImportFile {
  headBytes: number;
  headHash: Buffer;
  name: string;
  format: string;
  parserState?: ImportParserState;
}

export interface ImportAdvance {
  range: ImportRange;
  /** Lines of this range; added to the file's. */
  lines: ImportCounters;
  firstEventAt: number | null;
  lastEventAt: number | null;
  parserState: ImportParserState;
  tailHash: Buffer | null;
  /** The format, where it is known by now only. */
  format?: string;
}

/** What is remembered under a sender's Idempotency-Key. */
export interface IdempotentAnswer {
  /** Token of the batch that carried the first delivery. */
  batchToken: string;
  /** null while the first delivery has no answer yet; a retry then goes under the same token. */
  answer: unknown;
}

/** What a source did since the tally before, to be added to what is known. */
export interface SourceTally {
  kind: Exclude<SourceKind, 'file'>;
  name: string;
  /** The agent without its versions; with kind and name it tells sources apart. */
  software: string;
  agent: string;
  firstSeen: number;
  lastSeen: number;
  /** When the first request that was taken arrived; null while none was. */
  firstRequest: number | null;
  requests: number;
  refused: number;
  /** What the sender's processes count themselves, since each was started, and when it was told. */
  counters: Record<string, { count: number; at: number }>;
  lagMs: number | null;
  skewMs: number | null;
  error: { text: string; at: number } | null;
}

/** A source as it is known. */
export interface SourceRecord extends Omit<SourceTally, 'software' | 'counters'> {
  id: string;
  /** Given up by the sender since it was first seen. */
  dropped: number;
  /** Requests in this minute (counted from the epoch) and in the one before it. */
  minute: number;
  minuteRequests: number;
  minuteBefore: number;
}

/** Everything of one tenant; no method here can see or change another's. */
export interface TenantRecords {
  readonly tenantId: string;
  readonly tenant: {
    get(): Promise<Tenant>;
    rename(name: string): Promise<void>;
    setPolicy(policy: TenantPolicy): Promise<void>;
  };
  readonly domains: {
    /** Refusals: `bad-domain`, `domain-taken` (whoever has it). */
    add(pattern: string): Promise<Domain | Refusal>;
    list(): Promise<Domain[]>;
    /** False when there was none. */
    remove(pattern: string): Promise<boolean>;
  };
  readonly keys: {
    /** `token` is shown once and kept nowhere. */
    create(key: { scope: KeyScope; name?: string; expiresAt?: number | null }): Promise<{ key: ApiKey; token: string }>;
    list(): Promise<ApiKey[]>;
    /** False when there is no such key in force. */
    revoke(keyId: string): Promise<boolean>;
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
    /** The files imported last, newest first. */
    list(limit?: number): Promise<ImportFile[]>;
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
    rename(tenantId: string, name: string): Promise<Tenant | Refusal>;
    /** A suspended tenant's hosts, keys and sessions are not known any more. Refusals: `no-such-tenant`, `is-installation`. */
    setSuspended(tenantId: string, suspended: boolean): Promise<Tenant | Refusal>;
  };
  readonly domains: { list(): Promise<Domain[]> };
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
  /** Removes what has expired: idempotency keys, log-in links, sessions. Returns the number of rows. */
  prune(nowMs: number): Promise<number>;
}

/** Which tenant a host belongs to, from memory. */
export interface HostMap {
  /** The host in lower case without port. Exact patterns first, then the longest wildcard. Undefined: nobody's. */
  resolve(host: string): string | undefined;
  /** Patterns in force. */
  readonly size: number;
  /** Patterns in force with the ids of their tenants, by pattern: one tenant's; everybody's for null. */
  patterns(tenantId: string | null): readonly (readonly [pattern: string, tenantId: string])[];
  /** Resolves when changes committed before the call are in the map. */
  refresh(): Promise<void>;
}

/** What is announced to every process. */
export type Watched = 'master-keys' | 'erasures';

/** What PostgreSQL holds for the hub. */
export interface Records {
  /** Tenant0. */
  readonly installation: Tenant;
  readonly hosts: HostMap;
  readonly policies: PolicyMap;
  /** The integrations that are on, from memory. */
  readonly integrations: IntegrationMap;
  /** The only way to a tenant's records. */
  forTenant(tenantId: string): TenantRecords;
  readonly unscoped: PlatformRecords;
  /** Who an API key (`vdt_…`) belongs to, from memory where it was seen before; null: unknown, expired or revoked. */
  authenticate(token: string): Promise<Principal | null>;
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
