import { type Static, Type } from 'typebox';
import { ConsentChoices } from './consent.ts';

const time = (description = '') => Type.String({ format: 'date-time', description });

/** What a person did in a page, or what the page tells of itself. */
export const InteractionKind = Type.Union(
  [
    Type.Literal('page_view'),
    Type.Literal('click'),
    Type.Literal('outbound'),
    Type.Literal('vital'),
    Type.Literal('error'),
    Type.Literal('banner'),
    Type.Literal('custom'),
  ],
  {
    title: 'InteractionKind',
    description:
      'page_view; click on a widget; outbound: a link to another site was followed; vital: a web vital (name LCP, INP, ' +
      'CLS, FCP, TTFB; value in ms, CLS without unit); error: a script failed (counted, without its text); banner: the ' +
      'consent banner was shown; custom: named by the site.',
  },
);
export type InteractionKind = Static<typeof InteractionKind>;

/** One event of a beacon. */
export const InteractionEvent = Type.Object(
  {
    id: Type.String({
      pattern: '^[0-9a-f]{32}$',
      description: 'Random; an event that is sent again keeps it.',
      examples: ['9f86d081884c7d659a2feaa0c55ad015'],
    }),
    kind: InteractionKind,
    age: Type.Number({
      minimum: 0,
      maximum: 86_400_000,
      description: 'ms from the event to the sending: no clock is trusted.',
    }),
    path: Type.String({
      maxLength: 4096,
      description: 'Of the page, without query and fragment.',
      examples: ['/pricing'],
    }),
    query: Type.Optional(Type.String({ maxLength: 4096 })),
    referrer: Type.Optional(Type.String({ maxLength: 4096 })),
    name: Type.Optional(
      Type.String({ maxLength: 120, description: 'Of the widget, vital, event; host of an outbound link.' }),
    ),
    value: Type.Optional(Type.Number({ minimum: -1e12, maximum: 1e12 })),
  },
  { title: 'InteractionEvent' },
);
export type InteractionEvent = Static<typeof InteractionEvent>;

/** The body of POST /api/v1/interactions (any media type, as sendBeacon sends text/plain). Public. */
export const Beacon = Type.Object(
  {
    domain: Type.String({ minLength: 1, maxLength: 255, examples: ['www.acme.example'] }),
    choices: Type.Optional(ConsentChoices),
    visitor_id: Type.Optional(Type.String({ pattern: '^[0-9a-f]{32}$' })),
    gpc: Type.Optional(Type.Boolean()),
    dnt: Type.Optional(Type.Boolean()),
    events: Type.Array(InteractionEvent, { minItems: 1, maxItems: 50 }),
  },
  { title: 'Beacon' },
);
export type Beacon = Static<typeof Beacon>;

/** The answer to a beacon. */
export const BeaconAnswer = Type.Object(
  {
    accepted: Type.Integer(),
    rejected: Type.Array(Type.Object({ index: Type.Integer({ minimum: 0 }), reason: Type.String() }), {
      examples: [[]],
    }),
  },
  { title: 'BeaconAnswer' },
);
export type BeaconAnswer = Static<typeof BeaconAnswer>;

/** By what interactions can be broken down. Paths are known of people who granted only. */
export const InteractionBy = Type.Union(
  [
    Type.Literal('kind'),
    Type.Literal('name'),
    Type.Literal('path'),
    Type.Literal('country'),
    Type.Literal('device_type'),
    Type.Literal('class'),
    Type.Literal('hour'),
    Type.Literal('day'),
  ],
  { title: 'InteractionBy' },
);
export type InteractionBy = Static<typeof InteractionBy>;

/** One row of GET /api/v1/interactions. */
export const InteractionRow = Type.Object(
  {
    key: Type.String({ description: 'What the row is about; times as RFC 3339.', examples: ['click'] }),
    count: Type.Integer({ description: 'All of them, whatever people chose.' }),
    consented: Type.Integer({ description: 'Of people who granted.' }),
    visitors: Type.Union([Type.Integer(), Type.Null()], { description: 'Different people who granted.' }),
    p50: Type.Union([Type.Number(), Type.Null()], { description: 'Of the values; null where none is told.' }),
    p75: Type.Union([Type.Number(), Type.Null()]),
    p95: Type.Union([Type.Number(), Type.Null()]),
  },
  { title: 'InteractionRow' },
);
export type InteractionRow = Static<typeof InteractionRow>;

/** The answer of GET /api/v1/interactions?from&to&kind&name&by&domain&class&limit. */
export const InteractionsAnswer = Type.Object(
  {
    window: Type.Object({ from: time(), to: time() }),
    by: InteractionBy,
    total: Type.Object({ count: Type.Integer(), consented: Type.Integer() }),
    rows: Type.Array(InteractionRow),
  },
  { title: 'Interactions' },
);
export type InteractionsAnswer = Static<typeof InteractionsAnswer>;

