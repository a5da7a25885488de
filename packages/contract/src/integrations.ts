import { type Static, Type } from 'typebox';

const time = () => Type.Union([Type.String({ format: 'date-time' }), Type.Null()]);

export const IntegrationKind = Type.Union([Type.Literal('ga4'), Type.Literal('clarity')], { title: 'IntegrationKind' });
export type IntegrationKind = Static<typeof IntegrationKind>;

/** Google Analytics 4. `tag`: in the browser after consent. `measurement`: page views of people who granted, sent by the hub. */
export const Ga4Settings = Type.Object(
  {
    measurement_id: Type.String({ pattern: '^G-[A-Z0-9]{4,20}$', examples: ['G-ABC123DEF4'] }),
    tag: Type.Boolean(),
    measurement: Type.Boolean({ examples: [false], description: 'Needs the secret api_secret.' }),
    property_id: Type.Union([Type.String({ pattern: '^[0-9]{1,20}$' }), Type.Null()], {
      examples: [null],
      description: 'For the Data API, to compare; needs the secret service_account.',
    }),
  },
  { title: 'Ga4Settings', additionalProperties: false },
);
export type Ga4Settings = Static<typeof Ga4Settings>;

export const ClaritySettings = Type.Object(
  {
    project_id: Type.String({ pattern: '^[a-z0-9]{4,32}$', examples: ['abcd1234ef'] }),
    tag: Type.Boolean(),
    export: Type.Boolean({ description: 'Reads Clarity’s figures some times a day; needs the secret token.' }),
  },
  { title: 'ClaritySettings', additionalProperties: false },
);
export type ClaritySettings = Static<typeof ClaritySettings>;

/** One integration of a tenant as lists show it. Secrets are never shown. */
export const Integration = Type.Object(
  {
    kind: IntegrationKind,
    enabled: Type.Boolean(),
    settings: Type.Union([Ga4Settings, ClaritySettings, Type.Null()]),
    secrets: Type.Array(
      Type.Object({ name: Type.String({ examples: ['api_secret'] }), set: Type.Boolean(), changed: time() }),
    ),
    last_success: time(),
    last_error: Type.Union(
      [Type.Object({ at: Type.String({ format: 'date-time' }), text: Type.String() }), Type.Null()],
      { examples: [null] },
    ),
    sent: Type.Integer({ description: 'Events handed to the provider since it was set up.' }),
    waiting: Type.Integer({ description: 'Events that wait for the provider.' }),
    calls_left: Type.Union([Type.Integer(), Type.Null()], {
      description: 'Of the provider’s calls today, where it limits them.',
    }),
  },
  { title: 'Integration' },
);
export type Integration = Static<typeof Integration>;

export const IntegrationsAnswer = Type.Object({ integrations: Type.Array(Integration) }, { title: 'Integrations' });
export type IntegrationsAnswer = Static<typeof IntegrationsAnswer>;

/** The body of PUT /api/v1/integrations/{kind}. A secret that is absent stays; null takes it away. */
export const IntegrationChange = Type.Object(
  {
    enabled: Type.Boolean(),
    settings: Type.Union([Ga4Settings, ClaritySettings]),
    secrets: Type.Optional(
      // null first: whoever coerces would make an empty text of it.
      Type.Record(Type.String({ maxLength: 40 }), Type.Union([Type.Null(), Type.String({ maxLength: 20_000 })]), {
        examples: [{ api_secret: null }],
      }),
    ),
  },
  { title: 'IntegrationChange', additionalProperties: false },
);
export type IntegrationChange = Static<typeof IntegrationChange>;

/** The answer of POST /api/v1/integrations/{kind}/test. */
export const IntegrationTest = Type.Object(
  {
    good: Type.Boolean(),
    checks: Type.Array(Type.Object({ name: Type.String(), good: Type.Boolean(), detail: Type.String() }), {
      examples: [[{ name: 'token', good: true, detail: 'Google gave a token' }]],
    }),
  },
  { title: 'IntegrationTest' },
);
export type IntegrationTest = Static<typeof IntegrationTest>;

/** The answer of GET /api/v1/integrations/{kind}/figures: the provider's figures beside the hub's own. */
export const IntegrationFigures = Type.Object(
  {
    kind: IntegrationKind,
    fetched: time(),
    rows: Type.Array(
      Type.Object({
        key: Type.String({ description: 'A day, or a metric’s name.', examples: ['2026-11-25'] }),
        provider: Type.Union([Type.Number(), Type.Null()]),
        own: Type.Union([Type.Number(), Type.Null()]),
        unit: Type.String({ examples: ['page views'] }),
      }),
    ),
  },
  { title: 'IntegrationFigures' },
);
export type IntegrationFigures = Static<typeof IntegrationFigures>;
