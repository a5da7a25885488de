import { type Static, Type } from 'typebox';
import { ConsentText } from './consent.ts';
import { NEXT } from './paging.ts';

const time = (description = '') => Type.String({ format: 'date-time', description });
const days = (description: string) => Type.Integer({ minimum: 1, maximum: 3660, description });
/** The consent table wants these kept for a short time. */
const shortly = (description: string) => Type.Integer({ minimum: 1, maximum: 90, description });

/** What a tenant decides about its visitors' data. Everything here can only keep less than the consent table allows. */
export const PrivacyPolicy = Type.Object(
  {
    retention_days: Type.Object({
      granted: days('Rows of people who granted.'),
      unknown: shortly('Pseudonymous rows of those who have not chosen.'),
      refused: shortly('Rows of bots, hosting networks and attacks that refused or sent GPC.'),
      interactions: days('Interactions of people who granted.'),
      sessions: days('Derived sessions.'),
      evidence: days('Consent evidence, after the last choice under its proof id.'),
    }),
    unknown: Type.Union([Type.Literal('pseudonymous'), Type.Literal('counted')], {
      description: 'What is kept of who has not chosen: a pseudonymous row, or counts only.',
    }),
    city: Type.Boolean({ description: 'Whether cities are kept at all.' }),
    referrer: Type.Union([Type.Literal('full'), Type.Literal('host'), Type.Literal('none')], {
      description: 'Most that is kept of a referrer.',
    }),
    honour_dnt: Type.Boolean({ description: 'Whether DNT: 1 counts as a refusal too.' }),
    least_group: Type.Integer({
      minimum: 5,
      maximum: 1000,
      description: 'Shared and public figures show no group of fewer people (k-anonymity).',
    }),
    banner: Type.Object({
      enabled: Type.Boolean(),
      purposes: Type.Array(Type.Union([Type.Literal('analytical'), Type.Literal('marketing')]), { maxItems: 2 }),
      policy_url: Type.Union([Type.String({ maxLength: 2000, pattern: '^https?://' }), Type.Null()], {
        examples: ['https://www.acme.example/privacy'],
      }),
      ask_again_days: Type.Integer({ minimum: 1, maximum: 396 }),
      texts: Type.Record(
        Type.String({ pattern: '^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$' }),
        Type.Partial(ConsentText, { additionalProperties: false }),
        {
          description: 'Own words by language; what is absent is the product’s.',
          additionalProperties: false,
          examples: [{ en: { title: 'Your choice' } }],
        },
      ),
    }),
  },
  { title: 'PrivacyPolicy', additionalProperties: false },
);
export type PrivacyPolicy = Static<typeof PrivacyPolicy>;

/** One kind of data the hub holds of a tenant, for people to read. */
export const KeptData = Type.Object(
  {
    name: Type.String({ examples: ['requests'] }),
    what: Type.String({ examples: ['Single requests'] }),
    why: Type.String({ examples: ['To look into attacks'] }),
    where: Type.String({ examples: ['ClickHouse requests'] }),
    until: Type.String({ examples: ['30 days'] }),
    rows: Type.Union([Type.Integer(), Type.Null()]),
    oldest: Type.Union([time(), Type.Null()]),
  },
  { title: 'KeptData' },
);
export type KeptData = Static<typeof KeptData>;

/** The answer of GET and PUT /api/v1/privacy/policy. PUT takes a PrivacyPolicy; POST …/preview says what it would mean. */
export const PrivacyAnswer = Type.Object(
  {
    policy: PrivacyPolicy,
    plain: Type.Array(Type.String({ examples: ['Rows of people who granted are kept for 90 days.'] }), {
      description: 'The policy in sentences.',
    }),
    kept: Type.Array(KeptData),
  },
  { title: 'Privacy' },
);
export type PrivacyAnswer = Static<typeof PrivacyAnswer>;

/** The answer of POST /api/v1/privacy/preview. */
export const PrivacyPreview = Type.Object(
  {
    plain: Type.Array(Type.String({ examples: ['Rows of people who granted are kept for 90 days.'] })),
    changes: Type.Array(Type.String({ examples: ['Cities are kept no more.'] }), {
      description: 'What differs from the policy that holds, in sentences.',
    }),
  },
  { title: 'PrivacyPreview' },
);
export type PrivacyPreview = Static<typeof PrivacyPreview>;

