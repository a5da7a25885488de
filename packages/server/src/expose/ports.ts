import type { NewConsent, PrivacyAnswer, PrivacyPreview, ScanAnswer, Site } from '@vedette/contract';
import type { IntegrationDesk } from '../model/integration.ts';
import type { InteractionIntake, PageReaders } from '../model/interaction.ts';
import type { MeasurementSink } from '../model/measurement.ts';
import type { Refusal } from '../model/request.ts';
import type { Rotation } from '../model/rotation.ts';
import type { SourceBook } from '../model/source.ts';
import type { FileImporter, Receiver, TrafficFigures, TrafficIntake, WireReaders } from '../model/ways-in.ts';
import type { TenantInteractions } from '../stores/interactions.ts';
import type { ChoiceSpan, Records } from '../stores/records.ts';
import type { TenantRequests } from '../stores/requests.ts';
import type { TenantSessions } from '../stores/sessions.ts';

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
  /** The interactions and sessions of one tenant. */
  interactionsOf(tenantId: string): TenantInteractions & { sessions: TenantSessions['figures'] };
  /** Figures of the pipeline; counters since the start. */
  figures(): TrafficFigures;
  /** What must answer for the hub to be ready; each rejects with the reason when it does not. */
  probes: readonly { name: string; check(): Promise<void> }[];
  /** What the licences of the data ask to be said. */
  attributions(): { name: string; text: string; url: string }[];
  network: NetworkOptions;
  privacy: {
    /** The scan of the whole installation. */
    scans: { last(): Promise<ScanAnswer>; begin(): Promise<ScanAnswer> };
    people: PersonDesk;
    policies: PolicyDesk;
  };
  /** Makes a new version of the master key and seals everything anew under it. */
  rotateKey(): Promise<Rotation>;
  /** Whether this process has the ways in; and whether it answers questions and serves the dashboard. */
  collects: boolean;
  exposes: boolean;
  /** Aborted when the hub begins to stop: what takes long ends where it can be gone on with. */
  stopping: AbortSignal;
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
  /** The latest first. */
  erasures(tenantId: string): Promise<ErasureView[]>;
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
  /** Where people reach the dashboard, without a final slash. */
  publicUrl: string;
  /** Where the built package of the edge is. */
  edgeDir: string;
  /** Where the built dashboard is. */
  dashboardDir: string;
  /** Where the built browser script is, and where every build that was served is kept. */
  browserDir: string;
  browserKeptDir: string;
}
