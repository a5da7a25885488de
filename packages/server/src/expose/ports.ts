import type { ApiKey, ImportedFile, ImportResult, KeyScope, Tenant } from '@vedette/contract';
import type { RawRequest, Refusal, RequestOrigin } from '../model/request.ts';
import type { TrafficAnswer, TrafficQuery } from '../model/traffic-query.ts';

/** What the routes ask of the rest of the hub; the composition root fits the stores and pipelines to it. */
export interface Hub {
  version: string;
  /** When the hub started, ms since the epoch. */
  started: number;
  /** Tenant0. */
  installation: Tenant;
  tenants: TenantList;
  domains: DomainList;
  keys: KeyList;
  logins: Logins;
  intake: Intake;
  importer: Importer;
  imports(tenantId: string, page: { limit: number; before?: string }): Promise<ImportedFile[]>;
  traffic(tenantId: string): TrafficReader;
  /** Figures of the pipeline; counters since the start. */
  figures(): PipelineFigures;
  /** What must answer for the hub to be ready; each rejects with the reason when it does not. */
  probes: readonly { name: string; check(): Promise<void> }[];
  attributions: readonly { name: string; text: string; url: string }[];
}

export interface TenantList {
  /** The tenant of this id or slug. */
  find(idOrSlug: string): Promise<Tenant | undefined>;
  list(): Promise<Tenant[]>;
  create(tenant: { slug: string; name: string }): Promise<Tenant | Refusal>;
}

export interface DomainList {
  /** The tenant that the host belongs to, from memory. */
  resolve(host: string): string | undefined;
  list(tenantId: string): Promise<string[]>;
  add(tenantId: string, pattern: string): Promise<{ pattern: string } | Refusal>;
  remove(tenantId: string, pattern: string): Promise<boolean>;
}

/** A key as far as its use is concerned. Times in ms since the epoch. */
export interface KnownKey {
  id: string;
  tenantId: string;
  scope: KeyScope;
  expires: number | null;
}

export interface KeyList {
  /** The key, neither revoked nor expired, with this SHA-256 (hex) of its text. */
  find(hash: string): Promise<KnownKey | undefined>;
  create(
    tenantId: string,
    key: { hash: string; scope: KeyScope; name: string; expires: number | null },
  ): Promise<{ id: string }>;
  list(tenantId: string): Promise<Omit<ApiKey, 'tenant'>[]>;
  revoke(tenantId: string, id: string): Promise<boolean>;
}

/** One-time links and the sessions they are exchanged for; secrets are known by their SHA-256 (hex). */
export interface Logins {
  createLink(hash: string, expires: number): Promise<void>;
  /** Uses the link up and makes the session, in one step. false when the link is unknown, used or expired. */
  exchange(linkHash: string, session: { hash: string; expires: number }): Promise<boolean>;
  hasSession(hash: string): Promise<boolean>;
  endSession(hash: string): Promise<void>;
}

export interface Intake {
  /** Resolves when the requests are durable. Rejects with a Fault `overloaded` when there is no room. */
  deliver(delivery: {
    tenantId: string;
    origin: RequestOrigin;
    records: readonly RawRequest[];
    idempotencyKey?: string;
  }): Promise<{ accepted: number; refused: { index: number; refusal: Refusal }[]; repeated: boolean }>;
}

export interface ImportReject {
  line: number;
  reason: string;
  detail: string;
  excerpt: string;
}

export interface Importer {
  import(request: {
    tenantId: string;
    name: string;
    stream: AsyncIterable<Uint8Array>;
    format?: string;
    customFormat?: string;
    domain?: string;
    follow?: boolean;
    signal?: AbortSignal;
    onProgress?: (progress: { bytes: number; lines: number }) => void;
    onReject?: (reject: ImportReject) => void;
  }): Promise<ImportResult | Refusal>;
}

export interface TrafficReader {
  traffic(query: TrafficQuery): Promise<TrafficAnswer>;
}

export interface PipelineFigures {
  accepted: number;
  refused: number;
  batches: number;
  dead: number;
  pendingRows: number;
  spool: { records: number; bytes: number };
  storeReachable: boolean;
  lastStored: number | null;
}

/** How the network side is set up. */
export interface NetworkOptions {
  /** Whether the hub listens on loopback only: then the Host header is checked (DNS rebinding). */
  loopback: boolean;
  /** Further names it is reached by, lower case. */
  hosts: readonly string[];
  trustedProxies: readonly string[];
  forwardedHeader: 'x-forwarded-for' | 'forwarded';
  bodyBytes: number;
  /** Calls a minute for one key or session. */
  rateLimit: number;
  sessionMs: number;
  /** Where the built dashboard is. */
  dashboardDir: string;
}