/** The body of POST /api/v1/privacy/export and /erase: one of the two. */
export const PersonQuestion = Type.Object(
  {
    proof_id: Type.Optional(Type.String({ pattern: '^[0-9a-f]{32}$' })),
    visitor_id: Type.Optional(Type.String({ pattern: '^[0-9a-f]{32}$' })),
  },
  {
    title: 'PersonQuestion',
    additionalProperties: false,
    minProperties: 1,
    maxProperties: 1,
    examples: [{ proof_id: '9f86d081884c7d659a2feaa0c55ad015' }],
  },
);
export type PersonQuestion = Static<typeof PersonQuestion>;

/** The answer of POST /api/v1/privacy/erase. */
export const ErasureAnswer = Type.Object(
  {
    id: Type.String({ format: 'uuid', description: 'Of the entry in the list of erasures; it names nobody.' }),
    time: time(),
    erased: Type.Array(
      Type.Object({ place: Type.String({ examples: ['ClickHouse requests'] }), rows: Type.Integer() }),
    ),
    searched: Type.Array(
      Type.Object({
        place: Type.String({ examples: ['ClickHouse requests'] }),
        found: Type.Integer({ examples: [0] }),
      }),
      {
        description: 'Every store, searched again afterwards.',
      },
    ),
    complete: Type.Boolean(),
    repeated: Type.Optional(
      Type.Union([Type.String(), Type.Null()], {
        examples: [null],
        description: 'The first erasure that was asked for under the same id.',
      }),
    ),
  },
  { title: 'Erasure' },
);
export type ErasureAnswer = Static<typeof ErasureAnswer>;

/** The answer of GET /api/v1/privacy/erasures. */
export const ErasureList = Type.Object({ erasures: Type.Array(ErasureAnswer), next: NEXT }, { title: 'Erasures' });
export type ErasureList = Static<typeof ErasureList>;

/** The answer of POST /api/v1/privacy/export. */
export const PersonExport = Type.Object(
  {
    tenant: Type.String({ description: 'Its slug.', examples: ['acme'] }),
    exported: time(),
    places: Type.Array(
      Type.Object({
        place: Type.String({ examples: ['PostgreSQL consent_choices'] }),
        what: Type.String({ examples: ['Choices about cookies'] }),
        records: Type.Array(Type.Record(Type.String(), Type.Unknown()), {
          examples: [[{ domain: 'www.acme.example' }]],
        }),
      }),
    ),
  },
  { title: 'PersonExport' },
);
export type PersonExport = Static<typeof PersonExport>;

/** One line of it as x-ndjson; the last is `end`, with the number of records by place. */
export const PersonLine = Type.Union(
  [
    Type.Object(
      { place: Type.String(), record: Type.Record(Type.String(), Type.Unknown()) },
      { examples: [{ place: 'PostgreSQL consent_choices', record: { domain: 'www.acme.example' } }] },
    ),
    Type.Object({ end: Type.Record(Type.String(), Type.Integer()) }),
  ],
  { title: 'PersonLine' },
);
export type PersonLine = Static<typeof PersonLine>;

/** Something the privacy scan came across. */
export const ScanFinding = Type.Object(
  {
    kind: Type.Union([Type.Literal('address'), Type.Literal('email'), Type.Literal('secret')]),
    place: Type.String({ description: 'Table and column, file, topic.', examples: ['requests.path'] }),
    count: Type.Integer(),
    sample: Type.String({ description: 'One of them, most of it masked.', examples: ['19…'] }),
    excepted: Type.Union([Type.String(), Type.Null()], {
      description: 'Why it may be there; null: it may not.',
      examples: [null],
    }),
  },
  { title: 'ScanFinding' },
);
export type ScanFinding = Static<typeof ScanFinding>;

/** The answer of GET /api/v1/privacy/scan: the last scan; POST begins one. For operators. */
export const ScanAnswer = Type.Object(
  {
    state: Type.Union([Type.Literal('never'), Type.Literal('running'), Type.Literal('done'), Type.Literal('failed')]),
    started: Type.Union([time(), Type.Null()]),
    finished: Type.Union([time(), Type.Null()]),
    looked_at: Type.Array(
      Type.Object({
        place: Type.String({ examples: ['requests.path'] }),
        items: Type.Integer(),
        bytes: Type.Integer(),
      }),
    ),
    skipped: Type.Array(Type.Object({ place: Type.String(), why: Type.String() }), { examples: [[]] }),
    findings: Type.Array(ScanFinding),
    error: Type.Union([Type.String(), Type.Null()], { examples: [null] }),
  },
  { title: 'PrivacyScan' },
);
export type ScanAnswer = Static<typeof ScanAnswer>;