/** One widget of GET /api/v1/interactions/widgets: how many of those who saw its page clicked it. */
export const WidgetRate = Type.Object(
  {
    name: Type.String({ examples: ['buy'] }),
    clicks: Type.Integer({ description: 'All, whatever people chose.' }),
    consented_clicks: Type.Integer(),
    visitors: Type.Integer({ description: 'People who granted and clicked it.' }),
    page_visitors: Type.Integer({ description: 'People who granted and viewed a page on which it was clicked.' }),
    rate: Type.Union([Type.Number(), Type.Null()], { description: 'visitors / page_visitors; null without any.' }),
  },
  { title: 'WidgetRate' },
);
export type WidgetRate = Static<typeof WidgetRate>;

export const WidgetsAnswer = Type.Object(
  { window: Type.Object({ from: time(), to: time() }), widgets: Type.Array(WidgetRate) },
  { title: 'Widgets' },
);
export type WidgetsAnswer = Static<typeof WidgetsAnswer>;

/** A step of a funnel: a page (with * for anything) or an event by its name. */
export const FunnelStep = Type.Object(
  {
    kind: Type.Union([
      Type.Literal('page_view'),
      Type.Literal('click'),
      Type.Literal('outbound'),
      Type.Literal('custom'),
    ]),
    match: Type.String({
      minLength: 1,
      maxLength: 500,
      description: 'Path of a page view, name of anything else.',
      examples: ['/pricing'],
    }),
  },
  { title: 'FunnelStep' },
);
export type FunnelStep = Static<typeof FunnelStep>;

/** The body of POST /api/v1/interactions/funnel. */
export const FunnelQuestion = Type.Object(
  {
    from: Type.String({ maxLength: 64, examples: ['-7d'] }),
    to: Type.String({ maxLength: 64, examples: ['now'] }),
    domain: Type.Optional(Type.String({ maxLength: 255 })),
    within_minutes: Type.Integer({
      minimum: 1,
      maximum: 43_200,
      description: 'From a person’s first step to the last.',
    }),
    steps: Type.Array(FunnelStep, { minItems: 2, maxItems: 8 }),
  },
  { title: 'FunnelQuestion' },
);
export type FunnelQuestion = Static<typeof FunnelQuestion>;

/** People who granted, by how far they came. */
export const FunnelAnswer = Type.Object(
  {
    window: Type.Object({ from: time(), to: time() }),
    steps: Type.Array(
      Type.Object({
        kind: Type.String({ examples: ['page_view'] }),
        match: Type.String({ examples: ['/pricing'] }),
        visitors: Type.Integer(),
        share: Type.Union([Type.Number(), Type.Null()], { description: 'Of the first step’s visitors.' }),
      }),
    ),
  },
  { title: 'Funnel' },
);
export type FunnelAnswer = Static<typeof FunnelAnswer>;

/** By what sessions can be broken down. */
export const SessionBy = Type.Union(
  [
    Type.Literal('day'),
    Type.Literal('entry'),
    Type.Literal('exit'),
    Type.Literal('country'),
    Type.Literal('device_type'),
    Type.Literal('referrer'),
  ],
  { title: 'SessionBy' },
);
export type SessionBy = Static<typeof SessionBy>;

export const SessionRow = Type.Object(
  {
    key: Type.String({ examples: ['2026-11-25'] }),
    sessions: Type.Integer(),
    visitors: Type.Integer({ description: 'Of people who granted over the whole window.' }),
    daily_visitors: Type.Integer({ description: 'Of the rest, counted anew each day.' }),
    bounce_rate: Type.Union([Type.Number(), Type.Null()], { description: 'Sessions of one page.' }),
    pages_per_session: Type.Union([Type.Number(), Type.Null()]),
    duration_p50: Type.Union([Type.Number(), Type.Null()], { description: 's' }),
  },
  { title: 'SessionRow' },
);
export type SessionRow = Static<typeof SessionRow>;

/** The answer of GET /api/v1/sessions?from&to&by&domain&consent&limit: people only. */
export const SessionsAnswer = Type.Object(
  {
    window: Type.Object({ from: time(), to: time() }),
    derived_until: Type.Union([time('Sessions that began later are not derived yet.'), Type.Null()]),
    by: SessionBy,
    total: SessionRow,
    rows: Type.Array(SessionRow),
  },
  { title: 'Sessions' },
);
export type SessionsAnswer = Static<typeof SessionsAnswer>;
