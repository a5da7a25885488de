import type { ClaritySettings, Ga4Settings, Integration, IntegrationChange } from '@vedette/contract';

/** Settings while they are edited: texts as they were typed. */
export type SettingsDraft =
  | { kind: 'ga4'; measurement_id: string; tag: boolean; measurement: boolean; property_id: string }
  | { kind: 'clarity'; project_id: string; tag: boolean; export: boolean };

/** What is to become of a secret: a new value, or null to take it away. One that is not named stays. */
export type SecretDraft = Readonly<Record<string, string | null>>;

export interface IntegrationDraft {
  enabled: boolean;
  settings: SettingsDraft;
  secrets: SecretDraft;
}

export function toDraft({ kind, enabled, settings }: Integration): IntegrationDraft {
  if (kind === 'ga4') {
    const set = settings as Ga4Settings | null;
    return {
      enabled,
      secrets: {},
      settings: {
        kind,
        measurement_id: set?.measurement_id ?? '',
        tag: set?.tag ?? false,
        measurement: set?.measurement ?? false,
        property_id: set?.property_id ?? '',
      },
    };
  }
  const set = settings as ClaritySettings | null;
  return {
    enabled,
    secrets: {},
    settings: {
      kind: 'clarity',
      project_id: set?.project_id ?? '',
      tag: set?.tag ?? false,
      export: set?.export ?? false,
    },
  };
}

/** Names of the fields whose content cannot be. */
export function wrongSettings(settings: SettingsDraft): string[] {
  if (settings.kind === 'clarity') return /^[a-z0-9]{4,32}$/.test(settings.project_id.trim()) ? [] : ['project_id'];
  const wrong: string[] = [];
  if (!/^G-[A-Z0-9]{4,20}$/.test(settings.measurement_id.trim())) wrong.push('measurement_id');
  if (!/^([0-9]{1,20})?$/.test(settings.property_id.trim())) wrong.push('property_id');
  return wrong;
}

/** The body of the change; null while something in it is wrong. A new secret that is blank stays as it was. */
export function toChange({ enabled, settings, secrets }: IntegrationDraft): IntegrationChange | null {
  if (wrongSettings(settings).length > 0) return null;
  const given = Object.entries(secrets).flatMap(([name, value]) =>
    value === null || value.trim() !== '' ? [[name, value === null ? null : value.trim()] as const] : [],
  );
  return {
    enabled,
    settings: written(settings),
    ...(given.length > 0 && { secrets: Object.fromEntries(given) }),
  };
}

function written(settings: SettingsDraft): Ga4Settings | ClaritySettings {
  if (settings.kind === 'clarity') {
    return { project_id: settings.project_id.trim(), tag: settings.tag, export: settings.export };
  }
  const property = settings.property_id.trim();
  return {
    measurement_id: settings.measurement_id.trim(),
    tag: settings.tag,
    measurement: settings.measurement,
    property_id: property === '' ? null : property,
  };
}

/** Whether anything would be saved. */
export function isChanged(integration: Integration, draft: IntegrationDraft): boolean {
  return JSON.stringify(toDraft(integration)) !== JSON.stringify(draft);
}

/** What would leave with these settings, by the names of the texts that say it. */
export function whatLeaves(settings: SettingsDraft): string[] {
  const names =
    settings.kind === 'ga4' ? (['tag', 'measurement', 'property_id'] as const) : (['tag', 'export'] as const);
  const values: Record<string, boolean | string> = { ...settings };
  return names.filter((name) => values[name] !== false && values[name] !== '');
}

/** Secrets without which what is switched on cannot work, by their names. */
export function missingSecrets(
  { enabled, settings, secrets }: IntegrationDraft,
  known: Integration['secrets'],
): string[] {
  if (!enabled) return [];
  const needed =
    settings.kind === 'clarity'
      ? [settings.export && 'token']
      : [settings.measurement && 'api_secret', settings.property_id.trim() !== '' && 'service_account'];
  const isThere = (name: string) => {
    const typed = secrets[name];
    if (typed === null) return false;
    return (typed ?? '').trim() !== '' || known.some((one) => one.name === name && one.set);
  };
  return needed.filter((name) => name !== false).filter((name) => !isThere(name));
}

/** How the provider's figure differs from one's own: 0.1 for a tenth more; null where one of them is not known or 0. */
export function differenceOf({ provider, own }: { provider: number | null; own: number | null }): number | null {
  return provider === null || own === null || own === 0 ? null : provider / own - 1;
}
