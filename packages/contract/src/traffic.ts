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
  { title: 'TrafficRow', description: 'One group: the fields grouped by and the figures; null where unknown.' },
);
export type TrafficRow = Static<typeof TrafficRow>;

/** The answer of GET /api/v1/traffic. */
export const TrafficAnswer = Type.Object(
  {
    window: Window,
    rows: Type.Array(TrafficRow),
    source: Type.Union([Type.Literal('roll-up'), Type.Literal('rows')], {
      description: 'Whether the roll-ups answered, which count everything, or the rows that are kept.',
    }),
  },
  { title: 'TrafficAnswer' },
);
export type TrafficAnswer = Static<typeof TrafficAnswer>;

export const FieldInfo = Type.Object(
  {
    name: Type.String(),
    title: Type.String(),
    kind: Type.Union([Type.Literal('text'), Type.Literal('number'), Type.Literal('flag')]),
    aliases: Type.Array(Type.String(), { description: 'Other spellings, among them OpenTelemetry and ECS names.' }),
  },
  { title: 'Field' },
);
export type FieldInfo = Static<typeof FieldInfo>;

/** The answer of GET /api/v1/fields. */
export const FieldsAnswer = Type.Object(
  { fields: Type.Array(FieldInfo), metrics: Type.Array(Type.String()), steps: Type.Array(Type.String()) },
  { title: 'Fields' },
);
export type FieldsAnswer = Static<typeof FieldsAnswer>;
