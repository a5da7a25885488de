import type { NewConsent, Ownership, PrivacyAnswer, PrivacyPreview, ScanAnswer, Site } from '@vedette/contract';
import type { AuditNote, ChainFault } from '../model/audit-entry.ts';
import type { DiskFigures, DiskState } from '../model/disk.ts';
import type { IntegrationDesk } from '../model/integration.ts';
import type { InteractionIntake, PageReaders } from '../model/interaction.ts';
import type { MailDesk } from '../model/mail-order.ts';
import type { MeasurementSink } from '../model/measurement.ts';
import type { Refusal } from '../model/request.ts';
import type { Rotation } from '../model/rotation.ts';
import type { SourceBook } from '../model/source.ts';
import type { TotpDesk } from '../model/totp-desk.ts';
import type { FileImporter, Receiver, TrafficFigures, TrafficIntake, WireReaders } from '../model/ways-in.ts';
import type { TenantInteractions } from '../stores/interactions.ts';
import type { ChoiceSpan, Domain, Records, TenantDeletion } from '../stores/records.ts';
import type { TenantRequests } from '../stores/requests.ts';
import type { TenantSessions } from '../stores/sessions.ts';
import type { LiveTails } from './live-tails.ts';
import type { SsoProvider } from './sso-provider.ts';

/** What the routes ask of the rest of the hub; the composition root puts it together. */
export interface Hub {
  version: string;
  /** When the hub started, ms since the epoch. */
  started: number;
  records: Records;
  intake: TrafficIntake;
  /** Takes what senders send, each tenant its own. */
  receiver: Receiver;
  readers: WireReaders;
  /** Reads what pages send, and takes it in. */
  pages: PageReaders;
  interactions: InteractionIntake;
  /** The ledger of sources; `flush` brings what is noted of a tenant to the records. */
  sources: SourceBook & { flush(tenantId: string): Promise<void> };
  importer: FileImporter;
  integrations: IntegrationDesk;
  /** Where page views that were stored are offered to integrations. */
  measurements: MeasurementSink;
  /** The syslog listener; null where none was asked for. */
  syslog: {
    endpoints: readonly { transport: string; host: string; port: number }[];
    figures(): { accepted: number; ignored: number; dropped: number; denied: number; refused: Record<string, number> };
  } | null;
  /** What sites ask their visitors, and what those choose. */
  consent: {
    site(tenantId: string, domain: string, language: string): Site;
    take(tenantId: string, choice: NewConsent): Promise<Refusal | null>;
    versions(tenantId: string): ReadonlySet<string>;
  };
  /** How often the banner was shown, by the ms of the epoch at which a day begins; absent where nobody counts it. */
  bannersShown?(tenantId: string, span: ChoiceSpan): Promise<ReadonlyMap<number, number>>;
  /** The requests of one tenant. */
  requestsOf(tenantId: string): TenantRequests;
  /** Requests as they come in. */
  tails: LiveTails;
  /** The interactions and sessions of one tenant. */
  interactionsOf(tenantId: string): TenantInteractions & { sessions: TenantSessions['figures'] };
  /** Figures of the pipeline; counters since the start. */
  figures(): TrafficFigures;
  /** The disks of this process, and what was refused for want of room on them, by way in. */
  disks: { state(): DiskState; figures(): DiskFigures[]; refused(): ReadonlyMap<string, number> };
  /** What must answer for the hub to be ready; each rejects with the reason when it does not. */
  probes: readonly { name: string; check(): Promise<void> }[];
  /** What the licences of the data ask to be said. */
  attributions(): { name: string; text: string; url: string }[];
  network: NetworkOptions;
  /** Authenticator apps of people. */
  totp: TotpDesk;
  /** By whom people are known who log in by single sign-on; null where it is not set up. */
  sso: SsoProvider | null;
  /** Mails to people; null: this hub has no mail server. */
  mails: MailDesk | null;
  /** What a password may not be; null: it is taken. */
  refusePassword(password: string, of: { email: string; name: string }): Promise<Refusal | null>;
  /** Stands for what guesses are bounded by, such as an account or a network, so that it is not kept itself. */
  guessName(kind: string, value: string): Buffer;
  /** Browser and system, and where an address is, for the list of one's sessions; '' for unknown. */
  describeClient(address: string, userAgent: string): { agent: string; place: string };
  privacy: {
    /** The scan of the whole installation. */
    scans: { last(): Promise<ScanAnswer>; begin(): Promise<ScanAnswer> };
    people: PersonDesk;
    policies: PolicyDesk;
  };
  tenants: TenantDesk;
  ownership: DomainOwnership;
  audit: AuditDesk;
  /** Makes a new version of the master key and seals everything anew under it. */
  rotateKey(): Promise<Rotation>;
  backups: BackupDesk;
  /** What PostgreSQL has of all processes. */
  backlog(): Promise<Backlog>;
  /** Whether this process has the ways in; and whether it answers questions and serves the dashboard. */
  collects: boolean;
  exposes: boolean;
  /** The log; its level may be changed. */
  log: { level: string };
  /** Aborted when the hub begins to stop: what takes long ends where it can be gone on with. */
  stopping: AbortSignal;
}

