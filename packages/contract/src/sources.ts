import { type Static, Type } from 'typebox';
import { NEXT } from './paging.ts';

const time = () => Type.Union([Type.String({ format: 'date-time' }), Type.Null()]);
const seconds = (description: string) => Type.Union([Type.Number(), Type.Null()], { description });

/** Something that sends requests to the hub: an edge, a program with a key, an agent, a file. */
export const Source = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    kind: Type.Union(
      [
        Type.Literal('edge'),
        Type.Literal('api'),
        Type.Literal('otlp'),
        Type.Literal('bulk'),
        Type.Literal('syslog'),
        Type.Literal('file'),
      ],
      { description: 'The way in.' },
    ),
    name: Type.String({ description: 'What it calls itself: a host, a service, a file.', examples: ['www-1'] }),
    agent: Type.String({
      description: 'Software and version, as it says; empty when it does not.',
      examples: ['vedette-edge/0.1.0'],
    }),
    first_seen: Type.String({ format: 'date-time' }),
    last_seen: Type.String({ format: 'date-time' }),
    requests: Type.Integer({ description: 'Taken since it was first seen.' }),
    refused: Type.Integer({ description: 'Records that were wrong.' }),
    dropped: Type.Integer({ description: 'What it gave up by its own account, since it was first seen.' }),
    per_second: Type.Number({ description: 'Requests taken a second, over the last minute.' }),
    lag_seconds: seconds('From the newest request’s time to when it arrived; null when unknown.'),
    clock_skew_seconds: seconds('Its clock less the hub’s; null when it does not tell its time.'),
    last_error: Type.Union(
      [Type.Object({ at: Type.String({ format: 'date-time' }), text: Type.String() }), Type.Null()],
      { examples: [null] },
    ),
    state: Type.Union([Type.Literal('live'), Type.Literal('quiet')], {
      description: 'Live: heard of in the last two minutes.',
    }),
  },
  { title: 'Source' },
);
export type Source = Static<typeof Source>;

/** The answer of GET /api/v1/sources: what sent something to a tenant, the last heard of first. */
export const SourcesAnswer = Type.Object(
  { sources: Type.Array(Source), first_request: time(), next: NEXT },
  {
    title: 'Sources',
    description: 'first_request: when the tenant’s first request from any source arrived; null before.',
  },
);
export type SourcesAnswer = Static<typeof SourcesAnswer>;
