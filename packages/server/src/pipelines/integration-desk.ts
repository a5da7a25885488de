import { readServiceAccount } from '../collect/analytics/google-token.ts';
import type { ProviderCalls } from '../flow/provider-calls.ts';
import {
  CLARITY_CALLS_A_DAY,
  type ClaritySettings,
  type FigureRow,
  type Ga4Settings,
  INTEGRATION_KINDS,
  type IntegrationDesk,
  type IntegrationEdit,
  type IntegrationKind,
  type IntegrationView,
  type OwnFigure,
  type OwnFigures,
  SECRET_NAMES,
  secretPurpose,
} from '../model/integration.ts';
import { isRefusal, type Refusal } from '../model/request.ts';
import type { Sealer } from '../privacy/sealing.ts';
import type { Ga4Measurement } from '../respond/ga4-measurement.ts';
import type { FetchedFigures, IntegrationRecord } from '../stores/integrations.ts';
import type { Records } from '../stores/records.ts';
import { isOldSeal } from '../stores/sealed.ts';
import type { Tasks } from '../stores/tasks.ts';
import { checkConnection } from './connection-test.ts';
import type { FigureFetcher } from './integration-figures.ts';
import { fetchSoon, sendSoon } from './integration-tasks.ts';

const DAY_MS = 86_400_000;
const LATER_MS = Date.UTC(9999, 0);

export interface DeskTools {
  records: Pick<Records, 'forTenant' | 'integrations'>;
  sealer: Sealer;
  calls: ProviderCalls;
  measurement: Ga4Measurement;
  fetcher: FigureFetcher;
  tasks: Tasks;
  own: OwnFigures;
  now?: () => number;
}

/** What people do with a tenant's integrations. */
export function createIntegrationDesk(tools: DeskTools): IntegrationDesk {
  const { records, sealer, calls, fetcher, tasks, own, now = Date.now } = tools;
  const integrationsOf = (tenantId: string) => records.forTenant(tenantId).integrations;

  async function view(tenantId: string, kind: IntegrationKind, record: IntegrationRecord | null) {
    return viewOf(kind, record, await callsLeft(tenantId, record));
  }

  async function callsLeft(tenantId: string, record: IntegrationRecord | null): Promise<number | null> {
    if (record?.kind !== 'clarity') return null;
    const { project_id } = record.settings as ClaritySettings;
    const made = await integrationsOf(tenantId).callsMade('clarity', project_id, Math.floor(now() / DAY_MS));
    return Math.max(0, CLARITY_CALLS_A_DAY - made);
  }

  /** What failed before may be right now, so what waits is sent; figures are fetched when another question asks for them. */
  async function begin(tenantId: string, record: IntegrationRecord, before: IntegrationRecord | null): Promise<void> {
    const { kind, waiting } = record;
    if (waiting > 0) await sendSoon(tasks, tenantId, now());
    const same = before?.enabled === true && askedBy(before) === askedBy(record);
    if (same || !fetcher.wants(record)) return;
    await fetchSoon(tasks, { tenantId, kind }, `changed at ${now()}`, now());
  }

  function sealAll(
    tenantId: string,
    kind: IntegrationKind,
    secrets: Readonly<Record<string, string | null>>,
  ): Record<string, Buffer | null> {
    const sealed = Object.entries(secrets).map(([name, text]) => [
      name,
      text === null ? null : sealer.seal(Buffer.from(text, 'utf8'), secretPurpose(tenantId, kind, name)),
    ]);
    return Object.fromEntries(sealed) as Record<string, Buffer | null>;
  }

  return {
    async list(tenantId) {
      const known = await integrationsOf(tenantId).list();
      const find = (kind: IntegrationKind) => known.find((record) => record.kind === kind) ?? null;
      return Promise.all(INTEGRATION_KINDS.map((kind) => view(tenantId, kind, find(kind))));
    },
    async change(tenantId, kind, edit) {
      const before = await integrationsOf(tenantId).find(kind);
      const checked = checkEdit(kind, edit, before);
      if (isRefusal(checked)) return checked;
      const { enabled, settings } = edit;
      const put = () =>
        integrationsOf(tenantId).put(kind, { enabled, settings, secrets: sealAll(tenantId, kind, checked.secrets) });
      const record = await put().catch(async (error: unknown) => {
        // The master key was replaced a moment ago.
        if (!isOldSeal(error) || sealer.refresh === undefined) throw error;
        await sealer.refresh();
        return put();
      });
      calls.forget(tenantId);
      // Off means that nothing leaves, also not what waits.
      if (kind === 'ga4' && !(enabled && (settings as Ga4Settings).measurement)) {
        await integrationsOf(tenantId).outbox.dropBefore(kind, LATER_MS);
      }
      await records.integrations.refresh();
      if (enabled) await begin(tenantId, record, before);
      return view(tenantId, kind, await integrationsOf(tenantId).find(kind));
    },
    async remove(tenantId, kind) {
      const there = await integrationsOf(tenantId).remove(kind);
      calls.forget(tenantId);
      await records.integrations.refresh();
      return there;
    },
    async test(tenantId, kind) {
      const record = await integrationsOf(tenantId).find(kind);
      if (record === null) return { refused: 'not-set-up', detail: `${kind} is not set up for this tenant` };
      // Somebody waits for the answer, so it is asked also while the provider is left alone otherwise.
      calls.forget(tenantId);
      const checks = await checkConnection({ ...tools, now }, tenantId, record);
      return { good: checks.every(({ good }) => good), checks };
    },
    async figures(tenantId, kind) {
      const fetched = await integrationsOf(tenantId).figures(kind);
      if (fetched === null) return { fetched: null, rows: [] };
      const rows = kind === 'ga4' ? await ga4Rows(own, tenantId, fetched) : await clarityRows(own, tenantId, fetched);
      return { fetched: fetched.fetchedAt, rows };
    },
  };
}