export interface Backlog {
  /** Tasks by queue: those that wait, for their time too, and those under way. */
  queues: { queue: string; waiting: number; active: number }[];
  /** Tasks that failed for good. */
  dead: number;
  /** Sessions of people that are good. */
  sessions: number;
}

/** Backups while everything goes on; one at a time. */
export interface BackupDesk {
  /** Takes hold of everything as it is now; `requests: false` leaves out what ClickHouse has. */
  begin(options: { clientKeys: boolean; geo: boolean; requests: boolean; resumable: boolean }): Promise<BackupStream>;
  /** Holds on to the files of an interrupted one. */
  resume(id: string): Promise<BackupStream>;
}

/** A backup under way: what of it is not in files that lie there. */
export interface BackupStream {
  id: string;
  bytes: AsyncIterable<Buffer>;
  /** Gives up what is held, unless it can be gone on with. */
  close(): Promise<void>;
}

/** What operators do about tenants, beyond what the records do. */
export interface TenantDesk {
  /** Begins a deletion; refusals as the records have them. */
  delete(tenantId: string, confirm: string, askedBy: string): Promise<TenantDeletion | Refusal>;
  /** Requests of a UTC day (2026-01-31) by tenant, those of this moment among them. */
  usage(day: string): Promise<ReadonlyMap<string, number>>;
}

/** Finds out whether a host is whose it is said to be. */
export interface DomainOwnership {
  /** What its owner is to publish. */
  proofs(pattern: string, token: string): Pick<Ownership, 'dns' | 'file'>;
  /** Checks a domain of the tenant and notes what was found. null: it has none of that pattern. */
  check(tenantId: string, pattern: string): Promise<Domain | Refusal | null>;
}

/** Writes and checks the audit log; reading is for `records`. */
export interface AuditDesk {
  /**
   * Adds an entry to the tenant's log. What was done is always written; of what was refused or failed so many an hour,
   * and how many were left out.
   */
  add(tenantId: string, note: AuditNote): Promise<void>;
  /**
   * Notes outside of the database that something is about to be done; what is returned takes that off again, once the
   * entry is written. Of an act whose process died, the next start writes that it was begun, `note` as it is here.
   */
  begin(tenants: readonly string[], note: AuditNote): () => void;
  /** Walks the tenant's whole chain. */
  check(tenantId: string): Promise<ChainReport>;
  /** What protects the log and is switched off. */
  weaknesses(): Promise<string[]>;
  /** Removes what is older than so many days, of all tenants; returns the number of entries. */
  cut(days: number): Promise<number>;
}

/** Whether a tenant's chain holds, and where it does not. */
export interface ChainReport {
  intact: boolean;
  entries: number;
  /** Times are ms since the epoch, the hash is hexadecimal; null: there are none. */
  first: { number: number; time: number } | null;
  last: { number: number; time: number; hash: string } | null;
  faults: ChainFault[];
}

/** A policy that cannot be, and where it is wrong. */
export interface PolicyRefused {
  refused: string;
  detail: string;
  field: string;
}

/** Policies as people see and change them. What is written is looked at here. */
export interface PolicyDesk {
  get(tenantId: string): Promise<PrivacyAnswer>;
  preview(tenantId: string, written: unknown): Promise<PrivacyPreview | PolicyRefused>;
  set(tenantId: string, written: unknown): Promise<PrivacyAnswer | PolicyRefused>;
}

/** A person, by the ids that stand for one. */
export interface PersonIds {
  proofs: readonly string[];
  visitors: readonly string[];
}

/** One thing that is kept of a person. */
export interface PersonRecord {
  place: string;
  what: string;
  record: Record<string, unknown>;
}

export interface ErasureView {
  id: string;
  /** ms since the epoch. */
  askedAt: number;
  erased: { place: string; rows: number }[];
  searched: { place: string; found: number }[];
  complete: boolean;
  repeated?: string | null;
}

/** What is kept of a person, within one tenant. */
export interface PersonDesk {
  export(tenantId: string, ids: PersonIds): AsyncIterable<PersonRecord>;
  erase(tenantId: string, ids: PersonIds): Promise<ErasureView>;
  /** The latest first; those before one of them, by when it was asked for and its id. */
  erasures(tenantId: string, limit: number, before: { askedAt: number; id: string } | null): Promise<ErasureView[]>;
}

/** How the network side is set up. */
export interface NetworkOptions {
  /** Whether the hub listens on loopback only: then the Host header is checked (DNS rebinding). */
  loopback: boolean;
  /** Further names it is reached by, lower case. */
  hosts: readonly string[];
  trustedProxies: readonly string[];
  forwardedHeader: 'x-forwarded-for' | 'forwarded';
  /** Most bytes of one body of requests, decompressed. */
  bodyBytes: number;
  /** Calls a minute for one key or session. */
  rateLimit: number;
  sessionMs: number;
  linkMs: number;
  /** Whether everybody has to show a second factor, whatever their tenants ask for. */
  secondFactorRequired: boolean;
  /** Where programs and people reach the hub, without a final slash. */
  publicUrl: string;
  /** Where links lead people: the same, but this machine by name, for by an address there are no passkeys. */
  pageUrl: string;
  /** Where the built package of the edge is. */
  edgeDir: string;
  /** Where the built dashboard is. */
  dashboardDir: string;
  /** Where the built browser script is, and where every build that was served is kept. */
  browserDir: string;
  browserKeptDir: string;
}
