import { type Static, Type } from 'typebox';
import { NEXT } from './paging.ts';

const text = (example: string, description = '') => Type.String({ examples: [example], description });
const number = (example: number, description = '') =>
  Type.Union([Type.Number(), Type.Null()], { examples: [example], description });
const texts = (description: string) => Type.Array(Type.String(), { examples: [[]], description });

/** One kept request. Texts are empty and numbers null where unknown; see docs/privacy.md for what is kept of whom. */
export const RequestRow = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    time: Type.String({ format: 'date-time' }),
    received: Type.String({ format: 'date-time' }),
    domain: text('www.acme.example'),
    method: text('GET'),
    path: text('/orders/4711', 'Redacted.'),
    route: text('/orders/{id}', 'The path as a template.'),
    query: text('', 'Redacted.'),
    status: number(200),
    duration_ms: number(12.3),
    bytes_in: number(0),
    bytes_out: number(5120),
    protocol: text('1.1'),
    headers: Type.Record(Type.String(), Type.String(), {
      description: 'Selected ones, none with credentials.',
      examples: [{}],
    }),
    user_agent: Type.Union([Type.String(), Type.Null()], {
      description: 'null: the source does not say; empty: the client sent none.',
      examples: ['curl/8.5.0'],
    }),
    referrer: text('example.com'),
    consent: text('unknown', 'granted, refused or unknown.'),
    visitor_id: text('', 'Of people who granted.'),
    client_key: text('10534771893377812811', 'Stands for the address for a day: an unsigned 64-bit integer as text.'),
    net_key: text('3311902187733718044', 'Stands for its network for a day.'),
    country: text('DE', 'ISO 3166-1 alpha-2.'),
    region: text('Berlin'),
    city: text('Berlin'),
    asn: number(64500),
    network: text('Example Net'),
    network_kind: text('residential'),
    device: text('Desktop'),
    os: text('Linux'),
    browser: text('Firefox'),
    bot: Type.Boolean({ examples: [false] }),
    bot_name: text(''),
    bot_kind: text(''),
    bot_verified: Type.Boolean({ examples: [false] }),
    threat_score: number(0),
    threat_sources: texts('Who holds the address to be hostile.'),
    attack_score: number(0),
    attack_rules: texts('Ids of the rules that matched.'),
    origin: text('edge', 'edge, import, beacon or self.'),
  },
  { title: 'RequestRow' },
);
export type RequestRow = Static<typeof RequestRow>;

/** The answer of GET /api/v1/requests, the latest first. */
export const RequestRows = Type.Object({ requests: Type.Array(RequestRow), next: NEXT }, { title: 'RequestRows' });
export type RequestRows = Static<typeof RequestRows>;
