import type { Agent, Network, Place } from './enrichment.ts';
import type { ConsentChoice } from './request.ts';
import type { ClientKeys } from './stored-request.ts';

export const INTERACTION_KINDS = ['page_view', 'click', 'outbound', 'vital', 'error', 'banner', 'custom'] as const;
/** What a person did in a page, or what the page tells of itself. */
export type InteractionKind = (typeof INTERACTION_KINDS)[number];

/** The web vitals that are taken in; all are durations in ms but CLS, which has no unit. */
export const VITALS: readonly string[] = Object.freeze(['LCP', 'INP', 'CLS', 'FCP', 'TTFB']);

/** One event as a way in has read it: validated, nothing looked up yet. */
export interface RawInteraction {
  /** 32 hexadecimal digits of the page's choosing, the same when the event is sent again. */
  id: string;
  kind: InteractionKind;
  /** ms from the event to its sending, by one clock. */
  age: number;
  /** Of the page; '' when unknown. */
  path: string;
  /** Without `?`; '' when none. */
  query: string;
  /** '' when none. */
  referrer: string;
  /** Of a widget, vital or event; host of an outbound link; '' for what has none. */
  name: string;
  /** null when none is told. */
  value: number | null;
}

/** What a page sent at once: one person on one site. */
export interface RawBeacon {
  tenantId: string;
  /** Host of the site, lower case. */
  domain: string;
  /** Canonical text; '' when unknown. It goes no further than the preparation. */
  clientAddress: string;
  /** null when the browser sent none. */
  userAgent: string | null;
  choice: ConsentChoice;
  /** Whether marketing was granted; it matters to integrations alone. */
  marketing?: boolean;
  /** Global Privacy Control, by the page or by the header. */
  gpc: boolean;
  /** Do Not Track, likewise. */
  dnt: boolean;
  /** 32 hexadecimal digits; '' when none was sent. */
  visitorId: string;
  events: readonly RawInteraction[];
}

/** One interaction as the store takes it: enriched, redacted, cut down to what may be kept. It holds no address. */
export interface StoredInteraction {
  id: string;
  tenantId: string;
  domain: string;
  kind: InteractionKind;
  /** ms since the epoch, by the hub's clock. */
  time: number;
  received: number;
  /** Day on which the row may be dropped, days since the epoch. */
  expiresOn: number;
  /** false: counted only. The row is there for people who granted only. */
  kept: boolean;
  visitorId: string;
  keys: ClientKeys;
  place: Place;
  network: Network;
  agent: Agent;
  path: string;
  query: string;
  referrer: string;
  name: string;
  value: number | null;
}

/** Takes beacons in. Rejects with a Fault `overloaded` when it can take no more (503). */
export interface InteractionIntake {
  /** Resolves when the events are durable, with how many were taken; one that was sent before counts as taken. */
  deliver(beacon: RawBeacon): Promise<{ accepted: number }>;
  /** Events since the start; `repeated` were sent again and not stored again. */
  figures(): { accepted: number; repeated: number; batches: number; pendingRows: number };
}

/** The events of a body, and which of them were not taken, by their place there from 0. */
export interface EventReading {
  events: RawInteraction[];
  rejected: { index: number; reason: string }[];
}

/** An event in Plausible's shape. */
export interface PlausibleEvent {
  /** Names of the site, as the sender calls it; one event may be for several. */
  sites: string[];
  /** Host of the page, lower case; '' when its URL has none. */
  host: string;
  /** null: something that is not kept here (how long a page was looked at). */
  event: RawInteraction | null;
}

/** What is wrong with fields of a body, by the names that Plausible has for them. */
export interface FieldErrors {
  errors: Record<string, string[]>;
}

/** What the hub reads of what pages send. */
export interface PageReaders {
  /** Events of a beacon, each by itself. */
  events(values: readonly unknown[]): EventReading;
  /** The body of Plausible's POST /api/event. */
  plausible(body: Buffer): PlausibleEvent | FieldErrors;
}
