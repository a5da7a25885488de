import type { Integration } from '@vedette/contract';
import { describe, expect, it } from 'vitest';
import {
  differenceOf,
  isChanged,
  missingSecrets,
  type SettingsDraft,
  toChange,
  toDraft,
  whatLeaves,
  wrongSettings,
} from './integration.ts';

const ga4: Integration = {
  kind: 'ga4',
  enabled: true,
  settings: { measurement_id: 'G-ABC123', tag: true, measurement: false, property_id: null },
  secrets: [{ name: 'api_secret', set: true, changed: '2026-11-01T00:00:00Z' }],
  last_success: null,
  last_error: null,
  sent: 0,
  waiting: 0,
  calls_left: null,
};
const settings = (part: object) => ({ ...toDraft(ga4).settings, ...part }) as SettingsDraft;

describe('an integration that is edited', () => {
  it('says the same while nothing is changed, and sends no secret', () => {
    expect(isChanged(ga4, toDraft(ga4))).toBe(false);
    expect(toChange(toDraft(ga4))).toEqual({ enabled: true, settings: ga4.settings });
  });
  it('begins blank and off where it was never set up', () => {
    const draft = toDraft({ ...ga4, kind: 'clarity', enabled: false, settings: null });
    expect(draft).toEqual({
      enabled: false,
      secrets: {},
      settings: { kind: 'clarity', project_id: '', tag: false, export: false },
    });
    expect(toChange(draft)).toBeNull();
  });
  it('replaces and takes away secrets, and leaves those that are blank', () => {
    const secrets = { api_secret: ' s3cret ', service_account: null, other: '  ' };
    expect(toChange({ ...toDraft(ga4), secrets })?.secrets).toEqual({ api_secret: 's3cret', service_account: null });
  });
});

describe('wrongSettings', () => {
  it.each([
    [settings({}), []],
    [settings({ measurement_id: 'UA-12345' }), ['measurement_id']],
    [settings({ measurement_id: 'G-abc123' }), ['measurement_id']],
    [settings({ property_id: '34x' }), ['property_id']],
    [settings({ property_id: '' }), []],
    [{ kind: 'clarity', project_id: 'ABC', tag: true, export: false } as const, ['project_id']],
    [{ kind: 'clarity', project_id: ' k7x2m9p4qa ', tag: true, export: false } as const, []],
  ])('%j', (given, wrong) => {
    expect(wrongSettings(given)).toEqual(wrong);
  });
});

it.each([
  [settings({}), {}, []],
  [settings({ measurement: true }), {}, []],
  [settings({ measurement: true }), { api_secret: null }, ['api_secret']],
  [settings({ property_id: '1' }), { service_account: ' ' }, ['service_account']],
  [settings({ property_id: '1' }), { service_account: '{}' }, []],
  [{ kind: 'clarity', project_id: 'abcd', tag: true, export: true } as const, {}, ['token']],
])('what is missing with %j and %j', (given, secrets, names) => {
  expect(missingSecrets({ enabled: true, settings: given, secrets }, ga4.secrets)).toEqual(names);
});

it.each([
  [settings({}), ['tag']],
  [settings({ tag: false }), []],
  [settings({ measurement: true, property_id: '1' }), ['tag', 'measurement', 'property_id']],
  [{ kind: 'clarity', project_id: 'abcd', tag: false, export: true } as const, ['export']],
])('what leaves with %j', (given, leaves) => {
  expect(whatLeaves(given)).toEqual(leaves);
});

it.each([
  [{ provider: 110, own: 100 }, 0.1],
  [{ provider: null, own: 100 }, null],
  [{ provider: 5, own: 0 }, null],
])('differenceOf %j', (row, difference) => {
  if (difference === null) expect(differenceOf(row)).toBeNull();
  else expect(differenceOf(row)).toBeCloseTo(difference);
});
