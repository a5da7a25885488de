import type { IntegrationKind, IntegrationSettings, SiteTags } from '../model/integration.ts';

/** An integration as it is stored; times are ms since the epoch. */
export interface IntegrationRecord {
  tenantId: string;
  kind: IntegrationKind;
  enabled: boolean;
  settings: IntegrationSettings;
  secrets: { name: string; changedAt: number }[];
  lastSuccess: number | null;
  lastError: { at: number; text: string } | null;
  sent: number;
  waiting: number;
  /** Failures of sending in a row, and the time before which nothing is sent. */
  failures: number;
  retryAt: number | null;
}

export interface IntegrationChange {
  enabled: boolean;
  settings: IntegrationSettings;
  /** Sealed secrets to set, by name; null takes one away. */
  secrets: Readonly<Record<string, Buffer | null>>;
}

/** A provider's figure of a day or of something counted. */
export interface ProviderFigure {
  key: string;
  unit: string;
  value: number;
}

export interface FetchedFigures {
  fetchedAt: number;
  /** What they are about, ms since the epoch, exclusive of `to`. */
  window: { from: number; to: number };
  figures: ProviderFigure[];
}

/** A page view that waits for a provider. */
export interface OutboxEvent {
  /** UUID; an event that waits already is not added again. */
  id: string;
  visitorId: string;
  happenedAt: number;
  event: { host: string; path: string; query: string; referrer: string; marketing: boolean };
}

/** The session a provider was told of last for a visitor. */
export interface Visit {
  visitorId: string;
  /** Seconds since the epoch at which it began. */
  session: number;
  lastAt: number;
}

/** The integrations of one tenant. */
export interface TenantIntegrations {
  /** Those that were set up. */
  list(): Promise<IntegrationRecord[]>;
  find(kind: IntegrationKind): Promise<IntegrationRecord | null>;
  /** Sets up or changes; the settings' failures are forgotten, for they may be right now. */
  put(kind: IntegrationKind, change: IntegrationChange): Promise<IntegrationRecord>;
  /** With its secrets, figures and all that waits. False when there was none. */
  remove(kind: IntegrationKind): Promise<boolean>;
  sealed(kind: IntegrationKind, name: string): Promise<Buffer | null>;
  /** Notes that the provider answered as it should; `sent` events more were handed to it. */
  succeeded(kind: IntegrationKind, at: number, sent?: number): Promise<void>;
  /** Notes what went wrong; with `retryAt`, that nothing is sent before. Returns the failures in a row. */
  failed(kind: IntegrationKind, error: { at: number; text: string; retryAt?: number }): Promise<number>;
  /**
   * Takes one of `most` calls that a project has on a day (UTC, days since the epoch); false when none is left. Counted
   * for all processes, before the call is made.
   */
  takeCall(kind: IntegrationKind, project: string, day: number, most: number): Promise<boolean>;
  /** The provider says that none is left. */
  exhaustCalls(kind: IntegrationKind, project: string, day: number, most: number): Promise<void>;
  callsMade(kind: IntegrationKind, project: string, day: number): Promise<number>;
  saveFigures(kind: IntegrationKind, figures: FetchedFigures): Promise<void>;
  figures(kind: IntegrationKind): Promise<FetchedFigures | null>;
  readonly outbox: {
    /** Adds what is not there yet, up to `most` in all; returns how many were added. */
    add(kind: IntegrationKind, events: readonly OutboxEvent[], most: number): Promise<number>;
    /** Claims the sending for this holder (a UUID) for `ms`; false while another has it. A holder may claim again. */
    hold(kind: IntegrationKind, holder: string, ms: number): Promise<boolean>;
    release(kind: IntegrationKind, holder: string): Promise<void>;
    /** The events that wait longest. */
    next(kind: IntegrationKind, limit: number): Promise<OutboxEvent[]>;
    /** Removes what was handed over. */
    done(kind: IntegrationKind, ids: readonly string[]): Promise<void>;
    /** Counts an attempt that the provider refused; what was refused `most` times is removed. Returns how many were. */
    refused(kind: IntegrationKind, ids: readonly string[], most: number): Promise<number>;
    /** Removes what happened before; returns how many. */
    dropBefore(kind: IntegrationKind, time: number): Promise<number>;
    visits(kind: IntegrationKind, visitorIds: readonly string[]): Promise<Visit[]>;
    saveVisits(kind: IntegrationKind, visits: readonly Visit[]): Promise<void>;
    /** Removes every row of the visitor; returns how many. */
    forget(visitorId: string): Promise<number>;
  };
}

/** The integrations of all tenants, for work by the clock. */
export interface PlatformIntegrations {
  /** Enabled ones of tenants that are not suspended. */
  enabled(): Promise<{ tenantId: string; kind: IntegrationKind; settings: IntegrationSettings }[]>;
  /** Tenants with events that wait, by kind. */
  waiting(): Promise<{ tenantId: string; kind: IntegrationKind }[]>;
  /** Removes events and visits before `time`, and counts of calls before `day`; returns the number of rows. */
  prune(time: number, day: number): Promise<number>;
}

/** What is asked for each page, from memory. */
export interface IntegrationMap {
  /** The tags that pages of the tenant's sites may load after consent. */
  tagsOf(tenantId: string): SiteTags;
  /** Whether page views of the tenant go to Google Analytics. */
  measures(tenantId: string): boolean;
  /** Resolves when changes committed before the call are in the map. */
  refresh(): Promise<void>;
}
