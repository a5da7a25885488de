import { type Static, Type } from 'typebox';

export const Window = Type.Object(
  {
    from: Type.String({ format: 'date-time', description: 'Inclusive.' }),
    to: Type.String({ format: 'date-time', description: 'Exclusive.' }),
  },
  { title: 'Window' },
);
export type Window = Static<typeof Window>;

export const TrafficRow = Type.Record(
  Type.String(),
  Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]),
  {
    title: 'TrafficRow',
    examples: [{ country: 'DE', requests: 815 }],
    description: 'One group: the fields grouped by and the figures; null where unknown.',
  },
);
export type TrafficRow = Static<typeof TrafficRow>;

export const Coverage = Type.Object(
  {
    requests: Type.Integer({ minimum: 0, description: 'All requests of the window.' }),
    kept: Type.Integer({ minimum: 0, description: 'Those of which a row is kept.' }),
  },
  { title: 'Coverage', description: 'Without any filter.', examples: [{ requests: 2004, kept: 1987 }] },
);
export type Coverage = Static<typeof Coverage>;

/** The answer of GET /api/v1/traffic. */
export const TrafficAnswer = Type.Object(
  {
    window: Window,
    compared: Type.Union([Window, Type.Null()], { description: 'The window compared with; null without compare.' }),
    rows: Type.Array(TrafficRow),
    source: Type.Union([Type.Literal('roll-up'), Type.Literal('rows')], {
      description: 'Whether the roll-ups answered, which count everything, or the rows that are kept.',
    }),
    sampling: Type.Number({
      exclusiveMinimum: 0,
      maximum: 1,
      description:
        'The share of the rows that was looked at; figures are scaled by it. 1: all of them, figures are exact.',
      examples: [1],
    }),
    coverage: Type.Union([Coverage, Type.Null()], {
      description:
        'Of how many requests of the window the rows are kept that answered; null when the roll-ups answered.',
    }),
  },
  { title: 'TrafficAnswer' },
);
export type TrafficAnswer = Static<typeof TrafficAnswer>;

export const FieldInfo = Type.Object(
  {
    name: Type.String({ examples: ['status'] }),
    title: Type.String({ examples: ['Status'] }),
    kind: Type.Union([Type.Literal('text'), Type.Literal('number'), Type.Literal('flag')]),
    aliases: Type.Array(Type.String({ examples: ['http.response.status_code'] }), {
      description: 'Other spellings, among them OpenTelemetry and ECS names.',
    }),
  },
  { title: 'Field' },
);
export type FieldInfo = Static<typeof FieldInfo>;

/** The answer of GET /api/v1/fields. */
export const FieldsAnswer = Type.Object(
  {
    fields: Type.Array(FieldInfo),
    metrics: Type.Array(Type.String({ examples: ['requests'] })),
    steps: Type.Array(Type.String({ examples: ['hour'] })),
  },
  { title: 'Fields' },
);
export type FieldsAnswer = Static<typeof FieldsAnswer>;