/** What the figures depend on; keys of JSON in the database are in an order of its own. */
function askedBy({ settings, secrets }: Pick<IntegrationRecord, 'settings' | 'secrets'>): string {
  const sorted = Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([sorted, secrets]);
}

function viewOf(kind: IntegrationKind, record: IntegrationRecord | null, callsLeft: number | null): IntegrationView {
  return {
    kind,
    enabled: record?.enabled ?? false,
    settings: record?.settings ?? null,
    secrets: SECRET_NAMES[kind].map((name) => ({
      name,
      changedAt: record?.secrets.find((secret) => secret.name === name)?.changedAt ?? null,
    })),
    lastSuccess: record?.lastSuccess ?? null,
    lastError: record?.lastError ?? null,
    sent: record?.sent ?? 0,
    waiting: record?.waiting ?? 0,
    callsLeft,
  };
}

/** The secrets as they are to be sealed, or why the change is not made. Nothing of a secret is ever in a refusal. */
function checkEdit(
  kind: IntegrationKind,
  { enabled, settings, secrets = {} }: IntegrationEdit,
  before: IntegrationRecord | null,
): { secrets: Record<string, string | null> } | Refusal {
  if (('measurement_id' in settings ? 'ga4' : 'clarity') !== kind) {
    return { refused: 'bad-settings', detail: `these are not the settings of ${kind}` };
  }
  const checked: Record<string, string | null> = {};
  for (const [name, text] of Object.entries(secrets)) {
    if (!SECRET_NAMES[kind].includes(name)) {
      const known = SECRET_NAMES[kind].join(', ');
      return { refused: 'unknown-secret', detail: `secrets.${name.slice(0, 40)} is not known; ${kind} has ${known}` };
    }
    const read = text === null ? null : readSecret(name, text);
    if (read !== null && typeof read !== 'string') return read;
    checked[name] = read;
  }
  const has = (name: string) =>
    name in checked ? checked[name] !== null : (before?.secrets.some((secret) => secret.name === name) ?? false);
  for (const [wanted, name, why] of needs(settings)) {
    if (enabled && wanted && !has(name)) {
      return { refused: 'secret-missing', detail: `${why} needs the secret ${name}; send it as secrets.${name}` };
    }
  }
  return { secrets: checked };
}

function needs(settings: IntegrationEdit['settings']): [wanted: boolean, secret: string, why: string][] {
  if ('measurement_id' in settings) {
    return [
      [settings.measurement, 'api_secret', 'measurement'],
      [settings.property_id !== null, 'service_account', 'property_id'],
    ];
  }
  return [[settings.export, 'token', 'export']];
}

function readSecret(name: string, text: string): string | Refusal {
  const trimmed = text.trim();
  if (name === 'service_account') {
    const account = readServiceAccount(trimmed);
    if (isRefusal(account)) return account;
    // Only what is needed of the file is kept.
    const private_key = account.key.export({ format: 'pem', type: 'pkcs8' }).toString();
    const { email: client_email, keyId: private_key_id } = account;
    return JSON.stringify({ type: 'service_account', client_email, private_key_id, private_key });
  }
  // It goes into a URL or a header as it is.
  if (/^[\x21-\x7e]{1,8192}$/.test(trimmed)) return trimmed;
  return { refused: 'bad-secret', detail: `${name} must be one word of printable ASCII; null takes it away` };
}

const GA4_OWN: Record<string, keyof OwnFigure> = {
  'page views': 'pageViews',
  visitors: 'visitors',
  sessions: 'sessions',
};

async function ga4Rows(own: OwnFigures, tenantId: string, { window, figures }: FetchedFigures): Promise<FigureRow[]> {
  const ours = await own.byDay(tenantId, window.from, window.to);
  const provider = new Map(figures.map(({ key, unit, value }) => [`${key} ${unit}`, value]));
  const rows: FigureRow[] = [];
  for (let time = window.from; time < window.to; time += DAY_MS) {
    const key = new Date(time).toISOString().slice(0, 10);
    for (const [unit, name] of Object.entries(GA4_OWN)) {
      const row = { key, provider: provider.get(`${key} ${unit}`) ?? null, own: ours.get(key)?.[name] ?? null, unit };
      if (row.provider !== null || row.own !== null) rows.push(row);
    }
  }
  return rows;
}

async function clarityRows(
  own: OwnFigures,
  tenantId: string,
  { window, figures }: FetchedFigures,
): Promise<FigureRow[]> {
  const { pageViews, visitors, sessions } = await own.total(tenantId, window.from, window.to);
  const ours: Record<string, number | null> = {
    Sessions: sessions,
    Visitors: visitors,
    'Pages a session': pageViews === null || sessions === null || sessions === 0 ? null : pageViews / sessions,
  };
  return figures.map(({ key, unit, value }) => ({ key, provider: value, own: ours[key] ?? null, unit }));
}
