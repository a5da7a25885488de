import { type Static, Type } from 'typebox';

const LONGEST_TEXT = 16_384;
/** The longest duration that is taken, s. */
export const LONGEST_SECONDS = 2_000_000;
const text = (description: string, maxLength = LONGEST_TEXT) => Type.Optional(Type.String({ maxLength, description }));
const size = (description: string) => Type.Optional(Type.Integer({ minimum: 0, description }));

/**
 * One request as a sender describes it: flat keys by OpenTelemetry's semantic conventions. Keys that are not listed
 * are ignored, but `http.request.header.<name>`, whose value is a string or a list of strings.
 */
export const IngestRequest = Type.Object(
  {
    time: Type.Union([Type.String({ maxLength: 64 }), Type.Number()], {
      description: 'When it was: RFC 3339, or ms since the epoch.',
    }),
    id: text('UUID of the sender’s choosing.', 64),
    'client.address': text('IPv4 or IPv6 address of the client.', 128),
    'server.address': text('Host that was asked.', 1024),
    'http.request.method': text('', 64),
    'url.path': text('Percent-encoded as it was sent.'),
    'url.query': text('Without the question mark.'),
    'http.route': text('Template of the path, such as /users/{id}.', 2048),
    'http.response.status_code': Type.Optional(Type.Integer({ minimum: 100, maximum: 999 })),
    'http.server.request.duration': Type.Optional(
      Type.Number({ minimum: 0, maximum: LONGEST_SECONDS, description: 's' }),
    ),
    'http.request.body.size': size('bytes'),
    'http.response.body.size': size('bytes'),
    'user_agent.original': text(''),
    'network.protocol.version': text('1.1, 2, 3', 16),
    'vedette.consent': Type.Optional(
      Type.Union([Type.Literal('granted'), Type.Literal('refused'), Type.Literal('unknown')], {
        description: 'The person’s choice about analytical cookies.',
      }),
    ),
  },
  {
    title: 'IngestRequest',
    examples: [
      {
        time: '2026-11-26T12:00:00.000Z',
        'client.address': '192.0.2.1',
        'server.address': 'www.acme.example',
        'http.request.method': 'GET',
        'url.path': '/pricing',
        'http.response.status_code': 200,
        'http.server.request.duration': 0.012,
        'user_agent.original': 'curl/8.5.0',
      },
    ],
  },
);
export type IngestRequest = Static<typeof IngestRequest>;

/** Prefix of the keys that hold selected headers. */
export const HEADER_PREFIX = 'http.request.header.';

/** The answer of POST /api/v1/requests. `index` counts from 0. */
export const IngestAnswer = Type.Object(
  {
    accepted: Type.Integer({ minimum: 0 }),
    rejected: Type.Array(Type.Object({ index: Type.Integer({ minimum: 0 }), reason: Type.String() }), {
      examples: [[]],
    }),
  },
  { title: 'IngestAnswer' },
);
export type IngestAnswer = Static<typeof IngestAnswer>;
