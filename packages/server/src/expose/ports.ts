import type { SourceBook } from '../model/source.ts';
import type { FileImporter, Receiver, TrafficFigures, TrafficIntake, WireReaders } from '../model/ways-in.ts';
import type { Records } from '../stores/records.ts';
import type { TenantRequests } from '../stores/requests.ts';

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
  /** The ledger of sources; `flush` brings what is noted of a tenant to the records. */
  sources: SourceBook & { flush(tenantId: string): Promise<void> };
  importer: FileImporter;
  /** The syslog listener; null where none was asked for. */
  syslog: {
    endpoints: readonly { transport: string; host: string; port: number }[];
    figures(): { accepted: number; ignored: number; dropped: number; denied: number; refused: Record<string, number> };
  } | null;
  /** The requests of one tenant. */
  requestsOf(tenantId: string): TenantRequests;
  /** Figures of the pipeline; counters since the start. */
  figures(): TrafficFigures;
  /** What must answer for the hub to be ready; each rejects with the reason when it does not. */
  probes: readonly { name: string; check(): Promise<void> }[];
  /** What the licences of the data ask to be said. */
  attributions(): { name: string; text: string; url: string }[];
  network: NetworkOptions;
  /** Whether this process has the ways in; and whether it answers questions and serves the dashboard. */
  collects: boolean;
  exposes: boolean;
  /** Aborted when the hub begins to stop: what takes long ends where it can be gone on with. */
  stopping: AbortSignal;
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
  /** Where the built dashboard is. */
  dashboardDir: string;
  /** Where the built browser script is, and where every build that was served is kept. */
  browserDir: string;
  browserKeptDir: string;
}
