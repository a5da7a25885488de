import type {
  ClaritySettings,
  Ga4Settings,
  Integration,
  IntegrationChange,
  IntegrationFigures,
  IntegrationTest,
} from '@vedette/contract';

const SECRETS = { ga4: ['api_secret', 'service_account'], clarity: ['token'] } as const;

/** Integrations of a tenant that set up none. */
export function unsetIntegrations(): Integration[] {
  return (['ga4', 'clarity'] as const).map((kind) => ({
    kind,
    enabled: false,
    settings: null,
    secrets: SECRETS[kind].map((name) => ({ name, set: false, changed: null })),
    last_success: null,
    last_error: null,
    sent: 0,
    waiting: 0,
    calls_left: kind === 'clarity' ? 10 : null,
  }));
}

/** Google Analytics on and well, with an error that is over; Clarity off, with an error that holds. */
export function sampleIntegrations(now: number): Integration[] {
  const ago = (minutes: number) => new Date(now - minutes * 60_000).toISOString();
  const [ga4, clarity] = unsetIntegrations();
  if (ga4 === undefined || clarity === undefined) throw new Error('no integrations');
  return [
    {
      ...ga4,
      enabled: true,
      settings: { measurement_id: 'G-ABC123XYZ9', tag: true, measurement: true, property_id: '345678901' },
      secrets: SECRETS.ga4.map((name) => ({ name, set: true, changed: ago(9000) })),
      last_success: ago(2),
      last_error: { at: ago(700), text: '503 Service Unavailable from www.google-analytics.com/mp/collect' },
      sent: 184_221,
      waiting: 12,
    },
    {
      ...clarity,
      settings: { project_id: 'k7x2m9p4qa', tag: true, export: true },
      secrets: [{ name: 'token', set: true, changed: ago(20_000) }],
      last_error: {
        at: ago(30),
        text: '401 Unauthorized from www.clarity.ms/export-data/api/v1/project-live-insights: the token was revoked or has expired',
      },
      calls_left: 6,
    },
  ];
}

/** PUT /api/v1/integrations/{kind}; what is wrong with it, or the changed integration. */
export function changeIntegration(before: Integration, body: IntegrationChange, now: number): Integration | string {
  const secrets = before.secrets.map((secret) => {
    const given = body.secrets?.[secret.name];
    if (given === undefined) return secret;
    return { name: secret.name, set: given !== null, changed: given === null ? null : new Date(now).toISOString() };
  });
  const has = (name: string) => secrets.some((secret) => secret.name === name && secret.set);
  const settings = body.settings as Partial<Ga4Settings & ClaritySettings>;
  if (body.enabled && settings.measurement === true && !has('api_secret')) {
    return 'measurement needs the secret api_secret';
  }
  if (body.enabled && settings.export === true && !has('token')) return 'export needs the secret token';
  return { ...before, enabled: body.enabled, settings: body.settings, secrets };
}

/** POST /api/v1/integrations/{kind}/test. */
export function testIntegration({ kind, last_error: error }: Integration): IntegrationTest {
  if (kind === 'clarity' && error !== null) {
    return { good: false, checks: [{ name: 'Data Export', good: false, detail: error.text }] };
  }
  return {
    good: true,
    checks: [
      {
        name: 'Measurement Protocol',
        good: true,
        detail: 'Google’s debug server accepted an event; nothing was counted',
      },
      { name: 'Data API', good: true, detail: 'property 345678901 answers: 7 days' },
      { name: 'Tag', good: true, detail: 'loaded in the browser after consent; a hub cannot test it' },
    ],
  };
}

/** GET /api/v1/integrations/{kind}/figures. */
export function figuresOf({ kind, settings }: Integration, now: number): IntegrationFigures {
  if (settings === null || kind === 'clarity') return { kind, fetched: null, rows: [] };
  const day = (before: number) => new Date(now - before * 86_400_000).toISOString().slice(0, 10);
  return {
    kind,
    fetched: new Date(now - 3_600_000).toISOString(),
    rows: Array.from({ length: 7 }, (_, index) => ({
      key: day(7 - index),
      provider: index === 2 ? null : 1200 + index * 37,
      own: 1310 + index * 41,
      unit: 'page views',
    })),
  };
}
