import type { Refusal } from './request.ts';

/** An analytics service of another company that a tenant may connect. */
export type IntegrationKind = 'ga4' | 'clarity';
export const INTEGRATION_KINDS: readonly IntegrationKind[] = ['ga4', 'clarity'];

export interface Ga4Settings {
  /** `G-…`, of the data stream. */
  measurement_id: string;
  /** The tag in the browser, after consent. */
  tag: boolean;
  /** Page views of people who granted, sent by the hub. Needs `api_secret`. */
  measurement: boolean;
  /** Number of the property, to compare figures; needs `service_account`. */
  property_id: string | null;
}

export interface ClaritySettings {
  project_id: string;
  tag: boolean;
  /** Whether Clarity's figures are fetched. Needs `token`. */
  export: boolean;
}

/** Settings by kind. */
export interface SettingsOf {
  ga4: Ga4Settings;
  clarity: ClaritySettings;
}
export type IntegrationSettings = Ga4Settings | ClaritySettings;

/** The secrets that a kind knows. */
export const SECRET_NAMES: Readonly<Record<IntegrationKind, readonly string[]>> = Object.freeze({
  ga4: ['api_secret', 'service_account'],
  clarity: ['token'],
});

/** Calls of Clarity's Data Export that a project has a day. */
export const CLARITY_CALLS_A_DAY = 10;

/** Which tags a site's pages may load, after consent. */
export interface SiteTags {
  ga4: { measurement_id: string } | null;
  clarity: { project_id: string } | null;
}

export const NO_TAGS: SiteTags = Object.freeze({ ga4: null, clarity: null });

/** What a sealed secret is authenticated with: it opens for this tenant, kind and name only. */
export function secretPurpose(tenantId: string, kind: IntegrationKind, name: string): string {
  return `integration ${tenantId} ${kind} ${name}`;
}

/** One integration of a tenant. All times are ms since the epoch; secrets are never in it. */
export interface IntegrationView {
  kind: IntegrationKind;
  enabled: boolean;
  settings: IntegrationSettings | null;
  secrets: { name: string; changedAt: number | null }[];
  lastSuccess: number | null;
  lastError: { at: number; text: string } | null;
  sent: number;
  waiting: number;
  callsLeft: number | null;
}

/** A change; a secret that is absent stays, null takes it away. */
export interface IntegrationEdit {
  enabled: boolean;
  settings: IntegrationSettings;
  secrets?: Readonly<Record<string, string | null>> | undefined;
}

export interface ConnectionCheck {
  name: string;
  good: boolean;
  detail: string;
}

/** A provider's figure beside the hub's own; `key` is a day, or what is counted. */
export interface FigureRow {
  key: string;
  provider: number | null;
  own: number | null;
  unit: string;
}

/** What can be done with the integrations of a tenant. */
export interface IntegrationDesk {
  list(tenantId: string): Promise<IntegrationView[]>;
  /** Refusals: `bad-settings`, `unknown-secret`, `bad-secret`, `secret-missing`. */
  change(tenantId: string, kind: IntegrationKind, edit: IntegrationEdit): Promise<IntegrationView | Refusal>;
  /** Takes it away with its secrets and all that waits; false when there was none. */
  remove(tenantId: string, kind: IntegrationKind): Promise<boolean>;
  /** Tries the connection. Refusal: `not-set-up`. */
  test(tenantId: string, kind: IntegrationKind): Promise<{ good: boolean; checks: ConnectionCheck[] } | Refusal>;
  /** The figures that were fetched last; no provider is asked for it. */
  figures(tenantId: string, kind: IntegrationKind): Promise<{ fetched: number | null; rows: FigureRow[] }>;
}

/** What the hub itself counted, to be put beside a provider's figures; null: not known. */
export interface OwnFigure {
  /** Page views of people who granted. */
  pageViews: number | null;
  /** Different people who granted. */
  visitors: number | null;
  /** Their sessions. */
  sessions: number | null;
}

/** The hub's own figures. Windows are from inclusive to exclusive, ms since the epoch; days are UTC. */
export interface OwnFigures {
  /** By day, `2026-01-31`; a day without any may be absent. */
  byDay(tenantId: string, from: number, to: number): Promise<Map<string, OwnFigure>>;
  total(tenantId: string, from: number, to: number): Promise<OwnFigure>;
}
